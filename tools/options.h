#pragma once
// Options that several commands share.

#include <CLI/CLI.hpp>
#include <array>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "app/alignment_choice.h"
#include "app/answer_writer.h"
#include "base/enum_names.h"
#include "config/device_choice.h"
#include "config/rules.h"
#include "option_helpers.h"
#include "search/alignment_options.h"

namespace weft {

constexpr auto enum_names(AlignmentUnit) {
  return std::array{EnumName{AlignmentUnit::kWord, "word"},
                    EnumName{AlignmentUnit::kPiece, "piece"}};
}

/// Throws CLI::ValidationError if the text is no device.
DeviceChoice device_of(const std::string& text);

/// --config, and --set, whose values override it in their order.
inline void add_config_options(CLI::App& command, std::string& path,
                               std::vector<std::string>& overrides) {
  command.add_option("-c,--config", path, "YAML file that describes the run")->required();
  command
      .add_option("--set", overrides, "SECTION.KEY=VALUE: overrides the config; may be repeated")
      ->allow_extra_args(false)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
}

/// `device` is a DeviceChoice or a std::optional of one; what stands for it when it is not given is
/// part of the help.
template <class Target>
void add_device_option(CLI::App& command, Target& device, const std::string& otherwise) {
  command
      .add_option_function<std::string>(
          "--device", [&device](const std::string& text) { device = device_of(text); },
          "Where to compute: the processor, a GPU (cuda:N counts from 0), or auto: the first GPU, "
          "if there is one [" +
              otherwise + "]")
      ->type_name("{auto,cpu,cuda}");  // completion reads it
}

inline void add_source_root_option(CLI::App& command, std::optional<std::string>& root) {
  command.add_option("--source-root", root,
                     "Folder where relative names of pictures, sound and features start; .: where "
                     "the program runs [data.source_root of the model's config]");
}

/// How matrices are asked for on the command line.
struct AlignmentArguments {
  std::optional<AlignmentFormat> format;
  AlignmentUnit unit = AlignmentUnit::kWord;
  bool keep_end_of_sentence = false;
  std::optional<float> threshold;  ///< none: the best source word of each target word
  int source = 1;                  ///< of several, the one that is aligned, from 1
  enum class Colour { kAuto, kAlways, kNever } colour = Colour::kAuto;
  int width = 0;  ///< columns of a picture; 0: the terminal's

  AlignmentOptions alignment() const;
  std::size_t aligned_source() const { return static_cast<std::size_t>(source) - 1; }
  /// `n_best`: the answers are lists.
  AnswerFormat answer_format(bool n_best) const;
  /// Formats that are a file for each sentence go to a directory, which then stands in
  /// `task.output`, and leave standard output to the rest. Throws UserError if there is none.
  template <class Task>
  void divert_pictures(Task& task) const {
    if (!task.format.alignment || !is_file_each(*task.format.alignment)) return;
    require_directory(task.output, task.pictures);
    task.picture_format = std::exchange(task.format.alignment, std::nullopt);
    task.pictures = std::exchange(task.output, "-");
  }
  void require_directory(const std::string& output, const std::string& pictures) const;
};

constexpr auto enum_names(AlignmentArguments::Colour) {
  using Colour = AlignmentArguments::Colour;
  return std::array{EnumName{Colour::kAuto, "auto"}, EnumName{Colour::kAlways, "always"},
                    EnumName{Colour::kNever, "never"}};
}

/// `format_option`: what the format is called.
void add_alignment_options(CLI::App& command, AlignmentArguments& arguments,
                           const std::string& format_option);
/// What alignments are made from.
void add_alignment_from_options(CLI::App& command, AskedAlignment& asked);

}  // namespace weft
