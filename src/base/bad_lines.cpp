#include "base/bad_lines.h"

#include <algorithm>
#include <cstddef>

namespace weft {
namespace {

constexpr std::size_t kMostMessages = 10;

}  // namespace

void BadLines::add(const std::string& file, const std::string& kind, const std::string& message) {
  auto found = std::find_if(found_.begin(), found_.end(), [&](const Found& other) {
    return other.file == file && other.kind == kind;
  });
  if (found == found_.end()) found = found_.insert(found_.end(), {file, kind, {}, 0});
  ++found->count;
  // One more is as short as saying that there is one more.
  if (found->messages.size() <= kMostMessages) found->messages.push_back(message);
}

void BadLines::tell(Problems& problems) const {
  for (const Found& found : found_) {
    const bool tells_all = found.count <= static_cast<int64_t>(found.messages.size());
    const std::size_t told = tells_all ? found.messages.size() : kMostMessages;
    for (std::size_t i = 0; i < told; ++i) problems.add(found.messages[i]);
    if (tells_all) continue;
    problems.add({found.file}, std::to_string(found.count - static_cast<int64_t>(told)) +
                                   " more lines " + found.kind);
  }
}

}  // namespace weft
