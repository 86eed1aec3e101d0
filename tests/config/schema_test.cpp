// Holds the schema against the option structs: no field without a key, no key that does not work.
#include "config/schema.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "base/error.h"
#include "config/bound_key.h"
#include "config/compare.h"
#include "config/config_reader.h"
#include "config/dump.h"
#include "config/key_ends.h"

namespace weft {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

struct AnyField {
  template <class Field>
  operator Field() const;
};

/// How many fields an aggregate has: the most values it can be initialised with.
template <class Options, class... Fields>
constexpr int count_fields() {
  if constexpr (requires { Options{Fields{}..., AnyField{}}; }) {
    return count_fields<Options, Fields..., AnyField>();
  } else {
    return sizeof...(Fields);
  }
}

/// Counts the schema's entries of each struct, and the struct's fields.
class EntryCounter {
 public:
  template <class Options>
  void section(const char* name, Options& options) {
    ++entries_;
    EntryCounter inner;
    visit(inner, options);
    EXPECT_EQ(inner.entries_, (count_fields<Options>())) << "struct of section " << name;
  }
  template <class... Arguments>
  void field(Arguments&&...) {
    ++entries_;
  }
  int entries() const { return entries_; }

 private:
  int entries_ = 0;
};

TEST(Schema, HasEveryFieldOfEveryStruct) {
  Config config;
  EntryCounter counter;
  visit(counter, config);
  EXPECT_EQ(counter.entries(), count_fields<Config>());
  EXPECT_EQ(count_fields<ScheduleOptions>(), 8);
}

/// Every key, which writes its default.
std::vector<BoundKey> keys_of_defaults() {
  static Config defaults;
  return bind_keys(defaults);
}

/// A value other than `key`'s default, and allowed.
std::string other_value(const BoundKey& key) {
  const std::string default_value = key.write();
  if (key.path() == "training.precision") return "bfloat16";  // the last, int8, is for search alone
  if (key.path() == "training.peer_timeout_seconds") return "2.5";  // at least 1
  if (key.type == "integer") return std::to_string(std::stoll(default_value) + 1);
  if (key.path() == "data.filter.max_ratio") return "3";  // likewise
  if (key.type == "number") return default_value == "0.0" ? "0.5" : "0.25";
  if (key.type == "boolean") return default_value == "true" ? "false" : "true";
  if (key.type == "period") return "7Mt";
  if (key.type == "device") return "cuda:1";
  if (key.type == "integers") return "[9]";
  if (key.type == "numbers") return "[0.5]";
  if (key.path() == "data.json_keys") return "[en, de]";
  if (key.path() == "data.corpora.tags") return "[<BT>]";
  if (key.type == "texts") return "[\"*.other=2\"]";
  if (key.type == "choices") return "[loss]";
  if (key.type == "paths") return "[\"other file\"]";
  if (key.type == "text") return "other-file";
  const std::string first = key.expected.substr(0, key.expected.find_first_of(", "));
  const std::string last = key.expected.substr(key.expected.rfind(' ') + 1);
  return default_value == first || default_value == '"' + first + '"' ? last : first;
}

// Such that every single key can change without another having to follow.
Config independent_config() {
  return parse_config(
      "{}", "base.yaml",
      {"data.source_kind=[text, text]", "data.train_source=[a, e]", "data.train_target=b",
       "data.valid_source=[c, f]", "data.valid_target=d", "vocabulary.source_file=v",
       "vocabulary.target_file=v", "model.embedding.tying=none", "model.encoder.layers=5",
       "model.decoder.layers=5", "training.optimizer.learning_rate=0.5",
       "training.optimizer.type=sgd", "training.optimizer.momentum=0.75",
       "training.schedule.warmup_steps=0", "training.validation.more_metrics=chrf",
       "training.validation.command=wc"});
}

TEST(Schema, ReadsAndWritesEveryKey) {
  const Config base = independent_config();
  const std::string yaml = dump_config(base);
  for (const BoundKey& key : keys_of_defaults()) {
    if (key.path() == "data.source_kind") continue;  // the files of the sources follow it
    if (key.path() == "data.train_source" || key.path() == "data.valid_source")
      continue;  // they it
    if (key.path() == "data.train_format" || key.path() == "data.valid_format")
      continue;                                                 // of one source
    if (key.path().ends_with("_word_normalization")) continue;  // of vocabularies of words
    if (key.path() == "data.image.channels") continue;          // its range ends with the default
    if (key.path() == "model.input.convolution" || key.path() == "model.input.pretrained")
      continue;  // of pictures
    if (key.path().ends_with("_masks") || key.path() == "data.spec_augment.time_warp")
      continue;                                           // of sound
    if (key.path() == "model.embedding.tying") continue;  // base has changed it already
    if (key.path() == "model.encoder.type") continue;     // without recurrence there is one layer
    if (key.path() == "model.attention.kind") continue;  // the attention to several sources is soft
    if (key.path() == "training.optimizer.type") continue;           // base has changed it already
    if (key.path() == "training.optimizer.weight_decay") continue;   // of adamw alone
    if (key.path() == "training.guided_alignment.weight") continue;  // attention to several sources
    if (key.path() == "training.guided_alignment.links") continue;   // without a weight
    if (key.path() == "training.guided_alignment.regions") continue;  // of items
    if (key.path() == "model.alignment_head.width") continue;         // of one source
    if (key.path() == "decoding.alignment_from") continue;            // there is no head
    const Config changed = parse_config(yaml, "base.yaml", {key.path() + "=" + other_value(key)});
    EXPECT_THAT(differing_keys(base, changed), ElementsAre(key.path()));
    const Config read = parse_config(dump_config(changed), "dump.yaml");
    EXPECT_THAT(differing_keys(changed, read), IsEmpty());
  }
}

// Beyond an end a number would overflow, exhaust the memory or never come to an end.
TEST(Schema, NumbersHaveTwoBoundsThatMessagesTell) {
  int bounded = 0;
  for (const BoundKey& key : keys_of_defaults()) {
    if (!is_numeric(key)) continue;
    const auto refusal = [&](const std::string& value) {
      try {
        parse_config("{}", "run.yaml", {key.path() + "=" + value});
      } catch (const UserError& error) {
        return std::string(error.what());
      }
      return std::string();
    };
    const auto ends = ends_of(key);
    const std::string told = "; expected " + key.expected;  // cross-checks have other reasons
    for (const auto& value : ends.inside)
      EXPECT_THAT(refusal(value), Not(HasSubstr(told))) << key.path() << " = " << value;
    for (const auto& value : ends.outside)
      EXPECT_THAT(refusal(value), AllOf(HasSubstr(key.path() + " is "), HasSubstr(told))) << value;
    ++bounded;
  }
  EXPECT_GE(bounded, 60);
}

TEST(Schema, ReadsEachDefaultAsTheStructsDefault) {
  for (const BoundKey& key : keys_of_defaults()) {
    const Config config = parse_config("{}", "run.yaml", {key.path() + "=" + key.write()});
    EXPECT_THAT(differing_keys(config, Config{}), IsEmpty()) << key.path();
  }
}

TEST(ConfigKeys, DescribesEachKeyOnce) {
  std::set<std::string> paths;
  for (const BoundKey& key : keys_of_defaults()) {
    EXPECT_TRUE(paths.insert(key.path()).second) << key.path();
    EXPECT_FALSE(key.help.empty()) << key.path();
    EXPECT_FALSE(key.expected.empty()) << key.path();
    EXPECT_EQ(key.help.find('\n'), std::string::npos) << key.path();
  }
  const std::vector<BoundKey> keys = keys_of_defaults();
  const auto hidden = std::find_if(keys.begin(), keys.end(), [](const BoundKey& key) {
    return key.path() == "model.encoder.hidden";
  });
  ASSERT_NE(hidden, keys.end());
  EXPECT_EQ(hidden->type, "integer");
  EXPECT_EQ(hidden->write(), "512");
  EXPECT_EQ(hidden->expected, "an integer in [1, 65536]");
  EXPECT_EQ(hidden->help, "units of each direction");
}

/// A help text says what a key is without the key's name beside it.
TEST(Schema, ExplainsEachKeyInWordsThatStandAlone) {
  Config config;
  for (const auto& key : bind_keys(config)) {
    EXPECT_THAT(key.help, testing::ContainsRegex("[a-zA-Z]+[ -][a-zA-Z]+")) << key.path();
    for (const char* opening : {"of ", "that ", "likewise", "the same", "as ", "its ", "0:"})
      EXPECT_FALSE(key.help.starts_with(opening)) << key.path() << ": " << key.help;
  }
}

}  // namespace
}  // namespace weft
