#include "data/pair_weights.h"

#include <algorithm>

#include "base/number_text.h"
#include "base/words.h"

namespace weft {
namespace {

constexpr double kMostWeight = 1e6;

std::string count_of(std::size_t numbers) {
  return std::to_string(numbers) + (numbers == 1 ? " number" : " numbers");
}

}  // namespace

WeightReader::WeightReader(std::vector<std::string> sentence_files,
                           std::vector<std::string> word_files)
    : sentences_({sentence_files.begin(), sentence_files.end()}),
      words_({word_files.begin(), word_files.end()}),
      has_sentences_(!sentence_files.empty()),
      has_words_(!word_files.empty()) {}

std::vector<float> WeightReader::numbers(LineStream& file) {
  std::string line;
  if (!file.next(line)) {
    throw UserError({file.names()}, "has " + std::to_string(file.count()) +
                                        " lines; expected one for each pair of the training text, "
                                        "which has more");
  }
  std::vector<float> read;
  for (const Span& span : split_whitespace(line)) {
    const auto text = line.substr(span.begin, span.end - span.begin);
    double number = 0;
    if (!parse_number(text, number) || number < 0 || number > kMostWeight) {
      throw BadLine(file.places()[file.count()],
                    "weight '" + text + "'; expected a number in [0, 1000000]",
                    "have weights that are no numbers in [0, 1000000]");
    }
    read.push_back(static_cast<float>(number));
  }
  return read;
}

PairWeights WeightReader::next(const std::string& target) {
  PairWeights weights;
  if (has_sentences_) {
    const auto read = numbers(sentences_);
    if (read.size() != 1) {
      throw BadLine(sentences_.places()[sentences_.count()],
                    "has " + count_of(read.size()) + "; expected one, the weight of the pair",
                    "have other than one number");
    }
    weights.sentence = read.front();
  }
  if (has_words_) {
    weights.words = numbers(words_);
    const auto due = split_words(target).size();
    if (weights.words.size() != due) {
      throw BadLine(words_.places()[words_.count()],
                    "has " + count_of(weights.words.size()) + "; expected " + std::to_string(due) +
                        ", one for each word of the target line",
                    "have more or fewer numbers than the target line has words");
    }
  }
  return weights;
}

void WeightReader::require_end() {
  for (LineStream* file : {&sentences_, &words_}) {
    const int64_t due = file->count();
    const int64_t found = file->count_to_end();
    if (found > due) {
      throw UserError({file->names()}, "has " + std::to_string(found) + " lines; expected " +
                                           std::to_string(due) +
                                           ", one for each pair of the training text");
    }
  }
}

std::vector<float> token_weights(const PairWeights& weights, const std::string& target,
                                 const std::vector<Span>& tokens) {
  std::vector<float> of_tokens(tokens.size() + 1, weights.sentence);
  if (weights.words.empty()) return of_tokens;
  const auto words = split_words(target);
  for (std::size_t t = 0; t < tokens.size(); ++t) {
    float sum = 0, touched = 0;
    for (std::size_t w = 0; w < words.size(); ++w) {
      if (std::max(words[w].begin, tokens[t].begin) >= std::min(words[w].end, tokens[t].end))
        continue;
      sum += weights.words[w];
      touched += 1;
    }
    if (touched > 0) of_tokens[t] *= sum / touched;
  }
  return of_tokens;
}

}  // namespace weft
