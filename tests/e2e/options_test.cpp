// Every option of every command, at the ends of what it takes and beyond: a mistake is the person's
// (exit status 2) or it works (0), but nothing that is typed is an internal error.

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <string>
#include <system_error>
#include <vector>

#include "base/temporary_directory.h"
#include "commands.h"
#include "e2e/in_process.h"
#include "e2e/tiny_models.h"
#include "run_program.h"

namespace weft::e2e {
namespace {

using Arguments = std::vector<std::string>;

/// A link that leads to itself: the system refuses whatever is asked of it.
constexpr const char* kLoop = "links/to-itself";

/// What no option should stumble over. Not "/": some are names of directories that are written.
const Arguments& odd_values() {
  static const Arguments kValues{"",
                                 "-1",
                                 "0",
                                 "-0",
                                 "1",
                                 "2",
                                 "0.5",
                                 "1.0",
                                 "1.0000001",
                                 "0.99999999999",
                                 "1000",
                                 "1001",
                                 "10001",
                                 "1000000001",
                                 "2147483648",
                                 "9223372036854775807",
                                 "-9223372036854775808",
                                 "99999999999999999999999",
                                 "1e300",
                                 "1e-300",
                                 "1e400",
                                 "nan",
                                 "inf",
                                 "-inf",
                                 "0x10",
                                 "1,",
                                 ",",
                                 "a,b",
                                 "many",
                                 " ",
                                 "-",
                                 "--",
                                 ".",
                                 "no/such/file",
                                 kLoop,
                                 "/dev/null",
                                 "=",
                                 "a.b=c",
                                 "training.seed=\xFF",
                                 "data.train_source=caf\xE9",
                                 "training.batch_tokens=-1",
                                 "[",
                                 "\xFF\xFE",
                                 "a\nb",
                                 "\x1B[31m",
                                 std::string(300, 'x'),
                                 std::string(5000, '/')};
  return kValues;
}

/// Whether a benchmark takes the value, and would measure for a second or more.
bool is_measured(const std::string& option, const std::string& value) {
  const Arguments few{"", ".", "no/such/file", "\xFF\xFE"};
  if (option == "--json") return std::find(few.begin(), few.end(), value) == few.end();
  std::error_code error;  // what options before this one have written
  if (option == "--input" && std::filesystem::is_regular_file(value, error)) return true;
  const bool number = value.find_first_not_of("0123456789") == std::string::npos;
  return number && !value.empty() && value != "0" && value.size() < 10;
}

class Options : public testing::Test {
 protected:
  Options() {
    std::filesystem::current_path(directory_.path(""));  // where relative names end
    directory_.write("in", "a b\nc\n");
    directory_.write("out", "B A\nC\n");
    directory_.write("gold.links", "0-1 1-0\n0-0\n");
    for (const char* name : {"a.jsonl", "b.jsonl"})
      directory_.write(name, "{\"event\":\"update\",\"updates\":1,\"loss\":2}\n");
    std::filesystem::create_directory("links");
    run_here({"aligner", "-s", "in", "-t", "out", "--save", "learnt", "-o", "links/out"});
    run_here({"aligner", "-s", "in", "-t", "out", "--format", "json", "-o", "a.json"});
    std::filesystem::copy(reversal_model(), "copied");  // which weft tune --save writes to
    std::filesystem::create_symlink("to-itself", kLoop);
    const std::string golden = WEFT_GOLDEN "/app/";
    run_here({"import", "--from", "marian", golden + "marian_s2s.npz", "--vocabs",
              golden + "source.yml", golden + "target.yml", "-o", "foreign"});
  }
  ~Options() override { std::filesystem::current_path("/"); }

