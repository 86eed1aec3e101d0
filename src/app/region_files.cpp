#include "app/region_files.h"

#include <algorithm>
#include <cstdio>
#include <iostream>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <vector>

#include "base/byte_source.h"
#include "base/error.h"
#include "base/line_reader.h"
#include "base/log.h"
#include "base/utf8.h"
#include "metrics/gold_regions.h"
#include "metrics/metric_tokenizer.h"

namespace weft {
namespace {

using nlohmann::json;

/// An alignment as JSON has it, with tokens in characters that are not blank.
struct PictureAlignment {
  struct Token {
    std::size_t begin = 0, end = 0;
    std::vector<double> weights;
  };
  std::string source;
  std::u32string target;
  int64_t rows = 0, columns = 0;
  std::vector<Token> tokens;
};

[[noreturn]] void complain_of_alignment(const std::string& what) {
  throw std::invalid_argument(what);
}

/// How many characters before each one are not blank.
std::vector<std::size_t> filled_before(const std::string& text) {
  std::vector<std::size_t> counts = {0};
  for (const char32_t character : decode_utf8(text)) {
    const bool blank = split_at_whitespace(encode_utf8({&character, 1})).empty();
    counts.push_back(counts.back() + (blank ? 0 : 1));
  }
  return counts;
}

/// A row's weights of the cells; what is behind them, the mean of a picture, is in no place. A row
/// that lies there alone says nothing about places and becomes uniform.
std::vector<double> weights_of_cells(const PictureAlignment& alignment, const json& row) {
  auto weights = row.get<std::vector<double>>();
  const auto cells = static_cast<std::size_t>(alignment.rows * alignment.columns);
  if (alignment.rows < 1 || alignment.columns < 1 || weights.size() < cells ||
      weights.size() > cells + 1) {
    complain_of_alignment("a row of " + std::to_string(weights.size()) + " weights; expected " +
                          std::to_string(cells) + ", the cells of its grid");
  }
  if (weights.size() == cells) return weights;
  weights.pop_back();
  const bool sees = std::any_of(weights.begin(), weights.end(), [](double w) { return w > 0; });
  if (!sees) std::fill(weights.begin(), weights.end(), 1.0);
  return weights;
}

PictureAlignment read_alignment(const json& line) {
  PictureAlignment alignment;
  alignment.source = line.at("source").at("text");
  const auto text = line.at("target").at("text").get<std::string>();
  alignment.target = without_blanks(text);
  if (!line.contains("grid"))
    complain_of_alignment("no grid; expected the alignment of a model that sees pictures");
  alignment.rows = line["grid"].at(0);
  alignment.columns = line["grid"].at(1);
  const auto filled = filled_before(text);
  const auto& tokens = line.at("target").at("tokens");
  const auto& matrix = line.at("matrix");
  if (matrix.size() != tokens.size())
    complain_of_alignment("a matrix of another size than its target");
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    if (tokens[i].contains("end_of_sentence")) continue;
    const auto begin = tokens[i].at("begin").get<std::size_t>();
    const auto end = tokens[i].at("end").get<std::size_t>();
    if (begin > end || end >= filled.size()) complain_of_alignment("a token beyond its text");
    alignment.tokens.push_back(
        {filled[begin], filled[end], weights_of_cells(alignment, matrix[i])});
  }
  return alignment;
}

/// The mean attention of the tokens that share characters with the phrase; empty: none does.
std::vector<double> attention_of(const PictureAlignment& alignment, const GoldPhrase& phrase) {
  std::vector<double> sum;
  for (const auto& token : alignment.tokens) {
    if (std::max(token.begin, phrase.begin) >= std::min(token.end, phrase.end)) continue;
    sum.resize(token.weights.size());
    for (std::size_t i = 0; i < sum.size(); ++i) sum[i] += token.weights[i];
  }
  return sum;
}

void score_line(const PictureAlignment& alignment, const GoldRegions& gold, RegionReport& report) {
  ++report.lines;
  const GoldItem* item = gold.find(alignment.source);
  if (item == nullptr)
    complain_of_alignment("'" + alignment.source + "' for its source, which has no gold");
  const GoldSentence* sentence = item->find(alignment.target);
  if (sentence == nullptr) {
    ++report.unknown;
    return;
  }
  for (const auto& phrase : sentence->phrases) {
    const auto weights = attention_of(alignment, phrase);
    const bool sees = std::any_of(weights.begin(), weights.end(), [](double w) { return w > 0; });
    if (!sees) complain_of_alignment("no weights for a phrase of class " + phrase.word_class);
    const RegionScore score = score_region({alignment.rows, alignment.columns, weights},
                                           item->width, item->height, phrase.boxes);
    report.classes[phrase.word_class].add(score);
    report.all.add(score);
  }
}

struct RegionRates {
  double pointing, mass, uniform, centre;
};

RegionRates rates_of(const RegionTotals& totals) {
  const auto count = static_cast<double>(totals.count);
  return {static_cast<double>(totals.hits) / count, totals.mass / count, totals.uniform / count,
          static_cast<double>(totals.centre_hits) / count};
}

json to_json(const std::string& name, const RegionTotals& totals) {
  const RegionRates rates = rates_of(totals);
  return {{"class", name},      {"phrases", totals.count},  {"pointing", rates.pointing},
          {"mass", rates.mass}, {"uniform", rates.uniform}, {"centre", rates.centre}};
}

void print_row(const std::string& name, const RegionTotals& totals) {
  const RegionRates rates = rates_of(totals);
  char row[160];
  std::snprintf(row, sizeof row, "%-16s %8lld %9.3f %7.3f %9.3f %8.3f\n", name.c_str(),
                static_cast<long long>(totals.count), rates.pointing, rates.mass, rates.uniform,
                rates.centre);
  std::cout << row;
}

void print_table(const RegionReport& report) {
  std::cout << "class             phrases  pointing    mass   uniform   centre\n";
  for (const auto& [name, totals] : report.classes) print_row(name, totals);
  print_row("all", report.all);
}

void print_json(const RegionReport& report) {
  json rows = json::array();
  for (const auto& [name, totals] : report.classes) rows.push_back(to_json(name, totals));
  rows.push_back(to_json("all", report.all));
  std::cout << rows.dump(1) << '\n';
}

void print_scores(const RegionReport& report) {
  char text[64];
  const RegionRates rates = rates_of(report.all);
  std::snprintf(text, sizeof text, "%.4f\n%.4f\n", rates.pointing, rates.mass);
  std::cout << text;
}

}  // namespace

