#include "train/link_files.h"

#include <optional>
#include <string>

#include "align/pharaoh.h"
#include "base/line_reader.h"
#include "base/messages.h"
#include "data/parallel_check.h"
#include "data/parallel_files.h"
#include "text/source_factors.h"

namespace weft {
namespace {

/// The words of a pair of lines; nothing if the source line has not its factors, which is told
/// elsewhere.
std::optional<PairLength> words_of(const std::string& source, const std::string& target,
                                   const Config& config) {
  try {
    const auto text = split_factors(source, factor_format(config)).text;
    return PairLength{split_words(text, source_splitting(config)).size(),
                      split_words(target).size()};
  } catch (const UserError&) {
    return std::nullopt;
  }
}

/// Links beside the lines that they are for.
class LinkCheck {
 public:
  LinkCheck(const std::string& path, const ParallelFiles& text, const Config& config)
      : config_(config), sources_(text.sources.front()), targets_(text.target), links_(path) {}

  /// Throws UserError if there are more or fewer lines than the text has.
  void run(BadLines& bad) {
    while (next_pair()) {
      bool more = true;
      const bool is_read = bad.passes([&] { more = links_.next(line_); });
      if (!more) throw UserError(unequal({sources_.names(), std::nullopt}));
      if (is_read) check_line(bad);
    }
    if (!ended_together_) return;  // with which of them to compare is open
    const auto pairs = sources_.count();
    for (bool more = true; more;) bad.passes([&] { more = links_.next(line_); });
    if (links_.line_number() > pairs) throw UserError(unequal({sources_.names(), pairs}));
  }

 private:
  /// False at the end of either side.
  bool next_pair() {
    BadLines told;  // with the text
    bool more = true, more_targets = true;
    const bool has_source = told.passes([&] { more = sources_.next(source_); });
    const bool has_target = told.passes([&] { more_targets = targets_.next(target_); });
    is_known_ = has_source && has_target;
    ended_together_ = !more && !more_targets;
    return more && more_targets;
  }

  void check_line(BadLines& bad) const {
    try {
      const auto links = parse_pharaoh(line_, links_.location());
      const auto words = is_known_ ? words_of(source_, target_, config_) : std::nullopt;
      if (words) check_bounds(links, *words, links_.location());
    } catch (const UserError& error) {
      bad.add(links_.name(), "have links that are none of the pair's", error.what());
    }
  }

  std::string unequal(const LineCount& text) const {
    return unequal_lines({links_.name(), links_.line_number()}, text);
  }

  const Config& config_;
  LineStream sources_, targets_;
  LineReader links_;
  std::string source_, target_, line_;
  bool is_known_ = false;        // whether the pair could be read
  bool ended_together_ = false;  // both sides of the text
};

}  // namespace

WordSplitting source_splitting(const Config& config) {
  return factor_format(config).count > 0 ? WordSplitting::kWhitespace : WordSplitting::kAuto;
}

void check_link_files(const Config& config, Problems& problems) {
  const auto check = [&](const std::string& path, const ParallelFiles& text) {
    if (path.empty() || text.target.empty() || has_pipe(text)) return;
    BadLines bad;
    try {
      require_rereadable(path);
      LinkCheck(path, text, config).run(bad);
    } catch (const UserError& error) {
      problems.add(error.what());
    }
    bad.tell(problems);
  };
  check(config.training.guided_alignment.links, training_files(config.data));
  check(config.training.validation.gold, validation_files(config.data));
}

}  // namespace weft
