#include "quickstart/pair_writer.h"

#include <utility>

namespace weft::quickstart {
namespace {

// A label, told apart from the same number in other nodes.
struct Mark {
  int node = 0;
  Label label;
};

struct Token {
  std::string text;
  std::vector<Mark> marks;
};

// Appends a field of a node; its tokens carry their own labels and those of the places above that
// they fill.
void append(const Derivation& node, int field, const std::vector<Mark>& from_above,
            std::vector<Token>& tokens) {
  for (const Element& element : node.alternative->forms[static_cast<std::size_t>(field)]) {
    std::vector<Mark> marks = from_above;
    for (const Label& label : element.labels) marks.push_back({node.id, label});
    if (element.child < 0) {
      tokens.push_back({element.token, std::move(marks)});
    } else {
      append(node.children[static_cast<std::size_t>(element.child)], element.field, marks, tokens);
    }
  }
}

enum class Strength { kNone, kPossible, kSure };

Strength strength_between(const Token& source, const Token& target) {
  Strength strength = Strength::kNone;
  for (const Mark& a : source.marks) {
    for (const Mark& b : target.marks) {
      if (a.node != b.node || a.label.number != b.label.number) continue;
      if (a.label.sure && b.label.sure) return Strength::kSure;
      strength = Strength::kPossible;
    }
  }
  return strength;
}

std::vector<Link> find_links(const std::vector<Token>& source, const std::vector<Token>& target) {
  std::vector<Link> links;
  for (std::size_t i = 0; i < source.size(); ++i) {
    for (std::size_t j = 0; j < target.size(); ++j) {
      const Strength strength = strength_between(source[i], target[j]);
      if (strength == Strength::kNone) continue;
      links.push_back({static_cast<int>(i), static_cast<int>(j), strength == Strength::kSure});
    }
  }
  return links;
}

std::vector<std::string> texts(const std::vector<Token>& tokens) {
  std::vector<std::string> words;
  for (const Token& token : tokens) words.push_back(token.text);
  return words;
}

void apply_spellings(const std::vector<Spelling>& spellings, std::vector<std::string>& words) {
  for (std::size_t i = 0; i + 1 < words.size(); ++i) {
    for (const Spelling& spelling : spellings) {
      if (words[i] == spelling.word &&
          spelling.before_letters.find(words[i + 1][0]) != std::string::npos) {
        words[i] = spelling.replacement;
      }
    }
  }
}

}  // namespace

SentencePair write_pair(const Grammar& grammar, const Derivation& root) {
  const Category& category = grammar.categories[static_cast<std::size_t>(grammar.root)];
  std::vector<Token> source;
  std::vector<Token> target;
  append(root, category.first_field(Side::kSource), {}, source);
  append(root, category.first_field(Side::kTarget), {}, target);
  SentencePair pair{texts(source), texts(target), find_links(source, target)};
  apply_spellings(grammar.spellings, pair.source);
  if (!pair.source.empty()) {
    char& initial = pair.source[0][0];
    if (initial >= 'a' && initial <= 'z') initial = static_cast<char>(initial - 'a' + 'A');
  }
  return pair;
}

}  // namespace weft::quickstart
