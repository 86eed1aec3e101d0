#include "app/model_sources.h"

#include <filesystem>
#include <system_error>

#include "base/error.h"

namespace weft {

std::vector<std::string> with_model_files(std::vector<std::string> files,
                                          const std::vector<std::string>& directories) {
  namespace fs = std::filesystem;
  for (const auto& directory : directories) {
    std::error_code error;
    fs::directory_iterator entry(directory, error);
    for (; !error && entry != fs::directory_iterator(); entry.increment(error)) {
      const auto ending = entry->path().extension();
      if (ending == ".safetensors" || ending == ".spm" || ending == ".words" ||
          entry->path().filename() == "config.yaml" || entry->path().filename() == "network.pt") {
        files.push_back(entry->path().string());
      }
    }
  }
  return files;
}

void require_sources(const std::string& model, const Vocabularies& vocabularies,
                     const GivenSources& given) {
  const std::size_t sources = vocabularies.sources.size();
  const auto several = [](std::size_t count) {
    return std::to_string(count) + (count == 1 ? " source" : " sources");
  };
  if (given.count != sources) {
    throw UserError({model}, "reads " + several(sources) + ", but " + std::to_string(given.count) +
                                 (given.count == 1 ? " is" : " are") + " given; expected " +
                                 given.option + " for each, in the order of training");
  }
  if (given.aligned >= sources) {
    throw UserError("--alignment-source is " + std::to_string(given.aligned + 1) + ", but " +
                    model + " reads " + several(sources));
  }
}

}  // namespace weft
