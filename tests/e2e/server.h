#pragma once
// A running `weft serve`.

#include <gmock/gmock.h>

#include <csignal>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "e2e/http_client.h"
#include "e2e/program.h"

namespace weft::e2e {

/// A server of its own on a port of its own.
class Server {
 public:
  explicit Server(std::vector<std::string> arguments) : program_(command(std::move(arguments))) {
    const auto line = program_.read_lines(1);
    if (line.empty()) throw std::runtime_error(program_.wait().err);
    port_ = std::stoi(line.substr(line.rfind(':') + 1));
  }
  int port() const { return port_; }
  RunningProgram& program() { return program_; }
  HttpAnswer post(const std::string& path, const nlohmann::json& body) const {
    return ask(port_, "POST", path, body.dump());
  }
  HttpAnswer post_form(const std::string& path, const std::string& body) const {
    return ask(port_, "POST", path, body, "Content-Type: application/x-www-form-urlencoded\r\n");
  }
  HttpAnswer get(const std::string& path) const { return ask(port_, "GET", path); }
  /// Ends it as systemd does, and checks that it ends well.
  void stop() {
    program_.send(SIGTERM);
    const auto outcome = program_.wait();
    EXPECT_EQ(outcome.status, 0) << outcome;
    EXPECT_THAT(outcome.err, ::testing::HasSubstr("stopped"));
  }

 private:
  static Start command(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), {"serve", "--port", "0", "--threads", "1"});
    return weft_command(std::move(arguments));
  }
  RunningProgram program_;
  int port_ = 0;
};

}  // namespace weft::e2e
