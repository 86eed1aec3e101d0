#include "search/suppressed_words.h"

#include <torch/types.h>

#include <algorithm>
#include <limits>
#include <utility>

#include "base/utf8.h"

namespace weft {
namespace {

/// The words, and how the vocabulary writes them: its normalisation may change characters.
std::vector<std::string> as_written(const Vocabulary& vocabulary,
                                    const std::vector<std::string>& words) {
  auto all = words;
  for (const auto& word : words) {
    const auto ids = vocabulary.encode(word).ids;
    if (ids.empty() || std::find(ids.begin(), ids.end(), kUnknownId) != ids.end()) continue;
    const auto written = vocabulary.decode(ids).text;
    if (written != word && !written.empty()) all.push_back(written);
  }
  return all;
}

/// Or the first byte of a text that begins with none.
std::string first_character(const std::string& text) {
  std::size_t end = 0;
  if (!text.empty()) next_code_point(text, end);
  return text.substr(0, end);
}

}  // namespace

SuppressedWords::SuppressedWords(const Vocabulary& vocabulary,
                                 const std::vector<std::string>& words)
    : matcher_(as_written(vocabulary, words)), known_(1) {
  const auto unprintable = vocabulary.unprintable_ids();
  for (int32_t id = 0; id < vocabulary.size(); ++id) {
    texts_.push_back(vocabulary.text_of(id));
    if (id == kPadId || id == kBeginId) continue;
    if (std::binary_search(unprintable.begin(), unprintable.end(), id)) continue;
    usable_.push_back(id);
    if (!texts_.back().empty() && (static_cast<unsigned char>(texts_.back()[0]) & 0xC0U) == 0x80U)
      continuing_.push_back(id);
    by_beginning_[first_character(texts_.back())].push_back(id);
  }
  numbers_[{0, false, ""}] = 0;
}

SuppressedWords::TextState SuppressedWords::number_of(const WordMatcher::State& text) {
  const auto next = static_cast<TextState>(known_.size());
  const auto [entry, is_new] = numbers_.try_emplace({text.node, text.joins, text.pending}, next);
  if (is_new) known_.push_back({text, {}, {}, {}});
  return entry->second;
}

bool SuppressedWords::read(int32_t token, WordMatcher::State& text) const {
  if (token == kEndId) return matcher_.completes_at_end(text);
  return matcher_.read(texts_[static_cast<std::size_t>(token)], text);
}

bool SuppressedWords::may_follow(TextState state, int32_t token, bool last) {
  ++tried_;
  auto text = known(state).text;
  if (read(token, text)) return false;
  // Nearly always the text could end here.
  if (token == kEndId || !matcher_.completes_at_end(text)) return true;
  return !last && !is_dead_end(number_of(text));
}

bool SuppressedWords::is_dead_end(TextState state) {
  if (known(state).is_dead_end) return *known(state).is_dead_end;
  known(state).is_dead_end = false;  // for a way that comes back here
  // Bytes that are no character complete a word as any mark does: only more bytes of the character
  // that has begun may still make it a letter.
  const auto& text = known(state).text;
  const auto& tokens =
      !text.pending.empty() && matcher_.completes_at_end(text) ? continuing_ : usable_;
  const bool dead = !may_follow(state, kEndId, false) &&
                    std::none_of(tokens.begin(), tokens.end(),
                                 [&](int32_t token) { return may_follow(state, token, false); });
  known(state).is_dead_end = dead;
  return dead;
}

SuppressedWords::TextState SuppressedWords::after(TextState state, int32_t token) {
  const std::lock_guard lock(mutex_);
  auto text = known(state).text;
  read(token, text);
  return number_of(text);
}

torch::Tensor SuppressedWords::bonus(TextState state, bool last) {
  const std::lock_guard lock(mutex_);
  return forbidden(state, last)->bonus;
}

std::shared_ptr<const SuppressedWords::Forbidden> SuppressedWords::forbidden(TextState state,
                                                                             bool last) {
  const auto cached = last ? known(state).forbidden_last : known(state).forbidden;
  if (cached) return cached;
  auto found = std::make_shared<Forbidden>();
  found->tokens = find_forbidden(state, last);
  std::vector<int64_t> ids;
  for (std::size_t id = 0; id < found->tokens.size(); ++id) {
    if (found->tokens[id]) ids.push_back(static_cast<int64_t>(id));
  }
  if (!ids.empty()) {
    found->bonus = torch::zeros({static_cast<int64_t>(texts_.size())});
    found->bonus.index_fill_(0, torch::tensor(ids), -std::numeric_limits<float>::infinity());
  }
  (last ? known(state).forbidden_last : known(state).forbidden) = found;
  return found;
}

std::vector<bool> SuppressedWords::find_forbidden(TextState state, bool last) {
  std::vector<bool> found(texts_.size());
  const auto text = known(state).text;
  const WordMatcher::State nothing_begun{0, text.joins, ""};
  // Most tokens do not go on with what has begun: for them it is as if nothing had.
  std::shared_ptr<const Forbidden> otherwise;
  if (!(text == nothing_begun)) otherwise = forbidden(number_of(nothing_begun), last);
  for (const auto& [beginning, tokens] : by_beginning_) {
    auto here = text, there = nothing_begun;
    const bool completes = matcher_.read(beginning, here);
    const bool alike = otherwise && !completes && !matcher_.read(beginning, there) && here == there;
    for (const int32_t token : tokens) {
      const auto id = static_cast<std::size_t>(token);
      found[id] =
          alike && token != kEndId ? otherwise->tokens[id] : !may_follow(state, token, last);
    }
  }
  return found;
}

bool SuppressedWords::excludes(const std::vector<int32_t>& tokens) {
  const std::lock_guard lock(mutex_);
  WordMatcher::State text;
  for (const int32_t token : tokens) {
    if (read(token, text)) return true;
  }
  return is_dead_end(number_of(text));
}

void SuppressionPolicy::apply(StepChoice& choice) {
  for (int64_t row = 0; row < choice.rows(); ++row) {
    const auto& hypothesis = choice[row];
    auto* words = words_.at(hypothesis.sentence);
    if (words == nullptr) continue;
    const auto state = state_of(*words, choice.tree(), hypothesis.node);
    const auto bonus = words->bonus(state, hypothesis.last);
    if (bonus.defined()) choice.prefer(row, bonus);
  }
}

SuppressedWords::TextState SuppressionPolicy::state_of(SuppressedWords& words,
                                                       const HypothesisTree& tree, int64_t node) {
  if (node == HypothesisTree::kRoot) return 0;
  const auto found = states_.find(node);
  if (found != states_.end()) return found->second;
  const auto state = words.after(state_of(words, tree, tree.parent(node)), tree.token(node));
  states_[node] = state;
  return state;
}

}  // namespace weft
