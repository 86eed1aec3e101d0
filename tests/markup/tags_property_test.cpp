// What must hold whatever the lines, tags and links are: every tag is in the output once, pairs
// nest as they did, the words of the translation are whole and in order.

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>

#include "base/words.h"
#include "markup/tag_placement.h"

namespace weft {
namespace {

class Random {
 public:
  explicit Random(unsigned seed) : generator_(seed) {}
  std::size_t below(std::size_t n) { return static_cast<std::size_t>(generator_() % n); }

 private:
  std::mt19937 generator_;
};

/// A line of words with tags, like those of a document in XLIFF; each tag has an id of its own.
std::string random_line(Random& random, int& id) {
  std::string line;
  std::vector<int> open;
  const std::size_t length = random.below(12);
  for (std::size_t n = 0; n <= length; ++n) {
    while (random.below(3) == 0) {
      const auto number = std::to_string(++id);
      switch (random.below(4)) {
        case 0:
          line += "<g id=\"" + number + "\">";
          open.push_back(id);
          break;
        case 1:
          line += "<x id=\"" + number + "\"/>";
          break;
        case 2:
          line += "{" + number + "}";
          break;
        default:
          if (!open.empty()) {
            line += "</g>";
            open.pop_back();
          }
      }
      if (random.below(2) == 0) line += ' ';
    }
    if (n == length) break;
    line += std::string(1 + random.below(4), static_cast<char>('a' + random.below(26)));
    if (random.below(5) > 0) line += ' ';
  }
  for (; !open.empty(); open.pop_back()) line += "</g>";
  return line;
}

std::string random_target(Random& random) {
  std::string line;
  const std::size_t length = random.below(12);
  for (std::size_t n = 0; n < length; ++n)
    line += (n > 0 ? " " : "") + std::string(1 + random.below(3), static_cast<char>('A' + n));
  return line;
}

std::vector<std::string> sorted_tags(const std::string& line) {
  std::vector<std::string> texts;
  for (const auto& tag : take_out_tags(line).tags) texts.push_back(tag.text);
  std::sort(texts.begin(), texts.end());
  return texts;
}

/// For each pair of tags, by its opening tag, the pair around it; "" if none.
std::map<std::string, std::string> parents(const std::string& line) {
  std::map<std::string, std::string> result;
  std::vector<std::string> open{""};
  for (const auto& tag : take_out_tags(line).tags) {
    if (tag.kind == TagKind::kClose) {
      open.pop_back();
      continue;
    }
    result[tag.text] = open.back();
    if (tag.kind == TagKind::kOpen) open.push_back(tag.text);
  }
  return result;
}

TEST(TagsProperty, NoTagIsLostNoneSplitsAWordAndNestingIsKept) {
  Random random(1);
  int id = 0;
  for (int n = 0; n < 4'000; ++n) {
    const auto source = random_line(random, id);
    const auto target = random_target(random);
    const auto line = take_out_tags(source);
    const auto source_words = split_words(line.text), target_words = split_words(target);
    std::vector<Link> links;
    for (std::size_t s = 0; s < source_words.size(); ++s)
      for (std::size_t t = 0; t < target_words.size(); ++t)
        if (random.below(4) == 0) links.push_back({static_cast<int>(s), static_cast<int>(t)});
    const auto output = put_in_tags(line, source_words, {target, target_words}, links);

    SCOPED_TRACE(source + "  ->  " + output);
    ASSERT_EQ(sorted_tags(output), sorted_tags(source));
    ASSERT_EQ(parents(output), parents(source));
    const auto text = take_out_tags(output).text;
    const auto words = split_words(text);
    ASSERT_EQ(words.size(), target_words.size());
    for (std::size_t t = 0; t < words.size(); ++t) {
      ASSERT_EQ(text.substr(words[t].begin, words[t].end - words[t].begin),
                target.substr(target_words[t].begin, target_words[t].end - target_words[t].begin));
    }
  }
}

TEST(TagsProperty, AnyBytesAreALine) {
  Random random(2);
  const std::string characters = "<>/&;{}$%#x1a \"'!-?=ä";
  for (int n = 0; n < 20'000; ++n) {
    std::string line;
    for (std::size_t length = random.below(40); length > 0; --length)
      line += characters[random.below(characters.size())];
    const auto tagged = take_out_tags(line);
    std::size_t position = 0;
    for (std::size_t k = 0; k < tagged.tags.size(); ++k) {
      const auto& tag = tagged.tags[k];
      ASSERT_GE(tag.position, position) << line;
      ASSERT_LE(tag.position, tagged.text.size()) << line;
      if (tag.kind != TagKind::kPoint) {
        ASSERT_EQ(tagged.tags[tag.partner].partner, k) << line;
      }
      position = tag.position;
    }
  }
}

}  // namespace
}  // namespace weft
