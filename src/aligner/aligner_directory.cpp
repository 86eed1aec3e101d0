#include "aligner/aligner_directory.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <set>
#include <string_view>
#include <unordered_map>

#include "aligner/jump_table.h"
#include "base/atomic_file.h"
#include "base/error.h"
#include "base/line_reader.h"
#include "base/read_file.h"

namespace weft {
namespace {

using nlohmann::json;

constexpr const char* kFormat = "weft-aligner";
constexpr int kVersion = 3;
constexpr MoveOptions kMovesOfVersion1{.nothing = 0.2, .detour = 0.0, .uniform_jumps = 0.0};
constexpr const char* kOptions = "aligner.json";
constexpr const char* kSource = "source.tsv";
constexpr const char* kTarget = "target.tsv";
constexpr const char* kLexicon = "lexicon.tsv";
constexpr const char* kJumps = "jumps.tsv";

std::string in(const std::string& directory, const char* name) { return directory + '/' + name; }

/// A number that reads back as the same float.
void add_number(std::string& text, float value) {
  char digits[32];
  const auto end = std::to_chars(digits, digits + sizeof digits, value).ptr;
  text.append(digits, end);
}

std::string words_text(const std::vector<AlignerModel::Word>& words) {
  std::string text = "word\tfrequency\tlinked\tnothing\tfertility\n";
  for (const auto& word : words) {
    text += word.key + '\t' + std::to_string(word.frequency) + '\t';
    add_number(text, word.linked);
    for (const float value : {word.nothing, word.fertility}) {
      text += '\t';
      add_number(text, value);
    }
    text += '\n';
  }
  return text;
}

std::string lexicon_text(const AlignerModel& model) {
  std::string text = "source\ttarget\tcount\tp(target|source)\tp(source|target)\n";
  for (const auto& pair : model.pairs) {
    const auto& source = model.source[pair.source];
    const auto& target = model.target[pair.target];
    text += source.key + '\t' + target.key;
    for (const float value : {pair.count, pair.count / source.linked, pair.count / target.linked}) {
      text += '\t';
      add_number(text, value);
    }
    text += '\n';
  }
  return text;
}

std::string jumps_text(const AlignerModel& model) {
  std::string text = "direction\tclass\tjump\tweight\n";
  const auto add = [&text](const char* direction, const std::vector<float>& weights) {
    for (std::size_t n = 0; n < weights.size(); ++n) {
      const auto jump = static_cast<int>(n % JumpCounts::kWidth) - JumpCounts::kFarthest;
      text +=
          direction + std::to_string(n / JumpCounts::kWidth) + '\t' + std::to_string(jump) + '\t';
      add_number(text, weights[n]);
      text += '\n';
    }
  };
  add("forward\t", model.forward_jumps);
  add("backward\t", model.backward_jumps);
  add("forward factor\t", model.forward_factors);
  add("backward factor\t", model.backward_factors);
  return text;
}

std::string options_text(const AlignerModel& model) {
  const json object = {{"format", kFormat},
                       {"version", kVersion},
                       {"backoff", model.options.backoff},
                       {"spelling", model.options.spelling},
                       {"uniform", model.options.uniform},
                       {"nothing", model.moves.nothing},
                       {"detour", model.moves.detour},
                       {"uniform_jumps", model.moves.uniform_jumps},
                       {"jump_classes", model.jump_classes},
                       {"romanize", model.romanize},
                       {"hmm", model.hmm},
                       {"fertility", model.fertility},
                       {"cuts_tokens", model.cuts_tokens}};
  return object.dump(1) + '\n';
}

/// Reads a table line by line.
class Table {
 public:
  Table(const std::string& path, std::size_t columns) : reader_(path), columns_(columns) {
    std::string head;
    reader_.next(head);
  }

  /// The fields of the next line, or false at the end.
  bool next(std::vector<std::string_view>& fields) {
    if (!reader_.next(line_)) return false;
    fields.clear();
    std::string_view rest = line_;
    for (auto tab = rest.find('\t'); tab != std::string_view::npos; tab = rest.find('\t')) {
      fields.push_back(rest.substr(0, tab));
      rest.remove_prefix(tab + 1);
    }
    fields.push_back(rest);
    if (fields.size() != columns_) {
      fail(std::to_string(fields.size()) + " columns; expected " + std::to_string(columns_));
    }
    return true;
  }

  template <class Number>
  Number number(std::string_view field) const {
    Number value{};
    const auto read = std::from_chars(field.data(), field.data() + field.size(), value);
    if (read.ec != std::errc() || read.ptr != field.data() + field.size() ||
        !(value >= Number{0}) || !std::isfinite(static_cast<double>(value)))
      fail("'" + std::string(field) + "' found; expected a number >= 0");
    return value;
  }

  [[noreturn]] void fail(const std::string& what) const {
    throw UserError(reader_.location(), what);
  }

