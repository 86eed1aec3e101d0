#include "quickstart/sampler.h"

#include <utility>

#include "base/error.h"

namespace weft::quickstart {
namespace {

constexpr int kMaxDepth = 100;
constexpr int kMaxAttempts = 1000;

}  // namespace

Sampler::Sampler(const Grammar& grammar, std::uint64_t seed)
    : grammar_(grammar), generator_(seed), decks_(grammar.categories.size()) {}

// std::uniform_int_distribution differs between standard libraries; the bias of a remainder of 64
// bits is far below what any corpus could show.
std::size_t Sampler::below(std::size_t size) { return generator_() % size; }

std::size_t Sampler::choose(const Category& category) {
  std::size_t total = 0;
  for (const Alternative& alternative : category.alternatives) total += alternative.weight;
  std::size_t rest = below(total);
  std::size_t chosen = 0;
  while (rest >= category.alternatives[chosen].weight) {
    rest -= category.alternatives[chosen].weight;
    ++chosen;
  }
  return chosen;
}

std::size_t Sampler::deal(int category) {
  std::vector<std::size_t>& deck = decks_[static_cast<std::size_t>(category)];
  if (deck.empty()) {
    deck.resize(grammar_.categories[static_cast<std::size_t>(category)].alternatives.size());
    for (std::size_t i = 0; i < deck.size(); ++i) {
      deck[i] = i;
      std::swap(deck[i], deck[below(i + 1)]);
    }
  }
  const std::size_t entry = deck.back();
  deck.pop_back();
  return entry;
}

Derivation Sampler::derive(int category_index, int depth) {
  const Category& category = grammar_.categories[static_cast<std::size_t>(category_index)];
  if (depth > kMaxDepth) {
    throw UserError("the grammar does not come to an end: '" + category.name + "' is " +
                    std::to_string(kMaxDepth) + " phrases deep");
  }
  Derivation node;
  node.id = next_id_++;
  node.alternative =
      &category.alternatives[category.lexical ? deal(category_index) : choose(category)];
  if (category.lexical && !used_.insert(node.alternative).second) repeats_ = true;
  for (const int child : node.alternative->children) {
    node.children.push_back(derive(child, depth + 1));
  }
  return node;
}

SentencePair Sampler::draw() {
  for (int attempt = 0; attempt < kMaxAttempts; ++attempt) {
    used_.clear();
    repeats_ = false;
    next_id_ = 0;
    const Derivation root = derive(grammar_.root, 0);
    if (!repeats_) return write_pair(grammar_, root);
  }
  throw UserError("the grammar repeats a word in each of " + std::to_string(kMaxAttempts) +
                  " sentences; its word lists are too short");
}

}  // namespace weft::quickstart
