#pragma once
// HTTP as a client speaks it, and as a broken one does.

#include <map>
#include <string>

namespace weft::e2e {

struct HttpAnswer {
  int status = 0;                              ///< 0: the connection ended without an answer
  std::map<std::string, std::string> headers;  ///< names in small letters
  std::string body;
};

/// A connection to a port of this machine.
class HttpConnection {
 public:
  /// Throws std::system_error if nobody listens.
  explicit HttpConnection(int port);
  HttpConnection(const HttpConnection&) = delete;
  HttpConnection& operator=(const HttpConnection&) = delete;
  ~HttpConnection();

  /// Sends bytes as they are; what the other side does not take is left.
  void send(const std::string& bytes);
  /// No more will be sent.
  void close_sending();
  /// The next answer, of which HEAD has no body. Waits for at most a minute.
  HttpAnswer receive(bool has_body = true);
  HttpAnswer ask(const std::string& method, const std::string& path, const std::string& body = "",
                 const std::string& headers = "Content-Type: application/json\r\n");

 private:
  bool receive_more();
  std::string take_line();
  std::string take(std::size_t bytes);

  int socket_;
  std::string received_;
};

/// On a connection of its own.
HttpAnswer ask(int port, const std::string& method, const std::string& path,
               const std::string& body = "",
               const std::string& headers = "Content-Type: application/json\r\n");

}  // namespace weft::e2e
