// The least server on cpp-httplib: a pool of threads, each with one connection at a time, the same
// answer to every request.
#include <httplib.h>

#include <cstdlib>

int main(int, char** arguments) {
  httplib::Server server;
  server.set_tcp_nodelay(true);
  server.set_keep_alive_max_count(1 << 30);
  server.Post("/translate", [](const httplib::Request&, httplib::Response& response) {
    response.set_content(R"({"translations":[{"text":"Der Hund sieht eine Katze."}]})",
                         "application/json");
  });
  server.listen("127.0.0.1", std::atoi(arguments[1]));
}
