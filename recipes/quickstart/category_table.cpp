#include "quickstart/category_table.h"

namespace weft::quickstart {

int CategoryTable::find(const std::string& reference, const Arguments& arguments,
                        const Location& location) {
  CategoryReference parsed = parse_reference(reference, location);
  const auto resolve = [&arguments](const std::string& name) {
    const auto argument = arguments.find(name);
    return argument == arguments.end() ? name : argument->second;
  };
  std::string key = resolve(parsed.name);
  const Declaration& found = declaration(key, location);
  if (found.parameters.size() != parsed.arguments.size()) {
    throw UserError(location, "'" + reference + "' has " + std::to_string(parsed.arguments.size()) +
                                  " arguments; expected " +
                                  std::to_string(found.parameters.size()));
  }
  Entry entry{{"", found.lexical, found.fields, {}}, &found, {}};
  for (std::size_t i = 0; i < parsed.arguments.size(); ++i) {
    const std::string argument = resolve(parsed.arguments[i]);
    entry.arguments[found.parameters[i]] = argument;
    key += (i == 0 ? "(" : ",") + argument;
  }
  if (!parsed.arguments.empty()) key += ")";
  entry.category.name = key;
  const auto [known, is_new] = index_.emplace(key, size());
  if (is_new) entries_.push_back(std::move(entry));
  return known->second;
}

void CategoryTable::check_all_used() const {
  for (const auto& [name, declared] : declarations_.by_name) {
    bool used = false;
    for (const Entry& entry : entries_) used = used || entry.declaration == &declared;
    if (!used) throw UserError(declared.location, "'" + name + "' is never used");
  }
}

const Declaration& CategoryTable::declaration(const std::string& name,
                                              const Location& location) const {
  const auto found = declarations_.by_name.find(name);
  if (found != declarations_.by_name.end()) return found->second;
  std::vector<std::string> names;
  for (const auto& [known, declared] : declarations_.by_name) names.push_back(known);
  const std::string near = nearest_name(name, names);
  throw UserError(location, "nothing is called '" + name + "'" +
                                (near.empty() ? "" : "; did you mean '" + near + "'?"));
}

}  // namespace weft::quickstart