  /// A command line of `command` that works, without what `without` gives.
  Arguments working(const std::string& command, const std::string& without) const {
    static const std::map<std::string, std::vector<std::pair<std::string, std::string>>> kWorking{
        {"translate", {{"--model", reversal_model()}, {"--input", "in"}}},
        {"align", {{"--model", reversal_model()}, {"--source", "in"}, {"--target", "out"}}},
        {"score", {{"--model", reversal_model()}, {"--source", "in"}, {"--target", "out"}}},
        {"tune", {{"--model", "copied"}, {"--source", "in"}, {"--target", "out"}}},
        {"consensus", {{"in", "out"}}},  // both without a name
        {"average", {{reversal_model(), reversal_model()}, {"--output", "averaged"}}},
        {"inspect", {{"--model", reversal_model()}}},
        {"import",  // the model and the second vocabulary without a name
         {{"--from", "marian"},
          {WEFT_GOLDEN "/app/marian_s2s.npz", "--vocabs"},
          {WEFT_GOLDEN "/app/source.yml", WEFT_GOLDEN "/app/target.yml"},
          {"--output", "imported"}}},
        {"export", {{"--to", "marian"}, {"--model", "foreign"}, {"--output", "exported.npz"}}},
        {"init", {{"--source", "in"}, {"--target", "out"}, {"--output", "new.yaml"}}},
        {"aligner", {{"--source", "in"}, {"--target", "out"}}},
        {"lexicon", {{"--model", "learnt"}}},
        {"symmetrize", {{"gold.links", "gold.links"}}},  // both without a name
        {"evaluate", {{"--input", "in"}, {"--references", "out"}}},
        {"plot", {{"a.jsonl", "b.jsonl"}}},  // both without a name
        {"compare", {{"x=a.json", "y=a.json"}}},
        {"evaluate-alignment", {{"--links", "gold.links"}, {"--gold", "gold.links"}}},
        {"check", {{"--config", reversal_task().config()}, {"--set", "training.threads=1"}}},
        {"train",
         {{"--config", reversal_task().config()},
          {"--model", "trained"},
          {"--set", "training.stop_after=1u"},
          {"--set", "training.threads=1"}}},
        {"serve",  // at an address of documents, which no machine has: it ends
         {{"--model", reversal_model()}, {"--host", "192.0.2.1"}, {"--port", "0"}}},
        {"bench train",
         {{"--config", reversal_task().config()}, {"--updates", "1"}, {"--warmup", "1"}}},
        {"bench translate", {{"--model", reversal_model()}, {"--input", "in"}}},
        {"bench products", {{"--model", reversal_model()}, {"--rows", "1"}}}};
    Arguments arguments;
    const auto known = kWorking.find(command);
    EXPECT_NE(known, kWorking.end()) << "which command line of weft " << command << " works?";
    if (known == kWorking.end()) return arguments;
    for (const auto& [name, value] : known->second) {
      if (name == without && name != "--set") continue;
      arguments.insert(arguments.end(), {name, value});
    }
    return arguments;
  }

  /// Returns what was said on standard error.
  std::string expect_no_failure(const Arguments& arguments) {
    std::string line;
    for (const auto& argument : arguments) line += " '" + argument.substr(0, 60) + "'";
    const auto [status, errors] = run_here(arguments);
    EXPECT_TRUE(status == 0 || status == 2) << line << "\n" << errors;
    EXPECT_EQ(errors.find("internal error"), std::string::npos) << line << "\n" << errors;
    EXPECT_TRUE(status == 0 || !errors.empty()) << line;
    return errors;
  }

  void try_option(const std::string& command, const KnownOption& option) {
    Arguments arguments;
    for (std::size_t begin = 0, end = 0; end != std::string::npos; begin = end + 1) {
      end = command.find(' ', begin);
      arguments.push_back(command.substr(begin, end - begin));
    }
    const auto rest = working(command, option.name);
    arguments.insert(arguments.end(), rest.begin(), rest.end());
    if (option.is_flag) {
      arguments.push_back(option.name);
      expect_no_failure(arguments);
      arguments.back() += "=99999999999999999999999";
      expect_no_failure(arguments);
      return;
    }
    for (const auto& value : odd_values()) {
      if (command.starts_with("bench") && is_measured(option.name, value)) continue;
      auto with_value = arguments;
      with_value.push_back(option.name + "=" + value);
      const auto errors = expect_no_failure(with_value);
      if (value != kLoop) continue;
      EXPECT_TRUE(errors.find(value) != std::string::npos ||
                  errors.find(option.name) != std::string::npos)
          << option.name << "\n"
          << errors;
    }
  }

  TemporaryDirectory directory_;
};

TEST_F(Options, AtTheirEndsAreNoInternalErrors) {
  for (const auto& command : known_commands())
    for (const auto& option : command.options) try_option(command.name, option);
}

}  // namespace
}  // namespace weft::e2e

int main(int argc, char** argv) {
  // weft bench starts the program it is part of once more.
  if (argc > 1 && std::string(argv[1]) == "bench")
    return weft::run_program(argc, argv, weft::add_commands);
  testing::InitGoogleTest(&argc, argv);
  return RUN_ALL_TESTS();
}
