#pragma once
// Answers on their way from other threads to the one that has the connection.

#include <atomic>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <deque>
#include <memory>
#include <string>
#include <utility>

#include "serve/asio.h"
#include "serve/http.h"

namespace weft {

/// A part of an answer, as the session writes it.
struct AnswerPart {
  enum class Kind { kWhole, kStart, kEvent, kEnd } kind = Kind::kWhole;
  HttpResponse response = {};
  std::string event = {};
};

/// The parts of one answer, on their way from other threads to the session.
struct AnswerMailbox {
  explicit AnswerMailbox(asio::io_context& context) : wake(context) {}
  std::deque<AnswerPart> parts;  // the server's thread alone
  asio::steady_timer wake;       // cancelled when a part has come
  std::atomic<bool> abandoned = false;
};

/// Posts what the program answers to the thread of `context`.
class PostedReply : public Reply {
 public:
  PostedReply(asio::io_context& context, std::shared_ptr<AnswerMailbox> mailbox)
      : context_(context), mailbox_(std::move(mailbox)) {}
  PostedReply(const PostedReply&) = delete;
  PostedReply& operator=(const PostedReply&) = delete;
  ~PostedReply() override {
    if (!ended_) post({AnswerPart::Kind::kWhole, error_response(500, "no answer was made"), ""});
  }
  void send(HttpResponse response) override {
    ended_ = true;
    post({AnswerPart::Kind::kWhole, std::move(response), ""});
  }
  void start_events() override { post({AnswerPart::Kind::kStart}); }
  void send_event(const std::string& name, const std::string& data) override {
    post({AnswerPart::Kind::kEvent, {}, "event: " + name + "\ndata: " + data + "\n\n"});
  }
  void end_events() override {
    ended_ = true;
    post({AnswerPart::Kind::kEnd});
  }
  bool is_abandoned() const override { return mailbox_->abandoned; }

 private:
  void post(AnswerPart part) {
    asio::post(context_, [mailbox = mailbox_, part = std::move(part)]() mutable {
      mailbox->parts.push_back(std::move(part));
      mailbox->wake.cancel();
    });
  }

  asio::io_context& context_;
  std::shared_ptr<AnswerMailbox> mailbox_;
  std::atomic<bool> ended_ = false;
};

}  // namespace weft
