#include "data/text_cache.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <bit>
#include <cerrno>
#include <cmath>
#include <cstring>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <utility>

#include "base/atomic_file.h"
#include "base/byte_source.h"
#include "base/log.h"
#include "base/messages.h"
#include "base/read_file.h"
#include "base/sha256.h"
#include "base/version.h"
#include "data/file_stamps.h"
#include "data/store_file.h"

namespace weft {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

constexpr int kVersion = 1;              // of the files
constexpr const char* kIndex = "index";  // a line with the hash of the rest, which is JSON
constexpr std::string_view kUnfinished = ".unfinished";
constexpr std::string_view kLockEnding = ".lock";

json description_of(const TextColumn& column) {
  const bool has_list = column.format == TextFormat::kNBest && column.field == 0;
  return {file_identity(column.path), static_cast<int>(column.format), column.field,
          has_list ? file_identity(column.key) : column.key};
}

json description_of(const SourceVocabulary& source, const LineItems* items) {
  if (!source.is_text()) return {"items", items->items ? items->items->fingerprint() : ""};
  json all{source.vocabulary->file_ending(), sha256(source.vocabulary->serialized()),
           source.factors.separator};
  for (const auto& factor : source.factors.vocabularies)
    all.push_back(sha256(factor->serialized()));
  return all;
}

/// A name for all that encoded text depends on.
std::string name_of(const ParallelFiles& files, const Vocabularies& vocabularies,
                    const CorpusOptions& options, const std::vector<LineItems>& items) {
  json all{
      {"version", {kVersion, version(), std::endian::native == std::endian::little}},
      {"max", {options.max_length, options.max_annotations}},
      {"filter", {options.filter.min_length, options.filter.max_ratio, options.filter.duplicates}},
      {"tags", options.corpora.tags},
      {"lines", keeps_lines(files, options)},
      {"right_to_left", vocabularies.right_to_left}};
  for (std::size_t k = 0; k < files.sources.size(); ++k) {
    for (const auto& column : files.sources[k]) all["files"].push_back(description_of(column));
    all["vocabularies"].push_back(
        description_of(vocabularies.sources[k], k < items.size() ? &items[k] : nullptr));
  }
  for (const auto& column : files.target) all["target"].push_back(description_of(column));
  all["vocabularies"].push_back(
      description_of(SourceVocabulary{vocabularies.target, {}, {}}, nullptr));
  for (const auto* list : {&files.sentence_weights, &files.word_weights}) {
    json identities = json::array();
    for (const auto& file : *list) identities.push_back(file_identity(file));
    all["weights"].push_back(identities);
  }
  constexpr std::size_t kLetters = 32;
  return sha256(all.dump(-1, ' ', false, json::error_handler_t::replace)).substr(0, kLetters);
}

json contents_of(const EncodedText& text) {
  json files = json::array();
  const auto add = [&](const StoreFile& file) { files.push_back({file.size(), file.checksum()}); };
  text.pairs.for_each_file(add);
  if (text.texts) text.texts->for_each_file(add);
  return files;
}

json to_json(const CorpusReport& report) {
  return {{"lines", report.lines},
          {"pairs", report.pairs},
          {"one_sided_blank", report.one_sided_blank},
          {"first_blank_file", report.first_one_sided_blank.file},
          {"first_blank_line", report.first_one_sided_blank.line},
          {"both_blank", report.both_blank},
          {"too_long", report.too_long},
          {"too_short", report.too_short},
          {"unequal", report.unequal},
          {"duplicates", report.duplicates}};
}

CorpusReport report_from(const json& object) {
  CorpusReport report;
  object.at("lines").get_to(report.lines);
  object.at("pairs").get_to(report.pairs);
  object.at("one_sided_blank").get_to(report.one_sided_blank);
  object.at("first_blank_file").get_to(report.first_one_sided_blank.file);
  object.at("first_blank_line").get_to(report.first_one_sided_blank.line);
  object.at("both_blank").get_to(report.both_blank);
  object.at("too_long").get_to(report.too_long);
  object.at("too_short").get_to(report.too_short);
  object.at("unequal").get_to(report.unequal);
  object.at("duplicates").get_to(report.duplicates);
  return report;
}

/// Held as long as it lives, or until the process ends, however it ends.
class FileLock {
 public:
  /// Waits for whoever holds it, and says that it does.
  explicit FileLock(const std::string& path) : FileLock(path, Attempt{}) {
    if (descriptor_ < 0) throw_file_error(path, "cannot be written");
    if (is_held_) return;
    log_info("waiting for another process, which encodes the training text (" + path + ")");
    while (::flock(descriptor_, LOCK_EX) != 0)
      if (errno != EINTR) throw_file_error(path, "cannot be locked");
    is_held_ = true;
  }
  /// Does not wait; is not held either if the file cannot be written.
  static FileLock tried(const std::string& path) { return FileLock(path, Attempt{}); }
  FileLock(const FileLock&) = delete;
  FileLock& operator=(const FileLock&) = delete;
  ~FileLock() {
    if (descriptor_ >= 0) ::close(descriptor_);
  }
  bool is_held() const { return is_held_; }

