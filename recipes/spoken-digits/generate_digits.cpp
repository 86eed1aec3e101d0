// weft-spoken-digits: joins recordings of single digits into connected ones, with the times of
// each.

#include <CLI/CLI.hpp>

#include "generator_program.h"
#include "spoken-digits/corpus.h"

int main(int argc, char** argv) {
  CLI::App app("Joins recordings of single spoken digits into connected ones, with exact times.");
  weft::digits::CorpusOptions options;
  const auto add_size = [&](const char* name, std::int64_t& size, const char* help) {
    app.add_option(name, size, help)->check(CLI::NonNegativeNumber)->capture_default_str();
  };
  app.add_option("--recordings", options.recordings,
                 "The folder of the Free Spoken Digit Dataset's recordings")
      ->required();
  app.add_option("--output", options.output, "The directory to write to")->required();
  add_size("--train", options.train, "Training utterances");
  app.add_option("--speeds", options.changes.speeds,
                 "Each training utterance is played at a speed of 100 minus this to 100 plus this "
                 "per cent; 0: as it was recorded")
      ->check(CLI::Range(0, 50))
      ->capture_default_str();
  app.add_option(
         "--cuts", options.changes.cuts,
         "Every second take in training utterances loses 0 to so many ms of its end, as where a "
         "recording was stopped too early; 0: none does")
      ->check(CLI::Range(0, 1000))
      ->capture_default_str();
  add_size("--valid", options.valid, "Validation utterances");
  add_size("--test", options.test, "Test utterances, of takes that training does not hear");
  add_size("--unseen", options.unseen,
           "Test utterances of the speaker whom training does not hear");
  app.add_option("--unseen-speaker", options.unseen_speaker, "Who that is; empty: nobody")
      ->capture_default_str();
  app.add_option("--seed", options.seed, "Another seed, other utterances")->capture_default_str();
  return weft::run_generator(app, argc, argv, [&] { weft::digits::write_corpus(options); });
}
