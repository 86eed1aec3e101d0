#pragma once
// Two models so small that they train in a second or two, for tests of what the program does with a
// model. The ctest fixture e2e_models trains them once; the tests only read them.

#include <string>
#include <vector>

namespace weft::e2e {

/// A task's texts and config in a directory of their own.
struct Task {
  std::string directory;
  std::string path(const std::string& name) const { return directory + "/" + name; }
  std::string config() const { return path("config.yaml"); }
};

/// Word vocabularies. Source: one to six of the words a to h; target: the same in capitals, from
/// the last to the first ("a b c" -> "C B A"). Writes {train,valid}.{src,trg} and config.yaml.
Task write_reversal_task(const std::string& directory);
/// What the reversal task asks for.
std::string reversal_of(const std::string& line);

/// SentencePiece vocabularies. English to Chinese without spaces: "The dog sees a cat." ->
/// "一猫这狗看见。"
Task write_chinese_task(const std::string& directory);

/// Where the fixture puts them, texts and models (in "model").
Task reversal_task();
Task chinese_task();
std::string reversal_model();
std::string chinese_model();

/// The config of a model of 24 units everywhere, without dropout. `data`: keys and values of that
/// section, two spaces before each line; `vocabulary`: its section on one line; `training`: what
/// else that section says, and what follows it; `embedding`: more of that section, after a comma.
std::string tiny_config(const std::string& data, const std::string& vocabulary,
                        const std::string& training, const std::string& embedding = "");

std::vector<std::string> lines_of(const std::string& text);
std::string file_text(const std::string& path);
void write_text(const std::string& path, const std::string& text);

}  // namespace weft::e2e