 private:
  struct Attempt {};
  FileLock(const std::string& path, Attempt)
      : descriptor_(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666)) {
    if (descriptor_ >= 0) is_held_ = ::flock(descriptor_, LOCK_EX | LOCK_NB) == 0;
  }

  int descriptor_;
  bool is_held_ = false;
};

/// A folder that is removed with all that is in it, unless it has got its name.
class UnfinishedFolder {
 public:
  explicit UnfinishedFolder(std::string path) : path_(std::move(path)) {
    std::error_code ignored;
    fs::remove_all(path_, ignored);  // of a process that was killed
    make_directories(path_);
  }
  UnfinishedFolder(const UnfinishedFolder&) = delete;
  UnfinishedFolder& operator=(const UnfinishedFolder&) = delete;
  ~UnfinishedFolder() {
    std::error_code ignored;
    if (!path_.empty()) fs::remove_all(path_, ignored);
  }
  const std::string& path() const { return path_; }

  void rename_to(const std::string& path) {
    sync_directory(path_);
    std::error_code error;
    fs::remove_all(path, error);  // one that is damaged
    fs::rename(path_, path, error);
    if (error) throw UserError({path}, "cannot be made (" + error.message() + ")");
    path_.clear();
    sync_directory(fs::path(path).parent_path().string());
  }

 private:
  std::string path_;
};

/// Removes what processes have left that were killed.
void remove_remains(const fs::path& cache) {
  std::error_code error;
  for (fs::directory_iterator entry(cache, error), end; !error && entry != end;
       entry.increment(error)) {
    const auto path = entry->path();
    if (path.extension() != kUnfinished) continue;
    const auto lock = FileLock::tried((cache / path.stem()).string() + std::string(kLockEnding));
    std::error_code ignored;
    if (lock.is_held()) fs::remove_all(path, ignored);
  }
}

/// An entry of a cache.
struct Entry {
  fs::path folder;
  fs::file_time_type used;  // last
  std::uintmax_t bytes = 0;
  bool in_use = false;
};

std::vector<Entry> entries_of(const fs::path& cache) {
  std::vector<Entry> entries;
  std::error_code error;
  for (fs::directory_iterator one(cache, error), end; !error && one != end; one.increment(error)) {
    const auto index = one->path() / kIndex;
    std::error_code none;
    Entry entry{one->path(), fs::last_write_time(index, none)};
    if (none || entry.folder.extension() == kUnfinished) continue;
    for (fs::directory_iterator file(entry.folder, none); !none && file != fs::directory_iterator();
         file.increment(none)) {
      const auto bytes = file->file_size(none);
      if (!none) entry.bytes += bytes;
      entry.in_use |= is_in_use(file->path().string());
    }
    entries.push_back(std::move(entry));
  }
  return entries;
}

/// Takes the entry away at once, and then its files. False if somebody is making it.
bool removes(const Entry& entry) {
  const auto lock = FileLock::tried(entry.folder.string() + std::string(kLockEnding));
  if (!lock.is_held()) return false;
  const auto away = entry.folder.string() + std::string(kUnfinished);
  std::error_code error;
  fs::remove_all(away, error);
  fs::rename(entry.folder, away, error);
  if (error) return false;
  fs::remove_all(away, error);
  return true;
}

/// Removes entries, those first that have not been used for the longest time, until the others take
/// no more than so many megabytes.
void remove_oldest(const std::string& cache, int64_t megabytes) {
  if (megabytes == 0) return;
  constexpr double kMegabyte = 1e6;
  auto entries = entries_of(cache);
  std::sort(entries.begin(), entries.end(),
            [](const Entry& a, const Entry& b) { return a.used < b.used; });
  double all = 0, removed = 0;
  for (const auto& entry : entries) all += static_cast<double>(entry.bytes);
  for (const auto& entry : entries) {
    if (all - removed <= static_cast<double>(megabytes) * kMegabyte) break;
    if (!entry.in_use && removes(entry)) removed += static_cast<double>(entry.bytes);
  }
  if (removed > 0)
    log_info(cache + ": " + std::to_string(static_cast<int64_t>(std::ceil(removed / kMegabyte))) +
             " MB of texts not used for the longest time are removed (data.text_cache_megabytes)");
}

