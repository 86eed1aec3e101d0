#include "app/shortlist.h"

#include <unicode/uchar.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <memory>
#include <utility>

#include "aligner/tokens.h"
#include "aligner/word_types.h"
#include "app/table_fit.h"
#include "base/error.h"
#include "base/utf8.h"
#include "base/words.h"

namespace weft {
namespace {

/// Translations less likely than this say nothing of the pieces of a word.
constexpr double kLeastLogProb = -3;

std::u32string code_points(std::string_view text) {
  std::u32string characters;
  for (std::size_t n = 0; n < text.size();) characters += next_code_point(text, n);
  return characters;
}

bool is_unspaced(const std::u32string& text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), is_unspaced_letter);
}

std::string with_capital(const std::string& word) {
  std::string result;
  std::size_t end = 0;
  const auto first = static_cast<UChar32>(next_code_point(word, end));
  append_utf8(result, static_cast<char32_t>(u_totitle(first)));
  return result + word.substr(end);
}

void add(std::vector<int32_t>& tokens, const std::vector<int32_t>& more) {
  tokens.insert(tokens.end(), more.begin(), more.end());
}

void make_unique(std::vector<int32_t>& tokens) {
  std::sort(tokens.begin(), tokens.end());
  tokens.erase(std::unique(tokens.begin(), tokens.end()), tokens.end());
}

}  // namespace

Shortlist::Shortlist(TranslationTable table, const Vocabularies& vocabularies,
                     const DecodingOptions& options)
    : table_(std::move(table)),
      vocabularies_(vocabularies),
      best_(static_cast<std::size_t>(options.shortlist_best)) {
  require_target_fits(table_, *vocabularies_.target);
  read_target_tokens();
  if (static_cast<int64_t>(frequent_.size()) > options.shortlist_first)
    frequent_.resize(static_cast<std::size_t>(options.shortlist_first));
  share_among_pieces();
}

/// Vocabularies have the frequent tokens first, but for single bytes.
void Shortlist::read_target_tokens() {
  const auto& target = *vocabularies_.target;
  unspaced_.resize(static_cast<std::size_t>(target.size()));
  for (int64_t id = kFirstOrdinaryId; id < target.size(); ++id) {
    const auto token = static_cast<int32_t>(id);
    auto text = target.text_of(id);
    if (text.starts_with(' ')) text.erase(0, 1);
    if (first_invalid_utf8(text) || target.piece(id).starts_with("<0x")) continue;
    frequent_.push_back(token);
    if (text.empty()) continue;
    by_key_[word_key(text)].push_back(token);
    auto characters = code_points(text);
    if (!is_unspaced(characters)) continue;
    if (characters.size() > 1) by_first_[characters.front()].push_back(token);
    unspaced_[static_cast<std::size_t>(id)] = std::move(characters);
  }
}

std::vector<int32_t> Shortlist::writing(const std::string& target) const {
  constexpr std::string_view kSpaceMark = "\u2581";  // of a table over pieces
  const auto word = target.substr(target.starts_with(kSpaceMark) ? kSpaceMark.size() : 0);
  Ids tokens;
  const auto found = by_key_.find(word_key(word));
  if (found != by_key_.end()) tokens = found->second;
  if (word.empty()) return tokens;
  for (const auto& form : {word, with_capital(word)})
    add(tokens, vocabularies_.target->encode(form).ids);
  return tokens;
}

/// What the pieces of the table's source words translate to: each word tells of its pieces as much
/// as it has no others.
void Shortlist::share_among_pieces() {
  std::unordered_map<int32_t, std::unordered_map<int32_t, double>> weights;
  const auto& source = *vocabularies_.sources.front().vocabulary;
  for (const auto& [word, targets] : table_.entries()) {
    const auto pieces = source.encode(word).ids;
    for (const auto& target : targets) {
      if (target.log_prob < kLeastLogProb) break;
      const double weight = std::exp(target.log_prob) / static_cast<double>(pieces.size());
      auto tokens = writing(target.target);
      make_unique(tokens);
      for (const auto piece : pieces)
        for (const auto token : tokens) weights[piece][token] += weight;
    }
  }
  for (const auto& [piece, of_tokens] : weights) {
    std::vector<std::pair<double, int32_t>> order;
    for (const auto& [token, weight] : of_tokens) order.emplace_back(-weight, token);
    std::sort(order.begin(), order.end());
    if (order.size() > best_) order.resize(best_);
    for (const auto& [weight, token] : order) of_piece_[piece].push_back(token);
  }
}

const std::vector<int32_t>& Shortlist::of_word(std::string_view word) {
  const auto [known, is_new] = known_.try_emplace(std::string(word));
  if (!is_new) return known->second;
  const auto& targets = table_.of(word);
  for (std::size_t k = 0; k < std::min(best_, targets.size()); ++k)
    add(known->second, writing(targets[k].target));
  make_unique(known->second);
  return known->second;
}

std::vector<int32_t> Shortlist::tokens(const EncodedSource& line) {
  auto tokens = frequent_;
  const auto words = split_words(line.text);
  auto cuts = tokens_of(line.text, words);
  cuts.insert(cuts.end(), words.begin(), words.end());
  for (const auto& span : cuts) {
    const auto word = std::string_view(line.text).substr(span.begin, span.end - span.begin);
    add(tokens, of_word(word));
    add(tokens, vocabularies_.target->encode(word).ids);
  }
  for (std::size_t i = 0; i < line.tokens.ids.size(); ++i) {
    add(tokens, of_word(line.tokens.pieces[i]));  // of a table over pieces
    const auto found = of_piece_.find(line.tokens.ids[i]);
    if (found != of_piece_.end()) add(tokens, found->second);
  }
  add_unspaced(tokens);
  make_unique(tokens);
  return tokens;
}

void Shortlist::add_unspaced(Ids& tokens) const {
  std::u32string characters;
  for (const auto token : tokens) characters += unspaced_[static_cast<std::size_t>(token)];
  std::sort(characters.begin(), characters.end());
  characters.erase(std::unique(characters.begin(), characters.end()), characters.end());
  const auto is_there = [&](char32_t character) {
    return std::binary_search(characters.begin(), characters.end(), character);
  };
  for (const auto character : characters) {
    const auto found = by_first_.find(character);
    if (found == by_first_.end()) continue;
    for (const auto token : found->second) {
      const auto& text = unspaced_[static_cast<std::size_t>(token)];
      if (std::all_of(text.begin(), text.end(), is_there)) tokens.push_back(token);
    }
  }
}

void Shortlist::require_fits(const std::vector<std::string>& sources) const {
  require_source_fits(table_, sources);
}

std::shared_ptr<Shortlist> find_shortlist(const std::string& given,
                                          const std::string& model_directory,
                                          const DecodingOptions& options,
                                          const Vocabularies& vocabularies) {
  auto path = given;
  if (path.empty() && !options.shortlist.empty())
    path = std::filesystem::path(model_directory) / options.shortlist;
  if (path.empty() || path == "none") return nullptr;
  if (!vocabularies.sources.front().is_text())
    throw UserError("--shortlist (decoding.shortlist) is given, but what " + model_directory +
                    " reads first is not text, and has no words");
  return std::make_shared<Shortlist>(TranslationTable(path), vocabularies, options);
}

}  // namespace weft
