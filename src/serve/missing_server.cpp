// In the place of the server in a build without its library.

#include "base/error.h"
#include "serve/http_server.h"

namespace weft {

class HttpServer::Impl {};

HttpServer::HttpServer(HttpServerOptions) {
  throw UserError("this program was built without serving; install " WEFT_MISSING_PACKAGES
                  " and build it again");
}
HttpServer::~HttpServer() = default;
std::string HttpServer::address() const { return ""; }
int HttpServer::port() const { return 0; }
void HttpServer::run(HttpHandlers) {}

}  // namespace weft
