#include "data/corpus.h"

#include <gmock/gmock.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <system_error>
#include <thread>

#include "base/temporary_directory.h"
#include "data/file_stamps.h"
#include "text/user_error.h"
#include "text/word_vocabulary.h"

namespace weft {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class CorpusTest : public testing::Test {
 protected:
  ParallelCorpus read(const std::string& source, const std::string& target, int64_t max_length,
                      int threads = 2) {
    return ParallelCorpus(
        {{{directory_.write("train.x", source)}}, {directory_.write("train.y", target)}},
        vocabularies_, {directory_.path(""), max_length, threads});
  }

  TemporaryDirectory directory_;
  Vocabularies vocabularies_{{{std::make_shared<WordVocabulary>("a\nb\nc\n", "x")}},
                             std::make_shared<WordVocabulary>("A\nB\nC\n", "y")};
};

TEST_F(CorpusTest, HoldsIdsWithoutBeginOrEnd) {
  const ParallelCorpus corpus = read("a b\nc\n", "C\nB unseen A\n", 100);
  ASSERT_EQ(corpus.size(), 2);
  EXPECT_THAT(corpus[0].sources[0].ids, ElementsAre(4, 5));
  EXPECT_THAT(corpus[0].target, ElementsAre(6));
  EXPECT_THAT(corpus[1].sources[0].ids, ElementsAre(6));
  EXPECT_THAT(corpus[1].target, ElementsAre(5, kUnknownId, 4));
  EXPECT_EQ(corpus.lengths(1), (PairLengths{1, 3}));
  EXPECT_THROW(corpus[2], std::out_of_range);
}

TEST_F(CorpusTest, CountsWhatItLeavesOut) {
  const ParallelCorpus corpus = read("a\n\na b c\n \na\nb\nb\n", "A\n\nA\nA\n\t\nA A A\nB\n", 2);
  const CorpusReport& report = corpus.report();
  EXPECT_EQ(report.lines, 7);
  EXPECT_EQ(report.pairs, 2);
  EXPECT_EQ(corpus.size(), 2);
  EXPECT_EQ(report.both_blank, 1);
  EXPECT_EQ(report.one_sided_blank, 2);
  EXPECT_EQ(to_string(report.first_one_sided_blank), directory_.path("train.x") + ":4");
  EXPECT_EQ(report.too_long, 2) << "one long source, one long target";
  EXPECT_THAT(corpus[1].sources[0].ids, ElementsAre(5));
}

TEST_F(CorpusTest, NamesTheTargetsBlankLineToo) {
  const ParallelCorpus corpus = read("a\nb\n", "A\n\n", 2);
  EXPECT_EQ(to_string(corpus.report().first_one_sided_blank), directory_.path("train.y") + ":2");
}

TEST_F(CorpusTest, HasNoLimitAtZero) { EXPECT_EQ(read("a b c a b c\n", "A\n", 0).size(), 1); }

TEST_F(CorpusTest, PassesOnWhatReadingThrows) {
  EXPECT_THAT(user_error([&] { read("a\n", "A\nB\n", 9); }), HasSubstr("has 2 lines; expected"));
  EXPECT_THAT(user_error([&] { read("a\xFF\n", "A\n", 9); }), HasSubstr(":1: not valid UTF-8"));
}

TEST_F(CorpusTest, CountsWhatItsFilterLeavesOut) {
  const ParallelFiles files{{{directory_.write("x", "a\na b c\na\na b\na\nc\na b\n")}},
                            {directory_.write("y", "A\nA\nA\nA\nA\nA\nA B C\n")}};
  for (const int threads : {1, 3}) {
    const ParallelCorpus corpus(files, vocabularies_,
                                {.directory = directory_.path(""),
                                 .threads = threads,
                                 .filter = {.max_ratio = 2, .duplicates = true}});
    EXPECT_EQ(corpus.report().unequal, 1) << "3 to 1";
    EXPECT_EQ(corpus.report().duplicates, 2) << "the third and the fifth are the first again";
    EXPECT_EQ(corpus.size(), 4);
    EXPECT_EQ(corpus.line(3), 7);
  }
  const ParallelCorpus longer(files, vocabularies_,
                              {.directory = directory_.path(""), .filter = {.min_length = 2}});
  EXPECT_EQ(longer.report().too_short, 6);
  EXPECT_EQ(longer.size(), 1);
}

// In another block of lines, in another thread.
TEST_F(CorpusTest, FindsDuplicatesFarApart) {
  std::string source, target;
  for (int i = 0; i < 6000; ++i) {
    source += std::string(1 + static_cast<std::size_t>(i % 1500) / 40, 'a') + '\n';
    target += std::string(1 + static_cast<std::size_t>(i % 1500 % 40), 'A') + '\n';
  }
  const ParallelFiles files{{{directory_.write("x", source)}}, {directory_.write("y", target)}};
  const ParallelCorpus corpus(
      files, vocabularies_,
      {.directory = directory_.path(""), .threads = 3, .filter = {.duplicates = true}});
  EXPECT_EQ(corpus.report().duplicates, 4500);
  EXPECT_EQ(corpus.line(1499), 1500) << "the first of each is kept";
}

TEST_F(CorpusTest, KnowsItsPartsAndTagsThem) {
  vocabularies_.sources[0].vocabulary = std::make_shared<WordVocabulary>("a\nb\n<BT>\n", "x");
  const ParallelFiles files{{{directory_.write("x1", "a\n\nb\n"), directory_.write("x2", "\n"),
                              directory_.write("x3", "b\n  \na\n")}},
                            {directory_.write("y1", "A\n\nB\n"), directory_.write("y2", "A\n"),
                             directory_.write("y3", "B\nC\nA\n")}};
  const ParallelCorpus corpus(
      files, vocabularies_,
      {.directory = directory_.path(""), .corpora = {.tags = {"", "<BT>", "<BT>"}}});
  ASSERT_EQ(corpus.parts().size(), 3U);
  EXPECT_EQ(corpus.parts()[0].size, 2);
  EXPECT_EQ(corpus.parts()[1].size, 0);
  EXPECT_EQ(corpus.parts()[2].begin, 2);
  EXPECT_EQ(corpus.parts()[2].size, 2);
  EXPECT_THAT(corpus[1].sources[0].ids, ElementsAre(5));
  EXPECT_THAT(corpus[2].sources[0].ids, ElementsAre(6, 5));
  EXPECT_EQ(corpus.tag(1), "");
  EXPECT_EQ(corpus.tag(3), "<BT>");
  EXPECT_EQ(corpus.report().one_sided_blank, 2) << "a tag makes no sentence of a blank line";
}

TEST_F(CorpusTest, HasWeightsOfTokens) {
  ParallelFiles files{{{directory_.write("x", "a\n\nb\n")}},
                      {directory_.write("y", "A B\nA\nC\n")}};
  const auto plain = ParallelCorpus(files, vocabularies_, {directory_.path("")});
  EXPECT_TRUE(plain.example(0, {}).weights.empty());
  files.sentence_weights = {directory_.write("s", "0.5\n7\n2\n")};
  const auto weighted = ParallelCorpus(files, vocabularies_, {directory_.path("")});
  EXPECT_THAT(weighted.example(0, {}).weights, ElementsAre(0.5, 0.5, 0.5));
  EXPECT_THAT(weighted.example(1, {}).weights, ElementsAre(2, 2));
  files.word_weights = {directory_.write("w", "3 0\n1\n1\n")};
  const auto both = ParallelCorpus(files, vocabularies_, {directory_.path("")});
  EXPECT_THAT(both.example(0, {}).weights, ElementsAre(1.5, 0, 0.5));
  EXPECT_NE(both.fingerprint(), weighted.fingerprint());
  EXPECT_NE(weighted.fingerprint(), plain.fingerprint());
}

TEST_F(CorpusTest, TellsOfAFileThatChangesWhileItIsRead) {
  const auto path = directory_.write("x", "a\nb\n");
  LineStream stream({path});
  std::string line;
  ASSERT_TRUE(stream.next(line));
  directory_.write("x", "a\nb\nc\n");
  EXPECT_THAT(user_error([&] { stream.count_to_end(); }),
              HasSubstr(path + ": has changed while it was read"));
  const FileStamps stamps({path, directory_.path("none")});
  stamps.require_unchanged();
  std::filesystem::remove(path);
  EXPECT_THAT(user_error([&] { stamps.require_unchanged(); }), HasSubstr("has changed"));
}

TEST_F(CorpusTest, OfNoLinesIsEmpty) { EXPECT_EQ(read("", "", 9).size(), 0); }

/// 5000 lines of which every 7th is blank and every 11th too long for a limit of 3 tokens.
std::string numbered_lines(const std::string& words) {
  std::string text;
  for (std::size_t i = 1; i <= 5000; ++i) {
    if (i % 11 == 0) text += "a a ";
    if (i % 7 != 0) text += {words[i % 3], ' ', words[i / 3 % 3]};
    text += '\n';
  }
  return text;
}

TEST_F(CorpusTest, DoesNotDependOnTheNumberOfThreads) {
  const auto source = numbered_lines("abc"), target = numbered_lines("ABC");
  const ParallelCorpus one = read(source, target, 3, 1), four = read(source, target, 3, 4);
  ASSERT_EQ(one.size(), four.size());
  for (int64_t i = 0; i < one.size(); ++i) {
    ASSERT_EQ(one[i].sources[0].ids, four[i].sources[0].ids) << i;
    ASSERT_EQ(one[i].target, four[i].target) << i;
    ASSERT_EQ(one[i].line, four[i].line) << i;
  }
  EXPECT_EQ(one.fingerprint(), four.fingerprint());
  EXPECT_EQ(four.report().lines, 5000);
  EXPECT_EQ(four.report().pairs, four.size());
  EXPECT_EQ(four.report().too_long, 5000 / 11 - 5000 / 77);
  EXPECT_EQ(four.report().both_blank + four.report().one_sided_blank, 5000 / 7 - 5000 / 77);
}

TEST_F(CorpusTest, NamesTheFirstBlankLineHoweverManyThreads) {
  std::string source, target;
  for (int i = 0; i < 9000; ++i) {
    source += i > 2500 && i % 500 == 0 ? "\n" : "a\n";
    target += i > 2500 && i % 500 == 1 ? "\n" : "A\n";
  }
  for (int i = 0; i < 10; ++i) {
    EXPECT_EQ(to_string(read(source, target, 0, 3).report().first_one_sided_blank),
              directory_.path("train.y") + ":2502");
  }
}

TEST_F(CorpusTest, PassesOnWhatReadingThrowsInAnyThread) {
  std::string source, target;
  for (int i = 0; i < 9000; ++i) {
    source += i == 6789 ? "a\xFF\n" : "a\n";
    target += "A\n";
  }
  for (const int threads : {1, 2, 5}) {
    EXPECT_THAT(user_error([&] { read(source, target, 0, threads); }),
                HasSubstr("train.x:6790: not valid UTF-8"));
  }
}

TEST_F(CorpusTest, KnowsTheLineOfAPair) {
  const ParallelFiles files{{{directory_.write("x1", "a\n\n"), directory_.write("x2", "b\nc\n")}},
                            {directory_.write("y", "A\n\nA A A\nB\n")}};
  const ParallelCorpus corpus(files, vocabularies_, {directory_.path(""), 2});
  ASSERT_EQ(corpus.size(), 2);
  EXPECT_EQ(to_string(corpus.source_location(0)), directory_.path("x1") + ":1");
  EXPECT_EQ(to_string(corpus.source_location(1)), directory_.path("x2") + ":2");
}

/// Leaves this process no right to start a thread; ends it if one can be started all the same.
void forbid_threads() {
  constexpr uid_t kNobody = 65534;  // limits do not bind root
  const struct rlimit one { 1, 1 };
  ::setrlimit(RLIMIT_NPROC, &one);
  if (::getuid() == 0 && ::setuid(kNobody) != 0) std::_Exit(3);
  try {
    std::thread([] {}).join();
    std::_Exit(4);
  } catch (const std::system_error&) {
  }
}

TEST_F(CorpusTest, IsEncodedByTheThreadsThatCanBeStarted) {
  std::filesystem::permissions(directory_.path(""), std::filesystem::perms::all);
  const auto encode_alone = [this] {
    forbid_threads();
    std::_Exit(read("a b\nc\n", "C\nA\n", 100, 8).size() == 2 ? 0 : 1);
  };
  EXPECT_EXIT(encode_alone(), testing::ExitedWithCode(0), "");
}

}  // namespace
}  // namespace weft
