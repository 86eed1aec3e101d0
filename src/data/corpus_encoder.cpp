#include <algorithm>
#include <condition_variable>
#include <exception>
#include <functional>
#include <mutex>
#include <stdexcept>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

#include "base/stopwatch.h"
#include "data/encoded_text.h"
#include "data/random.h"
#include "data/seen_pairs.h"

namespace weft {
namespace {

constexpr std::size_t kBlockPairs = 1000;
constexpr std::size_t kBlockBytes = 1 << 20;  // few long lines count as many short ones

/// Where pairs go; texts may be null.
struct CorpusStores {
  PairStore& pairs;
  TextStore* texts;
};

/// A line that is blank beside one that is not; line 0: there is none.
struct BlankLine {
  int64_t line = 0;
  bool in_source = false;
};

/// Lines that one thread works on, and what became of them.
struct Block {
  int64_t number = 0;                             // from 0, in the order of the text
  int64_t first_line = 1;                         // from 1
  std::vector<std::vector<std::string>> sources;  // of each pair, a line of each source
  std::vector<std::string> targets;
  std::vector<std::size_t> files;    // of the lines
  std::vector<PairWeights> weights;  // likewise
  std::vector<EncodedPair> kept;
  std::vector<TextOfPair> kept_texts;  // if texts are stored
  std::vector<uint64_t> hashes;        // of kept pairs, if duplicates are left out
  CorpusReport report;
  BlankLine first_blank;
};

/// Every thread reads a block, one thread at a time; encodes it beside the others; and stores it
/// when the blocks before it have been stored.
class CorpusEncoder {
 public:
  CorpusEncoder(ParallelReader& reader, const Vocabularies& vocabularies,
                const CorpusOptions& options, const std::vector<LineItems>& items,
                const CorpusStores& stores)
      : reader_(reader),
        vocabularies_(vocabularies),
        options_(options),
        items_(items),
        stores_(stores) {}

  CorpusReport run(int threads) {
    {
      std::vector<std::jthread> others;
      try {
        for (int i = 1; i < threads; ++i) others.emplace_back([this] { work(); });
      } catch (const std::system_error&) {
        // The system gives no more threads; those that run do the work, as many as they are.
      }
      work();
    }
    if (failure_) std::rethrow_exception(failure_);
    report_.lines = reader_.count();
    report_.pairs = stores_.pairs.size();
    if (first_blank_.line > 0) {
      const auto& places =
          first_blank_.in_source ? reader_.source_places() : reader_.target_places();
      report_.first_one_sided_blank = places[first_blank_.line];
    }
    return report_;
  }

 private:
  void work() {
    try {
      Block block;
      while (read(block)) {
        encode(block);
        if (!store(block)) return;
      }
    } catch (...) {
      const std::lock_guard lock(mutex_);
      if (!failure_) failure_ = std::current_exception();
      changed_.notify_all();
    }
  }

  /// False at the end of the text.
  bool read(Block& block) {
    const std::lock_guard lock(reading_);
    if (stopped_reading_) return false;
    stopped_reading_ = true;  // stays so if the reader throws: what another thread would read then
                              // is a text with a hole
    block = Block{};
    block.number = blocks_read_++;
    block.first_line = reader_.count() + 1;
    std::vector<std::string> sources;
    std::string target;
    std::size_t bytes = 0;
    while (block.sources.size() < kBlockPairs && bytes < kBlockBytes &&
           reader_.next(sources, target)) {
      bytes += target.size();
      for (const auto& source : sources) bytes += source.size();
      block.sources.push_back(std::move(sources));
      block.targets.push_back(std::move(target));
      block.files.push_back(reader_.file());
      if (stores_.texts != nullptr) block.weights.push_back(reader_.weights());
    }
    stopped_reading_ = block.sources.empty();
    return !stopped_reading_;
  }

  SourceTokens encode_source_line(std::size_t source, const std::string& text, int64_t line,
                                  std::size_t file) {
    const auto& tags = options_.corpora.tags;
    if (source == 0 && file < tags.size() && !tags[file].empty())
      return {encode_tagged(*vocabularies_.sources[0].vocabulary, tags[file], text).ids};
    if (!vocabularies_.sources[source].is_text()) return item_of_line(items_[source], line);
    try {
      auto encoded = encode_source(vocabularies_.sources[source], text);
      return {std::move(encoded.tokens.ids), std::move(encoded.factors)};
    } catch (const UserError& error) {
      const std::lock_guard lock(reading_);
      throw UserError(reader_.source_places(source)[line], error.what());
    }
  }

  static SourceTokens item_of_line(const LineItems& items, int64_t line) {
    const int32_t item = items.of_lines.at(static_cast<std::size_t>(line - 1));
    if (item < 0) return {};
    return {{item}, {}, static_cast<int32_t>(items.items->annotations(item))};
  }

  void encode(Block& block) {
    for (std::size_t i = 0; i < block.sources.size(); ++i) {
      EncodedPair pair;
      pair.line = block.first_line + static_cast<int64_t>(i);
      for (std::size_t k = 0; k < block.sources[i].size(); ++k)
        pair.sources.push_back(
            encode_source_line(k, block.sources[i][k], pair.line, block.files[i]));
      pair.target = vocabularies_.encode_target(block.targets[i]);
      if (is_kept(pair, block)) keep(std::move(pair), i, block);
    }
  }

