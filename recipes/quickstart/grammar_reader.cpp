#include "quickstart/grammar_reader.h"

#include <optional>
#include <set>
#include <utility>

#include "quickstart/alternative_parser.h"
#include "quickstart/element_parser.h"

namespace weft::quickstart {
namespace {

constexpr int kEntryLabel = 0;  // joins the tokens of one entry of a word list

// The parts of a body that ';' or the end of a line separates.
std::vector<GrammarLine> split_statements(const std::vector<GrammarLine>& body) {
  std::vector<GrammarLine> statements;
  for (const GrammarLine& line : body) {
    GrammarLine statement{line.location, {}};
    for (const std::string& token : line.tokens) {
      if (token != ";") {
        statement.tokens.push_back(token);
      } else if (!statement.tokens.empty()) {
        statements.push_back(std::exchange(statement, {line.location, {}}));
      }
    }
    if (!statement.tokens.empty()) statements.push_back(std::move(statement));
  }
  return statements;
}

// "chase, chases | 追逐": one form for each field; a comma or the bar ends a form.
Alternative parse_entry(const Category& category, const GrammarLine& entry) {
  const std::size_t size = category.fields.size();
  const UserError wrong_size(entry.location, "an entry of '" + category.name + "' needs " +
                                                 std::to_string(size) +
                                                 " forms, with '|' between the two languages");
  Alternative alternative;
  alternative.forms.emplace_back();
  for (std::string token : entry.tokens) {
    const std::size_t field = alternative.forms.size() - 1;
    const bool is_bar = token == "|";
    const bool ends_form = is_bar || token.ends_with(',');
    if (!is_bar) {
      if (ends_form) token.pop_back();
      ParsedElement parsed = parse_element(token, entry.location);
      if (parsed.labels.empty()) {
        parsed.labels.push_back({kEntryLabel, true});
      }
      alternative.forms.back().push_back({parsed.token, -1, -1, parsed.labels});
    }
    if (!ends_form) continue;
    const bool side_changes =
        field + 1 < size && category.fields[field].side != category.fields[field + 1].side;
    if (field + 1 >= size || side_changes != is_bar) throw wrong_size;
    alternative.forms.emplace_back();
  }
  if (alternative.forms.size() != size || alternative.forms.back().empty()) throw wrong_size;
  return alternative;
}

void fill_words(Category& category, const Declaration& declaration) {
  std::set<std::vector<std::string>> seen;
  for (const GrammarLine& entry : split_statements(declaration.body)) {
    Alternative alternative = parse_entry(category, entry);
    std::vector<std::string> first_form;
    for (const Element& element : alternative.forms[0]) first_form.push_back(element.token);
    if (!seen.insert(first_form).second) {
      throw UserError(entry.location,
                      "'" + first_form[0] + "' is in '" + category.name + "' twice");
    }
    category.alternatives.push_back(std::move(alternative));
  }
}

void fill_phrase(CategoryTable& table, int category) {
  std::vector<Alternative> alternatives;
  std::optional<AlternativeParser> parser;
  for (GrammarLine& statement : split_statements(table.at(category).declaration->body)) {
    const std::string first = statement.tokens[0];
    if (first.ends_with(':')) {
      if (parser) alternatives.push_back(parser->finish());
      parser.emplace(table, category, first, statement.location);
      statement.tokens.erase(statement.tokens.begin());
    } else if (!parser) {
      throw UserError(statement.location, "found '" + first + "'; expected a weight, as in '3:'");
    }
    if (!statement.tokens.empty()) parser->assign(statement);
  }
  if (parser) alternatives.push_back(parser->finish());
  table.at(category).category.alternatives = std::move(alternatives);
}

}  // namespace

Grammar read_grammar(const std::string& path) {
  const Declarations declarations = read_declarations(path);
  CategoryTable table(declarations);
  Grammar grammar;
  grammar.spellings = declarations.spellings;
  grammar.root = table.find("Sentence", {}, {path});
  // Filling a phrase may add categories at the end.
  for (int i = 0; i < table.size(); ++i) {
    const Declaration& declaration = *table.at(i).declaration;
    if (declaration.lexical) {
      fill_words(table.at(i).category, declaration);
    } else {
      fill_phrase(table, i);
    }
    if (table.at(i).category.alternatives.empty()) {
      throw UserError(declaration.location, "'" + declaration.name + "' is empty");
    }
  }
  table.check_all_used();
  for (int i = 0; i < table.size(); ++i) grammar.categories.push_back(table.at(i).category);
  return grammar;
}

}  // namespace weft::quickstart
