#pragma once
// Phrases that a translation must hold.

#include <torch/types.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "search/token_policy.h"
#include "search/word_matcher.h"
#include "text/vocabulary.h"

namespace weft {

/// A phrase and the ways to write it that search takes: after a blank, and, if it begins with a
/// letter of a script written without spaces, also right after something else.
struct Phrase {
  std::string text;
  std::vector<std::vector<int32_t>> spellings;  ///< at least one, none empty
};

/// What writes phrases, and knows which tokens would go on with a word.
class PhraseSpeller {
 public:
  /// `vocabulary` must outlive it.
  explicit PhraseSpeller(const Vocabulary& vocabulary);
  /// Throws UserError, without a place, if the vocabulary cannot write the phrase as it stands.
  Phrase spell(const std::string& text) const;
  /// What the token adds to a text.
  const std::string& text_of(int64_t token) const {
    return texts_[static_cast<std::size_t>(token)];
  }
  /// Float [V] bonuses: -inf at the end of sentence if `open`, and at tokens that begin with what
  /// joins with a letter before it if `closed`. Undefined if neither.
  const torch::Tensor& bonus(bool open, bool closed) const {
    return bonuses_[open ? 1 : 0][closed];
  }

 private:
  const Vocabulary& vocabulary_;
  std::vector<std::string> texts_;
  torch::Tensor bonuses_[2][2];
};

/// A line's phrases, and the tokens its translation may have.
struct PhraseLine {
  std::vector<Phrase> phrases;
  int64_t given = 0;  ///< tokens of the translation that are given
  int64_t limit = 0;  ///< most tokens
};

/// Tokens that the shortest spellings of `phrases` have together.
int64_t tokens_of(const std::vector<Phrase>& phrases);

/// Every hypothesis of sentence i ends with all of its phrases in it: as whole words, however the
/// hypothesis is cut into tokens. Search takes the next tokens of phrases into account whatever
/// their probability, and shares its beam out to hypotheses by how many tokens of phrases they
/// have: dynamic beam allocation (Post & Vilar 2018, arXiv:1804.06609), for all phrases that have
/// the same beginning at once (Hu et al. 2019, N19-1090). Where the length limit leaves no room for
/// anything else, what is missing is written first to last; it must fit between given and limit.
class RequiredPhrases : public TokenPolicy {
 public:
  /// `lines`: for each sentence of the batch. `speller` must outlive it.
  RequiredPhrases(const PhraseSpeller& speller, std::vector<PhraseLine> lines);
  void apply(StepChoice& choice) override;
  bool allocates() const override { return true; }
  int64_t banks(std::size_t sentence) const override;
  int64_t bank(const HypothesisTree& tree, std::size_t sentence, int64_t node,
               int64_t token) override;

 private:
  /// A spelling that a hypothesis has begun.
  struct Begun {
    std::size_t phrase = 0, spelling = 0, tokens = 0;
  };
  struct Progress {
    std::vector<WordMatcher::State> texts;  // for each phrase, how far the text is
    std::vector<bool> met;                  // for each phrase
    std::vector<Begun> begun;
  };
  struct Line {
    PhraseLine given;
    std::vector<WordMatcher> matchers;  // for each phrase
  };

  Progress start(const Line& line) const;
  Progress after(const Line& line, const Progress& progress, int64_t token) const;
  const Progress& of_node(const HypothesisTree& tree, const Line& line, int64_t node);
  const std::vector<int32_t>& spelling(const Line& line, const Begun& begun) const;
  bool is_written(const Line& line, const Progress& progress, std::size_t phrase) const;
  /// The phrase, if one is written to its end and waits for its last word to end.
  bool waits(const Line& line, const Progress& progress) const;
  /// Tokens of the phrases that are yet to be written from their beginnings.
  int64_t missing(const Line& line, const Progress& progress) const;
  /// The spelling that is written furthest and not to its end.
  std::optional<Begun> furthest(const Line& line, const Progress& progress) const;
  int64_t next_forced(const Line& line, const Progress& progress) const;
  std::vector<int64_t> wanted(const Line& line, const Progress& progress) const;

  const PhraseSpeller& speller_;
  std::vector<Line> lines_;
  std::unordered_map<int64_t, Progress> progress_;  // by node
  std::vector<Progress> starts_;                    // by sentence
};

}  // namespace weft
