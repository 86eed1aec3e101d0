#include "init/init.h"

#include <sys/stat.h>

#include <algorithm>
#include <filesystem>
#include <functional>
#include <optional>
#include <stdexcept>
#include <unordered_set>
#include <utility>

#include "base/atomic_file.h"
#include "base/log.h"
#include "base/utf8.h"
#include "base/version.h"
#include "config/config_reader.h"
#include "config/dump.h"
#include "data/parallel_check.h"
#include "init/config_text.h"
#include "init/corpus_statistics.h"
#include "init/fitted_config.h"
#include "init/validation_split.h"

namespace weft {
namespace {

SplitPaths split_paths(const std::string& output) {
  std::filesystem::path path(output);
  if (path.extension() == ".yaml" || path.extension() == ".yml") path.replace_extension();
  const std::string name = path.string();
  return {name + ".train.source", name + ".train.target", name + ".valid.source",
          name + ".valid.target"};
}

/// Identity of a file, whatever it is called; nothing if it cannot be found.
std::optional<std::pair<dev_t, ino_t>> file_identity(const std::string& path) {
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0) return std::nullopt;
  return std::pair{status.st_dev, status.st_ino};
}

/// Every text is read twice, once to be measured.
void check_is_file(const std::string& path, Problems& problems) {
  struct stat status {};
  if (path != "-" &&
      (::stat(path.c_str(), &status) != 0 || S_ISREG(status.st_mode) || S_ISDIR(status.st_mode)))
    return;  // whatever else is wrong, reading tells
  problems.add({path == "-" ? "standard input" : path},
               "is a stream, which can be read only once; expected a file");
}

void check_files_differ(const InitOptions& options, Problems& problems) {
  for (const auto& source : options.sources) {
    const auto identity = file_identity(source);
    for (const auto& target : options.targets) {
      if (!identity || file_identity(target) != identity) continue;
      problems.add({target},
                   "is given as source and as target; expected two files, line i of one "
                   "the translation of line i of the other (of columns between TABs: "
                   "cut -f1 FILE, cut -f2 FILE)");
    }
  }
}

/// A config is UTF-8, and names the files.
void check_is_text(const std::string& path, Problems& problems) {
  if (!first_invalid_utf8(path)) return;
  problems.add({path}, "is a name that is not UTF-8, which a config cannot hold; expected another");
}

/// False if the name cannot even be looked for, nor then those that are made from it.
bool check_is_free(const std::string& path, const std::string& advice, Problems& problems) {
  std::error_code error;
  const auto type = std::filesystem::symlink_status(path, error).type();
  if (type == std::filesystem::file_type::none) {
    problems.add({path}, "cannot be written (" + error.message() + ")");
    return false;
  }
  if (type != std::filesystem::file_type::not_found)
    problems.add({path}, "exists already; " + advice);
  return true;
}

void check_validation_is_whole(const InitOptions& options, Problems& problems) {
  if (options.valid_sources.empty() == options.valid_targets.empty()) return;
  problems.add(options.valid_sources.empty()
                   ? "--valid-target is given without --valid-source; expected both or neither"
                   : "--valid-source is given without --valid-target; expected both or neither");
}

/// Everything that is wrong with what was asked for, before any work.
void check(const InitOptions& options) {
  Problems problems;
  check_validation_is_whole(options, problems);
  for (const auto* files :
       {&options.sources, &options.targets, &options.valid_sources, &options.valid_targets}) {
    for (const auto& file : *files) {
      check_is_file(file, problems);
      check_is_text(file, problems);
    }
  }
  check_is_text(options.output, problems);
  check_files_differ(options, problems);
  const std::string advice = "expected a name that is free (-o)";
  const bool reachable = check_is_free(options.output, advice, problems);
  if (reachable && options.valid_sources.empty()) {
    const SplitPaths paths = split_paths(options.output);
    for (const auto& path :
         {paths.train_source, paths.train_target, paths.valid_source, paths.valid_target})
      check_is_free(path, advice + ", or validation text (--valid-source, --valid-target)",
                    problems);
  }
  problems.throw_if_any();
  check_parallel_files({{whole_files(options.sources)}, whole_files(options.targets)}, problems);
  if (!options.valid_sources.empty())
    check_parallel_files({{whole_files(options.valid_sources)}, whole_files(options.valid_targets)},
                         problems);
  problems.throw_if_any();
}

std::string joined(const std::vector<std::string>& files) {
  std::string text;
  for (const auto& file : files) text += (text.empty() ? "" : " + ") + file;
  return text;
}

std::string counted(int64_t count, const std::string& noun) {
  return with_commas(count) + " " + noun + (count == 1 ? "" : "s");
}

/// What stands out in the text; nothing of it stops a training.
void report(const CorpusStatistics& corpus, const Config& config) {
  log_info(counted(corpus.pairs, "sentence pair") + ", " + with_commas(corpus.source.words) +
           " and " + with_commas(corpus.target.words) + " words");
  if (corpus.one_sided_blank > 0) {
    log_warning(counted(corpus.one_sided_blank, "pair") + " blank on one side, the first at " +
                to_string(corpus.first_one_sided_blank) + "; training leaves them out");
  }
  if (corpus.both_blank > 0)
    log_info(counted(corpus.both_blank, "pair") + " blank on both sides; training leaves them out");
  if (corpus.duplicates > 0)
    log_info(counted(corpus.duplicates, "pair") +
             " repeated word for word; training reads them each time");
  if (corpus.copies > 0)
    log_warning(counted(corpus.copies, "pair") +
                " with the same sentence on both sides: not translated?");
  const int64_t too_long = corpus.longer_than(config.data.max_length);
  if (too_long > 0) {
    log_warning(counted(too_long, "pair") + " of more than " +
                std::to_string(config.data.max_length) +
                " words on a side (data.max_length); training leaves them out");
  }
}

/// Validation sentences that are trained on are known by heart, not translated.
void report_overlap(const std::vector<SentenceHashes>& train,
                    const std::vector<SentenceHashes>& valid) {
  std::unordered_set<uint64_t> sources;
  for (const auto& line : train) sources.insert(line.source);
  const auto known = std::count_if(valid.begin(), valid.end(), [&](const SentenceHashes& line) {
    return line.is_usable() && sources.contains(line.source);
  });
  if (known > 0) {
    log_warning(counted(known, "validation sentence") +
                " in the training text too: scores on them say little");
  }
}

void require_pairs(const ParallelFiles& files, const std::vector<SentenceHashes>& hashes) {
  if (std::any_of(hashes.begin(), hashes.end(), std::mem_fn(&SentenceHashes::is_usable))) return;
  throw UserError({LineStream(files.sources.front()).names()},
                  "holds no sentence that has a translation (" +
                      counted(static_cast<int64_t>(hashes.size()), "line") +
                      "); expected text, one sentence a line");
}

/// The lines to split off; none are true if there is validation text.
std::vector<bool> validation_lines(const InitOptions& options,
                                   const std::vector<SentenceHashes>& hashes) {
  std::vector<bool> none(hashes.size());
  if (!options.valid_sources.empty()) {
    report_overlap(hashes, hash_sentences({{whole_files(options.valid_sources)},
                                           whole_files(options.valid_targets)}));
    return none;
  }
  const auto pairs =
      std::count_if(hashes.begin(), hashes.end(), std::mem_fn(&SentenceHashes::is_usable));
  auto lines = choose_validation_lines(hashes, validation_pairs(pairs));
  if (std::find(lines.begin(), lines.end(), true) != lines.end()) return lines;
  log_warning("no validation text, and none split off: too few of the " +
              counted(pairs, "sentence pair") + " share no sentence with the others");
  return none;
}

/// The files as the config names them.
DataOptions named_files(const InitOptions& options, bool is_split) {
  DataOptions data;
  data.train_source = options.sources;
  data.train_target = options.targets;
  data.valid_source = options.valid_sources;
  data.valid_target = options.valid_targets;
  if (!is_split) return data;
  const SplitPaths paths = split_paths(options.output);
  data.train_source = {paths.train_source};
  data.train_target = {paths.train_target};
  data.valid_source = {paths.valid_source};
  data.valid_target = {paths.valid_target};
  return data;
}

std::string heading(const InitOptions& options, const Machine& machine) {
  const std::string memory = std::to_string(machine.memory_bytes >> 30) + " GB of memory";
  return "Written by weft " + std::string(version()) + " (weft init) for " +
         joined(options.sources) + " and " + joined(options.targets) + ",\non " +
         counted(machine.cores, "core") + " of " + machine.processor + " with " + memory +
         ". Paths start at the working directory.\n\n"
         "Train:      weft train -c " +
         options.output +
         " -m MODEL\n"
         "Translate:  weft translate -m MODEL -i FILE --alignment text\n"
         "Other keys: weft train -c " +
         options.output + " --dump-config\n";
}

/// The config as text, known to read back as it was meant.
std::string checked_text(const FittedConfig& fitted, const InitOptions& options,
                         const Machine& machine) {
  std::string text = config_text(fitted, heading(options, machine));
  if (dump_config(parse_config(text, options.output)) != dump_config(fitted.config))
    throw std::logic_error("init_config: the config does not read back");
  return text;
}

}  // namespace

