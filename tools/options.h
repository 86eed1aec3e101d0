#pragma once
// Options that several commands share.

#include <CLI/CLI.hpp>
#include <array>
#include <optional>
#include <string>
#include <vector>

#include "app/answer_writer.h"
#include "base/enum_names.h"
#include "base/messages.h"
#include "config/device_choice.h"
#include "search/alignment_options.h"

namespace weft {

constexpr auto enum_names(AlignmentUnit) {
  return std::array{EnumName{AlignmentUnit::kWord, "word"},
                    EnumName{AlignmentUnit::kPiece, "piece"}};
}

/// An option that takes one of the names of an enum; `target` is an Enum or a std::optional of one.
template <class Target>
CLI::Option* add_enum_option(CLI::App& command, const std::string& names, Target& target,
                             const std::string& help) {
  constexpr bool kOptional = requires { target.value(); };
  using Enum = typename std::conditional_t<kOptional, Target, std::optional<Target>>::value_type;
  const std::string shown = names.substr(0, names.find(','));
  auto* option = command.add_option_function<std::string>(
      names,
      [&target, shown](const std::string& name) {
        Enum value{};
        if (!from_name(name, value))
          throw CLI::ValidationError(shown, unknown_name("value", name, all_names<Enum>()));
        target = value;
      },
      help);
  if constexpr (!kOptional) option->default_str(to_name(target));
  std::string choices;
  for (const auto& name : all_names<Enum>()) choices += (choices.empty() ? "" : ",") + name;
  return option->type_name("{" + choices + "}");  // completion reads it
}

/// For CLI::Option::check(): "" for a finite number >= 0, otherwise what is wrong.
std::string check_finite_from_zero(const std::string& text);

/// Throws CLI::ValidationError if the text is no device.
DeviceChoice device_of(const std::string& text);

/// 0 leaves it to the machine: a thread for each core.
void add_threads_option(CLI::App& command, int& threads);

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
};

constexpr auto enum_names(AlignmentArguments::Colour) {
  using Colour = AlignmentArguments::Colour;
  return std::array{EnumName{Colour::kAuto, "auto"}, EnumName{Colour::kAlways, "always"},
                    EnumName{Colour::kNever, "never"}};
}

/// `format_option`: what the format is called.
void add_alignment_options(CLI::App& command, AlignmentArguments& arguments,
                           const std::string& format_option);

}  // namespace weft
