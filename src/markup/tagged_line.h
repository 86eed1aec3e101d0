#pragma once
// Lines of text with tags and placeholders in them, as XLIFF, HTML and messages of programs have
// them.

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace weft {

enum class TagKind {
  kOpen,  ///< "<b>" whose partner is "</b>"
  kClose,
  kPoint,  ///< "<x/>", a placeholder, or a tag without a partner
};

struct InlineTag {
  TagKind kind = TagKind::kPoint;
  std::string text;           ///< as it stands in the line
  std::size_t position = 0;   ///< the byte of the line's own text before which it stood
  std::size_t partner = 0;    ///< number of the other tag, of kOpen and kClose
  bool space_before = false;  ///< a blank, or nothing of the line's text, is before it
  bool space_after = false;
};

/// What is taken out of a line.
enum class Markup {
  kXml,    ///< tags, entities, placeholders and links
  kPlain,  ///< placeholders and links alone
};

struct TaggedLine {
  std::string text;             ///< without tags; entities are the characters they stand for
  std::vector<InlineTag> tags;  ///< in the order of the line
  Markup markup = Markup::kXml;
};

/// Takes out
/// - tags, comments and processing instructions: <g id="1">, </g>, <x/>, <!-- -->, <? ?>;
/// - placeholders: {0}, {name}, ${name}, %s, %1$d;
/// - links: https://example.org/a?b, www.example.org, mail@example.org, without the punctuation of
///   the sentence behind them;
/// - entities other than &lt; &gt; &amp; &quot; &apos; and references to characters (&#228;).
/// A "<", "{", "%" or "&" that begins none of these is text. Tags that overlap ("<b><i></b></i>")
/// or lack a partner are points. Where a tag stood between two blanks one of them goes with it.
/// `line` is valid UTF-8.
TaggedLine take_out_tags(std::string_view line, Markup markup = Markup::kXml);

}  // namespace weft
