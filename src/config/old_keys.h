#pragma once
// Keys of earlier versions, which configs and saved models may still have.

#include <cstdint>
#include <string>
#include <vector>

#include "config/config.h"
#include "config/rules.h"

namespace weft {

/// Up to version 0.1, the sources after the first had keys of their own.
struct OldDataKeys {
  std::vector<std::string> further_train_source, further_valid_source;
};
struct OldVocabularyKeys {
  std::vector<int64_t> further_sizes;
};
struct OldKeys {
  OldDataKeys data;
  OldVocabularyKeys vocabulary;
};

template <class Visitor>
void visit(Visitor& v, OldDataKeys& o) {
  v.field("further_train_source", o.further_train_source, "data.train_source has them now");
  v.field("further_valid_source", o.further_valid_source, "data.valid_source has them now");
}

template <class Visitor>
void visit(Visitor& v, OldVocabularyKeys& o) {
  v.field("further_sizes", o.further_sizes, vocabulary_entries(),
          "vocabulary.source_size has them now");
}

template <class Visitor>
void visit(Visitor& v, OldKeys& o) {
  v.section("data", o.data);
  v.section("vocabulary", o.vocabulary);
}

/// Puts what old keys say where it is said now, behind what the config says of its first source.
void take_old_keys(const OldKeys& old, Config& config);

}  // namespace weft
