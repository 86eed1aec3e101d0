#include "aligner/tokens.h"

#include <unicode/uchar.h>

#include "base/utf8.h"

namespace weft {
namespace {

enum class Kind { kLetter, kApostrophe, kOther };

Kind kind_of(char32_t c) {
  if (c == U'\'' || c == U'’') return Kind::kApostrophe;
  const auto u = static_cast<UChar32>(c);
  const bool mark = (U_GET_GC_MASK(u) & U_GC_M_MASK) != 0;  // belongs to the letter before it
  return u_isalnum(u) || mark ? Kind::kLetter : Kind::kOther;
}

/// Cuts one word.
class WordCutter {
 public:
  WordCutter(std::string_view line, std::vector<Span>& tokens) : line_(line), tokens_(tokens) {}

  void cut(Span word) {
    Span run{word.begin, word.begin};  // of letters, and an apostrophe that begins them
    std::size_t letters = 0;
    for (std::size_t offset = word.begin; offset < word.end;) {
      const std::size_t begin = offset;
      const Kind kind = kind_of(next_code_point(line_, offset));
      if (kind == Kind::kLetter) {
        if (run.begin == run.end) run.begin = begin;
        run.end = offset;
        ++letters;
        continue;
      }
      const bool between = kind == Kind::kApostrophe && letters > 0 && is_letter(offset, word.end);
      if (between && letters <= kElided) {
        run.end = offset;
        flush(run);
      } else {
        flush(run);
        if (between) {
          run = {begin, offset};
        } else {
          tokens_.push_back({begin, offset});
        }
      }
      letters = 0;
    }
    flush(run);
  }

 private:
  static constexpr std::size_t kElided = 2;  // letters of an elided article: l', qu'

  bool is_letter(std::size_t offset, std::size_t end) const {
    return offset < end && kind_of(next_code_point(line_, offset)) == Kind::kLetter;
  }
  void flush(Span& run) {
    if (run.begin < run.end) tokens_.push_back(run);
    run.begin = run.end;
  }

  std::string_view line_;
  std::vector<Span>& tokens_;
};

}  // namespace

std::vector<Span> tokens_of(std::string_view line, const std::vector<Span>& words) {
  std::vector<Span> tokens;
  WordCutter cutter(line, tokens);
  for (const Span word : words) cutter.cut(word);
  return tokens;
}

std::vector<std::size_t> containing(const std::vector<Span>& parts,
                                    const std::vector<Span>& wholes) {
  std::vector<std::size_t> numbers;
  std::size_t whole = 0;
  for (const Span part : parts) {
    while (wholes[whole].end <= part.begin) ++whole;
    numbers.push_back(whole);
  }
  return numbers;
}

}  // namespace weft
