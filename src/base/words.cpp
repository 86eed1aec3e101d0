#include "base/words.h"

#include <unicode/brkiter.h>
#include <unicode/uchar.h>
#include <unicode/uscript.h>
#include <unicode/utext.h>

#include <cstdint>
#include <memory>
#include <stdexcept>

#include "base/utf8.h"

namespace weft {

namespace {

enum class CharacterClass {
  kEastAsian,           // letters of Han, Kana, Bopomofo
  kSoutheastAsian,      // letters of Thai, Lao, Khmer, Myanmar
  kCombining,           // belongs to the character before it
  kUnicodePunctuation,  // outside ASCII
  kAsciiPunctuation,
  kOther,
};

bool is_east_asian(CharacterClass c) { return c == CharacterClass::kEastAsian; }
bool is_unspaced_letter(CharacterClass c) {
  return c == CharacterClass::kEastAsian || c == CharacterClass::kSoutheastAsian;
}

CharacterClass classify(char32_t code_point) {
  if (code_point < 0x80) {
    return u_ispunct(static_cast<UChar32>(code_point)) ? CharacterClass::kAsciiPunctuation
                                                       : CharacterClass::kOther;
  }
  const auto c = static_cast<UChar32>(code_point);
  if (U_GET_GC_MASK(c) & U_GC_M_MASK) return CharacterClass::kCombining;
  if (U_GET_GC_MASK(c) & U_GC_P_MASK) return CharacterClass::kUnicodePunctuation;
  constexpr char32_t kFirstUnspacedLetter = 0xE01;  // Thai; spares Latin, Greek, Cyrillic, Arabic
  if (code_point < kFirstUnspacedLetter) return CharacterClass::kOther;
  for (const UScriptCode script :
       {USCRIPT_HAN, USCRIPT_HIRAGANA, USCRIPT_KATAKANA, USCRIPT_BOPOMOFO}) {
    // Script_Extensions, so that the prolonged sound mark of Kana and the like count as letters.
    if (uscript_hasScript(c, script)) return CharacterClass::kEastAsian;
  }
  for (const UScriptCode script : {USCRIPT_THAI, USCRIPT_LAO, USCRIPT_KHMER, USCRIPT_MYANMAR}) {
    if (uscript_hasScript(c, script)) return CharacterClass::kSoutheastAsian;
  }
  return CharacterClass::kOther;
}

// What a whitespace token says about scripts written without spaces.
struct TokenScript {
  std::size_t letters = 0;
  bool southeast_asian = false;
  bool only_punctuation = false;     // and wide: such as stands in East Asian text alone
  bool ends_in_punctuation = false;  // after letters

  bool unspaced() const { return letters > 0 || only_punctuation; }
};

bool is_wide(char32_t c) {
  const int width = u_getIntPropertyValue(static_cast<UChar32>(c), UCHAR_EAST_ASIAN_WIDTH);
  return width == U_EA_WIDE || width == U_EA_FULLWIDTH;
}

TokenScript script_of(std::string_view token) {
  TokenScript script;
  script.only_punctuation = true;
  for (std::size_t offset = 0; offset < token.size();) {
    const char32_t code_point = next_code_point(token, offset);
    const CharacterClass c = classify(code_point);
    const bool wide_punctuation = c == CharacterClass::kUnicodePunctuation && is_wide(code_point);
    if (is_unspaced_letter(c)) ++script.letters;
    if (c == CharacterClass::kSoutheastAsian) script.southeast_asian = true;
    if (!wide_punctuation) script.only_punctuation = false;
    const bool punctuation =
        c == CharacterClass::kUnicodePunctuation || c == CharacterClass::kAsciiPunctuation;
    script.ends_in_punctuation = punctuation && script.letters > 0;
  }
  return script;
}

bool looks_segmented(const std::vector<TokenScript>& tokens) {
  constexpr std::size_t kEastAsianLetters = 3;
  constexpr std::size_t kSoutheastAsianLetters = 6;
  bool gap_inside_script = false;
  std::size_t letters = 0;
  std::size_t letters_allowed = 0;
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    if (!tokens[i].unspaced()) continue;
    if (tokens[i].ends_in_punctuation) return false;
    letters += tokens[i].letters;
    letters_allowed += tokens[i].southeast_asian ? kSoutheastAsianLetters : kEastAsianLetters;
    if (i > 0 && tokens[i - 1].unspaced()) gap_inside_script = true;
  }
  return gap_inside_script && letters <= letters_allowed;
}

// ICU's dictionary word boundaries, read straight from UTF-8.
class DictionaryCutter {
 public:
  DictionaryCutter() {
    UErrorCode status = U_ZERO_ERROR;
    iterator_.reset(icu::BreakIterator::createWordInstance(icu::Locale::getRoot(), status));
    if (U_FAILURE(status)) throw std::runtime_error("ICU has no word break rules");
  }

