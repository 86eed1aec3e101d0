#pragma once
// A server of translations: `weft serve`.

#include <string>
#include <vector>

#include "app/alignment_choice.h"
#include "serve/http_server.h"
#include "serve/translate_request.h"

namespace weft {

struct ServeTask {
  std::vector<std::string> models;  ///< as parse_model_spec() reads them
  HttpServerOptions http;
  RequestLimits limits;
  double max_delay_milliseconds = 2;
  std::size_t batch_lines = 128;
  std::size_t most_queued_lines = 10000;
  std::string api_key_file;  ///< its first line is the key; "": none is needed
  DeviceChoice device;
  AskedAlignment alignment_from;
};

/// Prints the address on standard output when it is ready, and answers until it is told to stop.
/// Throws UserError if the models cannot be loaded or the address cannot be had.
void serve_models(const ServeTask& task);

}  // namespace weft
