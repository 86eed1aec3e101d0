// Translations that are given: their scores are those of the search that made them.

#include <gtest/gtest.h>
#include <torch/types.h>
#include <torch/utils.h>

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "search/table_model.h"
#include "search/translator.h"
#include "text/word_vocabulary.h"

namespace weft {
namespace {

TEST(WholePrefixes, HaveTheScoresOfTheSearchThatMadeThem) {
  const torch::NoGradGuard no_gradient;
  const Vocabularies vocabularies{
      {{std::make_shared<WordVocabulary>("a\nb\nc\nd\ne\nf\n", "source")}},
      std::make_shared<WordVocabulary>("w\nx\ny\nz\n", "target")};
  const std::vector<std::string> lines{"a b c", "d", "", "b b a f e c", "f f f f"};
  const auto options_with = [](const std::function<void(TranslatorOptions&)>& change) {
    TranslatorOptions options;
    options.decoding.beam_size = 6;
    options.n_best = 6;
    change(options);
    return options;
  };
  int scored = 0;
  for (const auto& options :
       {options_with([](auto&) {}), options_with([](auto& o) {
          o.decoding.length_offset = 5;
          o.decoding.word_penalty = 0.3;
          o.decoding.coverage_penalty = 0.2;
        }),
        options_with([](auto& o) { o.sampling.method = SamplingMethod::kAncestral; }),
        options_with([](auto& o) {
          o.sampling.method = SamplingMethod::kGumbel;
          o.sampling.temperature = 2;
          o.sampling.top_k = 4;
        }),
        options_with([](auto& o) { o.diverse_groups = 3; }),
        options_with([](auto& o) { o.decoding.min_length = 4; })}) {
    const auto model = std::make_shared<TableModel>(TableOptions{});
    const auto made = Translator(model, vocabularies, options).translate(lines);
    auto forced = options;
    forced.whole_prefixes = true;
    forced.n_best = forced.decoding.beam_size = 1;
    forced.diverse_groups = 1;
    forced.sampling = {};
    Translator scorer(model, vocabularies, forced);
    for (std::size_t k = 0; k < 6; ++k) {
      std::vector<std::string> given, texts;
      std::vector<const Translation*> translations;
      for (std::size_t i = 0; i < lines.size(); ++i) {
        if (k >= made[i].n_best.size()) continue;
        const auto& translation = made[i].n_best[k];
        if (!translation.finished || translation.text.find("<unk>") != std::string::npos) continue;
        given.push_back(lines[i]);
        texts.push_back(translation.text);
        translations.push_back(&translation);
      }
      const auto scores = scorer.translate(given, texts);
      for (std::size_t i = 0; i < given.size(); ++i) {
        const auto& found = scores[i].n_best.front();
        EXPECT_EQ(found.text, texts[i]);
        EXPECT_EQ(found.tokens, translations[i]->tokens);
        EXPECT_NEAR(found.log_prob, translations[i]->log_prob, 1e-5);
        EXPECT_NEAR(found.score, translations[i]->score, 1e-5);
        if (!given[i].empty()) {
          double sum = 0;
          for (const double log_prob : found.word_log_probs) sum += log_prob;
          EXPECT_NEAR(sum, found.log_prob, 1e-9);
        }
        ++scored;
      }
    }
  }
  EXPECT_GT(scored, 30);
}

}  // namespace
}  // namespace weft
