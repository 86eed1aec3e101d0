#pragma once
// Tags of a source line, put where they belong in its translation.

#include <string>
#include <string_view>
#include <vector>

#include "align/links.h"
#include "base/span.h"
#include "markup/tagged_line.h"

namespace weft {

/// A line and its words, none of which is split.
struct LineOfWords {
  std::string_view line;
  std::vector<Span> words;
};

/// `target.line`, escaped if the markup is XML, with every tag of `source` in it just once;
/// `source_words` are those of source.text, and `links` say which words translate each other.
/// - A pair of tags stands around the stretch of target words in which most are linked to the words
/// it
///   stood around and fewest to others alone; around nothing if there are none. What stood inside
///   it stands inside, and two pairs of which neither stood inside the other do not overlap.
/// - A point stands before the translation of the word it stood before, or, without one, after that
///   of the word before it; at an end of what it stood in if it stood there.
std::string put_in_tags(const TaggedLine& source, const std::vector<Span>& source_words,
                        const LineOfWords& target, const std::vector<Link>& links);

}  // namespace weft
