// recipes/quickstart/run.sh, as it stands, from the corpus to the matrices: what the README
// promises.

#include <gmock/gmock.h>

#include <filesystem>
#include <set>

#include "base/temporary_directory.h"
#include "e2e/alignment_text.h"
#include "e2e/program.h"
#include "e2e/tiny_models.h"

namespace weft::e2e {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

/// A source tree of links, so that the run is a first one and leaves nobody's runs/ changed.
class SourceTree {
 public:
  SourceTree() {
    fs::create_directory_symlink(std::string(WEFT_SOURCE) + "/recipes", path("recipes"));
    fs::create_directory_symlink(WEFT_BUILD, path("build"));
  }
  std::string path(const std::string& name) const { return directory_.path(name); }
  std::vector<std::string> lines(const std::string& name) const {
    return lines_of(file_text(path(name)));
  }

 private:
  TemporaryDirectory directory_;
};

/// The number that follows `name` in the last line that begins with `line`.
double number_in(const std::string& text, const std::string& line, const std::string& name) {
  std::string found;
  for (const auto& candidate : lines_of(text)) {
    if (candidate.starts_with(line)) found = candidate;
  }
  const auto at = found.find(name);
  if (at == std::string::npos) throw std::runtime_error("no '" + line + "' in\n" + text);
  return std::stod(found.substr(at + name.size()));
}

void check_corpus(const SourceTree& tree) {
  std::set<std::string> seen;
  for (const std::string part : {"train", "valid", "test"}) {
    const auto base = "runs/quickstart/data/" + part;
    const auto source = tree.lines(base + ".en");
    const auto target = tree.lines(base + ".zh");
    const auto gold = tree.lines(base + ".align");
    ASSERT_GE(source.size(), 100u) << part;
    ASSERT_EQ(target.size(), source.size());
    ASSERT_EQ(gold.size(), source.size());
    std::set<std::string> here;
    for (std::size_t i = 0; i < source.size(); ++i) {
      for (const auto& [from, to] : links_of(gold[i])) {
        ASSERT_LT(from, static_cast<int>(split(source[i], ' ').size())) << base << ":" << i + 1;
        ASSERT_LT(to, static_cast<int>(split(target[i], ' ').size())) << base << ":" << i + 1;
      }
      ASSERT_FALSE(seen.contains(source[i])) << part << " repeats " << source[i];
      here.insert(source[i]);
    }
    seen.merge(here);
  }
}

TEST(Quickstart, KeepsItsPromises) {
  const SourceTree tree;
  const auto outcome = run({{"recipes/quickstart/run.sh"}, tree.path(""), {}});
  ASSERT_EQ(outcome.status, 0) << outcome.out << outcome.err;

  check_corpus(tree);
  EXPECT_TRUE(fs::exists(tree.path("build/weft")));
  EXPECT_TRUE(fs::exists(tree.path("runs/quickstart/model/weights.safetensors")));
  EXPECT_GT(number_in(outcome.out, "BLEU|", " = "), 90) << outcome.out;
  EXPECT_LT(number_in(outcome.out, "AER ", "AER "), 0.10) << outcome.out;
  EXPECT_THAT(outcome.out, HasSubstr("██")) << "a picture";

  // The scores are of the test set that lies there.
  const auto score = run_shell(
      "$WEFT translate -q -m runs/quickstart/model <runs/quickstart/data/test.en | "
      "$WEFT evaluate -r runs/quickstart/data/test.zh --tokenizer none",
      tree.path(""));
  EXPECT_GT(number_in(score.out, "BLEU|", " = "), 90) << score.out << score.err;
}

}  // namespace
}  // namespace weft::e2e
