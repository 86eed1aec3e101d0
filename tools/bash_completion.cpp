#include "bash_completion.h"

#include <vector>

namespace weft {
namespace {

std::vector<std::string> spellings(const CLI::Option& option) {
  std::vector<std::string> names;
  for (const auto& name : option.get_snames()) names.push_back("-" + name);
  for (const auto& name : option.get_lnames()) names.push_back("--" + name);
  return names;
}

std::string joined(const std::vector<std::string>& words, const std::string& separator) {
  std::string text;
  for (const auto& word : words) text += (text.empty() ? "" : separator) + word;
  return text;
}

/// The values an option is limited to, as CLI11's IsMember describes them ("TEXT:{a,b}"), with
/// blanks between them; "" if there is no such limit.
std::string allowed_values(const CLI::Option& option) {
  const std::string type = option.get_type_name();
  const auto begin = type.find('{');
  const auto end = type.find('}', begin);
  if (begin == std::string::npos || end == std::string::npos) return "";
  std::string values = type.substr(begin + 1, end - begin - 1);
  for (char& c : values) {
    if (c == ',') c = ' ';
  }
  return values;
}

/// What one command adds to the script's three tables.
class CompletionTables {
 public:
  void add(const CLI::App& app, const std::string& path) {
    std::vector<std::string> words;
    for (const auto* command : app.get_subcommands({})) {
      words.push_back(command->get_name());
      const std::string below = path.empty() ? command->get_name() : path + " " + words.back();
      commands_ += "      '" + path + " " + words.back() + "') command='" + below + "' ;;\n";
      add(*command, below);
    }
    for (const auto* option : app.get_options()) {
      const auto names = spellings(*option);
      words.insert(words.end(), names.begin(), names.end());
      add_values(*option, names, path);
    }
    words_ += "    '" + path + "') words='" + joined(words, " ") + "' ;;\n";
  }

  std::string script() const {
    return R"(# Completion of weft's command lines in bash.
_weft() {
  local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD - 1]}
  local command='' word words=''
  for word in "${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case "$command $word" in
)" + commands_ +
           R"(    esac
  done
  COMPREPLY=()
  case "$command $previous" in
)" + values_ +
           R"(  esac
  case "$command" in
)" + words_ +
           R"(  esac
  COMPREPLY=($(compgen -W "$words" -- "$current"))
}
complete -o bashdefault -o default -F _weft weft
)";
  }

 private:
  void add_values(const CLI::Option& option, const std::vector<std::string>& names,
                  const std::string& path) {
    if (option.get_items_expected_max() == 0 || names.empty()) return;  // a flag
    std::vector<std::string> patterns;
    for (const auto& name : names) patterns.push_back("'" + path + " " + name + "'");
    const bool directory = option.check_lname("model");
    const std::string values = allowed_values(option);
    const std::string choice = directory ? "-d" : values.empty() ? "" : "-W '" + values + "'";
    // Without a choice of words, bash completes names of files.
    values_ += "    " + joined(patterns, " | ") + ") " +
               (choice.empty() ? "" : "COMPREPLY=($(compgen " + choice + R"( -- "$current")); )") +
               "return ;;\n";
  }

  std::string commands_, values_, words_;
};

}  // namespace

std::string bash_completion(const CLI::App& app) {
  CompletionTables tables;
  tables.add(app, "");
  return tables.script();
}

}  // namespace weft
