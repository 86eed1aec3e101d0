#include "train/pretrained_embeddings.h"

#include <torch/types.h>
#include <torch/utils.h>
#include <zlib.h>

#include <cstdint>
#include <string>

#include "base/log.h"
#include "model/model_directory.h"
#include "text/word_vectors.h"

namespace weft {
namespace {

/// One embedding matrix and the file it begins from.
struct PretrainedSide {
  std::string name;
  WordVectorFile file;
};

std::vector<PretrainedSide> pretrained_sides(const EmbeddingOptions& options) {
  std::vector<PretrainedSide> sides;
  if (!options.source_vectors.empty())
    sides.push_back({"source", {options.source_vectors, options.source, "model.embedding.source"}});
  if (!options.target_vectors.empty())
    sides.push_back({"target", {options.target_vectors, options.target, "model.embedding.target"}});
  return sides;
}

void log_vectors(const PretrainedSide& side, const WordVectors& vectors, int64_t pieces) {
  log_info(side.name + " embeddings: " + std::to_string(vectors.ids.size()) + " of " +
           std::to_string(pieces) + " pieces begin from " + side.file.path);
  const auto& path = side.file.path;
  const auto warn = [](const PassedLines& passed, const std::string& what) {
    if (passed.count == 0) return;
    log_warning(what + ": " + std::to_string(passed.count) + "; the first is " +
                to_string(passed.first) + (passed.problem.empty() ? "" : ", which ") +
                passed.problem);
  };
  warn(vectors.repeated, path + ": lines that repeat a piece, whose first vector counts");
  warn(vectors.unreadable, path + ": lines passed over because they hold no word and its vector");
  if (vectors.announced != 0 && vectors.announced != vectors.lines) {
    log_warning(path + " says that it has " + std::to_string(vectors.announced) +
                " vectors, and has " + std::to_string(vectors.lines));
  }
}

/// CRC-32 of the pieces' numbers and their vectors.
uint32_t checksum(const WordVectors& vectors) {
  const auto add = [](uint32_t so_far, const auto& numbers) {
    return static_cast<uint32_t>(crc32_z(so_far, reinterpret_cast<const Bytef*>(numbers.data()),
                                         numbers.size() * sizeof(numbers[0])));
  };
  return add(add(0, vectors.ids), vectors.values);
}

}  // namespace

void check_pretrained_files(const EmbeddingOptions& options, Problems& problems) {
  for (const auto& side : pretrained_sides(options)) {
    try {
      check_word_vectors(side.file);
    } catch (const UserError& error) {
      problems.add(error.what());
    }
  }
}

std::string load_pretrained_embeddings(const EmbeddingOptions& options,
                                       const Vocabularies& vocabularies,
                                       TranslationModelImpl& model) {
  const torch::NoGradGuard no_grad;
  std::string fingerprint;
  auto parameters = named_parameters(model);
  for (const auto& side : pretrained_sides(options)) {
    const auto& vocabulary =
        side.name == "source" ? *vocabularies.sources.front().vocabulary : *vocabularies.target;
    auto vectors = read_word_vectors(side.file, vocabulary);
    const auto rows = static_cast<int64_t>(vectors.ids.size());
    const auto values =
        torch::from_blob(vectors.values.data(), {rows, side.file.width}, torch::kFloat32);
    parameters.at(side.name + "_embedding")
        .index_copy_(0, torch::tensor(vectors.ids, torch::kInt64), values);
    log_vectors(side, vectors, vocabulary.size());
    fingerprint += side.name + ":" + std::to_string(checksum(vectors)) + " ";
  }
  return fingerprint;
}

}  // namespace weft
