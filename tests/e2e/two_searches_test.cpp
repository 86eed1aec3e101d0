// `weft translate`, `score` and `align` compute without LibTorch (src/tensor) where they can. Both
// ways are held to each other here: models of every kind, with weights that are drawn, and every
// option of search.

#include <gmock/gmock.h>
#include <torch/types.h>
#include <torch/utils.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <regex>
#include <string>
#include <vector>

#include "base/temporary_directory.h"
#include "config/config_reader.h"
#include "config/presets.h"
#include "e2e/program.h"
#include "e2e/tiny_models.h"
#include "model/model_directory.h"
#include "model/random_config.h"

namespace weft::e2e {
namespace {

using testing::HasSubstr;
using Arguments = std::vector<std::string>;

constexpr const char* kText = "a b c d e f\n\nh\ng g a unknown b\nc d e f g h a b c d e f g h\n";

/// A number, or the text itself.
struct Part {
  std::string text;
  double number = 0;
  bool is_number = false;
};

/// Numbers with a point, and what stands between them.
std::vector<Part> parts_of(const std::string& output) {
  std::vector<Part> parts(1);
  for (std::size_t i = 0; i < output.size();) {
    const char* begin = output.c_str() + i;
    char* end = nullptr;
    const bool may_be = output[i] == '-' || (output[i] >= '0' && output[i] <= '9');
    const double number = may_be ? std::strtod(begin, &end) : 0;
    const std::string text(begin, may_be ? end : begin);
    if (text.find('.') != std::string::npos || text.find('e') != std::string::npos) {
      parts.push_back({text, number, true});
      parts.emplace_back();
      i += text.size();
    } else {
      parts.back().text += output[i++];
    }
  }
  return parts;
}

/// The same text, with numbers that are the same but for rounding.
void expect_same(const std::string& found, const std::string& expected) {
  const auto a = parts_of(found), b = parts_of(expected);
  ASSERT_EQ(a.size(), b.size()) << found << "\ninstead of\n" << expected;
  for (std::size_t i = 0; i < a.size(); ++i) {
    ASSERT_EQ(a[i].is_number, b[i].is_number);
    if (!a[i].is_number) {
      ASSERT_EQ(a[i].text, b[i].text) << found << "\ninstead of\n" << expected;
    } else {
      ASSERT_NEAR(a[i].number, b[i].number, 2e-3 + 1e-4 * std::abs(b[i].number))
          << found << "\ninstead of\n"
          << expected;
    }
  }
}

/// Messages without the times before them.
std::string without_times(const std::string& messages) {
  return std::regex_replace(messages, std::regex(R"(\[[-0-9]+ [:0-9]+\] )"), "");
}

/// Runs a command both ways.
void expect_same_results(Arguments arguments, const std::string& input = "") {
  arguments.insert(arguments.begin() + 1, {"-q", "--threads", "1", "--device", "cpu"});
  const auto alone = run_weft(arguments, input);
  const auto with = run_weft_with_libtorch(arguments, input);
  SCOPED_TRACE(testing::PrintToString(arguments));
  ASSERT_EQ(alone.status, 0) << alone.err;
  ASSERT_EQ(with.status, 0) << with.err;
  EXPECT_EQ(without_times(alone.err), without_times(with.err));
  EXPECT_NE(with.out, "");
  expect_same(alone.out, with.out);
}

void expect_same_search(Arguments arguments, const std::string& input = kText) {
  arguments.insert(arguments.begin(), "translate");
  expect_same_results(std::move(arguments), input);
}

Vocabularies word_vocabularies(std::size_t sources) {
  const auto words = load_vocabulary("a\nb\nc\nd\ne\nf\ng\nh\n", VocabularyType::kWords, "words");
  Vocabularies vocabularies;
  vocabularies.sources.assign(sources, SourceVocabulary{words});
  vocabularies.target = words;
  return vocabularies;
}

/// Writes a model with drawn weights.
void write_model(const std::string& directory, Config config, uint64_t seed) {
  config.vocabulary.shared = true;
  config.vocabulary.type = VocabularyType::kWords;
  const auto vocabularies = word_vocabularies(config.data.source_kind.size());
  torch::manual_seed(seed);
  auto model = make_model(config.model, vocabularies);
  model->initialize();
  {
    // Weights as wide as trained ones, so that the model is sure of what it says.
    const torch::NoGradGuard no_grad;
    for (auto& parameter : model->parameters()) parameter.add_(torch::randn_like(parameter), 0.1);
  }
  write_model_description(directory, config, vocabularies);
  write_weights(directory + "/" + kWeightsFile, named_parameters(*model), vocabularies, {});
}

/// A command on as many files of text as the model reads, each after `option`.
Arguments on_files(const std::string& command, const std::string& option,
                   const TemporaryDirectory& directory, const Config& config) {
  const auto input = directory.write("in", kText);
  Arguments arguments{command, "-m", directory.path("model")};
  for (std::size_t k = 0; k < config.data.source_kind.size(); ++k)
    arguments.insert(arguments.end(), {option, input});
  return arguments;
}

void expect_same_of(const Config& config, uint64_t seed) {
  const TemporaryDirectory directory;
  write_model(directory.path("model"), config, seed);
  const bool has_attention = config.model.attention.score != ScoreType::kNone;
  auto translate = on_files("translate", "-i", directory, config);
  translate.insert(translate.end(), {"--n-best", "2", "-b", "3"});
  if (has_attention) translate.insert(translate.end(), {"--alignment", "soft"});
  expect_same_results(translate);
  // Another target than a model would write, as long as the source, with a blank line in it.
  const auto target = directory.write("target", "h a a\n\nc c c c\nb\nd e unknown\n");
  auto score = on_files("score", "-s", directory, config);
  score.insert(score.end(), {"-t", target, "--words"});
  expect_same_results(score);
  if (!has_attention) return;
  auto align = on_files("align", "-s", directory, config);
  align.insert(align.end(), {"-t", target, "--alignment", "soft"});
  expect_same_results(align);
}

class TwoSearchesOf : public testing::TestWithParam<const char*> {};

INSTANTIATE_TEST_SUITE_P(Presets, TwoSearchesOf, testing::ValuesIn(kPresets),
                         [](const auto& tested) {
                           std::string name = tested.param;
                           std::replace(name.begin(), name.end(), '-', '_');
                           return name;
                         });

TEST_P(TwoSearchesOf, FindTheSame) { expect_same_of(read_config(preset_path(GetParam())), 1); }

TEST(TwoSearches, FindTheSameWithAnyModel) {
  Lot lot(7);
  for (int i = 0; i < 12 && !testing::Test::HasFailure(); ++i) {
    auto config = random_config(lot);
    config.model.embedding.factors.clear();
    SCOPED_TRACE(std::to_string(i));
    expect_same_of(config, static_cast<uint64_t>(i));
  }
}

TEST(TwoSearches, FindTheSameWithEveryOption) {
  const TemporaryDirectory directory;
  const auto model = reversal_model();
  const auto prefixes = directory.write("prefixes", "F\n\n\nB\nH G\n");
  const auto words = directory.write("words", "A\nD E\n");
  const auto table = directory.write("table", "a A 0.9\nb B 0.8\nc C 0.9\nd D 0.9\ne E 1\nf F 1\n");
  for (const auto& options : std::vector<Arguments>{
           {},
           {"-b", "1"},
           {"-b", "7", "--n-best", "7", "--early-stopping", "never"},
           {"--precision", "auto"},
           {"--sampling", "ancestral", "--n-best", "3", "--seed", "5", "--top-k", "4"},
           {"--sampling", "gumbel", "--n-best", "3", "--seed", "5", "--temperature", "0.7"},
           {"--diverse-groups", "2", "--diversity", "0.4", "-b", "4", "--n-best", "4"},
           {"--prefix", prefixes},
           {"--prefix", prefixes, "--prefix-weight", "2"},
           {"--suppress", words},
           {"--shortlist", table, "--shortlist-first", "4"},
           {"--coverage-penalty", "0.2", "--min-length", "3", "-n", "0.6", "--alignment", "hard"},
           {"--replace-unknown", "--lexicon", table},
           {"--mbr", "chrf", "-b", "5"},
           {"--split", "long", "--max-source-length", "4"},
           {"-m", model, "--model-weights", "2,1", "--alignment", "json"}}) {
    auto arguments = options;
    arguments.insert(arguments.begin(), {"-m", model});
    expect_same_search(arguments);
  }
  expect_same_search({"-m", model, "--constraints", "tabs"}, "a b c\tF\nd e\tB A\tH\n");
  expect_same_search({"-m", model, "--tags", "xml"}, "<b>a b</b> c\n");
  expect_same_search({"-m", chinese_model(), "--alignment", "matrix"}, "The dog sees a cat.\n");
}

TEST(TwoSearches, AreToldApartInTheLog) {
  const Arguments arguments{"translate", "-m", reversal_model(), "--device", "cpu"};
  EXPECT_THAT(run_weft(arguments, "a\n").err, HasSubstr(" MB; search without LibTorch\n"));
  EXPECT_THAT(run_weft_with_libtorch(arguments, "a\n").err,
              HasSubstr(" MB; search with LibTorch: WEFT_LIBTORCH=1\n"));
}

TEST(TwoSearches, AreToldOfTheSameMistakes) {
  for (const auto& arguments :
       std::vector<Arguments>{{"translate", "-m", "nothing"},
                              {"translate"},
                              {"translate", "-m", reversal_model(), "-b", "0"},
                              {"translate", "--help"}}) {
    EXPECT_EQ(run_weft(arguments), run_weft_with_libtorch(arguments));
  }
}

}  // namespace
}  // namespace weft::e2e