 private:
  LineReader reader_;
  std::size_t columns_;
  std::string line_;
};

/// Before version 3 fertilities were not there.
std::vector<AlignerModel::Word> read_words(const std::string& path, int version) {
  Table table(path, version < 3 ? 4 : 5);
  std::vector<AlignerModel::Word> words;
  std::vector<std::string_view> fields;
  while (table.next(fields)) {
    words.push_back({std::string(fields[0]), table.number<std::uint32_t>(fields[1]),
                     table.number<float>(fields[2]), table.number<float>(fields[3]),
                     version < 3 ? 0.0f : table.number<float>(fields[4])});
  }
  return words;
}

using Numbers = std::unordered_map<std::string_view, WordTypes::Id>;

Numbers numbers_of(const std::vector<AlignerModel::Word>& words) {
  Numbers numbers;
  for (const auto& word : words)
    numbers.emplace(word.key, static_cast<WordTypes::Id>(numbers.size()));
  return numbers;
}

void read_lexicon(const std::string& path, AlignerModel& model) {
  const auto source = numbers_of(model.source), target = numbers_of(model.target);
  Table table(path, 5);
  std::vector<std::string_view> fields;
  const auto number = [&table](const Numbers& numbers, std::string_view word) {
    const auto known = numbers.find(word);
    if (known == numbers.end()) table.fail("'" + std::string(word) + "' is none of the words");
    return known->second;
  };
  while (table.next(fields))
    model.pairs.push_back(
        {number(source, fields[0]), number(target, fields[1]), table.number<float>(fields[2])});
  std::stable_sort(model.pairs.begin(), model.pairs.end(),
                   [](const auto& a, const auto& b) { return a.source < b.source; });
}

/// Where the jumps of a direction in the table belong; nullptr if it is none.
std::vector<float>* jumps_named(std::string_view direction, AlignerModel& model) {
  if (direction == "forward") return &model.forward_jumps;
  if (direction == "backward") return &model.backward_jumps;
  if (direction == "forward factor") return &model.forward_factors;
  if (direction == "backward factor") return &model.backward_factors;
  return nullptr;
}

void read_jumps(const std::string& path, AlignerModel& model) {
  Table table(path, 4);
  std::vector<std::string_view> fields;
  while (table.next(fields)) {
    auto* weights = jumps_named(fields[0], model);
    if (weights == nullptr) table.fail("'" + std::string(fields[0]) + "' is no direction");
    weights->push_back(table.number<float>(fields[3]));
  }
  const auto check = [&](const std::vector<float>& weights, std::size_t words) {
    const std::size_t classes = std::min(model.jump_classes, words) + 2;
    if (weights.size() != classes * JumpCounts::kWidth)
      table.fail("not the jumps of " + std::to_string(classes) + " classes in each direction");
  };
  check(model.forward_jumps, model.source.size());
  check(model.backward_jumps, model.target.size());
  if (model.forward_factors.empty() && model.backward_factors.empty()) return;  // version 1
  check(model.forward_factors, model.target.size());
  check(model.backward_factors, model.source.size());
}

MoveOptions moves_of(const json& object) {
  return {.nothing = object.at("nothing"),
          .detour = object.at("detour"),
          .uniform_jumps = object.at("uniform_jumps")};
}

/// Returns the version of the format.
int read_options(const std::string& path, AlignerModel& model) {
  const auto object = json::parse(read_file(path), nullptr, false);
  try {
    if (object.is_discarded() || object.at("format") != kFormat)
      throw UserError({path}, "is not of an aligner");
    const int version = object.at("version");
    if (version < 1 || version > kVersion)
      throw UserError({path}, "is of an aligner of format version " + std::to_string(version) +
                                  "; expected 1 to " + std::to_string(kVersion));
    model.moves = version == 1 ? kMovesOfVersion1 : moves_of(object);
    model.options.backoff = object.at("backoff");
    model.options.spelling = object.at("spelling");
    model.options.uniform = object.at("uniform");
    model.jump_classes = object.at("jump_classes");
    model.romanize = object.at("romanize");
    model.hmm = object.at("hmm");
    model.fertility = version >= 3 && object.at("fertility").get<bool>();
    model.cuts_tokens = object.at("cuts_tokens");
    return version;
  } catch (const json::exception& error) {
    throw UserError({path}, std::string("is not of an aligner (") + error.what() + ")");
  }
}

}  // namespace

std::vector<std::string> aligner_model_files(const std::string& directory) {
  std::vector<std::string> files;
  for (const char* name : {kOptions, kSource, kTarget, kLexicon, kJumps})
    files.push_back(in(directory, name));
  return files;
}

void require_aligner_directory(const std::string& directory) {
  const std::set<std::string> own{kOptions, kSource, kTarget, kLexicon, kJumps};
  std::error_code error;
  if (!std::filesystem::exists(directory, error)) return;
  auto entry = std::filesystem::directory_iterator(directory, error);
  if (error)
    throw UserError({directory}, "cannot be read as a directory (" + error.message() + ")");
  for (; entry != std::filesystem::directory_iterator(); entry.increment(error)) {
    const auto name = entry->path().filename().string();
    if (!own.contains(name))
      throw UserError({directory}, "holds " + name +
                                       ", which is not of an aligner; expected a new or "
                                       "empty directory, or that of an older aligner");
  }
}

void save_aligner_model(const std::string& directory, const AlignerModel& model) {
  require_aligner_directory(directory);
  make_directories(directory);
  write_file_atomically(in(directory, kSource), words_text(model.source));
  write_file_atomically(in(directory, kTarget), words_text(model.target));
  write_file_atomically(in(directory, kLexicon), lexicon_text(model));
  write_file_atomically(in(directory, kJumps), jumps_text(model));
  write_file_atomically(in(directory, kOptions), options_text(model));
}

AlignerModel load_aligner_model(const std::string& directory) {
  AlignerModel model;
  const int version = read_options(in(directory, kOptions), model);
  model.source = read_words(in(directory, kSource), version);
  model.target = read_words(in(directory, kTarget), version);
  read_lexicon(in(directory, kLexicon), model);
  read_jumps(in(directory, kJumps), model);
  return model;
}

}  // namespace weft
