// A fuzz target for what reads links and gold links (Clang's libFuzzer; no part of the suite, which
// has lines spoilt at random):
//   cmake --preset sanitizers && cmake --build build-asan --target pharaoh_fuzz
//   build-asan/tests/align/pharaoh_fuzz -max_total_time=60

#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "align/pharaoh.h"
#include "base/temporary_directory.h"

namespace weft {
namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

/// Links, or one line that says what is none.
template <class Action>
void read_or_refuse(Action action) {
  try {
    action();
  } catch (const UserError& error) {
    const std::string message = error.what();
    require(!message.empty() && message.find('\n') == std::string::npos);
  }
}

void read_line(std::string_view line, FirstPosition first) {
  const Location place{"fuzz", 1};
  read_or_refuse([&] {
    const auto links = parse_pharaoh(line, place, first);
    for (const auto& link : links) require(link.source >= 0 && link.target >= 0);
    require(parse_pharaoh(format_pharaoh(links), place) == links);
    check_bounds(links, {20, 20}, place);
    for (const auto& link : links) require(link.source < 20 && link.target < 20);
  });
}

void read_file(const std::string& bytes, FirstPosition first) {
  static const TemporaryDirectory directory;
  const auto path = directory.write("links", bytes);
  read_or_refuse([&] { read_pharaoh(path, first); });
}

}  // namespace
}  // namespace weft

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const auto end_of_line = bytes.find('\n');
  for (const auto first : {weft::FirstPosition::kZero, weft::FirstPosition::kOne}) {
    weft::read_line(bytes.substr(0, end_of_line), first);
    if (end_of_line != std::string_view::npos) weft::read_file(std::string(bytes), first);
  }
  return 0;
}
