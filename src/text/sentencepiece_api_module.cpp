#include <dlfcn.h>

#include <stdexcept>
#include <string>

#include "text/sentencepiece_api.h"

namespace weft {
namespace {

constexpr const char* kModule = "libweft_sentencepiece.so";

/// SentencePiece must use its own protobuf, not LibTorch's, so its symbols are looked up in the
/// module first.
const WeftSpApi& load_api() {
  void* module = dlopen(kModule, RTLD_NOW | RTLD_LOCAL | RTLD_DEEPBIND);
  if (module == nullptr) {
    throw std::runtime_error(std::string("cannot load SentencePiece: ") + dlerror());
  }
  using GetApi = decltype(&weft_sentencepiece_api);
  const auto get_api = reinterpret_cast<GetApi>(dlsym(module, "weft_sentencepiece_api"));
  if (get_api == nullptr) {
    throw std::runtime_error(std::string("cannot load SentencePiece: ") + dlerror());
  }
  return *get_api();
}

}  // namespace

const WeftSpApi& sentencepiece_api() {
  static const WeftSpApi& api = load_api();
  return api;
}

}  // namespace weft
