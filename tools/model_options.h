#pragma once
// Options that the commands which use a trained model share.

#include <CLI/CLI.hpp>
#include <fstream>
#include <iostream>
#include <string>

#include "align/renderer.h"
#include "search/alignment.h"
#include "text/vocabulary_factory.h"

namespace weft {

/// How matrices are asked for on the command line.
struct AlignmentArguments {
  std::string format;  ///< hard, soft, matrix, json, text; "" if none
  std::string unit = "word";
  bool keep_end_of_sentence = false;
  std::string colour = "auto";
  int width = 0;   ///< columns of a picture; 0: the terminal's
  int source = 1;  ///< of several, the one that is aligned, from 1
  double threshold =
      -1;  ///< links above this weight; negative: the best source word of each target word
};

/// 0 leaves it to LibTorch: as many as the machine has.
void add_threads_option(CLI::App& command, int& threads);

/// For CLI::Option::check(): "" for a finite number >= 0, otherwise what is wrong.
std::string check_finite_from_zero(const std::string& text);

void add_alignment_options(CLI::App& command, AlignmentArguments& arguments,
                           const std::string& format_option);
/// Throws UserError unless the model reads as many sources as `given`, and the one that is to be
/// aligned is among them. `option` is how they are given.
void check_sources(const std::string& model, const Vocabularies& vocabularies, std::size_t given,
                   const std::string& option, const AlignmentArguments& arguments);
AlignmentOptions alignment_options(const AlignmentArguments& arguments);
RenderOptions render_options(const AlignmentArguments& arguments);

/// A file, or standard output for "-" or "".
class Output {
 public:
  /// Throws UserError if the file cannot be written.
  explicit Output(const std::string& path);
  std::ostream& stream() { return file_.is_open() ? file_ : std::cout; }
  /// Everything is with the reader. Throws UserError if it could not be written (a full disk).
  void flush();

 private:
  std::string path_;
  std::ofstream file_;
};

}  // namespace weft