void write_index(const std::string& path, const json& index) {
  const auto text = index.dump(1, ' ', false, json::error_handler_t::replace) + '\n';
  write_file_atomically(path, sha256(text) + '\n' + text);
}

json read_index(const std::string& path) {
  const auto bytes = read_file(path);
  const auto end = std::min(bytes.find('\n'), bytes.size());
  const auto text = bytes.substr(std::min(end + 1, bytes.size()));
  if (bytes.substr(0, end) != sha256(text)) throw UserError({path}, "is not what was written");
  return json::parse(text);
}

/// What is kept in a folder; nothing, with the reason, if it is damaged.
std::optional<EncodedText> opened(const std::string& folder, const ParallelFiles& files,
                                  const CorpusOptions& options, std::string& damage) {
  try {
    const auto index = read_index((fs::path(folder) / kIndex).string());
    const StorePlace place(folder, StorePlace::Kind::kKept);
    EncodedText text{PairStore(place)};
    if (keeps_lines(files, options)) text.texts.emplace(place);
    if (contents_of(text) != index.at("files"))
      throw UserError("its files are not those that were written");
    const auto before = index.at("lines_before").get<std::vector<int64_t>>();
    for (std::size_t i = 0; i < before.size(); ++i)
      text.source_places.begin_file(display_name(files.sources.front().at(i).path), before[i]);
    text.report = report_from(index.at("report"));
    text.report.kept_in = folder;
    std::error_code ignored;  // a folder that may only be read
    fs::last_write_time(fs::path(folder) / kIndex, fs::file_time_type::clock::now(), ignored);
    text.report.was_kept = true;
    return text;
  } catch (const std::exception& error) {
    damage = error.what();
    return std::nullopt;
  }
}

EncodedText encoded_into(const std::string& folder, const ParallelFiles& files,
                         const Vocabularies& vocabularies, const CorpusOptions& options,
                         const std::vector<LineItems>& items) {
  UnfinishedFolder unfinished(folder + std::string(kUnfinished));
  auto text =
      encode_text(files, vocabularies, options, items, {unfinished.path(), StorePlace::Kind::kNew});
  text.pairs.for_each_file([](const StoreFile& file) { file.sync(); });
  if (text.texts) text.texts->for_each_file([](const StoreFile& file) { file.sync(); });
  const json index{{"files", contents_of(text)},
                   {"lines_before", text.source_places.lines_before()},
                   {"report", to_json(text.report)}};
  write_index((fs::path(unfinished.path()) / kIndex).string(), index);
  unfinished.rename_to(folder);
  std::string damage;  // which would be the disk's
  auto kept = opened(folder, files, options, damage);
  if (!kept) throw UserError({folder}, "is not what was written (" + damage + ")");
  kept->report.seconds = text.report.seconds;
  kept->report.was_kept = false;
  return std::move(*kept);
}

}  // namespace

EncodedText kept_text(const ParallelFiles& files, const Vocabularies& vocabularies,
                      const CorpusOptions& options, const std::vector<LineItems>& items) {
  const auto name = name_of(files, vocabularies, options, items);
  const auto folder = (fs::path(options.cache) / name).string();
  std::string damage;
  const auto found = [&]() -> std::optional<EncodedText> {
    std::error_code error;
    damage.clear();
    if (!fs::exists(folder, error)) return std::nullopt;
    return opened(folder, files, options, damage);
  };
  if (auto text = found()) return std::move(*text);  // a folder that may only be read serves, too
  make_directories(options.cache);
  const FileLock lock(folder + std::string(kLockEnding));
  if (auto text = found()) return std::move(*text);  // another process has made it meanwhile
  if (!damage.empty())
    log_warning(folder + ": is damaged (" + damage + "); the text is encoded again");
  remove_remains(options.cache);
  auto text = encoded_into(folder, files, vocabularies, options, items);
  // What has changed meanwhile is not what the name says; whoever asked tells of it.
  if (name_of(files, vocabularies, options, items) != name) {
    std::error_code ignored;
    fs::remove_all(folder, ignored);
    text.report.kept_in.clear();
  }
  remove_oldest(options.cache, options.cache_megabytes);
  return text;
}

}  // namespace weft
