#pragma once
// Sentences that cannot be translated word by word: every English word is a noun or a verb.

#include <cstddef>
#include <iterator>
#include <random>
#include <string>
#include <vector>

namespace weft::e2e {

struct TaggedWord {
  std::string english, german;
  bool is_noun = false;
};

/// One to four words, the first with a capital; the same with every standard library.
inline std::vector<TaggedWord> tagged_sentence() {
  struct Homograph {
    const char *english, *noun, *verb;
  };
  static constexpr Homograph kWords[] = {
      {"watch", "Uhr", "beobachten"}, {"book", "Buch", "buchen"},     {"play", "Spiel", "spielen"},
      {"plant", "Pflanze", "setzen"}, {"light", "Licht", "leuchten"}, {"iron", "Eisen", "glätten"}};
  static std::mt19937 generator(7);
  std::vector<TaggedWord> sentence(1 + generator() % 4);
  for (TaggedWord& word : sentence) {
    const Homograph& homograph = kWords[generator() % std::size(kWords)];
    word.is_noun = generator() % 2 == 0;
    word.english = homograph.english;
    word.german = word.is_noun ? homograph.noun : homograph.verb;
  }
  char& initial = sentence.front().english.front();
  initial = static_cast<char>(initial - 'a' + 'A');
  return sentence;
}

/// A line of what `form` makes of each word.
template <class Form>
std::string line_of(const std::vector<TaggedWord>& sentence, const Form& form) {
  std::string line;
  for (const TaggedWord& word : sentence) {
    if (!line.empty()) line += ' ';
    line += form(word);
  }
  return line + '\n';
}

}  // namespace weft::e2e
