#include "train/metrics_file.h"

#include <cerrno>
#include <cstring>
#include <nlohmann/json.hpp>

#include "base/error.h"

namespace weft {

MetricsFile::MetricsFile(const std::string& directory) {
  const auto path = directory + "/metrics.jsonl";
  out_.open(path, std::ios::app);
  if (!out_)
    throw UserError({path}, std::string("cannot be written (") + std::strerror(errno) + ")");
}

void MetricsFile::write(const std::string& event,
                        const std::vector<std::pair<std::string, Value>>& values) {
  nlohmann::ordered_json line;
  line["event"] = event;
  for (const auto& [key, value] : values) {
    std::visit([&line, &name = key](const auto& held) { line[name] = held; }, value);
  }
  out_ << line.dump() << std::endl;
}

}  // namespace weft
