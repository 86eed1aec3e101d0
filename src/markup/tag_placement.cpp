#include "markup/tag_placement.h"

#include <algorithm>
#include <cstddef>

#include "base/escape_markup.h"

namespace weft {
namespace {

/// Words [begin, end).
struct Stretch {
  std::size_t begin = 0;
  std::size_t end = 0;
  bool empty() const { return begin == end; }
};

/// A pair of tags with what is inside, or a point.
struct Node {
  const InlineTag* open = nullptr;  ///< or the point
  const InlineTag* close = nullptr;
  Stretch source;              ///< words inside; of a point none, before word `begin`
  std::vector<Node> children;  ///< in the order of the line
  Stretch target;              ///< where it goes; of a point none, before word `begin`
};

/// The words that a stretch of bytes touches.
Stretch touched(const std::vector<Span>& words, std::size_t begin, std::size_t end) {
  Stretch stretch;
  while (stretch.begin < words.size() && words[stretch.begin].end <= begin) ++stretch.begin;
  stretch.end = stretch.begin;
  while (stretch.end < words.size() && words[stretch.end].begin < end) ++stretch.end;
  return stretch;
}

/// The nodes of tags [n, end), whose partners are among them.
std::vector<Node> tree(const std::vector<InlineTag>& tags, std::size_t n, std::size_t end,
                       const std::vector<Span>& words) {
  std::vector<Node> nodes;
  for (; n < end; ++n) {
    const auto& tag = tags[n];
    Node node;
    node.open = &tag;
    if (tag.kind == TagKind::kOpen) {
      node.close = &tags[tag.partner];
      node.source = touched(words, tag.position, node.close->position);
      node.children = tree(tags, n + 1, tag.partner, words);
      n = tag.partner;
    } else {
      node.source = touched(words, tag.position, tag.position);
    }
    nodes.push_back(std::move(node));
  }
  return nodes;
}

class Placement {
 public:
  Placement(const LineOfWords& target, std::size_t source_words, const std::vector<Link>& links)
      : of_source_(source_words), of_target_(target.words.size()) {
    for (const auto& link : links) {
      const auto s = static_cast<std::size_t>(link.source);
      const auto t = static_cast<std::size_t>(link.target);
      if (s >= of_source_.size() || t >= of_target_.size()) continue;
      of_source_[s].push_back(t);
      of_target_[t].push_back(s);
    }
  }

  /// Finds places inside `room` for nodes that stood inside the source words `source`.
  void place(std::vector<Node>& nodes, const Stretch& source, const Stretch& room) {
    for (auto& node : nodes) {
      if (node.close != nullptr) node.target = best_stretch(node.source, room);
      if (node.target.empty()) {
        const std::size_t gap = point(node.source.begin, source, room);
        node.target = {gap, gap};
      }
    }
    separate(nodes);
    for (auto& node : nodes) place(node.children, node.source, node.target);
  }

 private:
  /// The stretch of `room` with the greatest sum of +1 for a word that is linked to one of `source`
  /// and -1 for one that is linked, but to none of these (Bentley's maximum subarray).
  Stretch best_stretch(const Stretch& source, const Stretch& room) const {
    Stretch best{room.begin, room.begin};
    int best_sum = 0, sum = 0;
    std::size_t begin = room.begin;
    for (std::size_t t = room.begin; t < room.end; ++t) {
      sum += value(t, source);
      if (sum > best_sum) {
        best_sum = sum;
        best = {begin, t + 1};
      }
      if (sum <= 0) {
        sum = 0;
        begin = t + 1;
      }
    }
    return best;
  }

  int value(std::size_t t, const Stretch& source) const {
    const auto& linked = of_target_[t];
    if (linked.empty()) return 0;
    const bool inside = std::any_of(linked.begin(), linked.end(), [&source](std::size_t s) {
      return s >= source.begin && s < source.end;
    });
    return inside ? 1 : -1;
  }

  /// Before which target word a point goes that stood before source word `next`.
  std::size_t point(std::size_t next, const Stretch& source, const Stretch& room) const {
    if (next <= source.begin) return room.begin;
    if (next >= source.end) return room.end;
    for (std::size_t far = 0; next + far < source.end || far < next - source.begin; ++far) {
      if (next + far < source.end)
        for (std::size_t t = room.begin; t < room.end; ++t)
          if (is_linked(next + far, t)) return t;
      if (far < next - source.begin)
        for (std::size_t t = room.end; t-- > room.begin;)
          if (is_linked(next - 1 - far, t)) return t + 1;
    }
    return room.end;
  }

