#pragma once
// A synchronous grammar: one derivation writes a source sentence, a target sentence and their
// links.

#include <string>
#include <unordered_map>
#include <vector>

namespace weft::quickstart {

enum class Side { kSource, kTarget };

/// Tokens of the two sides are linked if they share a label of the same alternative; the link is
/// sure if both hold it surely, else possible.
struct Label {
  int number = 0;
  bool sure = true;
};

/// One element of a form: a literal token, or a field of a child.
struct Element {
  std::string token;  ///< the literal; empty for a child's field
  int child = -1;     ///< index into Alternative::children
  int field = -1;     ///< index into the child category's fields
  std::vector<Label> labels;
};

using Form = std::vector<Element>;

/// One way to write a category: every field of it, from tokens and from the fields of children.
struct Alternative {
  unsigned weight = 1;
  std::vector<int> children;  ///< category indices
  std::vector<Form> forms;    ///< one for each field of the category
};

struct Field {
  std::string name;
  Side side = Side::kSource;
};

/// A category derives a record: several forms of one thing on each side ("chase, chased" | "追逐").
struct Category {
  std::string name;
  bool lexical = false;  ///< words: the entries are equally likely
  std::vector<Field> fields;
  std::vector<Alternative> alternatives;

  /// Index of the field called `name`, or -1.
  int find_field(const std::string& field_name) const;
  /// The first field of a side, or -1.
  int first_field(Side side) const;
};

/// "a" is written "an" before a word that starts with one of these letters.
struct Spelling {
  std::string word;
  std::string replacement;
  std::string before_letters;
};

struct Grammar {
  std::vector<Category> categories;
  int root = -1;  ///< the category called Sentence
  std::vector<Spelling> spellings;
};

}  // namespace weft::quickstart
