// weft-quickstart-corpus: writes the quickstart's parallel corpus, with gold links, from a grammar.

#include <CLI/CLI.hpp>
#include <cstdint>
#include <string>

#include "generator_program.h"
#include "quickstart/corpus.h"
#include "quickstart/grammar_reader.h"
#include "quickstart/sampler.h"

int main(int argc, char** argv) {
  CLI::App app("Writes a parallel corpus with exact word alignments, drawn from a grammar.");
  std::string grammar_path;
  std::string output;
  std::uint64_t seed = 1;
  weft::quickstart::CorpusSizes sizes;
  app.add_option("--grammar", grammar_path, "The grammar file")->required();
  app.add_option("--output", output, "The directory to write to")->required();
  app.add_option("--train", sizes.train, "Training pairs")->capture_default_str();
  app.add_option("--valid", sizes.valid, "Validation pairs")->capture_default_str();
  app.add_option("--test", sizes.test, "Test pairs")->capture_default_str();
  app.add_option("--max-words", sizes.max_words, "Longest sentence, either side")
      ->capture_default_str();
  app.add_option("--seed", seed, "Another seed, another corpus")->capture_default_str();
  return weft::run_generator(app, argc, argv, [&] {
    const weft::quickstart::Grammar grammar = weft::quickstart::read_grammar(grammar_path);
    weft::quickstart::Sampler sampler(grammar, seed);
    weft::quickstart::write_corpus(weft::quickstart::draw_corpus(sampler, sizes), output);
  });
}