void init_config(const InitOptions& options, const Machine& machine) {
  check(options);
  const ParallelFiles files{{whole_files(options.sources)}, whole_files(options.targets)};
  const auto hashes = hash_sentences(files);
  require_pairs(files, hashes);
  const auto is_validation = validation_lines(options, hashes);
  const auto split_off = std::count(is_validation.begin(), is_validation.end(), true);
  const auto statistics = measure_corpus(files, hashes, is_validation);
  const bool has_validation = split_off > 0 || !options.valid_sources.empty();
  FittedConfig fitted = fit_config(statistics, machine, has_validation);
  const int64_t max_length = fitted.config.data.max_length;
  fitted.config.data = named_files(options, split_off > 0);
  fitted.config.data.max_length = max_length;
  report(statistics, fitted.config);
  const std::string text = checked_text(fitted, options, machine);
  if (split_off > 0) {
    const SplitPaths paths = split_paths(options.output);
    write_split(files, is_validation, paths);
    log_info(counted(split_off, "pair") + " that share no sentence with the others split off for " +
             "validation: " + paths.valid_source + ", " + paths.valid_target +
             "; the others: " + paths.train_source + ", " + paths.train_target);
  }
  write_file_atomically(options.output, text);
  log_info(options.output + " written; next: weft train -c " + options.output + " -m MODEL");
}

}  // namespace weft
