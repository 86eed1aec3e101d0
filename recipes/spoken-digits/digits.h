#pragma once
// Digits spoken one behind the other, made of takes of single ones, so that it is known where each
// begins and ends.

#include <cstdint>
#include <map>
#include <random>
#include <string>
#include <vector>

namespace weft::digits {

/// One recording of the Free Spoken Digit Dataset: "7_jackson_32.wav" is take 32 of jackson's 7.
struct Take {
  int digit = 0;
  std::string speaker;
  int number = 0;
  std::vector<int16_t> samples;
};

/// All recordings of a folder, by their names. Throws UserError if there are none, one has another
/// rate than 8000 Hz, or another name.
std::vector<Take> read_takes(const std::string& directory);

/// Part of a sound, in samples: [begin, end).
struct Stretch {
  int64_t begin = 0, end = 0;
};

struct Utterance {
  std::vector<int16_t> samples;
  std::vector<int> digits;
  std::vector<Stretch> stretches;  ///< of each digit
};

/// What makes takes that are heard again and again into others.
struct TakeChanges {
  int64_t speeds = 0;  ///< all of an utterance is played at one speed, drawn from 100 - this to 100
                       ///< + this per cent, which moves the pitch as well (Ko et al. 2015, "Audio
                       ///< augmentation for speech recognition")
  int64_t cuts = 0;    ///< every second take, by chance, loses 0 to so many ms of its end, but no
                       ///< more than two fifths, as where a recording was stopped too early
};

inline constexpr int kRate = 8000;
inline constexpr int kMostDigits = 7;

/// 1 to 7 takes of one speaker, with pauses of 50 to 300 ms before, between and behind them, in
/// which there is as little noise as in a quiet room. `takes` has at least one.
Utterance draw_utterance(const std::vector<const Take*>& takes, std::mt19937_64& generator,
                         const TakeChanges& changes = {});

/// "seven three oh" without the oh: words with blanks between them.
std::string to_line(const std::vector<int>& digits);

/// One line of JSON in the form of `weft evaluate --regions`: times in seconds are places from left
/// to right in a picture of height 1.
std::string gold_regions(const Utterance& utterance, const std::string& sound);

/// A WAV file, one channel of 16 bits at kRate.
std::string encode_wav(const std::vector<int16_t>& samples);

}  // namespace weft::digits
