#include "data/parallel_files.h"

#include <gmock/gmock.h>
#include <zlib.h>
#include <zstd.h>

#include "base/temporary_directory.h"
#include "data/parallel_check.h"
#include "text/user_error.h"

namespace weft {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class ParallelFilesTest : public testing::Test {
 protected:
  std::string write_gzip(const std::string& name, const std::string& text) {
    const gzFile file = gzopen(directory_.path(name).c_str(), "wb");
    gzwrite(file, text.data(), static_cast<unsigned>(text.size()));
    gzclose(file);
    return directory_.path(name);
  }

  std::string write_zstd(const std::string& name, const std::string& text) {
    std::string bytes(ZSTD_compressBound(text.size()), '\0');
    bytes.resize(ZSTD_compress(bytes.data(), bytes.size(), text.data(), text.size(), 3));
    return directory_.write(name, bytes);
  }

  static std::vector<std::string> pairs(const ParallelFiles& files) {
    ParallelReader reader(files);
    std::vector<std::string> pairs;
    std::string source;
    std::string target;
    while (reader.next(source, target)) pairs.push_back(source + "|" + target);
    return pairs;
  }

  TemporaryDirectory directory_;
};

TEST_F(ParallelFilesTest, PairsLinesAcrossFilesOfEveryKind) {
  const ParallelFiles files{
      {{write_gzip("a.gz", "a\nb\n"), write_zstd("b.zst", "c\n"), directory_.write("c", "d\n")}},
      {directory_.write("x", "A\n"), write_gzip("y.gz", "B\nC\n\n")}};
  EXPECT_THAT(pairs(files), ElementsAre("a|A", "b|B", "c|C", "d|"));
}

TEST_F(ParallelFilesTest, ReadsBothSidesOfOneFile) {
  DataOptions data;
  data.train_source = {write_gzip("pairs.tsv.gz", "a\tA\nb\tB\n"),
                       write_zstd("pairs.json.zst", "{\"target\": \"C\", \"source\": \"c\"}\n")};
  data.train_format = {TextFormat::kTsv, TextFormat::kJson};
  EXPECT_THAT(pairs(training_files(data)), ElementsAre("a|A", "b|B", "c|C"));
  data.train_target = data.train_source;
  EXPECT_THAT(pairs(training_files(data)), ElementsAre("a|A", "b|B", "c|C"));
  data.train_target.push_back(directory_.write("y", "D\n"));
  data.train_source.push_back(directory_.write("x", "d\n"));
  data.train_format.push_back(TextFormat::kLines);
  EXPECT_THAT(pairs(training_files(data)), ElementsAre("a|A", "b|B", "c|C", "d|D"));
}

TEST_F(ParallelFilesTest, ChecksAFileOfPairsOnce) {
  DataOptions data;
  data.train_source = {directory_.write("good.tsv", "a\tA\n"), directory_.write("bad.tsv", "b\n")};
  data.train_format = {TextFormat::kTsv};
  Problems problems;
  check_parallel_files(training_files(data), problems);
  EXPECT_THAT(problems.messages(), ElementsAre(directory_.path("bad.tsv") +
                                               ":1: has 1 field; expected two: source<TAB>target"));
}

TEST_F(ParallelFilesTest, ChecksEachCorpusByItself) {
  DataOptions data;
  data.train_source = {directory_.write("a", "1\n2\n"), directory_.write("b", "3\n")};
  data.train_target = {directory_.write("c", "1\n"), directory_.write("d", "2\n3\n")};
  Problems none, two;
  check_parallel_files(training_files(data), none);
  EXPECT_TRUE(none.empty()) << "one text of three lines";
  data.corpora.tags = {"", "<BT>"};
  check_parallel_files(training_files(data), two);
  EXPECT_EQ(two.messages().size(), 2U);
}

TEST_F(ParallelFilesTest, KnowsWhereTheLinesStand) {
  ParallelReader reader({{{directory_.write("a", "1\n"), directory_.write("empty", ""),
                           directory_.write("b", "2\n3\n")}},
                         {directory_.write("c", "1\n2\n3\n")}});
  std::string source;
  std::string target;
  while (reader.next(source, target) && source != "3") continue;
  EXPECT_EQ(to_string(reader.source_places()[3]), directory_.path("b") + ":2");
  EXPECT_EQ(to_string(reader.source_places()[1]), directory_.path("a") + ":1");
  EXPECT_EQ(to_string(reader.target_places()[3]), directory_.path("c") + ":3");
  EXPECT_EQ(reader.count(), 3);
}

TEST_F(ParallelFilesTest, NamesBothTotalsWhenTheyDiffer) {
  const std::string a = directory_.write("a", "1\n2\n");
  const std::string b = directory_.write("b", "3\n4\n5\n");
  const std::string c = directory_.write("c", "1\n");
  EXPECT_EQ(
      user_error([&] {
        pairs({{{a, b}}, {c}});
      }),
      a + " + " + b + " has 5 lines, but " + c + " has 1 line; expected as many lines in both");
  EXPECT_EQ(user_error([&] {
              pairs({{{c}}, {b}});
            }),
            c + " has 1 line, but " + b + " has 3 lines; expected as many lines in both");
}

TEST_F(ParallelFilesTest, ReadsAllSourcesInStep) {
  const std::string two = directory_.write("two", "1\n2\n");
  const std::string other = directory_.write("other", "3\n4\n");
  const std::string one = directory_.write("one", "5\n");
  ParallelReader reader({{{two}, {other}, {one, one}}, {two}});
  std::vector<std::string> sources;
  std::string target;
  ASSERT_TRUE(reader.next(sources, target));
  ASSERT_TRUE(reader.next(sources, target));
  EXPECT_THAT(sources, ElementsAre("2", "4", "5"));
  EXPECT_EQ(to_string(reader.source_places(2)[2]), one + ":1");
  EXPECT_FALSE(reader.next(sources, target));
  const std::string message =
      two + " has 2 lines, but " + one + " has 1 line; expected as many lines in both";
  ParallelReader unequal({{{two}, {other}, {one}}, {two}});
  EXPECT_EQ(user_error([&] {
              while (unequal.next(sources, target)) {
              }
            }),
            message);
  Problems problems;
  check_parallel_files({{{two}, {one}, {other}}, {two}}, problems);
  EXPECT_THAT(problems.messages(), ElementsAre(message));
}

TEST_F(ParallelFilesTest, TakesTheFilesOfEachSourceFromTheConfig) {
  DataOptions data;
  data.source_kind.resize(3);
  data.train_source = {"a.de", "b.de", "a.fr", "b.fr", "a.es", "b.es"};
  const auto is = [](const char* path) { return testing::Field(&TextColumn::path, path); };
  EXPECT_THAT(training_files(data).sources,
              ElementsAre(ElementsAre(is("a.de"), is("b.de")), ElementsAre(is("a.fr"), is("b.fr")),
                          ElementsAre(is("a.es"), is("b.es"))));
  EXPECT_THAT(validation_files(data).sources, ElementsAre(IsEmpty(), IsEmpty(), IsEmpty()));
}

TEST_F(ParallelFilesTest, CheckListsAllProblemsAtOnce) {
  const std::string good = directory_.write("good", "1\n2\n");
  const std::string bad = directory_.write("bad", "1\n\xFF\n\xFF\n");
  const std::string missing = directory_.path("missing");
  Problems problems;
  check_parallel_files({{{good, missing}}, {bad}}, problems);
  EXPECT_THAT(problems.messages(),
              ElementsAre(HasSubstr(missing), HasSubstr(bad + ":2: not valid UTF-8"),
                          HasSubstr(bad + ":3: not valid UTF-8")));
}

TEST_F(ParallelFilesTest, CheckTellsTheFirstLinesOfEachKindAndCountsTheOthers) {
  std::string lines = "a\tA\nnothing\n";
  for (int i = 0; i < 100; ++i) lines += "\xFF\tB\n";
  DataOptions data;
  data.train_source = {directory_.write("both.tsv", lines + "a\tb\tc\n")};
  data.train_format = {TextFormat::kTsv};
  Problems problems;
  check_parallel_files(training_files(data), problems);
  const auto file = directory_.path("both.tsv");
  const auto& told = problems.messages();
  ASSERT_EQ(told.size(), 13U);
  EXPECT_EQ(told[0], file + ":2: has 1 field; expected two: source<TAB>target");
  EXPECT_THAT(told[1], HasSubstr(file + ":103: has 3 fields"));
  EXPECT_THAT(told[2], HasSubstr(file + ":3: not valid UTF-8"));
  EXPECT_THAT(told[11], HasSubstr(file + ":12: not valid UTF-8"));
  EXPECT_EQ(told[12], file + ": 90 more lines are not valid UTF-8");
}

TEST_F(ParallelFilesTest, CheckTellsOfEachSideOfAFileOfPairsByItself) {
  DataOptions data;
  data.train_source = {directory_.write("pairs.json",
                                        "{\"source\": \"a\", \"target\": \"A\"}\n"
                                        "{\"source\": \"a\"}\n{\"target\": \"A\"}\nno\n")};
  data.train_format = {TextFormat::kJson};
  Problems problems;
  check_parallel_files(training_files(data), problems);
  const auto file = directory_.path("pairs.json");
  EXPECT_THAT(problems.messages(), ElementsAre(HasSubstr(file + ":3: has no text 'source'"),
                                               HasSubstr(file + ":4: is not a JSON object"),
                                               HasSubstr(file + ":2: has no text 'target'")));
}

TEST_F(ParallelFilesTest, CheckGoesOnInAListBehindABadLine) {
  DataOptions data;
  data.train_source = {directory_.write("source", "a\nb \xFF\nc\n")};
  data.train_target = {directory_.write("list",
                                        "0 ||| A ||| 1\nno entry\n1 ||| B ||| 1\n2 ||| C ||| 1\n"
                                        "1 ||| B ||| 1\n7 ||| D ||| 1\n")};
  data.train_format = {TextFormat::kNBest};
  Problems problems;
  check_parallel_files(training_files(data), problems);
  const auto list = directory_.path("list");
  EXPECT_THAT(
      problems.messages(),
      ElementsAre(HasSubstr(list + ":2: "), HasSubstr(directory_.path("source") + ":2: not valid"),
                  HasSubstr(list + ":5: the id is 1, after"),
                  HasSubstr(list + ":6: the id is 7; expected that of one of the 3 lines of ")));
}

TEST_F(ParallelFilesTest, CheckComparesTotals) {
  const std::string two = directory_.write("two", "1\n2\n");
  const std::string three = directory_.write("three", "1\n2\n3\n");
  Problems problems;
  check_parallel_files({{{two, two}}, {three, directory_.write("one", "1")}}, problems);
  EXPECT_TRUE(problems.empty());
  check_parallel_files({{{two}}, {three}}, problems);
  EXPECT_THAT(problems.messages(), ElementsAre(two + " has 2 lines, but " + three +
                                               " has 3 lines; expected as many lines in both"));
}

}  // namespace
}  // namespace weft
