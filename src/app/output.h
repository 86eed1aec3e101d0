#pragma once
// Where results go.

#include <memory>
#include <ostream>
#include <string>
#include <vector>

#include "base/byte_sink.h"

namespace weft {

/// A file, compressed if its name ends in .gz or .zst, or standard output for "-".
///
/// A file that is there keeps what it holds until start(), so that a mistake that is found before
/// (in the input, of the model's name) costs nothing. From then on results are written in place as
/// they come: they can be followed (tail -f), and what was answered before a later mistake stays.
class Output {
 public:
  /// `inputs`: the files that are read. Throws UserError if the
  /// file cannot be written, if it is one of the inputs under whatever name, or if its name
  /// promises a compression that Weft does not write.
  Output(const std::string& path, const std::vector<std::string>& inputs);
  Output(const Output&) = delete;
  Output& operator=(const Output&) = delete;
  /// Ends a compressed file; removes one that is new and was never started.
  ~Output();

  /// Empties the file.
  void start();
  /// Passes on the UserErrors of writing. Only after start().
  std::ostream& stream() { return *stream_; }
  /// What was written is with the reader. Throws UserError if it could not be written (a full
  /// disk).
  void flush() { stream_->flush(); }
  /// As flush(), and ends a compressed file; nothing may be written afterwards.
  void finish();

 private:
  std::string path_;
  int descriptor_;
  bool is_new_ = false;
  std::unique_ptr<ByteSink> sink_;
  std::unique_ptr<SinkBuffer> buffer_;
  std::unique_ptr<std::ostream> stream_;
};

/// Throws UserError if `output` ("-": standard output) is one of `inputs` ("-": standard input),
/// under whatever name: by device and inode.
void require_output_is_no_input(const std::string& output, const std::vector<std::string>& inputs);

}  // namespace weft
