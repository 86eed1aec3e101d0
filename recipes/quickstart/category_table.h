#pragma once

#include <map>
#include <string>
#include <vector>

#include "quickstart/declarations.h"
#include "quickstart/grammar.h"

namespace weft::quickstart {

/// The categories of a grammar: a declaration with its parameters replaced is one category, made
/// when it is first named. Their alternatives are filled in later, in the order of making.
class CategoryTable {
 public:
  using Arguments = std::map<std::string, std::string>;  ///< parameter -> category name

  struct Entry {
    Category category;
    const Declaration* declaration = nullptr;
    Arguments arguments;
  };

  explicit CategoryTable(const Declarations& declarations) : declarations_(declarations) {}

  /// The index of a category such as "Noun(cat,Adj)", whose names may be parameters of the phrase
  /// that names it. Throws UserError if nothing is called so.
  int find(const std::string& reference, const Arguments& arguments, const Location& location);

  /// Throws UserError on a declaration that nothing has named.
  void check_all_used() const;

  int size() const { return static_cast<int>(entries_.size()); }
  Entry& at(int index) { return entries_.at(static_cast<std::size_t>(index)); }

 private:
  const Declaration& declaration(const std::string& name, const Location& location) const;

  const Declarations& declarations_;
  std::vector<Entry> entries_;
  std::map<std::string, int> index_;  // by name with arguments
};

}  // namespace weft::quickstart
