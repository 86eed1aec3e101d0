#include "data/parallel_files.h"

#include "base/messages.h"

namespace weft {
namespace {

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

}  // namespace weft
