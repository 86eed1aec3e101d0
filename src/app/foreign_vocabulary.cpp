#include "app/foreign_vocabulary.h"

#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>

#include "app/gru_weights.h"
#include "base/error.h"
#include "base/read_file.h"
#include "text/sentencepiece_vocabulary.h"
#include "text/vocabulary_factory.h"
#include "text/word_vocabulary.h"

namespace weft {
namespace {

using Rows = std::map<int64_t, std::string>;  // the word of a row

void add_row(Rows& rows, int64_t row, const std::string& word, const std::string& path) {
  if (row < 0) throw UserError({path}, "gives '" + word + "' the number " + std::to_string(row));
  const auto [place, added] = rows.emplace(row, word);
  if (!added)
    throw UserError({path}, "gives '" + place->second + "' and '" + word + "' the same number " +
                                std::to_string(row));
}

Rows read_json(const std::string& text, const std::string& path) {
  Rows rows;
  const auto object = nlohmann::json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (!object.is_object())
    throw UserError({path}, "is not a JSON object of words and their numbers");
  for (const auto& [word, number] : object.items()) {
    if (!number.is_number_integer())
      throw UserError({path}, "gives '" + word + "' no number; expected words and their numbers");
    add_row(rows, number.get<int64_t>(), word, path);
  }
  return rows;
}

Rows read_yaml(const std::string& text, const std::string& path) {
  Rows rows;
  try {
    const auto map = YAML::Load(text);
    if (!map.IsMap()) throw UserError({path}, "is not a YAML map of words and their numbers");
    for (const auto& entry : map)
      add_row(rows, entry.second.as<int64_t>(), entry.first.as<std::string>(), path);
  } catch (const YAML::Exception& error) {
    throw UserError({path, error.mark.line + 1},
                    "is not a YAML map of words and their numbers (" + error.msg + ")");
  }
  return rows;
}

Rows read_word_list(const std::string& text) {
  Rows rows;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) rows[static_cast<int64_t>(rows.size())] = line;
  return rows;
}

Rows read_rows(const std::string& path) {
  const auto ending = std::filesystem::path(path).extension().string();
  const auto text = read_file(path);
  if (ending == ".json") return read_json(text, path);
  if (ending == ".yml" || ending == ".yaml") return read_yaml(text, path);
  return read_word_list(text);
}

/// The row of the first of these names that there is; kNoRow.
int64_t row_of(const Rows& rows, const std::vector<std::string>& names) {
  for (const auto& name : names) {
    for (const auto& [row, word] : rows)
      if (word == name) return row;
  }
  return kNoRow;
}

/// The rows of what Weft reserves. Nematus has its end of sentence in row 0, and unknown words in
/// row 1, or in 2 behind <GO>; what Marian calls </s> and <unk> has any row.
std::vector<int64_t> reserved_rows(const Rows& rows, const std::string& path) {
  const int64_t end = row_of(rows, {"</s>", "<EOS>", "eos"});
  const int64_t unknown = row_of(rows, {"<unk>", "<UNK>", "UNK"});
  if (end == kNoRow || unknown == kNoRow)
    throw UserError(
        {path}, std::string("has no ") + (end == kNoRow ? "end of sentence" : "unknown word") +
                    "; expected " + (end == kNoRow ? "</s>, <EOS> or eos" : "<unk>, <UNK> or UNK"));
  return {row_of(rows, {"<pad>"}), unknown, row_of(rows, {"<s>"}), end};
}

std::string unused_name(int64_t row) { return "<unused-" + std::to_string(row) + ">"; }

ForeignVocabulary of_words(Rows rows, int64_t size, const std::string& path) {
  for (int64_t row = 0; row < size; ++row) rows.emplace(row, unused_name(row));
  rows.erase(rows.lower_bound(size), rows.end());
  ForeignVocabulary vocabulary;
  vocabulary.rows = reserved_rows(rows, path);
  const std::set<int64_t> reserved(vocabulary.rows.begin(), vocabulary.rows.end());
  std::string list;
  for (const auto& [row, word] : rows) {
    if (reserved.contains(row)) continue;
    list += word + '\n';
    vocabulary.rows.push_back(row);
  }
  vocabulary.vocabulary = std::make_shared<WordVocabulary>(list, path);
  return vocabulary;
}

ForeignVocabulary of_pieces(const std::shared_ptr<SentencePieceVocabulary>& pieces) {
  ForeignVocabulary vocabulary{pieces, {}};
  for (int64_t id = 0; id < pieces->size(); ++id) vocabulary.rows.push_back(pieces->model_id(id));
  return vocabulary;
}

}  // namespace

ForeignVocabulary read_foreign_vocabulary(const std::string& path, int64_t size) {
  const auto ending = std::filesystem::path(path).extension().string();
  if (ending != SentencePieceVocabulary::kFileEnding && ending != ".model")
    return of_words(read_rows(path), size, path);
  auto vocabulary = of_pieces(std::make_shared<SentencePieceVocabulary>(read_file(path), path));
  const auto most = *std::max_element(vocabulary.rows.begin(), vocabulary.rows.end());
  if (most + 1 != size)
    throw UserError({path}, "has " + std::to_string(most + 1) + " pieces; the model has " +
                                std::to_string(size));
  if (vocabulary.rows[kEndId] == kNoRow || vocabulary.rows[kUnknownId] == kNoRow)
    throw UserError({path}, "has no end of sentence or no unknown piece");
  return vocabulary;
}

ForeignVocabulary with_rows(const std::shared_ptr<Vocabulary>& vocabulary) {
  if (const auto pieces = std::dynamic_pointer_cast<SentencePieceVocabulary>(vocabulary))
    return of_pieces(pieces);
  // </s>, <unk>, the words, and behind them what the other toolkits take for words.
  ForeignVocabulary result{vocabulary, {}};
  const int64_t size = vocabulary->size();
  result.rows = {size - 2, 1, size - 1, 0};
  for (int64_t id = kFirstOrdinaryId; id < size; ++id) result.rows.push_back(id - 2);
  return result;
}

std::string format_foreign_vocabulary(const ForeignVocabulary& vocabulary,
                                      const ReservedNames& names) {
  if (vocabulary.vocabulary->file_ending() == SentencePieceVocabulary::kFileEnding)
    return vocabulary.vocabulary->serialized();
  std::vector<std::string> words(vocabulary.rows.size());
  for (std::size_t id = 0; id < words.size(); ++id)
    words[static_cast<std::size_t>(vocabulary.rows[id])] =
        vocabulary.vocabulary->piece(static_cast<int64_t>(id));
  words[static_cast<std::size_t>(vocabulary.rows[kEndId])] = names.end;
  words[static_cast<std::size_t>(vocabulary.rows[kUnknownId])] = names.unknown;
  nlohmann::ordered_json object;
  for (std::size_t row = 0; row < words.size(); ++row) object[words[row]] = row;
  return object.dump(2) + '\n';
}

}  // namespace weft
