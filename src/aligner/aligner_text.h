#pragma once
// A parallel text that is being aligned, and which words its tokens belong to.

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "align/pharaoh.h"
#include "aligner/bitext.h"
#include "aligner/line_aligner.h"
#include "aligner/pair_posteriors.h"

namespace weft {

class PairAligner;
class WorkerPool;

/// Pairs of lines as the aligner counts them. Of a line it keeps its tokens' numbers and where
/// words begin, not the text.
class AlignerText {
 public:
  void add(const std::string& source, const std::string& target, AlignerCutting cutting);

  const Bitext& bitext() const { return bitext_; }
  std::size_t pairs() const { return bitext_.pairs(); }
  /// Words of pair k, as links count them.
  PairLength words(std::size_t k) const;
  /// Links between the words of pair k from those between its tokens. A link of two marks that are
  /// each at the edge of a word of letters says nothing of the words: "dog." and "Hund." end alike,
  /// and so do "dog," and "sah,".
  std::vector<Link> links_of_words(std::size_t k, const std::vector<Link>& links) const;
  /// How strong the links between the words of pair k are ([T, S], target words first, as matrices
  /// are): of two words the greatest strength that tokens of theirs have, without such marks.
  std::vector<float> strengths_of_words(std::size_t k, const PairPosteriors& posteriors) const;
  /// The tokens of pair k by their keys.
  std::vector<std::string_view> source_tokens(std::size_t k) const;
  std::vector<std::string_view> target_tokens(std::size_t k) const;
  /// For each token of pair k the number of its word.
  std::vector<std::size_t> source_words(std::size_t k) const;
  std::vector<std::size_t> target_words(std::size_t k) const;

 private:
  Bitext bitext_;
  std::vector<bool> source_begins_, target_begins_;  // of each token: it begins a word
};

/// The links between the words of each pair, as an aligner has learnt them before.
std::vector<std::vector<Link>> word_links(const AlignerText& text, PairAligner& aligner);
/// The same, learnt from the text alone.
std::vector<std::vector<Link>> word_links(const AlignerText& text, WorkerPool& pool);

}  // namespace weft
