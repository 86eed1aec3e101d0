#include "quickstart/alternative_parser.h"

#include <charconv>
#include <utility>

#include "quickstart/element_parser.h"

namespace weft::quickstart {

AlternativeParser::AlternativeParser(CategoryTable& table, int category, const std::string& weight,
                                     const Location& location)
    : table_(table), category_(category), location_(location) {
  const char* const end = weight.data() + weight.size() - 1;
  const auto [rest, error] = std::from_chars(weight.data(), end, alternative_.weight);
  if (error != std::errc() || rest != end || alternative_.weight == 0) {
    throw UserError(location,
                    "found the weight '" + weight + "'; expected a number from 1 and ':'");
  }
  alternative_.forms.resize(table.at(category).category.fields.size());
  given_.resize(alternative_.forms.size());
}

int AlternativeParser::child(const std::string& name, const Location& location) {
  const auto [known, is_new] =
      children_.emplace(name, static_cast<int>(alternative_.children.size()));
  if (is_new) {
    const std::string reference = name.substr(0, name.find(':'));
    alternative_.children.push_back(
        table_.find(reference, table_.at(category_).arguments, location));
  }
  return known->second;
}

Category& AlternativeParser::child_category(int child) {
  return table_.at(alternative_.children[static_cast<std::size_t>(child)]).category;
}

Element AlternativeParser::element(const std::string& text, Side side, const Location& location) {
  ParsedElement parsed = parse_element(text, location);
  Element element{std::move(parsed.token), -1, -1, std::move(parsed.labels)};
  if (parsed.child.empty()) return element;
  element.child = child(parsed.child, location);
  const Category& category = child_category(element.child);
  element.field =
      parsed.field.empty() ? category.first_field(side) : category.find_field(parsed.field);
  if (element.field < 0) {
    throw UserError(location, "'" + category.name + "' has no field '" + parsed.field + "'");
  }
  if (category.fields[static_cast<std::size_t>(element.field)].side != side) {
    throw UserError(location, "'" + text + "' is of the other language");
  }
  return element;
}

std::size_t AlternativeParser::field_to_assign(const GrammarLine& assignment) {
  const std::string& name = assignment.tokens[0];
  if (assignment.tokens.size() < 2 || assignment.tokens[1] != "=") {
    throw UserError(assignment.location,
                    "found '" + name + "'; expected 'FIELD = FORM' or '..NAME'");
  }
  const Category& category = table_.at(category_).category;
  const int field = category.find_field(name);
  if (field < 0) {
    throw UserError(assignment.location, "'" + category.name + "' has no field '" + name + "'");
  }
  if (given_[static_cast<std::size_t>(field)]) {
    throw UserError(assignment.location, "the field '" + name + "' is given twice");
  }
  return static_cast<std::size_t>(field);
}

void AlternativeParser::assign(const GrammarLine& assignment) {
  const std::vector<std::string>& tokens = assignment.tokens;
  if (tokens[0].starts_with("..") && tokens.size() == 1) {
    copied_.push_back(child(tokens[0].substr(2), assignment.location));
    return;
  }
  const std::size_t field = field_to_assign(assignment);
  given_[field] = true;
  const Side side = table_.at(category_).category.fields[field].side;
  for (std::size_t i = 2; i < tokens.size(); ++i) {
    alternative_.forms[field].push_back(element(tokens[i], side, assignment.location));
  }
}

Alternative AlternativeParser::finish() {
  const Category& category = table_.at(category_).category;
  for (std::size_t field = 0; field < given_.size(); ++field) {
    for (const int source : copied_) {
      if (given_[field]) break;
      const int same = child_category(source).find_field(category.fields[field].name);
      if (same < 0) continue;
      alternative_.forms[field] = {Element{"", source, same, {}}};
      given_[field] = true;
    }
    if (!given_[field]) {
      throw UserError(location_, "this alternative of '" + category.name + "' gives no '" +
                                     category.fields[field].name + "'");
    }
  }
  return std::move(alternative_);
}

}  // namespace weft::quickstart
