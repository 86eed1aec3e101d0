#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "quickstart/sampler.h"

namespace weft::quickstart {

struct CorpusSizes {
  std::size_t train = 14000;  ///< sentence pairs
  std::size_t valid = 500;
  std::size_t test = 500;
  std::size_t max_words = 20;  ///< on either side; longer pairs are drawn again
};

struct Corpus {
  std::vector<SentencePair> train;
  std::vector<SentencePair> valid;
  std::vector<SentencePair> test;
};

/// Draws a corpus in which no sentence of either side occurs twice, in one part or in two.
/// Throws UserError if a source sentence has two translations, or the grammar has too few
/// sentences.
Corpus draw_corpus(Sampler& sampler, const CorpusSizes& sizes);

/// Writes {train,valid,test}.{en,zh,align,raw.zh} into an existing or new directory: tokens between
/// spaces; links as Pharaoh's i-j, or ipj for a possible link; raw.zh is zh without its spaces.
/// Throws UserError if a file cannot be written.
void write_corpus(const Corpus& corpus, const std::string& directory);

}  // namespace weft::quickstart
