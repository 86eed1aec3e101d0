#include "serve/http.h"

#include <nlohmann/json.hpp>

namespace weft {

HttpResponse error_response(int status, const std::string& message) {
  const nlohmann::json body{{"error", message}};
  return {status, body.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) + '\n'};
}

}  // namespace weft
