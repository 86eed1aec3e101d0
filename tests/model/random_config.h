#pragma once
// Configs of models whose every choice is drawn by lot, as far as the checks let them pass.

#include <random>
#include <sstream>
#include <string>
#include <vector>

#include "base/error.h"
#include "config/bound_key.h"
#include "config/config_reader.h"

namespace weft {

using Lot = std::mt19937;

inline std::string drawn(const std::vector<std::string>& values, Lot& lot) {
  return values[lot() % values.size()];
}

/// The values of a choice, "a, b or c".
inline std::vector<std::string> choices_of(const std::string& expected) {
  std::vector<std::string> names;
  std::istringstream words(expected);
  for (std::string word; words >> word;) {
    if (word.back() == ',') word.pop_back();
    if (word != "or") names.push_back(word);
  }
  return names;
}

/// A value for a key of the model; "": its default.
inline std::string random_value(const BoundKey& key, Lot& lot) {
  const auto is = [&](const char* part) { return key.path().find(part) != std::string::npos; };
  if (is("_vectors") || is("frozen_")) return "";
  if (is("model.input.")) return "";  // of sources that are not text
  if (is("encoder.type")) return drawn({"recurrent", "recurrent", "embeddings"}, lot);
  if (is("alignment_head.")) return drawn({"0", "4"}, lot);
  if (is("attention.kind")) return drawn({"soft", "soft", "soft", "hard"}, lot);
  if (key.type == "choice") return drawn(choices_of(key.expected), lot);
  if (key.type == "boolean") return drawn({"false", "false", "true"}, lot);
  if (is("dropout.recurrent")) return drawn({"0", "0", "0.2"}, lot);
  if (is("dropout.")) return drawn({"0", "0.3"}, lot);
  if (is("hard.")) return "";
  if (is("layers")) return drawn({"1", "2", "3"}, lot);
  if (is("heads") || is("pyramid") || is("transition_depth"))
    return drawn({"1", "1", "1", "2"}, lot);
  if (is("factors")) return drawn({"[]", "[]", "[4, 4]", "[2, 1]"}, lot);
  if (is("positions")) return "16";
  if (is("encoder.hidden")) return drawn({"2", "4"}, lot);
  return "4";  // other widths
}

/// The next config by lot that is valid.
inline Config random_config(Lot& lot) {
  for (;;) {
    std::vector<std::string> settings{"vocabulary.shared=true"};
    settings.push_back("data.source_kind=" + drawn({"text", "text", "[text, text]"}, lot));
    Config defaults;
    for (const BoundKey& key : bind_keys(defaults)) {
      if (!key.path().starts_with("model.")) continue;
      const std::string value = random_value(key, lot);
      if (!value.empty()) settings.push_back(key.path() + "=" + value);
    }
    try {
      return parse_config("{}", "random.yaml", settings);
    } catch (const UserError&) {
    }
  }
}

}  // namespace weft
