// What the quickstart's lexicon must hold so that a sentence has one translation.

#include <gtest/gtest.h>

#include <map>
#include <set>
#include <string>

#include "quickstart/grammar_reader.h"

namespace weft::quickstart {
namespace {

std::string text_of(const Form& form) {
  std::string text;
  for (const Element& element : form) text += (text.empty() ? "" : " ") + element.token;
  return text;
}

TEST(Lexicon, GivesEachEnglishFormOneTranslation) {
  std::map<std::string, std::set<std::string>> translations;
  for (const Category& category : read_grammar(WEFT_QUICKSTART_GRAMMAR).categories) {
    // Possessives share "her" with the pronouns, and stand before a noun.
    if (!category.lexical || category.name == "my") continue;
    const auto target = static_cast<std::size_t>(category.first_field(Side::kTarget));
    for (const Alternative& entry : category.alternatives) {
      for (std::size_t field = 0; field < target; ++field) {
        translations[text_of(entry.forms[field])].insert(text_of(entry.forms[target]));
      }
    }
  }
  for (const auto& [english, chinese] : translations) {
    EXPECT_EQ(chinese.size(), 1) << english << " is " << testing::PrintToString(chinese);
  }
  EXPECT_GT(translations.size(), 1500);
}

TEST(Lexicon, TellsPastFromPresent) {
  for (const Category& category : read_grammar(WEFT_QUICKSTART_GRAMMAR).categories) {
    const int base = category.find_field("base");
    const int past = category.find_field("past");
    if (!category.lexical || base < 0 || past < 0) continue;
    for (const Alternative& entry : category.alternatives) {
      const std::string form = text_of(entry.forms[static_cast<std::size_t>(base)]);
      EXPECT_NE(form, text_of(entry.forms[static_cast<std::size_t>(past)]));
    }
  }
}

// "a" becomes "an" by the letter that follows, which is wrong for these.
TEST(Lexicon, HasNoNounOrAdjectiveWhoseSoundHidesItsArticle) {
  for (const Category& category : read_grammar(WEFT_QUICKSTART_GRAMMAR).categories) {
    const bool follows_article = category.find_field("sg") >= 0 || category.find_field("er") >= 0 ||
                                 category.name.ends_with("Long");
    if (!category.lexical || !follows_article) continue;
    for (const Alternative& entry : category.alternatives) {
      const std::string& word = entry.forms[0].front().token;
      for (const char* start :
           {"uni", "use", "usu", "eu", "one", "hour", "hono", "hones", "heir"}) {
        EXPECT_FALSE(word.starts_with(start)) << category.name << ": " << word;
      }
    }
  }
}

}  // namespace
}  // namespace weft::quickstart
