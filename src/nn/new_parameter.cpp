#include "nn/new_parameter.h"

#include <sys/mman.h>
#include <sys/sysinfo.h>
#include <torch/types.h>
#include <torch/utils.h>

#include <cstdio>
#include <string>

#include "base/error.h"

namespace weft {
namespace {

/// Whether the machine has `bytes` of memory and this process may have them.
bool is_available(double bytes) {
  struct sysinfo machine {};
  if (::sysinfo(&machine) != 0) return true;
  const double has = static_cast<double>(machine.totalram + machine.totalswap) * machine.mem_unit;
  if (bytes > has) return false;
  const auto size = static_cast<std::size_t>(bytes) + 1;
  void* probe = ::mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (probe == MAP_FAILED) return false;
  ::munmap(probe, size);
  return true;
}

}  // namespace

torch::Tensor new_parameter(torch::IntArrayRef sizes) {
  constexpr double kAlwaysThere = 1 << 24;
  double bytes = sizeof(float);  // as a number that cannot overflow
  for (const int64_t size : sizes) bytes *= static_cast<double>(size);
  if (bytes > kAlwaysThere) require_memory(bytes);
  return torch::empty(sizes, torch::kFloat32);
}

void require_memory(double bytes) {
  if (is_available(bytes)) return;
  char gigabytes[32];
  std::snprintf(gigabytes, sizeof gigabytes, "%.1f", bytes / 1e9);
  throw UserError(std::string("model: its weights need at least ") + gigabytes +
                  " GB of memory, more than there is; expected smaller widths, fewer layers or "
                  "smaller vocabularies");
}

}  // namespace weft
