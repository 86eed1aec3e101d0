#include "man_page.h"

#include "base/version.h"

namespace weft {
namespace {

/// Text as troff shows it unchanged: no escape, no request at the beginning of a line, and hyphens
/// that can be copied into a shell.
std::string troff_text(const std::string& text) {
  std::string escaped;
  for (const char c : text) {
    const bool at_line_start = escaped.empty() || escaped.back() == '\n';
    if (at_line_start && (c == '.' || c == '\'')) escaped += "\\&";
    if (c == '\\') {
      escaped += "\\e";
    } else if (c == '-') {
      escaped += "\\-";
    } else {
      escaped += c;
    }
  }
  return escaped;
}

std::string option_entry(const CLI::Option& option) {
  std::string entry = ".TP\n\\fB" + troff_text(option.get_name(false, true)) + "\\fR";
  if (option.get_items_expected_max() > 0)
    entry += " \\fI" + troff_text(option.get_type_name()) + "\\fR";
  entry += "\n" + troff_text(option.get_description());
  if (!option.get_default_str().empty())
    entry += " (default: " + troff_text(option.get_default_str()) + ")";
  if (option.get_required()) entry += " (required)";
  return entry + "\n";
}

/// `app` and, after it, what stands below it.
std::string command_sections(const CLI::App& app, const std::string& path) {
  std::string text;
  if (app.get_parent() != nullptr)
    text += ".SS " + troff_text(path) + "\n" + troff_text(app.get_description()) + ".\n";
  for (const auto* option : app.get_options()) text += option_entry(*option);
  for (const auto* command : app.get_subcommands({}))
    text += command_sections(*command, path + " " + command->get_name());
  return text;
}

}  // namespace

std::string man_page(const CLI::App& app) {
  const std::string name = app.get_name();
  std::string summary = app.get_description();
  if (summary.ends_with('.')) summary.pop_back();  // as whatis(1) shows it
  return ".TH WEFT 1 \"\" \"weft " + std::string(version()) + "\" \"User Commands\"\n" +
         ".SH NAME\n" + name + " \\- " + troff_text(summary) + "\n" + ".SH SYNOPSIS\n.B " + name +
         "\n.I COMMAND\n[\\fIOPTIONS\\fR]\n" + ".SH COMMANDS AND OPTIONS\n" +
         command_sections(app, name) +
         ".SH EXIT STATUS\n"
         "0: done. 1: a failure of the program. 2: a mistake in the command line or in a file, "
         "told "
         "in one line. 128 + N: ended by signal N.\n"
         ".SH EXAMPLES\n.nf\n"
         "weft train \\-c config.yaml \\-m MODEL\n"
         "echo \\(aqA man sleeps.\\(aq | weft translate \\-m MODEL \\-\\-alignment text\n"
         "weft align \\-m MODEL \\-s SOURCE \\-t TARGET \\-\\-gold LINKS\n.fi\n";
}

}  // namespace weft
