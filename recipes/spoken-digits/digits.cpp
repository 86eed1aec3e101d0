#include "spoken-digits/digits.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <regex>

#include "base/error.h"
#include "data/random.h"
#include "media/format_error.h"
#include "media/sound.h"

namespace weft::digits {
namespace {

namespace fs = std::filesystem;

constexpr float kFullScale = 32768;

constexpr std::array kWords = {"zero", "one", "two",   "three", "four",
                               "five", "six", "seven", "eight", "nine"};

std::vector<int16_t> whole_numbers(const std::vector<float>& samples) {
  std::vector<int16_t> numbers;
  for (const float sample : samples)
    numbers.push_back(
        static_cast<int16_t>(std::clamp(std::lround(sample * kFullScale), -32768L, 32767L)));
  return numbers;
}

/// The samples, played at so many per cent of their speed.
std::vector<int16_t> at_speed(const std::vector<int16_t>& samples, int64_t per_cent) {
  if (per_cent == 100) return samples;
  std::vector<float> numbers;
  for (const int16_t sample : samples) numbers.push_back(static_cast<float>(sample) / kFullScale);
  return whole_numbers(resample(std::move(numbers), kRate * per_cent / 100, kRate));
}

/// Some of them without a part of their end.
std::vector<int16_t> cut(std::vector<int16_t> samples, int64_t cuts, std::mt19937_64& generator) {
  if (cuts == 0 || draw_below(2, generator) == 0) return samples;
  const auto most = std::min(static_cast<uint64_t>(cuts) * kRate / 1000, samples.size() * 2 / 5);
  samples.resize(samples.size() - draw_below(most + 1, generator));
  return samples;
}

Take read_take(const fs::path& path) {
  const std::string name = path.filename().string();
  std::smatch match;
  if (!std::regex_match(name, match, std::regex(R"((\d)_([a-z]+)_(\d{1,4})\.wav)")))
    throw UserError({path.string()}, "is no name of a take; expected DIGIT_SPEAKER_NUMBER.wav");
  constexpr double kMostSeconds = 10;
  try {
    const Sound sound = read_sound(path.string(), kMostSeconds);
    if (sound.sample_rate != kRate)
      throw FormatError("has " + std::to_string(sound.sample_rate) + " Hz; expected 8000");
    return {std::stoi(match[1]), match[2], std::stoi(match[3]), whole_numbers(sound.samples)};
  } catch (const FormatError& error) {
    throw UserError({path.string()}, error.what());
  }
}

void add_pause(std::vector<int16_t>& samples, std::mt19937_64& generator) {
  constexpr uint64_t kLeast = kRate / 20, kMost = kRate * 3 / 10;  // 50 and 300 ms
  constexpr uint64_t kNoise = 8;  // of 32768: some 75 dB below the loudest
  const uint64_t count = kLeast + draw_below(kMost - kLeast + 1, generator);
  for (uint64_t i = 0; i < count; ++i)
    samples.push_back(static_cast<int16_t>(static_cast<int>(draw_below(2 * kNoise + 1, generator)) -
                                           static_cast<int>(kNoise)));
}

template <class Number>
void append_number(std::string& bytes, Number number) {
  char copy[sizeof number];
  std::memcpy(copy, &number, sizeof number);
  bytes.append(copy, sizeof copy);
}

}  // namespace

std::vector<Take> read_takes(const std::string& directory) {
  if (!fs::is_directory(directory)) throw UserError({directory}, "is no folder of recordings");
  std::vector<fs::path> paths;
  for (const auto& entry : fs::directory_iterator(directory)) {
    if (entry.path().extension() == ".wav") paths.push_back(entry.path());
  }
  if (paths.empty()) throw UserError({directory}, "has no recordings; expected files *.wav");
  std::sort(paths.begin(), paths.end());
  std::vector<Take> takes;
  for (const auto& path : paths) takes.push_back(read_take(path));
  return takes;
}

Utterance draw_utterance(const std::vector<const Take*>& takes, std::mt19937_64& generator,
                         const TakeChanges& changes) {
  const std::string& speaker = takes[draw_below(takes.size(), generator)]->speaker;
  std::vector<const Take*> own;
  std::copy_if(takes.begin(), takes.end(), std::back_inserter(own),
               [&](const Take* take) { return take->speaker == speaker; });
  int64_t speed = 100;
  if (changes.speeds > 0)
    speed +=
        static_cast<int64_t>(draw_below(static_cast<uint64_t>(2 * changes.speeds + 1), generator)) -
        changes.speeds;
  Utterance utterance;
  const uint64_t count = 1 + draw_below(kMostDigits, generator);
  for (uint64_t i = 0; i < count; ++i) {
    add_pause(utterance.samples, generator);
    const Take& take = *own[draw_below(own.size(), generator)];
    const auto begin = static_cast<int64_t>(utterance.samples.size());
    const auto samples = cut(at_speed(take.samples, speed), changes.cuts, generator);
    utterance.samples.insert(utterance.samples.end(), samples.begin(), samples.end());
    utterance.digits.push_back(take.digit);
    utterance.stretches.push_back({begin, static_cast<int64_t>(utterance.samples.size())});
  }
  add_pause(utterance.samples, generator);
  return utterance;
}

std::string to_line(const std::vector<int>& digits) {
  std::string line;
  for (const int digit : digits) {
    if (!line.empty()) line += ' ';
    line += kWords.at(static_cast<std::size_t>(digit));
  }
  return line;
}

std::string gold_regions(const Utterance& utterance, const std::string& sound) {
  const auto seconds = [](auto samples) { return static_cast<double>(samples) / kRate; };
  nlohmann::ordered_json boxes, phrases = nlohmann::ordered_json::array();
  for (std::size_t i = 0; i < utterance.stretches.size(); ++i) {
    const auto& stretch = utterance.stretches[i];
    boxes[std::to_string(i)].push_back({seconds(stretch.begin), 0, seconds(stretch.end), 1});
    phrases.push_back({i, i + 1, std::to_string(i), "digit"});
  }
  const nlohmann::ordered_json line = {
      {"sound", sound},
      {"width", seconds(utterance.samples.size())},
      {"height", 1},
      {"boxes", boxes},
      {"sentences", {{{"text", to_line(utterance.digits)}, {"phrases", phrases}}}}};
  return line.dump();
}

std::string encode_wav(const std::vector<int16_t>& samples) {
  const auto size = static_cast<uint32_t>(samples.size() * 2);
  std::string bytes = "RIFF";
  append_number<uint32_t>(bytes, 36 + size);
  bytes += "WAVEfmt ";
  append_number<uint32_t>(bytes, 16);
  append_number<uint16_t>(bytes, 1);  // whole numbers
  append_number<uint16_t>(bytes, 1);  // channels
  append_number<uint32_t>(bytes, kRate);
  append_number<uint32_t>(bytes, kRate * 2);
  append_number<uint16_t>(bytes, 2);
  append_number<uint16_t>(bytes, 16);
  bytes += "data";
  append_number<uint32_t>(bytes, size);
  for (const int16_t sample : samples) append_number(bytes, sample);
  return bytes;
}

}  // namespace weft::digits
