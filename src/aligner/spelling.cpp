#include "aligner/spelling.h"

#include <unicode/translit.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>

#include <algorithm>
#include <memory>
#include <stdexcept>
#include <string>

#include "base/utf8.h"

namespace weft {
namespace {

constexpr std::size_t kTypesPerTask = 256;

/// The decimal digits of a word, whatever the script (a key has them in ASCII already).
std::string digits_of(const std::string& key) {
  std::string digits;
  for (const char c : key)
    if (c >= '0' && c <= '9') digits += c;
  return digits;
}

/// Letter pairs of a word as 26 * first + second, sorted, each once; none for a word of fewer than
/// three letters.
using LetterPairs = std::vector<std::uint16_t>;

LetterPairs letter_pairs(const std::string& letters) {
  LetterPairs pairs;
  if (letters.size() < 3) return pairs;
  for (std::size_t n = 0; n + 1 < letters.size(); ++n)
    pairs.push_back(static_cast<std::uint16_t>((letters[n] - 'a') * 26 + (letters[n + 1] - 'a')));
  std::sort(pairs.begin(), pairs.end());
  pairs.erase(std::unique(pairs.begin(), pairs.end()), pairs.end());
  return pairs;
}

float likeness(const LetterPairs& a, const LetterPairs& b) {
  constexpr float kUnlike = 0.45f;
  std::size_t both = 0;
  for (auto x = a.begin(), y = b.begin(); x != a.end() && y != b.end();) {
    if (*x < *y) {
      ++x;
    } else if (*y < *x) {
      ++y;
    } else {
      ++both, ++x, ++y;
    }
  }
  if (both < 2) return 0.0f;
  const float dice = 2.0f * static_cast<float>(both) / static_cast<float>(a.size() + b.size());
  return std::max(0.0f, (dice - kUnlike) / (1.0f - kUnlike));
}

/// How the types of one side are spelt.
std::vector<WordSpelling> spellings(const TextSide& side, bool romanize, WorkerPool& pool) {
  constexpr std::size_t kWordsPerTask = 4096;
  const std::size_t types = side.types().size();
  std::vector<WordSpelling> result(types);
  pool.run((types + kWordsPerTask - 1) / kWordsPerTask, [&](std::size_t task) {
    Speller speller;
    const std::size_t end = std::min(types, (task + 1) * kWordsPerTask);
    for (std::size_t n = task * kWordsPerTask; n < end; ++n) {
      result[n] = speller(side.types().key(static_cast<WordTypes::Id>(n)),
                          romanize && side.frequencies()[n] <= kRareWord);
    }
  });
  return result;
}

}  // namespace

/// Writes words in the letters a to z.
class Speller::Romanizer {
 public:
  std::string operator()(const std::string& key) {
    icu::UnicodeString text = icu::UnicodeString::fromUTF8(key);
    bool plain = true;
    for (int32_t n = 0; n < text.length(); ++n) plain = plain && text[n] < 0x80;
    if (!plain) latin().transliterate(text);
    std::string letters;
    for (int32_t n = 0; n < text.length(); ++n) {
      const char16_t c =
          text[n] >= u'A' && text[n] <= u'Z' ? static_cast<char16_t>(text[n] + 32) : text[n];
      if (c >= u'a' && c <= u'z') letters += static_cast<char>(c);
    }
    return letters;
  }

 private:
  // ICU's tables take 0.1 s to set up, and texts in Latin letters need none.
  icu::Transliterator& latin() {
    if (latin_ == nullptr) {
      UErrorCode status = U_ZERO_ERROR;
      latin_.reset(
          icu::Transliterator::createInstance("Any-Latin; Latin-ASCII", UTRANS_FORWARD, status));
      if (U_FAILURE(status)) throw std::runtime_error("ICU has no transliterator to Latin letters");
    }
    return *latin_;
  }

  std::unique_ptr<icu::Transliterator> latin_;
};

Speller::Speller() : romanizer_(std::make_unique<Romanizer>()) {}
Speller::~Speller() = default;

WordSpelling Speller::operator()(const std::string& key, bool with_letters) {
  return {key, digits_of(key), with_letters ? letter_pairs((*romanizer_)(key)) : LetterPairs()};
}

float spelling_likeness(const WordSpelling& source, const WordSpelling& target) {
  const bool same_digits = !source.digits.empty() && source.digits == target.digits;
  if (same_digits || source.key == target.key) return 1.0f;
  return likeness(source.letters, target.letters);
}

std::vector<float> spelling_likeness(const Bitext& bitext, const PairIndex& pairs, bool romanize,
                                     WorkerPool& pool) {
  const auto source = spellings(bitext.source, romanize, pool);
  const auto target = spellings(bitext.target, romanize, pool);
  std::vector<float> alike(pairs.size(), 0.0f);
  const std::size_t types = pairs.source_types();
  pool.run((types + kTypesPerTask - 1) / kTypesPerTask, [&](std::size_t task) {
    const std::size_t end = std::min(types, (task + 1) * kTypesPerTask);
    for (std::size_t n = task * kTypesPerTask; n < end; ++n) {
      const auto e = static_cast<WordTypes::Id>(n);
      for (std::size_t pair = pairs.row(e); pair < pairs.row(e + 1); ++pair) {
        alike[pair] = spelling_likeness(source[e], target[pairs.target(pair)]);
      }
    }
  });
  return alike;
}

}  // namespace weft
