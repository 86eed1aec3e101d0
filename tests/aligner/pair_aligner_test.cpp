#include "aligner/pair_aligner.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "align/alignment_error_rate.h"
#include "aligner/aligner_directory.h"
#include "aligner/bitext_of.h"
#include "aligner/toy_language.h"
#include "aligner/word_aligner.h"
#include "base/error.h"
#include "base/temporary_directory.h"

namespace weft {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

AlignerModel learnt(const Bitext& bitext) {
  WorkerPool pool(1);
  WordAligner aligner(bitext, {}, pool);
  aligner.train();
  return aligner.model();
}

Bitext toy_text(ToyLanguage& language, std::size_t sentences) {
  Bitext bitext;
  for (std::size_t k = 0; k < sentences; ++k) {
    const auto sentence = language.next();
    add_sentences(bitext, sentence.source, sentence.target);
  }
  return bitext;
}

std::vector<std::string_view> words(std::string_view line) {
  std::vector<std::string_view> result;
  for (std::size_t begin = 0; begin < line.size();) {
    const auto end = std::min(line.find(' ', begin), line.size());
    result.push_back(line.substr(begin, end - begin));
    begin = end + 1;
  }
  return result;
}

TEST(PairAligner, AlignsNewSentencesOfALanguageItHasLearnt) {
  ToyLanguage language(1);
  PairAligner aligner(learnt(toy_text(language, 400)));
  AlignmentErrorRate rate;
  for (int k = 0; k < 100; ++k) {
    const auto sentence = language.next();
    rate.add(posterior_links(aligner.align(words(sentence.source), words(sentence.target))),
             sentence.links);
  }
  EXPECT_LT(rate.aer(), 0.03);
}

TEST(PairAligner, KnowsNewWordsByTheirPartsAndTheirSpelling) {
  Bitext bitext;
  for (int k = 0; k < 200; ++k) {
    add_sentences(bitext, "the horse sleeps", "das pferd schlaeft");
    add_sentences(bitext, "the house sleeps", "das haus schlaeft");
    add_sentences(bitext, "a horse runs", "ein pferd rennt");
    add_sentences(bitext, "a house runs", "ein haus rennt");
  }
  PairAligner aligner(learnt(bitext));
  // "horsemen" begins as "horse" does, "pferde" as "pferd"; of "zebras" nothing is known.
  const auto strength = [&aligner](std::string_view source) {
    const auto pair = aligner.align(words(source), words("das pferde schlaeft"));
    return link_strength(pair.p(1, 1), pair.r(1, 1));
  };
  EXPECT_GT(strength("the horsemen sleeps"), 0.9f);
  EXPECT_LT(strength("the zebras sleeps"), strength("the horsemen sleeps"));
  // Numbers and names are the same, wherever they stand.
  EXPECT_THAT(posterior_links(aligner.align(words("1984 quux"), words("quux 1984"))),
              ElementsAre(Link{0, 1}, Link{1, 0}));
}

TEST(PairAligner, HasNoLinksOfEmptyOrEndlessSides) {
  ToyLanguage language(1);
  PairAligner aligner(learnt(toy_text(language, 20)));
  const std::vector<std::string_view> many(3000, "x"), one(1, "x"), none;
  EXPECT_TRUE(posterior_links(aligner.align(none, one)).empty());
  EXPECT_TRUE(posterior_links(aligner.align(one, none)).empty());
  EXPECT_TRUE(posterior_links(aligner.align(many, many)).empty());
}

class AlignerDirectory : public testing::Test {
 protected:
  AlignerDirectory() {
    ToyLanguage language(1);
    model_ = learnt(toy_text(language, 50));
    save_aligner_model(path(), model_);
  }
  std::string path(const std::string& name = "") const {
    return directory_.path("learnt") + (name.empty() ? "" : "/" + name);
  }
  /// What is wrong with a model of which `name` holds something else.
  std::string mistake(const std::string& name, const std::string& text) {
    directory_.write("learnt/" + name, text);
    try {
      load_aligner_model(path());
    } catch (const UserError& error) {
      return error.what();
    }
    return "";
  }

