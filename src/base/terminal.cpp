#include "base/terminal.h"

#include <sys/ioctl.h>

namespace weft {

std::size_t terminal_columns(int descriptor) {
  constexpr std::size_t kDefault = 80;
  winsize size{};
  const bool known = ::ioctl(descriptor, TIOCGWINSZ, &size) == 0 && size.ws_col > 0;
  return known ? size.ws_col : kDefault;
}

}  // namespace weft
