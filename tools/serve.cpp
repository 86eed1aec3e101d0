// weft serve

#include <memory>

#include "commands.h"
#include "kernels/machine.h"
#include "options.h"
#include "serve/serve_models.h"

namespace weft {
namespace {

struct ServeArguments {
  ServeTask task;
  int threads = 0;
};

void add_limits(CLI::App& command, ServeTask& task) {
  const auto count = within(1, 1'000'000'000);
  const auto time = above_up_to(0, 86400);
  command
      .add_option("--max-request-bytes", task.http.most_body_bytes,
                  "Most bytes of a request's body")
      ->check(integer_in(count))
      ->capture_default_str();
  command.add_option("--max-lines", task.limits.lines, "Most lines of a request")
      ->check(integer_in(count))
      ->capture_default_str();
  command.add_option("--max-line-bytes", task.limits.line_bytes, "Most bytes of a line")
      ->check(integer_in(count))
      ->capture_default_str();
  command
      .add_option("--max-beam", task.limits.beam_size,
                  "Largest beam size and n-best list that a request may ask for")
      ->check(integer_in(hypotheses()))
      ->capture_default_str();
  command
      .add_option("--max-queue", task.most_queued_lines,
                  "Most lines that wait; a request beyond them is answered with 429")
      ->check(integer_in(count))
      ->capture_default_str();
  command
      .add_option("--max-connections", task.http.most_connections,
                  "Most connections that are open; more wait to be accepted")
      ->check(integer_in(within(1, 100000)))
      ->capture_default_str();
  command
      .add_option("--request-timeout", task.http.request_seconds,
                  "Seconds in which a request must have come, and each part of an answer gone")
      ->check(number_in(time))
      ->capture_default_str();
  command
      .add_option("--answer-timeout", task.http.answer_seconds,
                  "Seconds after which a request without an answer gets 503")
      ->check(number_in(time))
      ->capture_default_str();
}

}  // namespace

void add_serve_command(CLI::App& app) {
  auto* command = app.add_subcommand(
      "serve",
      "Translate and align over HTTP (its own form, LibreTranslate's and DeepL's), with a page for "
      "browsers; SIGHUP loads the models again");
  auto arguments = std::make_shared<ServeArguments>();
  auto& task = arguments->task;
  command
      ->add_option(
          "-m,--model", task.models,
          "[NAME=]DIRECTORY[,DIRECTORY...]: a model, or an ensemble; several are served by "
          "name. A name such as en-zh says the languages")
      ->required();
  command->add_option("--host", task.http.host, "Address to listen at; 0.0.0.0 or ::: all")
      ->capture_default_str();
  command->add_option("--port", task.http.port, "Port to listen at; 0: any that is free")
      ->required()
      ->check(integer_in(within(0, 65535)));
  command->add_option("--api-key-file", task.api_key_file,
                      "File whose first line is the key that requests must carry [none is needed]");
  command
      ->add_option("--batch", task.batch_lines,
                   "Most lines, of all requests, that are translated together")
      ->check(integer_in(batch_size()))
      ->capture_default_str();
  command
      ->add_option("--max-delay", task.max_delay_milliseconds,
                   "Milliseconds that a line waits for others to be translated with")
      ->check(number_in(within(0, 10000)))
      ->capture_default_str();
  add_limits(*command, task);
  add_threads_option(*command, arguments->threads);
  add_device_option(*command, task.device, "auto");
  add_alignment_from_options(*command, task.alignment_from);
  command->callback([arguments] {
    use_machine(arguments->threads);
    serve_models(arguments->task);
  });
}

}  // namespace weft