  TemporaryDirectory directory_;
  AlignerModel model_;
};

TEST_F(AlignerDirectory, IsReadBackAsItWas) {
  const auto read = load_aligner_model(path());
  EXPECT_EQ(read.options.backoff, model_.options.backoff);
  EXPECT_EQ(read.moves.nothing, model_.moves.nothing);
  EXPECT_EQ(read.moves.detour, model_.moves.detour);
  EXPECT_EQ(read.moves.uniform_jumps, model_.moves.uniform_jumps);
  EXPECT_EQ(read.jump_classes, model_.jump_classes);
  EXPECT_TRUE(read.fertility);
  EXPECT_EQ(read.forward_jumps, model_.forward_jumps);
  EXPECT_EQ(read.backward_jumps, model_.backward_jumps);
  EXPECT_EQ(read.forward_factors, model_.forward_factors);
  EXPECT_EQ(read.backward_factors, model_.backward_factors);
  ASSERT_EQ(read.source.size(), model_.source.size());
  for (std::size_t n = 0; n < read.source.size(); ++n) {
    EXPECT_EQ(read.source[n].key, model_.source[n].key);
    EXPECT_EQ(read.source[n].frequency, model_.source[n].frequency);
    EXPECT_EQ(read.source[n].linked, model_.source[n].linked);
    EXPECT_EQ(read.source[n].nothing, model_.source[n].nothing);
    EXPECT_EQ(read.source[n].fertility, model_.source[n].fertility);
  }
  ASSERT_EQ(read.pairs.size(), model_.pairs.size());
  for (std::size_t n = 0; n < read.pairs.size(); ++n) {
    EXPECT_EQ(read.pairs[n].source, model_.pairs[n].source);
    EXPECT_EQ(read.pairs[n].target, model_.pairs[n].target);
    EXPECT_EQ(read.pairs[n].count, model_.pairs[n].count);
  }
}

TEST_F(AlignerDirectory, TellsWhatIsWrong) {
  const auto head = std::string("word\tfrequency\tlinked\tnothing\tfertility\n");
  EXPECT_THAT(mistake("source.tsv", head + "a\t1\t2\n"),
              HasSubstr("source.tsv:2: 3 columns; expected 5"));
  EXPECT_THAT(mistake("source.tsv", head + "a\t1\tx\t2\t1\n"),
              HasSubstr("'x' found; expected a number"));
  EXPECT_THAT(mistake("source.tsv", head + "a\t1\tnan\t2\t1\n"), HasSubstr("'nan' found"));
  EXPECT_THAT(mistake("source.tsv", head + "a\t1\t1\t2\t1\n"), HasSubstr("is none of the words"));
  EXPECT_THAT(mistake("aligner.json", "{"), HasSubstr("is not of an aligner"));
  EXPECT_THAT(mistake("aligner.json", "{\"format\":\"weft-aligner\",\"version\":4}"),
              HasSubstr("is of an aligner of format version 4; expected 1 to 3"));
}

// Version 1 knew no detours, and before version 3 there were no fertilities.
TEST_F(AlignerDirectory, OfVersion1IsReadAsItWasMeant) {
  for (const auto& [name, words] :
       {std::pair{"source.tsv", model_.source}, {"target.tsv", model_.target}}) {
    std::string table = "word\tfrequency\tlinked\tnothing\n";
    for (const auto& word : words) table += word.key + "\t3\t1.5\t0.5\n";
    directory_.write(std::string("learnt/") + name, table);
  }
  directory_.write(
      "learnt/aligner.json",
      R"({"format": "weft-aligner", "version": 1, "backoff": 9.0, "spelling": 5.0, "uniform": 0.0002,
                       "jump_classes": 40, "romanize": true, "hmm": true, "cuts_tokens": true})");
  const auto read = load_aligner_model(path());
  EXPECT_EQ(read.moves.nothing, 0.2);
  EXPECT_EQ(read.moves.detour, 0.0);
  EXPECT_EQ(read.moves.uniform_jumps, 0.0);
  EXPECT_EQ(read.options.backoff, 9.0);
  EXPECT_FALSE(read.fertility);
  EXPECT_EQ(read.source.size(), model_.source.size());
  EXPECT_EQ(read.source[0].nothing, 0.5f);
}

TEST_F(AlignerDirectory, TakesThePlaceOfAnOlderOneAlone) {
  save_aligner_model(path(), model_);
  directory_.write("learnt/notes.txt", "mine");
  EXPECT_THROW(save_aligner_model(path(), model_), UserError);
  EXPECT_THROW(save_aligner_model(directory_.write("file", ""), model_), UserError);
}

}  // namespace
}  // namespace weft
