#include "train/link_files.h"

#include <optional>
#include <string>

#include "align/pharaoh.h"
#include "base/line_reader.h"
#include "base/messages.h"
#include "data/parallel_files.h"
#include "text/source_factors.h"

namespace weft {
namespace {

/// The words of a pair of lines.
PairLength words_of(const std::string& source, const std::string& target, const Config& config) {
  const auto text = split_factors(source, factor_format(config)).text;
  return {split_words(text, source_splitting(config)).size(), split_words(target).size()};
}

/// Throws UserError for the first mistake among links for the lines of a text.
void read_beside(const std::string& path, const ParallelFiles& text, const Config& config) {
  ParallelReader reader(text.first_pair());
  LineReader links(path);
  std::string source, target, line;
  int64_t read = 0;
  while (reader.next(source, target)) {
    if (!links.next(line)) {
      throw UserError(
          unequal_lines({path, read}, {LineStream(text.sources.front()).names(), std::nullopt}));
    }
    ++read;
    check_bounds(parse_pharaoh(line, links.location()), words_of(source, target, config),
                 links.location());
  }
  while (links.next(line)) ++read;
  if (read == reader.count()) return;
  throw UserError(
      unequal_lines({path, read}, {LineStream(text.sources.front()).names(), reader.count()}));
}

}  // namespace

WordSplitting source_splitting(const Config& config) {
  return factor_format(config).count > 0 ? WordSplitting::kWhitespace : WordSplitting::kAuto;
}

void check_link_files(const Config& config, Problems& problems) {
  const auto check = [&](const std::string& path, const ParallelFiles& text) {
    if (path.empty()) return;
    try {
      read_beside(path, text, config);
    } catch (const UserError& error) {
      problems.add(error.what());
    }
  };
  check(config.training.guided_alignment.links, training_files(config.data));
  check(config.training.validation.gold, validation_files(config.data));
}

}  // namespace weft
