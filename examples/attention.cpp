// The attention module by itself: a query and n annotations in, weights and their mean out.
//
// The task: annotations are pictures of digits (here: their one-hot vectors and some noise), the
// query names a digit, and attention must find it. Trained with 300 batches, it looks at the right
// place; with sparsemax instead of softmax, at nothing else.

#include "nn/attention.h"

#include <torch/torch.h>

#include <cstdlib>
#include <iomanip>
#include <iostream>

namespace {

constexpr int64_t kDigits = 10, kNoise = 6, kAnnotations = 7, kBatch = 64;

struct Task {
  torch::Tensor query;        // [B, 10], one-hot
  torch::Tensor annotations;  // [B, 7, 16]
  torch::Tensor place;        // int64 [B], where the digit of the query is
};

Task draw() {
  const auto digits =
      torch::rand({kBatch, kDigits}).argsort(1, /*descending=*/false).narrow(1, 0, kAnnotations);
  const auto place = torch::randint(kAnnotations, {kBatch}, torch::kInt64);
  const auto asked = digits.gather(1, place.unsqueeze(1)).squeeze(1);
  const auto pictures = torch::one_hot(digits, kDigits).to(torch::kFloat32);
  return {torch::one_hot(asked, kDigits).to(torch::kFloat32),
          torch::cat({pictures, torch::randn({kBatch, kAnnotations, kNoise})}, 2), place};
}

weft::AttentionOutput attend(weft::Attention& attention, const Task& task) {
  const auto everywhere = torch::ones({kBatch, kAnnotations}, torch::kBool);
  const auto memory = attention->precompute({}, task.annotations, everywhere);  // once per source
  const auto state = attention->start(task.annotations);                        // once per source
  return attention->forward({}, task.query, state, memory);                     // once per query
}

void train(weft::Attention& attention) {
  torch::optim::Adam optimizer(attention->parameters(), torch::optim::AdamOptions(0.03));
  for (int update = 0; update < 300; ++update) {
    const auto task = draw();
    // The mean of the annotations should show the digit that was asked for.
    const auto shown = attend(attention, task).context.narrow(1, 0, kDigits);
    const auto loss = (shown - task.query).square().sum(1).mean();
    optimizer.zero_grad();
    loss.backward();
    optimizer.step();
  }
}

double accuracy(const weft::AttentionOutput& output, const Task& task) {
  return output.weights.argmax(1).eq(task.place).to(torch::kFloat32).mean().item<double>();
}

}  // namespace

int main() {
  torch::manual_seed(1);
  bool found = true;
  for (const auto normalization :
       {weft::WeightNormalization::kSoftmax, weft::WeightNormalization::kSparsemax}) {
    weft::AttentionOptions options;
    options.score = weft::ScoreType::kScaledDot;
    options.width = 16;
    options.normalization = normalization;
    weft::Attention attention(options, weft::AttentionWidths{kDigits, kDigits + kNoise});
    attention->initialize();
    train(attention);

    const auto task = draw();
    const auto output = attend(attention, task);
    const auto weights = output.weights[0].contiguous();
    std::cout << (normalization == weft::WeightNormalization::kSoftmax ? "softmax" : "sparsemax")
              << ": the digit is at " << task.place[0].item<int64_t>() << ", weights" << std::fixed
              << std::setprecision(3);
    for (int64_t j = 0; j < kAnnotations; ++j) std::cout << ' ' << weights[j].item<float>();
    std::cout << "; found in " << 100 * accuracy(output, task) << " % of cases\n";
    found = found && accuracy(output, task) > 0.95;
  }
  return found ? EXIT_SUCCESS : EXIT_FAILURE;
}
