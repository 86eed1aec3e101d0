// weft-picture-captions: writes pictures of simple things, captions in two languages, and where
// each word is to be seen.

#include <CLI/CLI.hpp>
#include <cstdint>
#include <string>

#include "generator_program.h"
#include "picture-captions/corpus.h"

int main(int argc, char** argv) {
  CLI::App app("Writes pictures with English and Chinese captions and exact regions of the words.");
  std::string output;
  std::uint64_t seed = 1;
  weft::scenes::CorpusSizes sizes;
  app.add_option("--output", output, "The directory to write to")->required();
  app.add_option("--train", sizes.train, "Training pictures")
      ->check(CLI::NonNegativeNumber)
      ->capture_default_str();
  app.add_option("--valid", sizes.valid, "Validation pictures")
      ->check(CLI::NonNegativeNumber)
      ->capture_default_str();
  app.add_option("--test", sizes.test, "Test pictures")
      ->check(CLI::NonNegativeNumber)
      ->capture_default_str();
  app.add_option("--unseen", sizes.unseen, "Test pictures with purple stars, which no other has")
      ->check(CLI::NonNegativeNumber)
      ->capture_default_str();
  app.add_option("--seed", seed, "Another seed, other pictures")->capture_default_str();
  return weft::run_generator(app, argc, argv,
                             [&] { weft::scenes::write_corpus(sizes, seed, output); });
}
