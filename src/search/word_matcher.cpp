#include "search/word_matcher.h"

#include <unicode/uchar.h>

#include <deque>

#include "base/utf8.h"
#include "base/words.h"

namespace weft {
namespace {

constexpr char32_t kEdge = 0x110000;  // the mark; no character
constexpr char32_t kBroken = 0xFFFD;  // what stands for bytes that are no character

bool joins_words(char32_t character) {
  constexpr uint32_t kJoining = U_GC_L_MASK | U_GC_M_MASK | U_GC_N_MASK;
  return (U_GET_GC_MASK(static_cast<UChar32>(character)) & kJoining) != 0 &&
         !is_unspaced_letter(character);
}

/// Whether a character begins with these bytes, of which there is at least one.
bool may_become_character(std::string_view bytes) {
  const auto lead = static_cast<unsigned char>(bytes.front());
  const std::size_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : lead >= 0xC2 ? 2 : 1;
  if (lead > 0xF4 || bytes.size() >= length) return false;
  std::string filled(bytes);  // with continuation bytes that make most beginnings a character
  for (const char fill : {'\x80', '\x9F', '\xBF'}) {
    filled.resize(bytes.size());
    filled.resize(length, fill);
    if (!first_invalid_utf8(filled)) return true;
  }
  return false;
}

}  // namespace

WordMatcher::WordMatcher(const std::vector<std::string>& words) : nodes_(1) {
  for (const auto& word : words) add(word);
  link_fallbacks();
}

void WordMatcher::add(std::string_view word) {
  int32_t node = 0;
  const auto step = [&](char32_t symbol) {
    const auto next = static_cast<int32_t>(nodes_.size());
    const auto [entry, is_new] =
        nodes_[static_cast<std::size_t>(node)].next.try_emplace(symbol, next);
    node = entry->second;
    if (is_new) nodes_.emplace_back();
  };
  bool joins = false;
  for (std::size_t offset = 0; offset < word.size();) {
    const char32_t character = next_code_point(word, offset);
    const bool joins_next = joins_words(character);
    if (!(joins && joins_next)) step(kEdge);
    step(character);
    joins = joins_next;
  }
  step(kEdge);
  nodes_[static_cast<std::size_t>(node)].completes = true;
}

void WordMatcher::link_fallbacks() {
  std::deque<int32_t> order{0};
  for (; !order.empty(); order.pop_front()) {
    const int32_t from = order.front();
    for (const auto& [symbol, to] : nodes_[static_cast<std::size_t>(from)].next) {
      auto& node = nodes_[static_cast<std::size_t>(to)];
      const int32_t shorter = nodes_[static_cast<std::size_t>(from)].fallback;
      node.fallback = from == 0 ? 0 : follow(shorter, symbol);
      node.completes |= nodes_[static_cast<std::size_t>(node.fallback)].completes;
      order.push_back(to);
    }
  }
}

int32_t WordMatcher::follow(int32_t node, char32_t symbol) const {
  for (;; node = nodes_[static_cast<std::size_t>(node)].fallback) {
    const auto& next = nodes_[static_cast<std::size_t>(node)].next;
    const auto found = next.find(symbol);
    if (found != next.end()) return found->second;
    if (node == 0) return 0;
  }
}

bool WordMatcher::read_character(char32_t character, State& state) const {
  bool completed = false;
  const bool joins = joins_words(character);
  if (!(state.joins && joins)) {
    state.node = follow(state.node, kEdge);
    completed = nodes_[static_cast<std::size_t>(state.node)].completes;
  }
  state.node = follow(state.node, character);
  state.joins = joins;
  return completed;
}

bool WordMatcher::read(std::string_view bytes, State& state) const {
  bool completed = false;
  for (const char byte : bytes) {
    state.pending += byte;
    if (may_become_character(state.pending)) continue;
    if (first_invalid_utf8(state.pending)) {
      // What was pending is broken; the last byte may begin a character of its own.
      state.pending.pop_back();
      if (!state.pending.empty()) completed |= read_character(kBroken, state);
      state.pending = byte;
      if (may_become_character(state.pending)) continue;
    }
    std::size_t offset = 0;
    const auto character = next_code_point(state.pending, offset);  // U+FFFD of a broken one
    state.pending.clear();
    completed |= read_character(character, state);
  }
  return completed;
}

bool WordMatcher::may_join(std::string_view text) {
  std::size_t offset = 0;
  const auto character = next_code_point(text, offset);
  return character == kBroken || joins_words(character);
}

bool WordMatcher::completes_at_end(State state) const {
  if (!state.pending.empty() && read_character(kBroken, state)) return true;
  return nodes_[static_cast<std::size_t>(follow(state.node, kEdge))].completes;
}

}  // namespace weft