  bool is_linked(std::size_t s, std::size_t t) const {
    return std::find(of_source_[s].begin(), of_source_[s].end(), t) != of_source_[s].end();
  }

  /// Sorts nodes by where they go, and keeps them from standing in one another.
  static void separate(std::vector<Node>& nodes) {
    std::stable_sort(nodes.begin(), nodes.end(), [](const Node& a, const Node& b) {
      if (a.target.begin != b.target.begin) return a.target.begin < b.target.begin;
      return a.target.empty() && !b.target.empty();
    });
    std::size_t taken = 0;
    for (auto& node : nodes) {
      node.target.begin = std::max(node.target.begin, taken);
      node.target.end = std::max(node.target.end, node.target.begin);
      taken = node.target.end;
    }
  }

  std::vector<std::vector<std::size_t>> of_source_, of_target_;
};

/// Writes the line with its tags. Between two words stands what stands there in the line: closing
/// tags and what hung on the word before them come before it, the rest after it.
class TagWriter {
 public:
  TagWriter(const LineOfWords& target, Markup markup) : target_(target), markup_(markup) {}

  std::string write(const std::vector<Node>& nodes) {
    write_nodes(nodes);
    go_to(target_.words.size());
    pass_gap();
    return std::move(out_);
  }

 private:
  void write_nodes(const std::vector<Node>& nodes) {
    for (const auto& node : nodes) {
      go_to(node.target.begin);
      if (node.close == nullptr) {
        write_point(*node.open);
        continue;
      }
      pass_gap();
      out_ += node.open->text;
      write_nodes(node.children);
      go_to(node.target.end);
      out_ += node.close->text;
    }
  }

  /// A point that stood between blanks stands between blanks, where the line has any.
  void write_point(const InlineTag& tag) {
    const bool hangs = !tag.space_before && tag.space_after;
    if (!hangs) pass_gap();
    const bool between_blanks = tag.space_before && tag.space_after;
    const bool last = word_ == target_.words.size();
    const bool is_link = std::string_view("<{$%&").find(tag.text.at(0)) == std::string_view::npos;
    if (((between_blanks && last) || is_link) && word_ > 0 && ends_in_word_) out_ += ' ';
    const bool after_blank = out_.ends_with(' ');
    out_ += tag.text;
    // A letter right behind a link would become part of it.
    const bool meets_word = !last && byte_ == target_.words[word_].begin;
    if (is_link && meets_word && !(between_blanks && (after_blank || word_ == 0))) out_ += ' ';
    if (between_blanks && (after_blank || word_ == 0) && !last) out_ += ' ';
    ends_in_word_ = false;
  }

  /// Writes the words before `word`, but not what stands between them and it.
  void go_to(std::size_t word) {
    while (word_ < word) {
      pass_gap();
      const Span span = target_.words[word_++];
      write_text(target_.line.substr(span.begin, span.end - span.begin));
      byte_ = span.end;
      ends_in_word_ = true;
    }
  }

  /// Writes what stands before the next word, if it is not written yet.
  void pass_gap() {
    const std::size_t next =
        word_ < target_.words.size() ? target_.words[word_].begin : target_.line.size();
    if (byte_ >= next) return;
    write_text(target_.line.substr(byte_, next - byte_));
    byte_ = next;
    ends_in_word_ = false;
  }

  void write_text(std::string_view text) {
    if (markup_ == Markup::kXml) {
      out_ += escape_markup(text);
    } else {
      out_ += text;
    }
  }

  const LineOfWords& target_;
  Markup markup_;
  std::string out_;
  std::size_t word_ = 0;  // the next
  std::size_t byte_ = 0;  // how far the line is written
  bool ends_in_word_ = false;
};

}  // namespace

std::string put_in_tags(const TaggedLine& source, const std::vector<Span>& source_words,
                        const LineOfWords& target, const std::vector<Link>& links) {
  auto nodes = tree(source.tags, 0, source.tags.size(), source_words);
  Placement(target, source_words.size(), links)
      .place(nodes, {0, source_words.size()}, {0, target.words.size()});
  return TagWriter(target, source.markup).write(nodes);
}

}  // namespace weft
