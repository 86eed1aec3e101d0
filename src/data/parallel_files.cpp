#include "data/parallel_files.h"

#include <algorithm>
#include <filesystem>
#include <optional>

#include "base/messages.h"

namespace weft {
namespace {

/// Throws UserError for a pipe, which has nothing left when it is read again.
void require_rereadable(const std::string& file) {
  std::error_code error;
  if (std::filesystem::is_fifo(file, error)) {
    throw UserError(
        {file},
        "is a pipe; expected a regular file, because training reads its text several times");
  }
}

/// Lines of one side; nothing, with the problems added, if one of its files has any.
std::optional<int64_t> checked_count(const std::vector<TextColumn>& files, Problems& problems) {
  std::optional<int64_t> total = 0;
  for (const TextColumn& file : files) {
    try {
      require_rereadable(file.path);
      const int64_t lines = LineStream({file}).count_to_end();
      if (total) *total += lines;
    } catch (const UserError& error) {
      problems.add(error.what());
      total.reset();
    }
  }
  return total;
}

/// Whether anything of the pair is learnt.
bool counts(const PairWeights& weights) {
  const auto& words = weights.words;
  return weights.sentence > 0 &&
         (words.empty() || std::any_of(words.begin(), words.end(), [](float w) { return w > 0; }));
}

void check_weights(const ParallelFiles& files, Problems& problems) {
  if (!files.has_weights()) return;
  try {
    for (const auto* list : {&files.sentence_weights, &files.word_weights})
      for (const auto& file : *list) require_rereadable(file);
    ParallelReader reader(files);
    std::vector<std::string> sources;
    bool any = false;
    for (std::string target; reader.next(sources, target);) any |= counts(reader.weights());
    if (!any && reader.count() > 0)
      throw UserError(
          {files.sentence_weights.empty() ? files.word_weights[0] : files.sentence_weights[0]},
          "gives no word of the training text a weight above 0; expected one at least");
  } catch (const UserError& error) {
    problems.add(error.what());
  }
}

/// Whether the files of two sides are the same, which have both.
bool is_same_file(const std::vector<TextColumn>& a, const std::vector<TextColumn>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](const auto& x, const auto& y) { return x.path == y.path; });
}

/// The text of which each file is one side alone, or both: field 0 is the source's.
TextColumn column_of(const std::string& file, TextFormat format, std::size_t field,
                     const DataOptions& data) {
  return {file, format, field, data.json_keys.at(field)};
}

/// The files of each source stand one source after the other.
ParallelFiles files_of(const DataOptions& data, const std::vector<std::string>& sources,
                       const std::vector<std::string>& target,
                       const std::vector<TextFormat>& formats) {
  ParallelFiles files;
  files.sources.resize(data.source_kind.size());
  const std::size_t of_each = sources.size() / files.sources.size();
  for (std::size_t i = 0; i < of_each * files.sources.size(); ++i) {
    const auto format = entry_of_source(formats, i % of_each);
    auto& column = files.sources[i / of_each].emplace_back(column_of(sources[i], format, 0, data));
    if (format == TextFormat::kNBest) column.key = target.at(i);
  }
  const bool has_target = !target.empty() || formats.front() != TextFormat::kLines;
  for (std::size_t i = 0; has_target && i < of_each; ++i) {
    const auto& file = target.empty() ? sources[i] : target[i];
    files.target.push_back(column_of(file, entry_of_source(formats, i), 1, data));
  }
  return files;
}

}  // namespace

ParallelFiles training_files(const DataOptions& data) {
  auto files = files_of(data, data.train_source, data.train_target, data.train_format);
  files.sentence_weights = data.train_sentence_weights;
  files.word_weights = data.train_word_weights;
  files.file_by_file = data.corpora.mixes() || !data.corpora.tags.empty() || files.has_weights();
  return files;
}

ParallelFiles validation_files(const DataOptions& data) {
  return files_of(data, data.valid_source, data.valid_target, data.valid_format);
}

std::vector<TextColumn> whole_files(const std::vector<std::string>& paths) {
  return {paths.begin(), paths.end()};
}

ParallelReader::ParallelReader(const ParallelFiles& files)
    : sources_(files.sources.begin(), files.sources.end()), target_(files.target) {
  if (files.has_weights()) weights_.emplace(files.sentence_weights, files.word_weights);
}

bool ParallelReader::require_equal(bool read, LineStream& other, bool other_read) {
  if (read == other_read) return read;
  auto& first = sources_.front();
  throw UserError(
      unequal_lines({first.names(), first.count_to_end()}, {other.names(), other.count_to_end()}));
}

bool ParallelReader::next(std::vector<std::string>& sources, std::string& target) {
  sources.resize(sources_.size());
  const bool read = sources_.front().next(sources.front());
  require_equal(read, target_, target_.next(target));
  for (std::size_t k = 1; k < sources_.size(); ++k)
    require_equal(read, sources_[k], sources_[k].next(sources[k]));
  if (weights_ && read) pair_weights_ = weights_->next(target);
  if (weights_ && !read) weights_->require_end();
  return read;
}

bool ParallelReader::next(std::string& source, std::string& target) {
  return require_equal(sources_.front().next(source), target_, target_.next(target));
}

void check_parallel_files(const ParallelFiles& files, Problems& problems) {
  if (files.file_by_file) {
    for (std::size_t i = 0; i < files.target.size(); ++i) {
      ParallelFiles of_corpus{{}, {files.target[i]}};
      for (const auto& source : files.sources) of_corpus.sources.push_back({source.at(i)});
      if (!files.sentence_weights.empty()) of_corpus.sentence_weights = {files.sentence_weights[i]};
      if (!files.word_weights.empty()) of_corpus.word_weights = {files.word_weights[i]};
      Problems of_text;
      check_parallel_files(of_corpus, of_text);
      if (of_text.empty()) check_weights(of_corpus, of_text);
      for (const auto& problem : of_text.messages()) problems.add(problem);
    }
    return;
  }
  const std::optional<int64_t> source = checked_count(files.sources.front(), problems);
  const auto check = [&](const std::vector<TextColumn>& other) {
    if (is_same_file(other, files.sources.front()) && !source) return;  // told already
    const std::optional<int64_t> lines = checked_count(other, problems);
    if (!source || !lines || *source == *lines) return;
    problems.add(unequal_lines({LineStream(files.sources.front()).names(), source},
                               {LineStream(other).names(), lines}));
  };
  check(files.target);
  for (std::size_t k = 1; k < files.sources.size(); ++k) check(files.sources[k]);
}

}  // namespace weft
