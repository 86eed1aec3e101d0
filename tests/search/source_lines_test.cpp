#include "search/source_lines.h"

#include <gmock/gmock.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/temporary_directory.h"
#include "text/word_vocabulary.h"

namespace weft {
namespace {

using ::testing::ElementsAre;

DecodingOptions batches_of(int64_t sentences, int64_t tokens) {
  DecodingOptions options;
  options.batch_sentences = sentences;
  options.batch_tokens = tokens;
  return options;
}

TEST(BatchesByLength, HaveTheLongestFirstAndEqualOnesInTheirOrder) {
  EXPECT_THAT(batches_by_length({2, 5, 3, 5, 2}, batches_of(10, 1000)),
              ElementsAre(ElementsAre(1, 3, 2, 0, 4)));
  EXPECT_TRUE(batches_by_length({}, batches_of(10, 1000)).empty());
}

TEST(BatchesByLength, HoldNoMoreThanTheyMay) {
  EXPECT_THAT(batches_by_length({2, 2, 2, 2, 2}, batches_of(2, 1000)),
              ElementsAre(ElementsAre(0, 1), ElementsAre(2, 3), ElementsAre(4)));
  // Rows times the longest of the batch: 2 x 5, 3 x 3; the next one would be 4 x 3.
  EXPECT_THAT(batches_by_length({5, 5, 3, 3, 3, 1}, batches_of(64, 11)),
              ElementsAre(ElementsAre(0, 1), ElementsAre(2, 3, 4), ElementsAre(5)));
  EXPECT_THAT(batches_by_length({30, 20, 1}, batches_of(64, 10)),
              ElementsAre(ElementsAre(0), ElementsAre(1), ElementsAre(2)))
      << "a longer line goes alone";
}

TEST(SourceLine, IsCutInEverySource) {
  const auto words = std::make_shared<WordVocabulary>("a\nb\nc\n", "words");
  const Vocabularies vocabularies{{{words}, {words}}, words};
  const std::vector<std::vector<std::string>> lines{{"a b", " "}, {"c b a c", "c"}};
  const SourceLines read(vocabularies, lines);
  auto line = read.line(0);
  EXPECT_EQ(line.length(), 5);
  EXPECT_THAT(line.tokens()[0].ids, ElementsAre(4, 5));
  EXPECT_EQ(cut(line, 3), 1);
  EXPECT_EQ(line.length(), 4);
  EXPECT_THAT(line.tokens()[1].ids, ElementsAre(6, 5, 4));
  EXPECT_EQ(cut(line, 1), 3);
  EXPECT_THAT(line.tokens()[0].ids, ElementsAre(4));
  EXPECT_THAT(line.tokens()[1].ids, ElementsAre(6));
  EXPECT_FALSE(line.is_blank());
  EXPECT_TRUE(read.line(1).is_blank());
}

/// A model that reads vectors from files, and a text.
class SourceItemsTest : public testing::Test {
 protected:
  SourceItemsTest() {
    ItemOptions items;
    items.kind = SourceKind::kFeatures;
    items.root = directory_.path("");
    items.width = 2;
    vocabularies_.sources = {{nullptr, {}, items}, {words_}};
    vocabularies_.target = words_;
    write_npy("three.npy", 3);
    write_npy("one.npy", 1);
    directory_.write("broken.npy", "no numbers");
  }

  /// [rows, 2] of zeros.
  void write_npy(const std::string& name, int rows) {
    std::string header =
        "{'descr': '<f4', 'fortran_order': False, 'shape': (" + std::to_string(rows) + ", 2), }";
    header.resize(117, ' ');
    header += '\n';
    directory_.write(name, std::string("\x93NUMPY\x01\x00", 8) + static_cast<char>(header.size()) +
                               '\0' + header +
                               std::string(static_cast<std::size_t>(rows) * 8, '\0'));
  }
  static Location place(std::size_t source, std::size_t index) {
    return {source == 0 ? "list" : "text", static_cast<int>(index) + 1};
  }

