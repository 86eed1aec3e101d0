#include "kernels/best_tokens.h"

#include <torch/types.h>
#include <torch/utils.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "kernels/parallel.h"
#include "kernels/vector_math.h"

namespace weft::kernels {
namespace {

constexpr float kImpossible = -std::numeric_limits<float>::infinity();

/// The best of a row so far, in order.
class Podium {
 public:
  Podium(float* logits, int64_t* tokens, int64_t places)
      : logits_(logits), tokens_(tokens), places_(places) {
    std::fill_n(logits_, places_, kImpossible);
    std::fill_n(tokens_, places_, 0);
  }

  float lowest() const { return logits_[places_ - 1]; }

  void enter(float logit, int64_t token) {
    int64_t place = places_ - 1;
    for (; place > 0 && logit > logits_[place - 1]; --place) {
      logits_[place] = logits_[place - 1];
      tokens_[place] = tokens_[place - 1];
    }
    logits_[place] = logit;
    tokens_[place] = token;
  }

 private:
  float* logits_;
  int64_t* tokens_;
  int64_t places_;
};

/// Fills the podium and returns the largest logit, chosen or not.
float choose(const float* logits, int64_t vocabulary, const std::vector<int64_t>& excluded,
             Podium& podium) {
  // Most stretches hold nothing better than what there is: their maximum tells.
  constexpr int64_t kStretchWords = 128;
  float largest = kImpossible;
  for (int64_t begin = 0; begin < vocabulary; begin += kStretchWords) {
    const int64_t end = std::min(begin + kStretchWords, vocabulary);
    const float best = vector_max(logits + begin, end - begin);
    largest = std::max(largest, best);
    if (!(best > podium.lowest())) continue;
    for (int64_t token = begin; token < end; ++token) {
      if (!(logits[token] > podium.lowest())) continue;
      if (std::find(excluded.begin(), excluded.end(), token) != excluded.end()) continue;
      podium.enter(logits[token], token);
    }
  }
  return largest;
}

}  // namespace

BestTokens best_tokens(const torch::Tensor& logits, int64_t count,
                       const std::vector<int64_t>& excluded) {
  const torch::NoGradGuard no_gradient;
  const torch::Tensor x = logits.contiguous();
  const int64_t rows = x.size(0);
  const int64_t vocabulary = x.size(1);
  TORCH_CHECK(count >= 1 && count <= vocabulary, "best_tokens: ", count, " of ", vocabulary);
  BestTokens best{torch::empty({rows, count}, x.options()),
                  torch::empty({rows, count}, x.options().dtype(torch::kInt64))};
  constexpr int64_t kRows = 8;  // of a task
  const int64_t parts = (rows + kRows - 1) / kRows;
  parallel_tasks(parts, [&](int64_t part) {
    const RowRange range = part_of(rows, parts, part);
    for (int64_t n = range.begin; n < range.end; ++n) {
      const float* row = x.data_ptr<float>() + n * vocabulary;
      float* chosen = best.log_probs.data_ptr<float>() + n * count;
      Podium podium(chosen, best.tokens.data_ptr<int64_t>() + n * count, count);
      const float largest = choose(row, vocabulary, excluded, podium);
      const float normalizer = largest + std::log(sum_of_exponentials(row, largest, vocabulary));
      for (int64_t k = 0; k < count; ++k) chosen[k] -= normalizer;
    }
  });
  return best;
}

torch::Tensor token_log_probs(const torch::Tensor& logits, const torch::Tensor& tokens) {
  const torch::NoGradGuard no_gradient;
  const torch::Tensor x = logits.contiguous();
  const int64_t vocabulary = x.size(1);
  const torch::Tensor chosen = x.gather(1, tokens).contiguous();
  for (int64_t n = 0; n < x.size(0); ++n) {
    const float* row = x.data_ptr<float>() + n * vocabulary;
    const float largest = *std::max_element(row, row + vocabulary);
    const float normalizer = largest + std::log(sum_of_exponentials(row, largest, vocabulary));
    chosen[n].sub_(normalizer);
  }
  return chosen;
}

torch::Tensor listed_logits(const torch::Tensor& logits, const torch::Tensor& columns,
                            const torch::Tensor& sentences) {
  const torch::Tensor all = logits.contiguous(), lists = columns.contiguous();
  const int64_t width = lists.size(1);
  torch::Tensor listed = torch::empty({all.size(0), width}, all.options());
  const auto list_of = sentences.accessor<int64_t, 1>();
  for (int64_t n = 0; n < all.size(0); ++n) {
    const float* from = all.data_ptr<float>() + n * all.size(1);
    const int64_t* column = lists.data_ptr<int64_t>() + list_of[n] * width;
    float* to = listed.data_ptr<float>() + n * width;
    for (int64_t w = 0; w < width; ++w) to[w] = from[column[w]];
  }
  return listed;
}

}  // namespace weft::kernels
