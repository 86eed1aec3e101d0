#include "data/corpus.h"

#include <zlib.h>

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace weft {
namespace {

/// Counts a pair with a blank side; true if it is one.
bool report_blank(bool source_blank, bool target_blank, const ParallelReader& reader,
                  CorpusReport& report) {
  if (source_blank && target_blank) {
    ++report.both_blank;
  } else if (source_blank || target_blank) {
    if (report.one_sided_blank++ == 0) {
      report.first_one_sided_blank =
          source_blank ? reader.source_location() : reader.target_location();
    }
  }
  return source_blank || target_blank;
}

}  // namespace

void TokenLines::add(const std::vector<int32_t>& tokens) {
  tokens_.insert(tokens_.end(), tokens.begin(), tokens.end());
  ends_.push_back(tokens_.size());
}

std::span<const int32_t> TokenLines::operator[](int64_t index) const {
  const auto i = static_cast<std::size_t>(index);
  return std::span(tokens_).subspan(ends_.at(i), ends_.at(i + 1) - ends_.at(i));
}

int64_t TokenLines::length(int64_t index) const {
  return static_cast<int64_t>((*this)[index].size());
}

uint32_t TokenLines::fingerprint() const {
  const auto checksum = [](uLong so_far, const auto& items) {
    return crc32_z(so_far, reinterpret_cast<const Bytef*>(items.data()),
                   items.size() * sizeof(items[0]));
  };
  return static_cast<uint32_t>(checksum(checksum(0, tokens_), ends_));
}

std::string ParallelCorpus::fingerprint() const {
  return std::to_string(source_.fingerprint()) + "-" + std::to_string(target_.fingerprint());
}

ParallelCorpus::ParallelCorpus(TokenLines source, TokenLines target)
    : source_(std::move(source)), target_(std::move(target)) {
  if (source_.size() != target_.size()) {
    throw std::invalid_argument("ParallelCorpus: the sides differ in length");
  }
  report_.lines = report_.pairs = source_.size();
}

ParallelCorpus::ParallelCorpus(const ParallelFiles& files, const Vocabularies& vocabularies,
                               int64_t max_length) {
  ParallelReader reader(files);
  std::string source_line;
  std::string target_line;
  while (reader.next(source_line, target_line)) {
    const std::vector<int32_t> source = vocabularies.source.encode(source_line).ids;
    const std::vector<int32_t> target = vocabularies.target.encode(target_line).ids;
    if (report_blank(source.empty(), target.empty(), reader, report_)) continue;
    const auto longer = static_cast<int64_t>(std::max(source.size(), target.size()));
    if (max_length > 0 && longer > max_length) {
      ++report_.too_long;
      continue;
    }
    source_.add(source);
    target_.add(target);
  }
  report_.lines = reader.count();
  report_.pairs = size();
}

}  // namespace weft
