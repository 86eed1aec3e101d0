#pragma once

#include <map>
#include <string>
#include <vector>

#include "quickstart/category_table.h"

namespace weft::quickstart {

/// Reads the assignments of one alternative of a phrase: `field = form` and `..Name`, which copies
/// the fields of the same name that are not given. Each function throws UserError.
class AlternativeParser {
 public:
  /// `weight` is the token that begins the alternative, as in "3:".
  AlternativeParser(CategoryTable& table, int category, const std::string& weight,
                    const Location& location);
  void assign(const GrammarLine& assignment);
  /// The alternative, when every assignment was read.
  Alternative finish();

 private:
  int child(const std::string& name, const Location& location);
  Category& child_category(int child);
  std::size_t field_to_assign(const GrammarLine& assignment);
  Element element(const std::string& text, Side side, const Location& location);

  CategoryTable& table_;
  int category_;
  Location location_;
  Alternative alternative_;
  std::vector<bool> given_;              // by field
  std::map<std::string, int> children_;  // by name and tag, as in "Noun:2"
  std::vector<int> copied_;              // the children after "..", in order
};

}  // namespace weft::quickstart
