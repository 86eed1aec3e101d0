#include "serve/languages.h"

#include <gtest/gtest.h>

#include "base/error.h"
#include "serve/served_model.h"

namespace weft {
namespace {

TEST(Languages, AreTheSameWhateverTheCase) {
  EXPECT_TRUE(is_language("EN", "en"));
  EXPECT_TRUE(is_language("pt_br", "pt-BR"));
  EXPECT_FALSE(is_language("en", "de"));
  EXPECT_FALSE(is_language("", ""));
}

TEST(Languages, MayLeaveTheRegionOut) {
  EXPECT_TRUE(is_language("EN-US", "en"));
  EXPECT_TRUE(is_language("zh", "zh-Hans"));
  EXPECT_FALSE(is_language("pt-PT", "pt-BR"));
}

TEST(Languages, HaveNames) {
  EXPECT_EQ(language_name("zh"), "Chinese");
  EXPECT_EQ(language_name("pt-BR"), "Portuguese (Brazil)");
  EXPECT_EQ(language_name("qqq"), "qqq");
}

void expect_spec(const std::string& text, const std::string& name, const std::string& source,
                 const std::string& target, std::size_t directories = 1) {
  const auto spec = parse_model_spec(text);
  EXPECT_EQ(spec.name, name) << text;
  EXPECT_EQ(spec.source_language, source) << text;
  EXPECT_EQ(spec.target_language, target) << text;
  EXPECT_EQ(spec.directories.size(), directories) << text;
}

TEST(ModelSpec, HasANameAndLanguages) {
  expect_spec("en-zh=runs/a,runs/b", "en-zh", "en", "zh", 2);
  expect_spec("runs/en-de.guided/", "en-de.guided", "en", "de");
  expect_spec("pt-BR-en=x", "pt-BR-en", "pt-BR", "en");
  expect_spec("en-zh-Hant.big=x", "en-zh-Hant.big", "en", "zh-Hant");
  expect_spec("./quickstart", "quickstart", "", "");
  expect_spec("news-2020=x", "news-2020", "", "");
}

TEST(ModelSpec, IsRefusedWithoutANameOrADirectory) {
  for (const char* text : {"", "=x", "a=", "a=x,", "a=,x"})
    EXPECT_THROW(parse_model_spec(text), UserError) << text;
}

}  // namespace
}  // namespace weft
