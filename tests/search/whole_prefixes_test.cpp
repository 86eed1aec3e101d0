// Translations that are given: their scores are those of the search that made them.

#include <gtest/gtest.h>
#include <torch/types.h>
#include <torch/utils.h>

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "model/tiny_model.h"
#include "search/ensemble.h"
#include "search/table_model.h"
#include "search/translator.h"
#include "text/word_vocabulary.h"

namespace weft {
namespace {

const std::vector<std::string> kScoredLines{"a b c", "d", "", "b b a e c", "e e e e"};

struct Changed {
  std::string name;
  std::function<void(TranslatorOptions&)> change;
};

/// All that the score of a translation, or the end of a search, depends on, and ways to search.
std::vector<Changed> changes() {
  using Options = TranslatorOptions&;
  return {
      {"nothing", [](Options) {}},
      {"no length normalisation", [](Options o) { o.decoding.length_normalization = 0; }},
      {"length penalty of Wu et al. and OpenNMT",
       [](Options o) {
         o.decoding.length_normalization = 0.6;
         o.decoding.length_offset = 5;
       }},
      {"coverage penalty of Wu et al. and OpenNMT",
       [](Options o) {
         o.decoding.length_normalization = 0.6;
         o.decoding.length_offset = 5;
         o.decoding.coverage_penalty = 0.2;
       }},
      {"word penalty of Marian",
       [](Options o) {
         o.decoding.length_normalization = 0.7;
         o.decoding.word_penalty = 0.3;
       }},
      {"word reward", [](Options o) { o.decoding.word_penalty = -1.5; }},
      {"brevity penalty of Sockeye",
       [](Options o) {
         o.decoding.length_normalization = 0.9;
         o.decoding.length_offset = 2;
         o.decoding.brevity_penalty = 1.5;
         o.decoding.length_ratio = 1.1;
       }},
      {"all penalties",
       [](Options o) {
         o.decoding.length_offset = 1;
         o.decoding.word_penalty = 0.1;
         o.decoding.coverage_penalty = 0.4;
         o.decoding.brevity_penalty = 0.8;
         o.decoding.length_ratio = 2;
       }},
      {"exact end", [](Options o) { o.decoding.early_stopping = EarlyStopping::kExact; }},
      {"first end", [](Options o) { o.decoding.early_stopping = EarlyStopping::kFirst; }},
      {"lengths",
       [](Options o) {
         o.decoding.min_length = 3;
         o.decoding.max_length = 7;
       }},
      {"ancestral", [](Options o) { o.sampling.method = SamplingMethod::kAncestral; }},
      {"gumbel",
       [](Options o) {
         o.sampling.method = SamplingMethod::kGumbel;
         o.sampling.temperature = 2;
         o.sampling.top_k = 4;
         o.decoding.word_penalty = 0.2;
       }},
      {"groups", [](Options o) { o.diverse_groups = 3; }},
      {"suppressed word", [](Options o) { o.suppressed = {"w"}; }},
  };
}

/// Options that score what others have made.
TranslatorOptions scoring_by(TranslatorOptions options) {
  options.whole_prefixes = true;
  options.n_best = options.decoding.beam_size = 1;
  options.decoding.max_length = 0;
  options.diverse_groups = 1;
  options.sampling = {};
  options.suppressed = {};
  return options;
}

/// Scores what a search has made, and compares; returns how many translations.
int compare_scores(const std::shared_ptr<StepModel>& model, const TranslatorOptions& options) {
  const Vocabularies vocabularies{{{std::make_shared<WordVocabulary>("a\nb\nc\nd\ne\n", "source")}},
                                  std::make_shared<WordVocabulary>("w\nx\ny\nz\n", "target")};
  const auto made = Translator(model, vocabularies, options).translate(kScoredLines);
  std::vector<std::string> given, texts;
  std::vector<const Translation*> translations;
  for (std::size_t i = 0; i < kScoredLines.size(); ++i) {
    for (const auto& translation : made[i].n_best) {
      // What did not end, and unknown words, cannot be told from their text.
      if (!translation.finished || !translation.unknown.empty()) continue;
      given.push_back(kScoredLines[i]);
      texts.push_back(translation.text);
      translations.push_back(&translation);
    }
  }
  const auto scores = Translator(model, vocabularies, scoring_by(options)).translate(given, texts);
  for (std::size_t i = 0; i < given.size(); ++i) {
    const auto& found = scores[i].n_best.front();
    EXPECT_EQ(found.text, texts[i]);
    EXPECT_EQ(found.tokens, translations[i]->tokens);
    EXPECT_NEAR(found.log_prob, translations[i]->log_prob, 1e-5);
    EXPECT_NEAR(found.score, translations[i]->score, 1e-5);
    double sum = 0;
    for (const double log_prob : found.word_log_probs) sum += log_prob;
    EXPECT_NEAR(sum, found.log_prob, 1e-9);
  }
  return static_cast<int>(given.size());
}

struct NamedModel {
  std::string name;
  std::shared_ptr<StepModel> model;
};

std::vector<NamedModel> scored_models() {
  const auto tiny = [](const TinyModel& kind, uint64_t seed) {
    auto model = tiny_model(kind, seed);
    model->to(torch::kFloat32);
    return model;
  };
  TinyModel lstm;
  lstm.encoder_cell = lstm.decoder_cell = CellType::kLstm;
  lstm.decoder_layers = 2;
  lstm.place = AttentionPlace::kAfter;
  return {
      {"table", std::make_shared<TableModel>(TableOptions{})},
      {"GRU", std::make_shared<Ensemble>(std::vector{tiny({}, 5)})},
      {"LSTM", std::make_shared<Ensemble>(std::vector{tiny(lstm, 6)})},
      {"ensemble", std::make_shared<Ensemble>(std::vector{tiny({}, 5), tiny(lstm, 6), tiny({}, 7)},
                                              Precision::kFloat32, std::vector<double>{2, 1, 1})}};
}

TEST(WholePrefixes, HaveTheScoresOfTheSearchThatMadeThem) {
  const torch::NoGradGuard no_gradient;
  for (const auto& [name, model] : scored_models()) {
    int scored = 0;
    for (const auto& [change_name, change] : changes()) {
      SCOPED_TRACE(name + ", " + change_name);
      TranslatorOptions options;
      options.decoding.beam_size = options.n_best = 12;
      change(options);
      scored += compare_scores(model, options);
    }
    EXPECT_GT(scored, 80) << name;  // of which 15 are the blank line
  }
}

}  // namespace
}  // namespace weft
