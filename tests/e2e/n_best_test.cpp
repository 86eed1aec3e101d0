// weft translate --n-best: Moses' format, best first.

#include <gmock/gmock.h>

#include <nlohmann/json.hpp>
#include <set>

#include "e2e/alignment_text.h"
#include "e2e/program.h"
#include "e2e/tiny_models.h"

namespace weft::e2e {
namespace {

using nlohmann::json;
using testing::SizeIs;

constexpr const char* kSources = "a b c d\nh g f e d c\nb a\n";
constexpr std::size_t kLineCount = 3;

std::vector<std::string> n_best(std::vector<std::string> options, const std::string& input) {
  options.insert(options.begin(), {"translate", "-m", reversal_model()});
  const auto outcome = run_weft(options, input);
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  return lines_of(outcome.out);
}

TEST(NBest, IsMosesFormat) {
  const auto lines = n_best({"-b", "4", "--n-best", "4", "-n", "1"}, kSources);
  const auto plain = n_best({"-b", "4", "-n", "1"}, kSources);
  ASSERT_THAT(lines, SizeIs(4 * kLineCount));
  for (std::size_t id = 0; id < kLineCount; ++id) {
    std::set<std::string> texts;
    double last = 0;
    for (std::size_t rank = 0; rank < 4; ++rank) {
      const auto fields = fields_of(lines[4 * id + rank]);
      ASSERT_THAT(fields, SizeIs(4)) << lines[4 * id + rank];
      EXPECT_EQ(fields[0], std::to_string(id)) << "ids count from 0";
      EXPECT_TRUE(texts.insert(fields[1]).second) << fields[1] << " comes twice";
      ASSERT_TRUE(fields[2].starts_with("F0= "));
      const double log_prob = std::stod(fields[2].substr(4));
      const double score = std::stod(fields[3]);
      EXPECT_LE(score, last) << "best first";
      last = score;
      // score = log p / length, where the length has the end of sentence.
      const auto length = static_cast<double>(split(fields[1], ' ').size() + 1);
      EXPECT_NEAR(score, log_prob / length, 1e-5 * std::abs(score) + 1e-9);
    }
    EXPECT_EQ(fields_of(lines[4 * id])[1], plain[id]) << "the best is the translation";
  }
}

TEST(NBest, OfABlankLineIsOneBlank) {
  const auto lines = n_best({"--n-best", "3"}, "\na\n");
  ASSERT_THAT(lines, SizeIs(4));
  EXPECT_EQ(lines[0], "0 |||  ||| F0= 0 ||| 0");
  EXPECT_TRUE(lines[1].starts_with("1 ||| "));
}

TEST(NBest, CountsOnThroughLongTexts) {
  const std::size_t count = 4100;  // more than are decoded at a time
  const auto lines = n_best({"--n-best", "2"}, std::string(count, '\n'));
  ASSERT_THAT(lines, SizeIs(count));
  for (std::size_t id = 0; id < count; ++id) EXPECT_EQ(fields_of(lines[id])[0], std::to_string(id));
}

TEST(NBest, MayBeFewerThanTheBeam) {
  const auto all = n_best({"-b", "3", "--n-best", "3"}, kSources);
  const auto two = n_best({"-b", "3", "--n-best", "2"}, kSources);
  ASSERT_THAT(all, SizeIs(3 * kLineCount));
  ASSERT_THAT(two, SizeIs(2 * kLineCount));
  for (std::size_t id = 0; id < kLineCount; ++id) {
    EXPECT_EQ(two[2 * id], all[3 * id]);
    EXPECT_EQ(two[2 * id + 1], all[3 * id + 1]);
  }
}

TEST(NBest, CarriesHardAlignments) {
  const auto plain = n_best({"--n-best", "3"}, kSources);
  const auto aligned = n_best({"--n-best", "3", "--alignment", "hard"}, kSources);
  ASSERT_EQ(aligned.size(), plain.size());
  for (std::size_t i = 0; i < aligned.size(); ++i) {
    const auto fields = fields_of(aligned[i]);
    ASSERT_THAT(fields, SizeIs(5)) << aligned[i];
    EXPECT_EQ(fields[1], fields_of(plain[i])[1]);
    for (const auto& [source, target] : links_of(fields[2])) {
      EXPECT_LT(source, 6);
      EXPECT_LT(target, static_cast<int>(split(fields[1], ' ').size()));
    }
  }
}

TEST(NBest, CarriesSoftAlignmentsOfEachHypothesis) {
  const auto lines = n_best({"--n-best", "3", "--alignment", "soft"}, kSources);
  ASSERT_THAT(lines, SizeIs(3 * kLineCount));
  for (const auto& line : lines) {
    const auto fields = fields_of(line);
    ASSERT_THAT(fields, SizeIs(5)) << line;
    const auto rows = rows_of(fields[2]);
    EXPECT_EQ(rows.size(), split(fields[1], ' ').size()) << line;
    for (const auto& row : rows) EXPECT_NEAR(sum(row), 1, 1e-3);
  }
}

TEST(NBest, IsAJsonObjectEach) {
  const auto plain = n_best({"--n-best", "3"}, kSources);
  const auto lines = n_best({"--n-best", "3", "--alignment", "json"}, kSources);
  ASSERT_EQ(lines.size(), plain.size());
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const auto object = json::parse(lines[i]);
    EXPECT_EQ(object.at("id"), i / 3);
    EXPECT_EQ(object.at("target").at("text"), fields_of(plain[i])[1]);
    EXPECT_NEAR(object.at("score").get<double>(), std::stod(fields_of(plain[i])[2].substr(4)),
                1e-4);
  }
}

Outcome beyond_the_beam(int n_best, int beam_size) {
  return refusal({"n-best (--n-best) is " + std::to_string(n_best) +
                  "; expected 1 to the beam size (--beam-size, decoding.beam_size), which is " +
                  std::to_string(beam_size)});
}

TEST(NBest, BeyondTheBeamIsRefused) {
  EXPECT_EQ(run_weft({"translate", "-m", reversal_model(), "--n-best", "4"}, kSources),
            beyond_the_beam(4, 3));
  EXPECT_EQ(run_weft({"translate", "-m", reversal_model(), "--n-best", "6", "-b", "5"}, kSources),
            beyond_the_beam(6, 5));
}

}  // namespace
}  // namespace weft::e2e
