#pragma once
// What is wrong with a request.

#include <stdexcept>
#include <string>

namespace weft {

/// Answered with its status and one line.
class RequestError : public std::runtime_error {
 public:
  explicit RequestError(const std::string& message, int status = 400)
      : std::runtime_error(message), status_(status) {}
  int status() const { return status_; }

 private:
  int status_;
};

}  // namespace weft