  void keep(EncodedPair pair, std::size_t line, Block& block) const {
    block.kept.push_back(std::move(pair));
    if (options_.filter.duplicates) block.hashes.push_back(hash_of(line, block));
    if (stores_.texts == nullptr) return;
    block.kept_texts.push_back({std::move(block.sources[line]), std::move(block.targets[line]),
                                std::move(block.weights[line])});
  }

  static uint64_t hash_of(std::size_t line, const Block& block) {
    const std::hash<std::string> hash;
    uint64_t all = hash(block.targets[line]);
    for (const auto& source : block.sources[line]) all = mixed({all, hash(source)});
    return all;
  }

  /// Leaves out what an earlier block or pair has.
  void leave_out_duplicates(Block& block) {
    std::size_t kept = 0;
    for (std::size_t i = 0; i < block.kept.size(); ++i) {
      if (!seen_.add(block.hashes[i])) continue;
      if (kept < i) {  // nothing may be moved onto itself
        block.kept[kept] = std::move(block.kept[i]);
        if (stores_.texts != nullptr) block.kept_texts[kept] = std::move(block.kept_texts[i]);
      }
      ++kept;
    }
    report_.duplicates += static_cast<int64_t>(block.kept.size() - kept);
    block.kept.resize(kept);
    if (stores_.texts != nullptr) block.kept_texts.resize(kept);
  }

  /// Counts a pair that is left out.
  bool is_kept(const EncodedPair& pair, Block& block) const {
    bool source_blank = pair.sources.front().ids.empty();
    for (std::size_t k = 1; k < pair.sources.size(); ++k)  // a text may say nothing, an item cannot
      source_blank |= !vocabularies_.sources[k].is_text() && pair.sources[k].ids.empty();
    const bool target_blank = pair.target.empty();
    if (source_blank && target_blank) {
      ++block.report.both_blank;
    } else if (source_blank || target_blank) {
      if (block.report.one_sided_blank++ == 0) block.first_blank = {pair.line, source_blank};
    }
    if (source_blank || target_blank) return false;
    const auto fits = [](std::size_t length, int64_t limit) {
      return limit == 0 || static_cast<int64_t>(length) <= limit;
    };
    bool all_fit = fits(pair.target.size(), options_.max_length);
    for (const auto& source : pair.sources) {
      all_fit &= fits(source.ids.size(), options_.max_length) &&
                 fits(static_cast<std::size_t>(source.annotations), options_.max_annotations);
    }
    if (!all_fit) ++block.report.too_long;
    return all_fit && passes_filter(pair, block.report);
  }

  bool passes_filter(const EncodedPair& pair, CorpusReport& report) const {
    auto longest = static_cast<int64_t>(pair.target.size());
    int64_t shortest = longest;
    for (const auto& source : pair.sources) {
      if (source.annotations > 0) continue;  // of items there are other numbers
      longest = std::max<int64_t>(longest, source.length());
      shortest = std::min<int64_t>(shortest, source.length());
    }
    const auto& filter = options_.filter;
    if (shortest < filter.min_length) {
      ++report.too_short;
      return false;
    }
    if (filter.max_ratio == 0 ||
        static_cast<double>(longest) <= filter.max_ratio * static_cast<double>(shortest))
      return true;
    ++report.unequal;
    return false;
  }

  /// False if another thread has failed.
  bool store(Block& block) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return failure_ || blocks_stored_ == block.number; });
    if (failure_) return false;
    if (options_.filter.duplicates) leave_out_duplicates(block);
    stores_.pairs.add(block.kept);
    if (stores_.texts != nullptr) stores_.texts->add(block.kept_texts);
    if (report_.one_sided_blank == 0) first_blank_ = block.first_blank;
    report_.one_sided_blank += block.report.one_sided_blank;
    report_.both_blank += block.report.both_blank;
    report_.too_long += block.report.too_long;
    report_.too_short += block.report.too_short;
    report_.unequal += block.report.unequal;
    ++blocks_stored_;
    changed_.notify_all();
    return true;
  }

  ParallelReader& reader_;
  const Vocabularies& vocabularies_;
  CorpusOptions options_;
  const std::vector<LineItems>& items_;
  CorpusStores stores_;

  std::mutex reading_;  // guards reader_ and
  int64_t blocks_read_ = 0;
  bool stopped_reading_ = false;

  std::mutex mutex_;  // guards stores_ and the members below
  std::condition_variable changed_;
  int64_t blocks_stored_ = 0;
  std::exception_ptr failure_;
  CorpusReport report_;
  BlankLine first_blank_;
  SeenPairs seen_;
};

}  // namespace

bool keeps_lines(const ParallelFiles& files, const CorpusOptions& options) {
  return options.sampling.is_on() || files.has_weights();
}

EncodedText encode_text(const ParallelFiles& files, const Vocabularies& vocabularies,
                        const CorpusOptions& options, const std::vector<LineItems>& items,
                        const StorePlace& place) {
  if (options.threads < 1) throw std::invalid_argument("encode_text: no thread");
  const Stopwatch watch;
  EncodedText text{PairStore(place)};
  if (keeps_lines(files, options)) text.texts.emplace(place);
  ParallelReader reader(files);
  text.report = CorpusEncoder(reader, vocabularies, options, items,
                              {text.pairs, text.texts ? &*text.texts : nullptr})
                    .run(options.threads);
  text.report.seconds = watch.seconds();
  text.source_places = reader.source_places();
  return text;
}

}  // namespace weft
