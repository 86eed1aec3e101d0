#pragma once
// From a derivation to two sentences and the links between their tokens.

#include <string>
#include <vector>

#include "quickstart/grammar.h"

namespace weft::quickstart {

/// A derivation: an alternative, and a derivation for each of its children.
struct Derivation {
  const Alternative* alternative = nullptr;
  std::vector<Derivation> children;
  int id = 0;  ///< no two nodes of one derivation share it
};

/// Source token i belongs to target token j, both from 0.
struct Link {
  int source = 0;
  int target = 0;
  bool sure = true;
  bool operator==(const Link&) const = default;
};

struct SentencePair {
  std::vector<std::string> source;  ///< begins with a capital
  std::vector<std::string> target;
  std::vector<Link> links;  ///< by source, then by target
};

/// The first source and target field of the root, with the grammar's spellings applied.
SentencePair write_pair(const Grammar& grammar, const Derivation& root);

}  // namespace weft::quickstart
