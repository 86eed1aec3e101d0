#pragma once
// The directory that a run keeps its model and its state in.

#include <string>

namespace weft {

/// Holds a directory for this process alone, as long as it lives. Besides the model (see
/// model/model_directory.h) there are
///   metrics.jsonl                    what happened, for programs
///   training/checkpoint.safetensors  all that is needed to go on
///   training/best.safetensors        the best model, while another one is to be seen in its place
///   best/METRIC/                     the best model by each of training.validation.more_metrics
///   training/log.txt                 what was logged
///   training/lock                    who trains here; also the mark that the files are Weft's
class RunDirectory {
 public:
  /// Makes the directory if need be, locks it, and removes what a killed process has left half
  /// written. Throws UserError if it cannot be written, if another process trains there, or if it
  /// holds files and was no run's before: they would be overwritten or taken for the model's.
  explicit RunDirectory(std::string path);
  RunDirectory(const RunDirectory&) = delete;
  RunDirectory& operator=(const RunDirectory&) = delete;
  ~RunDirectory();

  const std::string& path() const { return path_; }
  /// The path of a file in it.
  std::string file(const std::string& name) const;
  std::string checkpoint() const { return file("training/checkpoint.safetensors"); }
  std::string weights() const;
  std::string best() const { return file("training/best.safetensors"); }
  /// A model directory in it.
  std::string best_by(const std::string& metric) const { return file("best/" + metric); }
  std::string metrics() const { return file("metrics.jsonl"); }
  std::string log() const { return file("training/log.txt"); }

 private:
  void lock();
  void remove_remains() const;

  std::string path_;
  int lock_ = -1;
};

/// Whether a run in `directory` can be resumed.
bool has_checkpoint(const std::string& directory);

}  // namespace weft