  void cut(std::string_view line, Span run, std::vector<Span>& words) {
    UErrorCode status = U_ZERO_ERROR;
    UText text = UTEXT_INITIALIZER;
    utext_openUTF8(&text, line.data() + run.begin, static_cast<int64_t>(run.end - run.begin),
                   &status);
    iterator_->setText(&text, status);
    if (U_FAILURE(status)) throw std::runtime_error("ICU could not read a line of text");
    auto begin = static_cast<std::size_t>(iterator_->first());
    for (int32_t next = iterator_->next(); next != icu::BreakIterator::DONE;
         next = iterator_->next()) {
      const auto end = static_cast<std::size_t>(next);
      words.push_back({run.begin + begin, run.begin + end});
      begin = end;
    }
    utext_close(&text);
  }

 private:
  std::unique_ptr<icu::BreakIterator> iterator_;
};

// The stretches a token is cut into before the dictionary: of one kind each.
enum class Stretch { kLetters, kPunctuation, kOther };

struct Piece {
  Span span;
  Stretch kind;
  CharacterClass last_class;
  char32_t last;
};

Stretch stretch_of(CharacterClass c, bool after_letter) {
  if (is_unspaced_letter(c)) return Stretch::kLetters;
  const bool punctuation = c == CharacterClass::kUnicodePunctuation ||
                           (c == CharacterClass::kAsciiPunctuation && after_letter);
  return punctuation ? Stretch::kPunctuation : Stretch::kOther;
}

// Whether the character goes on with the piece before it.
bool continues(const Piece& piece, char32_t code_point, CharacterClass c, Stretch kind) {
  if (c == CharacterClass::kCombining) return true;
  if (piece.kind == Stretch::kPunctuation) return code_point == piece.last;
  if (piece.kind != kind) return false;
  return kind == Stretch::kOther || is_east_asian(c) == is_east_asian(piece.last_class);
}

std::vector<Piece> pieces_of(std::string_view line, Span token) {
  std::vector<Piece> pieces;
  for (std::size_t offset = token.begin; offset < token.end;) {
    const std::size_t begin = offset;
    const char32_t code_point = next_code_point(line, offset);
    const CharacterClass c = classify(code_point);
    const bool after_letter = !pieces.empty() && pieces.back().kind == Stretch::kLetters;
    const Stretch kind = stretch_of(c, after_letter);
    if (pieces.empty() || !continues(pieces.back(), code_point, c, kind)) {
      pieces.push_back({{begin, offset}, kind, c, code_point});
      continue;
    }
    Piece& piece = pieces.back();
    piece.span.end = offset;
    if (c == CharacterClass::kCombining) continue;
    piece.last_class = c;
    piece.last = code_point;
  }
  return pieces;
}

/// The tokens between the characters that `is_blank` holds for.
template <class IsBlank>
std::vector<Span> split_at(std::string_view line, IsBlank is_blank) {
  std::vector<Span> tokens;
  bool inside = false;
  for (std::size_t offset = 0; offset < line.size();) {
    const std::size_t begin = offset;
    if (is_blank(next_code_point(line, offset))) {
      inside = false;
    } else if (inside) {
      tokens.back().end = offset;
    } else {
      tokens.push_back({begin, offset});
      inside = true;
    }
  }
  return tokens;
}

}  // namespace

bool is_unspaced_letter(char32_t code_point) { return is_unspaced_letter(classify(code_point)); }

std::vector<Span> split_whitespace(std::string_view line) {
  return split_at(line, [](char32_t c) { return u_isUWhiteSpace(static_cast<UChar32>(c)); });
}

std::vector<Span> split_words(std::string_view line, WordSplitting splitting) {
  if (splitting == WordSplitting::kWhitespace)
    return split_at(line, [](char32_t c) { return c == U' ' || c == U'\t'; });
  std::vector<Span> tokens = split_whitespace(line);
  std::vector<TokenScript> scripts;
  bool any_letters = false;
  for (const Span& token : tokens) {
    scripts.push_back(script_of(line.substr(token.begin, token.end - token.begin)));
    any_letters = any_letters || scripts.back().letters > 0;
  }
  if (!any_letters || looks_segmented(scripts)) return tokens;
  DictionaryCutter cutter;
  std::vector<Span> words;
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    if (scripts[i].letters == 0) {
      words.push_back(tokens[i]);
      continue;
    }
    for (const Piece& piece : pieces_of(line, tokens[i])) {
      if (piece.kind == Stretch::kLetters) {
        cutter.cut(line, piece.span, words);
      } else {
        words.push_back(piece.span);
      }
    }
  }
  return words;
}

}  // namespace weft
