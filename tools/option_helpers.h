#pragma once
// Kinds of options that commands share.

#include <CLI/CLI.hpp>
#include <optional>
#include <string>
#include <type_traits>

#include "base/enum_names.h"
#include "base/messages.h"
#include "base/range.h"

namespace weft {

/// An option that takes one of the names of an enum and gives its value to `take`.
template <class Enum, class Take>
CLI::Option* add_enum_function(CLI::App& command, const std::string& names, const Take& take,
                               const std::string& help) {
  const std::string shown = names.substr(0, names.find(','));
  auto* option = command.add_option_function<std::string>(
      names,
      [take, shown](const std::string& name) {
        Enum value{};
        if (!from_name(name, value))
          throw CLI::ValidationError(shown, unknown_name("value", name, all_names<Enum>()));
        take(value);
      },
      help);
  std::string choices;
  for (const auto& name : all_names<Enum>()) choices += (choices.empty() ? "" : ",") + name;
  return option->type_name("{" + choices + "}");  // completion reads it
}

/// The same, where `target` is an Enum or a std::optional of one.
template <class Target>
CLI::Option* add_enum_option(CLI::App& command, const std::string& names, Target& target,
                             const std::string& help) {
  constexpr bool kOptional = requires { target.value(); };
  using Enum = typename std::conditional_t<kOptional, Target, std::optional<Target>>::value_type;
  auto* option = add_enum_function<Enum>(
      command, names, [&target](Enum value) { target = value; }, help);
  if constexpr (!kOptional) option->default_str(to_name(target));
  return option;
}

/// For CLI::Option::check(): an integer, or a number, in a range.
CLI::Validator integer_in(const Range& range);
CLI::Validator number_in(const Range& range);

/// 0 leaves it to the machine: a thread for each core.
void add_threads_option(CLI::App& command, int& threads);

}  // namespace weft
