#include "serve/fields.h"

#include <gmock/gmock.h>

#include "serve/request_error.h"

namespace weft {
namespace {

using ::testing::ElementsAre;

constexpr const char* kJson = "application/json; charset=utf-8";
constexpr const char* kForm = "application/x-www-form-urlencoded";

/// What is wrong; "" if nothing is.
template <class Read>
std::string mistake(Read read) {
  try {
    read();
  } catch (const RequestError& error) {
    return std::to_string(error.status()) + " " + error.what();
  }
  return "";
}

std::string mistake_in(const std::string& body, const char* type = kJson) {
  return mistake([&] { read_fields(type, body); });
}

TEST(Fields, ReadsJson) {
  const auto fields =
      read_fields(kJson, R"({"a": "ä\u4f60", "b": ["x", "y"], "c": true, "d": 7, "e": null})");
  EXPECT_EQ(fields->text("a"), "ä你");
  EXPECT_THAT(fields->texts("b")->texts, ElementsAre("x", "y"));
  EXPECT_TRUE(fields->texts("b")->is_list);
  EXPECT_FALSE(fields->texts("a")->is_list);
  EXPECT_EQ(fields->flag("c"), true);
  EXPECT_EQ(fields->integer("d", within(1, 7)), 7);
  EXPECT_EQ(fields->text("e"), std::nullopt);
  EXPECT_EQ(fields->text("f"), std::nullopt);
  EXPECT_EQ(mistake([&] { fields->require_all_known(); }), "");
}

TEST(Fields, ReadsForms) {
  const auto fields = read_fields(kForm, "a=%C3%A4+b%2B&b=x&b=y&c=1&d=7&&e");
  EXPECT_EQ(fields->text("a"), "ä b+");
  EXPECT_THAT(fields->texts("b")->texts, ElementsAre("x", "y"));
  EXPECT_EQ(fields->flag("c"), true);
  EXPECT_EQ(fields->integer("d", within(1, 7)), 7);
  EXPECT_EQ(fields->text("e"), "");
}

TEST(Fields, SaysWhatIsNoJson) {
  EXPECT_EQ(mistake_in(""), "400 the request is no valid JSON (at byte 1)");
  EXPECT_EQ(mistake_in(R"({"a": )"), "400 the request is no valid JSON (at byte 7)");
  EXPECT_EQ(mistake_in("{} {}"), "400 the request is no valid JSON (at byte 4)");
  EXPECT_EQ(mistake_in(R"(["a"])"), "400 the request is an array; expected an object");
  EXPECT_EQ(mistake_in("{\"a\": \"\xff\"}"), "400 byte 8 of the request (0xff) is no valid UTF-8");
  EXPECT_THAT(mistake_in(R"({"a": "\ud800"})"), ::testing::HasSubstr("no valid JSON"));
  EXPECT_EQ(mistake_in(std::string(100000, '[')), "400 the request's JSON is nested too deeply");
  EXPECT_THAT(mistake_in("{}", "text/plain"), ::testing::StartsWith("415 "));
}

TEST(Fields, SaysWhatIsNoForm) {
  EXPECT_EQ(mistake_in("a=%4", kForm),
            "400 the form has a % without two hexadecimal digits after it");
  EXPECT_EQ(mistake_in("a=%zz", kForm),
            "400 the form has a % without two hexadecimal digits after it");
  EXPECT_EQ(mistake_in("a=b%FF", kForm),
            "400 byte 2 of a field of the form (0xff) is no valid UTF-8");
}

TEST(Fields, SaysWhichTypeIsWrong) {
  const auto fields = read_fields(kJson, R"({"a": 1, "b": ["x", 2], "c": "yes", "d": 1.5, "e": 1e30,
                             "f": 18446744073709551615, "g": {}})");
  EXPECT_EQ(mistake([&] { fields->text("a"); }), "400 'a' is a number; expected a text");
  EXPECT_EQ(mistake([&] { fields->texts("b"); }),
            "400 'b' is a list with a number; expected texts alone");
  EXPECT_EQ(mistake([&] { fields->texts("g"); }),
            "400 'g' is an object; expected a text or a list of texts");
  EXPECT_EQ(mistake([&] { fields->flag("c"); }), "400 'c' is a string; expected true or false");
  EXPECT_EQ(mistake([&] { fields->integer("d", within(0, 9)); }),
            "400 'd' is 1.5; expected an integer");
  EXPECT_EQ(mistake([&] { fields->integer("f", within(0, 9)); }),
            "400 'f' is 18446744073709551615; expected an integer");
  EXPECT_EQ(mistake([&] { fields->integer("a", within(2, 9)); }),
            "400 'a' is 1; expected an integer in [2, 9]");
}

TEST(Fields, KnowsWhatNobodyAskedFor) {
  const auto fields = read_fields(kJson, R"({"text": "a", "beam": 3})");
  fields->text("text");
  fields->integer("beam_size", within(1, 9));
  EXPECT_THAT(mistake([&] { fields->require_all_known(); }),
              ::testing::StartsWith("400 unknown field 'beam'; expected beam_size or text"));
}

}  // namespace
}  // namespace weft
