// Workers that translate side by side with one model: its weights are packed by whoever comes
// first.

#include <gtest/gtest.h>
#include <torch/types.h>
#include <torch/utils.h>

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "model/model_directory.h"
#include "search/ensemble.h"
#include "search/table_model.h"
#include "search/translator.h"
#include "text/word_vocabulary.h"

namespace weft {
namespace {

std::vector<std::string> lines_of_letters(std::size_t count) {
  std::vector<std::string> lines(count);
  for (std::size_t i = 0; i < count; ++i) {
    for (std::size_t k = 0; k <= i % 7; ++k)
      lines[i] += std::string(k > 0 ? " " : "") + static_cast<char>('a' + (i * 5 + k * 3) % 6);
  }
  return lines;
}

Vocabularies letters() {
  return {{{std::make_shared<WordVocabulary>("a\nb\nc\nd\ne\nf\n", "source")}},
          std::make_shared<WordVocabulary>("u\nv\nw\nx\ny\nz\n", "target")};
}

std::shared_ptr<StepModel> small_network(const Vocabularies& vocabularies) {
  ModelOptions options;
  options.embedding = {16, 16};
  options.encoder.hidden = options.attention.width = options.decoder.hidden = 16;
  options.decoder.readout = 16;
  torch::manual_seed(1);
  auto model = make_model(options, vocabularies);
  model->initialize();
  model->eval();
  return std::make_shared<Ensemble>(std::vector{model});
}

void expect_same_with_workers(const std::function<std::shared_ptr<StepModel>()>& make_model) {
  const auto lines = lines_of_letters(60);
  const std::vector<std::string> prefixes(lines.size(), "u");
  TranslatorOptions options;
  options.decoding.beam_size = 3;
  options.decoding.batch_sentences = 2;
  options.with_alignment = true;
  options.suppressed = {"v", "w x"};
  const auto alone = Translator(make_model(), letters(), options).translate(lines, prefixes);
  for (options.workers = 2; options.workers <= 4; ++options.workers) {
    Translator translator(make_model(), letters(), options);
    for (int window = 0; window < 3; ++window) {
      const auto answers = translator.translate(lines, prefixes);
      for (std::size_t i = 0; i < lines.size(); ++i) {
        EXPECT_EQ(answers[i].n_best[0].text, alone[i].n_best[0].text) << lines[i];
        EXPECT_EQ(answers[i].n_best[0].log_prob, alone[i].n_best[0].log_prob) << lines[i];
      }
    }
  }
}

TEST(TranslatorThreads, ShareANetwork) {
  expect_same_with_workers([] { return small_network(letters()); });
}

TEST(TranslatorThreads, ShareATable) {
  expect_same_with_workers([] { return std::make_shared<TableModel>(TableOptions{10}); });
}

}  // namespace
}  // namespace weft