RegionReport score_regions(const RegionTask& task) {
  const GoldRegions gold(task.gold);
  RegionReport report;
  LineReader reader(task.alignments);
  for (std::string line; reader.next(line);) {
    try {
      score_line(read_alignment(json::parse(line)), gold, report);
    } catch (const json::exception& error) {
      throw UserError(reader.location(),
                      std::string("is no alignment in JSON (") + error.what() + ")");
    } catch (const std::invalid_argument& error) {
      throw UserError(reader.location(), std::string("has ") + error.what());
    }
  }
  if (report.lines == 0) {
    throw UserError({display_name(task.alignments)},
                    "holds no lines; expected alignments in JSON (--alignment json)");
  }
  if (report.all.count == 0) {
    throw UserError({display_name(task.alignments)},
                    "has no target that is a sentence of the gold; expected, for example, what "
                    "weft align --format json says of the gold's own sentences");
  }
  return report;
}

void evaluate_regions(const RegionTask& task) {
  const RegionReport report = score_regions(task);
  if (report.unknown > 0) {
    log_warning(std::to_string(report.unknown) + " of " + std::to_string(report.lines) +
                " lines are no sentence of the gold, and do not count");
  }
  switch (task.style) {
    case ScoreStyle::kLine:
      return print_table(report);
    case ScoreStyle::kJson:
      return print_json(report);
    case ScoreStyle::kScore:
      return print_scores(report);
  }
}

}  // namespace weft
