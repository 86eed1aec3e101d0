#include "spoken-digits/digits.h"

#include <gmock/gmock.h>

#include <nlohmann/json.hpp>
#include <numeric>
#include <set>
#include <sstream>

#include "base/temporary_directory.h"
#include "data/random.h"
#include "media/sound.h"
#include "spoken-digits/corpus.h"
#include "text/user_error.h"

namespace weft::digits {
namespace {

/// Takes whose every sample says who speaks (thousands) and which digit (hundreds).
void write_takes(const TemporaryDirectory& directory) {
  for (int speaker = 1; speaker <= 2; ++speaker) {
    for (int digit = 0; digit < 10; ++digit) {
      for (int number = 0; number < 12; ++number) {
        const std::vector<int16_t> samples(static_cast<std::size_t>(500 + 10 * number),
                                           static_cast<int16_t>(1000 * speaker + 100 * digit));
        directory.write(std::to_string(digit) + (speaker == 1 ? "_ann_" : "_bob_") +
                            std::to_string(number) + ".wav",
                        encode_wav(samples));
      }
    }
  }
}

TEST(SpokenDigits, AreWhereTheGoldSays) {
  const TemporaryDirectory recordings, out;
  write_takes(recordings);
  write_corpus({recordings.path(""), out.path(""), 40, 10, 10, "bob", 10, 3});
  for (const std::string part : {"train", "valid", "test", "unseen"}) {
    std::istringstream lines(out.read(part + ".en.regions")), texts(out.read(part + ".en"));
    std::string line, text;
    int count = 0;
    for (; std::getline(lines, line) && std::getline(texts, text); ++count) {
      const auto gold = nlohmann::json::parse(line);
      const Sound sound = read_sound(out.path(gold["sound"]), 60);
      EXPECT_NEAR(gold["width"], static_cast<double>(sound.samples.size()) / kRate, 1e-9);
      EXPECT_EQ(gold["sentences"][0]["text"], text);
      std::vector<int> digits;
      for (const auto& phrase : gold["sentences"][0]["phrases"]) {
        const auto& box = gold["boxes"][phrase[2].get<std::string>()][0];
        const auto begin = std::lround(box[0].get<double>() * kRate);
        const auto end = std::lround(box[2].get<double>() * kRate);
        const auto value = [&](long i) {
          return std::lround(sound.samples[static_cast<std::size_t>(i)] * 32768);
        };
        for (long i = begin; i < end; ++i) ASSERT_EQ(value(i), value(begin));
        ASSERT_LE(std::abs(value(begin - 1)), 8);
        ASSERT_LE(std::abs(value(end)), 8);
        EXPECT_EQ(value(begin) / 1000, part == "unseen" ? 2 : 1);
        const auto take = (end - begin - 500) / 10;
        EXPECT_TRUE(part == "unseen" || (part == "test"    ? take < 5
                                         : part == "valid" ? take >= 5 && take < 10
                                                           : take >= 10));
        digits.push_back(static_cast<int>(value(begin) % 1000 / 100));
      }
      EXPECT_EQ(to_line(digits), text);
    }
    EXPECT_EQ(count, part == "train" ? 40 : 10);
  }
}

TEST(SpokenDigits, AreTrainedAtOtherSpeedsAndTestedAtTheirOwn) {
  const TemporaryDirectory recordings, out;
  for (int number = 0; number < 12; ++number)
    recordings.write("5_ann_" + std::to_string(number) + ".wav",
                     encode_wav(std::vector<int16_t>(1000, 500)));
  write_corpus({recordings.path(""), out.path(""), 30, 5, 5, "", 0, 3, {.speeds = 15}});
  for (const std::string part : {"train", "valid", "test"}) {
    std::set<long> lengths;
    std::istringstream lines(out.read(part + ".en.regions"));
    for (std::string line; std::getline(lines, line);) {
      const auto gold = nlohmann::json::parse(line);
      std::set<long> of_utterance;
      for (const auto& boxes : gold["boxes"])
        of_utterance.insert(
            std::lround((boxes[0][2].get<double>() - boxes[0][0].get<double>()) * kRate));
      EXPECT_EQ(of_utterance.size(), 1) << line;
      lengths.merge(of_utterance);
    }
    if (part != "train") {
      EXPECT_EQ(lengths, std::set<long>{1000}) << part;
      continue;
    }
    EXPECT_GT(lengths.size(), 10);
    EXPECT_GE(*lengths.begin(), 870);    // 1000 / 1.15
    EXPECT_LE(*lengths.rbegin(), 1176);  // 1000 / 0.85
  }
}

TEST(SpokenDigits, AreCutShortInTrainingAlone) {
  const TemporaryDirectory recordings, out;
  std::vector<int16_t> rising(1000);
  std::iota(rising.begin(), rising.end(), int16_t{100});
  for (int number = 0; number < 12; ++number)
    recordings.write("5_ann_" + std::to_string(number) + ".wav", encode_wav(rising));
  write_corpus({recordings.path(""), out.path(""), 100, 5, 5, "", 0, 3, {.cuts = 50}});
  for (const std::string part : {"train", "valid", "test"}) {
    std::set<long> lengths;
    int whole = 0, takes = 0;
    std::istringstream lines(out.read(part + ".en.regions"));
    for (std::string line; std::getline(lines, line);) {
      const auto gold = nlohmann::json::parse(line);
      const Sound sound = read_sound(out.path(gold["sound"]), 60);
      for (const auto& boxes : gold["boxes"]) {
        const auto begin = std::lround(boxes[0][0].get<double>() * kRate);
        const auto length = std::lround(boxes[0][2].get<double>() * kRate) - begin;
        lengths.insert(length);
        whole += length == 1000;
        ++takes;
        const auto first = sound.samples[static_cast<std::size_t>(begin)];
        EXPECT_EQ(std::lround(first * 32768), 100) << "the beginning stays";
      }
    }
    if (part != "train") {
      EXPECT_EQ(lengths, std::set<long>{1000}) << part;
      continue;
    }
    EXPECT_GE(*lengths.begin(), 600);
    EXPECT_LE(*lengths.begin(), 640);
    EXPECT_EQ(*lengths.rbegin(), 1000);
    EXPECT_NEAR(whole, takes / 2.0, takes / 8.0);
  }
}

TEST(SpokenDigits, AreTheSameForTheSameSeed) {
  const TemporaryDirectory recordings, first, second;
  write_takes(recordings);
  for (const auto* out : {&first, &second})
    write_corpus({recordings.path(""), out->path(""), 3, 1, 1, "", 0, 3});
  EXPECT_EQ(first.read("train.en.regions"), second.read("train.en.regions"));
  EXPECT_EQ(first.read("train/00002.wav"), second.read("train/00002.wav"));
}

TEST(SpokenDigits, NeedTheirRecordings) {
  const TemporaryDirectory recordings;
  using ::testing::HasSubstr;
  EXPECT_THAT(user_error([&] { read_takes(recordings.path("none")); }),
              HasSubstr("is no folder of recordings"));
  EXPECT_THAT(user_error([&] { read_takes(recordings.path("")); }), HasSubstr("has no recordings"));
  recordings.write("x.wav", "");
  EXPECT_THAT(user_error([&] { read_takes(recordings.path("")); }),
              HasSubstr("x.wav: is no name of a take"));
}

}  // namespace
}  // namespace weft::digits
