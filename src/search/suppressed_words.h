#pragma once
// Words that no translation has.

#include <torch/types.h>

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <tuple>
#include <unordered_map>
#include <utility>
#include <vector>

#include "search/token_policy.h"
#include "search/word_matcher.h"
#include "text/vocabulary.h"

namespace weft {

/// Which tokens complete a word that is suppressed, after each text. A word is completed by the
/// token that begins with something other than its continuation, or by the end of the sentence; so
/// pieces stay free to be part of other words, and it does not matter how a word is cut into
/// pieces. A token after which every other would complete one is left out too. Several threads may
/// share one.
class SuppressedWords {
 public:
  /// `words` are as WordMatcher takes them; a word is suppressed as it is given and as the
  /// vocabulary writes it, if that differs. `vocabulary` must outlive this.
  SuppressedWords(const Vocabulary& vocabulary, const std::vector<std::string>& words);

  /// A text, as far as it decides what may follow. 0 is the beginning.
  using TextState = int32_t;
  TextState after(TextState state, int32_t token);
  /// Float [V], -inf at tokens that may not follow; undefined if all may. `last`: the text ends
  /// with the token.
  torch::Tensor bonus(TextState state, bool last);
  /// Whether these tokens, as the beginning of a translation, hold a word that is suppressed, or
  /// leave no way on.
  bool excludes(const std::vector<int32_t>& tokens);
  /// How many tokens have been tried behind texts: what the time spent here grows with.
  int64_t tried() const { return tried_; }

 private:
  /// Tokens, true where they may not follow, and the same as a bonus.
  struct Forbidden {
    std::vector<bool> tokens;
    torch::Tensor bonus;
  };
  struct Known {
    WordMatcher::State text;
    std::shared_ptr<const Forbidden> forbidden, forbidden_last;
    std::optional<bool> is_dead_end;
  };

  /// Reads on; returns whether that completes a word.
  bool read(int32_t token, WordMatcher::State& text) const;
  TextState number_of(const WordMatcher::State& text);
  Known& known(TextState state) { return known_[static_cast<std::size_t>(state)]; }
  bool may_follow(TextState state, int32_t token, bool last);
  std::shared_ptr<const Forbidden> forbidden(TextState state, bool last);
  std::vector<bool> find_forbidden(TextState state, bool last);
  /// Whether no token may follow.
  bool is_dead_end(TextState state);

  WordMatcher matcher_;
  std::vector<std::string> texts_;   // of the tokens
  std::vector<int32_t> usable_;      // the tokens that search may choose
  std::vector<int32_t> continuing_;  // those that begin in the middle of a character
  std::map<std::string, std::vector<int32_t>>
      by_beginning_;  // by the first character of their text
  std::mutex mutex_;  // of what follows
  std::vector<Known> known_;
  std::map<std::tuple<int32_t, bool, std::string>, TextState> numbers_;
  int64_t tried_ = 0;
};

/// For one search.
class SuppressionPolicy : public TokenPolicy {
 public:
  /// Of each sentence of the batch, what it shall not have; nullptr: nothing. They must outlive
  /// this.
  explicit SuppressionPolicy(std::vector<SuppressedWords*> words) : words_(std::move(words)) {}
  void apply(StepChoice& choice) override;

 private:
  SuppressedWords::TextState state_of(SuppressedWords& words, const HypothesisTree& tree,
                                      int64_t node);

  std::vector<SuppressedWords*> words_;
  std::unordered_map<int64_t, SuppressedWords::TextState> states_;  // by node
};

}  // namespace weft
