#include "search/required_phrases.h"

#include <torch/types.h>

#include <algorithm>
#include <limits>
#include <utility>

#include "base/error.h"
#include "base/utf8.h"
#include "base/words.h"

namespace weft {
namespace {

/// The tokens of `line` from byte `begin` on; none if a token stands across it.
std::vector<int32_t> tokens_from(const EncodedLine& line, std::size_t begin) {
  std::vector<int32_t> ids;
  for (std::size_t i = 0; i < line.ids.size(); ++i) {
    const auto& span = line.spans[i];
    if (span.begin < begin && span.end > begin) return {};
    if (span.begin >= begin && span.end > begin) ids.push_back(line.ids[i]);
  }
  return ids;
}

int64_t shortest(const Phrase& phrase) {
  std::size_t least = phrase.spellings.front().size();
  for (const auto& spelling : phrase.spellings) least = std::min(least, spelling.size());
  return static_cast<int64_t>(least);
}

}  // namespace

PhraseSpeller::PhraseSpeller(const Vocabulary& vocabulary) : vocabulary_(vocabulary) {
  constexpr float kNever = -std::numeric_limits<float>::infinity();
  const auto size = vocabulary.size();
  auto closed = torch::zeros({size});
  for (int64_t id = 0; id < size; ++id) {
    texts_.push_back(vocabulary.text_of(id));
    if (!texts_.back().empty() && WordMatcher::may_join(texts_.back())) closed[id] = kNever;
  }
  auto end = torch::zeros({size});
  end[kEndId] = kNever;
  bonuses_[0][1] = closed;
  bonuses_[1][0] = end;
  bonuses_[1][1] = closed + end;
}

Phrase PhraseSpeller::spell(const std::string& text) const {
  const auto ids = vocabulary_.encode(text).ids;
  if (ids.empty()) throw UserError("the phrase '" + text + "' has no words");
  if (std::find(ids.begin(), ids.end(), kUnknownId) != ids.end())
    throw UserError("the phrase '" + text + "' cannot be written with the target vocabulary");
  const auto written = vocabulary_.decode(ids).text;
  if (written != text)
    throw UserError("the phrase '" + text + "' is written '" + written +
                    "' with the target vocabulary; expected that");
  Phrase phrase{text, {ids}};
  std::size_t end = 0;
  if (!is_unspaced_letter(next_code_point(text, end))) return phrase;
  const std::string before = "。";
  auto inside = tokens_from(vocabulary_.encode(before + text), before.size());
  if (!inside.empty() && inside != ids && vocabulary_.decode(inside).text == text)
    phrase.spellings.push_back(std::move(inside));
  return phrase;
}

int64_t tokens_of(const std::vector<Phrase>& phrases) {
  int64_t sum = 0;
  for (const auto& phrase : phrases) sum += shortest(phrase);
  return sum;
}

RequiredPhrases::RequiredPhrases(const PhraseSpeller& speller, std::vector<PhraseLine> lines)
    : speller_(speller) {
  for (auto& given : lines) {
    Line line{std::move(given), {}};
    for (const auto& phrase : line.given.phrases)
      line.matchers.emplace_back(std::vector<std::string>{phrase.text});
    starts_.push_back(start(line));
    lines_.push_back(std::move(line));
  }
}

RequiredPhrases::Progress RequiredPhrases::start(const Line& line) const {
  const auto phrases = line.given.phrases.size();
  return {std::vector<WordMatcher::State>(phrases), std::vector<bool>(phrases), {}};
}

const std::vector<int32_t>& RequiredPhrases::spelling(const Line& line, const Begun& begun) const {
  return line.given.phrases[begun.phrase].spellings[begun.spelling];
}

RequiredPhrases::Progress RequiredPhrases::after(const Line& line, const Progress& progress,
                                                 int64_t token) const {
  auto next = start(line);
  for (std::size_t p = 0; p < line.matchers.size(); ++p) {
    next.texts[p] = progress.texts[p];
    const auto& matcher = line.matchers[p];
    auto& text = next.texts[p];
    const bool completes = token == kEndId ? matcher.completes_at_end(text)
                                           : matcher.read(speller_.text_of(token), text);
    // Whatever character the bytes become that follow what does not join, a word ends before it.
    const bool will = !text.joins && !text.pending.empty() && matcher.completes_at_end(text);
    next.met[p] = progress.met[p] || completes || will;
  }
  const auto go_on = [&](Begun begun) {
    const auto& tokens = spelling(line, begun);
    if (next.met[begun.phrase] || begun.tokens >= tokens.size()) return;
    if (tokens[begun.tokens] != token) return;
    ++begun.tokens;
    next.begun.push_back(begun);
  };
  for (const auto& begun : progress.begun) go_on(begun);
  for (std::size_t p = 0; p < line.matchers.size(); ++p) {
    for (std::size_t s = 0; s < line.given.phrases[p].spellings.size(); ++s) go_on({p, s, 0});
  }
  return next;
}

const RequiredPhrases::Progress& RequiredPhrases::of_node(const HypothesisTree& tree,
                                                          const Line& line, int64_t node) {
  if (node == HypothesisTree::kRoot)
    return starts_[static_cast<std::size_t>(&line - lines_.data())];
  const auto found = progress_.find(node);
  if (found != progress_.end()) return found->second;
  auto next = after(line, of_node(tree, line, tree.parent(node)), tree.token(node));
  return progress_.emplace(node, std::move(next)).first->second;
}

bool RequiredPhrases::is_written(const Line& line, const Progress& progress,
                                 std::size_t phrase) const {
  if (progress.met[phrase]) return true;
  return std::any_of(progress.begun.begin(), progress.begun.end(), [&](const Begun& begun) {
    return begun.phrase == phrase && begun.tokens == spelling(line, begun).size();
  });
}

bool RequiredPhrases::waits(const Line& line, const Progress& progress) const {
  return std::any_of(progress.begun.begin(), progress.begun.end(), [&](const Begun& begun) {
    return begun.tokens == spelling(line, begun).size() && progress.texts[begun.phrase].joins;
  });
}

int64_t RequiredPhrases::missing(const Line& line, const Progress& progress) const {
  int64_t sum = 0;
  for (std::size_t p = 0; p < line.matchers.size(); ++p)
    if (!is_written(line, progress, p)) sum += shortest(line.given.phrases[p]);
  return sum;
}

std::optional<RequiredPhrases::Begun> RequiredPhrases::furthest(const Line& line,
                                                                const Progress& progress) const {
  std::optional<Begun> best;
  for (const auto& begun : progress.begun) {
    if (begun.tokens < spelling(line, begun).size() && (!best || begun.tokens > best->tokens))
      best = begun;
  }
  return best;
}

int64_t RequiredPhrases::next_forced(const Line& line, const Progress& progress) const {
  if (const auto begun = furthest(line, progress)) return spelling(line, *begun)[begun->tokens];
  std::size_t p = 0;
  while (is_written(line, progress, p)) ++p;
  const auto& spellings = line.given.phrases[p].spellings;
  return std::min_element(spellings.begin(), spellings.end(),
                          [](const auto& a, const auto& b) { return a.size() < b.size(); })
      ->front();
}

std::vector<int64_t> RequiredPhrases::wanted(const Line& line, const Progress& progress) const {
  std::vector<int64_t> tokens;
  for (const auto& begun : progress.begun) {
    const auto& all = spelling(line, begun);
    if (begun.tokens < all.size()) tokens.push_back(all[begun.tokens]);
  }
  if (!tokens.empty()) return tokens;
  for (std::size_t p = 0; p < line.matchers.size(); ++p) {
    if (is_written(line, progress, p)) continue;
    for (const auto& all : line.given.phrases[p].spellings) tokens.push_back(all.front());
  }
  return tokens;
}

void RequiredPhrases::apply(StepChoice& choice) {
  for (int64_t row = 0; row < choice.rows(); ++row) {
    const auto& line = lines_.at(choice[row].sentence);
    if (line.matchers.empty() || choice.length() < line.given.given) continue;
    const auto& progress = of_node(choice.tree(), line, choice[row].node);
    const int64_t to_write = missing(line, progress);
    if (to_write > 0 && line.given.limit - choice.length() - 1 < to_write) {
      choice.force(row, next_forced(line, progress));
      continue;
    }
    const auto at_end = after(line, progress, kEndId);
    const bool is_open = std::find(at_end.met.begin(), at_end.met.end(), false) != at_end.met.end();
    const auto& bonus = speller_.bonus(is_open, waits(line, progress));
    if (bonus.defined()) choice.prefer(row, bonus);
    choice.consider(row, wanted(line, progress));
  }
}

int64_t RequiredPhrases::banks(std::size_t sentence) const {
  const auto& phrases = lines_.at(sentence).given.phrases;
  return phrases.empty() ? 1 : tokens_of(phrases) + 1;
}

int64_t RequiredPhrases::bank(const HypothesisTree& tree, std::size_t sentence, int64_t node,
                              int64_t token) {
  const auto& line = lines_.at(sentence);
  const auto progress = after(line, of_node(tree, line, node), token);
  const auto& phrases = line.given.phrases;
  int64_t sum = tokens_of(phrases) - missing(line, progress);
  if (const auto begun = furthest(line, progress)) {
    const auto most = shortest(phrases[begun->phrase]);
    if (!is_written(line, progress, begun->phrase))
      sum += std::min(static_cast<int64_t>(begun->tokens), most);
  }
  return sum;
}

}  // namespace weft