  TemporaryDirectory directory_;
  std::shared_ptr<Vocabulary> words_ = std::make_shared<WordVocabulary>("a\nb\n", "words");
  Vocabularies vocabularies_;
};

TEST_F(SourceItemsTest, AreReadBesideText) {
  const std::vector<std::vector<std::string>> lines{{"three.npy", "", "one.npy", "three.npy"},
                                                    {"a b", "a", "", "b"}};
  const SourceLines read(vocabularies_, lines);
  ASSERT_TRUE(read.items()[0]);
  EXPECT_FALSE(read.items()[1]);
  EXPECT_EQ(read.items()[0]->size(), 2) << "each item once";
  const auto line = read.line(0);
  EXPECT_EQ(line.length(), 3);
  EXPECT_EQ(line.sources[0].name, "three.npy");
  EXPECT_EQ(line.sources[0].text, "1 2 3");
  EXPECT_EQ(line.tokens()[0], (SourceTokens{{0}, {}, 3}));
  EXPECT_THAT(line.tokens()[1].ids, ElementsAre(4, 5));
  EXPECT_TRUE(read.line(1).is_blank());
  EXPECT_EQ(read.line(2).tokens()[0], (SourceTokens{{1}, {}, 1}));
  EXPECT_EQ(read.line(3).tokens()[0].ids, line.tokens()[0].ids);
  auto uncut = read.line(0);
  EXPECT_EQ(cut(uncut, 1), 1) << "of the text alone";
}

TEST_F(SourceItemsTest, TellTheFirstThatCannotBeRead) {
  EXPECT_FALSE(first_item_mistake(vocabularies_, {{"one.npy", ""}, {"a", ""}}, place));
  const auto broken =
      first_item_mistake(vocabularies_, {{"one.npy", "broken.npy"}, {"a", "a"}}, place);
  ASSERT_TRUE(broken);
  EXPECT_EQ(broken->index, 1U);
  EXPECT_EQ(broken->source, 0U);
  EXPECT_THAT(broken->message, testing::StartsWith("list:2: 'broken.npy'"));
  const auto missing = first_item_mistake(vocabularies_, {{"none.npy"}, {"a"}}, place);
  ASSERT_TRUE(missing);
  EXPECT_THAT(missing->message, testing::StartsWith("list:1: 'none.npy'"));
  std::swap(vocabularies_.sources[0], vocabularies_.sources[1]);
  const auto blank = first_item_mistake(vocabularies_, {{"a", "b"}, {"one.npy", " "}}, place);
  ASSERT_TRUE(blank);
  EXPECT_EQ(blank->message, "text:2: is blank; expected the name of an item");
}

TEST_F(SourceItemsTest, AreKeptOnlyWhereThatIsPossible) {
  const auto cache_of = [this](const std::string& folder) {
    auto vocabularies = vocabularies_;
    vocabularies.sources[0].items.cache = folder;
    place_items("model", std::nullopt, vocabularies);
    return vocabularies.sources[0].items.cache;
  };
  const auto folder = directory_.path("cache");
  std::filesystem::create_directory(folder);
  EXPECT_EQ(cache_of(folder), folder);
  EXPECT_EQ(cache_of(directory_.path("none")), "");
  EXPECT_EQ(cache_of(directory_.path("one.npy")), "");
  using std::filesystem::perms;
  std::filesystem::permissions(directory_.path(""), perms::all);
  std::filesystem::permissions(
      folder, perms::all & ~perms::owner_write & ~perms::group_write & ~perms::others_write);
  const auto ask_as_nobody = [&] {
    constexpr uid_t kNobody = 65534;  // permissions do not bind root
    if (::getuid() == 0 && ::setuid(kNobody) != 0) std::_Exit(3);
    std::_Exit(cache_of(folder).empty() ? 0 : 1);
  };
  EXPECT_EXIT(ask_as_nobody(), testing::ExitedWithCode(0), "");
}

TEST_F(SourceItemsTest, HaveAlignmentsOfTheirAnnotations) {
  const std::vector<std::vector<std::string>> lines{{"three.npy"}, {"a"}};
  const auto line = SourceLines(vocabularies_, lines).line(0);
  const auto source = tokenized(line.sources[0], {});
  const auto attention = torch::tensor({{0.5F, 0.25F, 0.25F}, {0.F, 0.F, 1.F}});
  auto matrix = make_alignment(attention, source, {"x", {"x"}, {{0, 1}}, {{0, 1}}}, {});
  describe_item(line.sources[0], matrix);
  EXPECT_THAT(matrix.weights, ElementsAre(0.5F, 0.25F, 0.25F));
  EXPECT_EQ(matrix.item, "three.npy");
  EXPECT_EQ(matrix.grid_rows, 1U);
  EXPECT_EQ(matrix.grid_columns, 3U);
}

}  // namespace
}  // namespace weft
