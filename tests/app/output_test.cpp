#include "app/output.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>

#include "base/error.h"
#include "base/read_file.h"
#include "base/temporary_directory.h"

namespace weft {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

std::string refusal_of(const std::string& output, const std::vector<std::string>& inputs) {
  try {
    const Output opened(output, inputs);
  } catch (const UserError& error) {
    return error.what();
  }
  return "";
}

TEST(Output, LeavesAFileAloneUntilItStarts) {
  const TemporaryDirectory directory;
  const auto path = directory.write("out", "older\n");
  {
    const Output never_started(path, {});
    EXPECT_EQ(directory.read("out"), "older\n");
  }
  EXPECT_EQ(directory.read("out"), "older\n");
  Output output(path, {});
  output.start();
  EXPECT_EQ(directory.read("out"), "");
  output.stream() << "new\n";
  output.finish();
  EXPECT_EQ(directory.read("out"), "new\n");
}

TEST(Output, LeavesNoNewFileThatNeverStarted) {
  const TemporaryDirectory directory;
  { const Output never_started(directory.path("out"), {}); }
  EXPECT_FALSE(fs::exists(directory.path("out")));
  { Output(directory.path("out"), {}).start(); }
  EXPECT_EQ(directory.read("out"), "");
}

TEST(Output, CanBeFollowed) {
  const TemporaryDirectory directory;
  Output output(directory.path("out"), {});
  output.start();
  const auto inode = [&] {
    struct stat status {};
    ::stat(directory.path("out").c_str(), &status);
    return status.st_ino;
  };
  const auto before = inode();
  output.stream() << "one\n";
  output.flush();
  EXPECT_EQ(directory.read("out"), "one\n");
  output.stream() << "two\n";
  output.finish();
  EXPECT_EQ(inode(), before) << "written in place";
}

TEST(Output, KeepsWhatWasWrittenBeforeAMistake) {
  const TemporaryDirectory directory;
  for (const std::string name : {"out", "out.gz", "out.zst"}) {
    try {
      Output output(directory.path(name), {});
      output.start();
      output.stream() << "one\n";
      throw UserError("a mistake");
    } catch (const UserError&) {
    }
    EXPECT_EQ(read_file(directory.path(name)), "one\n") << name;
  }
}

TEST(Output, IsCompressedAsItsNameSays) {
  const TemporaryDirectory directory;
  const std::vector<std::pair<std::string, std::string>> known{
      {"out.gz", "\x1F\x8B"}, {"out.GZ", "\x1F\x8B"}, {"out.zst", "\x28\xB5\x2F\xFD"}};
  for (const auto& [name, signature] : known) {
    Output output(directory.path(name), {});
    output.start();
    output.stream() << "one\n";
    output.finish();
    EXPECT_EQ(directory.read(name).substr(0, signature.size()), signature);
    EXPECT_EQ(read_file(directory.path(name)), "one\n");
  }
  EXPECT_EQ(refusal_of("out.xz", {}),
            "out.xz: xz files cannot be written; expected a name that ends in .gz or .zst, or "
            "plain text");
}

TEST(Output, IsNoInputUnderWhateverName) {
  const TemporaryDirectory directory;
  const auto path = directory.write("text", "precious\n");
  fs::create_symlink(path, directory.path("link"));
  fs::create_hard_link(path, directory.path("hard"));
  const auto other = directory.write("other", "x\n");
  for (const std::string name : {"text", "./text", "link", "hard"}) {
    EXPECT_EQ(refusal_of(directory.path(name), {other, path}),
              directory.path(name) + " is the same file as the input " + path +
                  "; expected another file");
  }
  EXPECT_EQ(refusal_of(other, {path, directory.path("none")}), "");
  EXPECT_EQ(directory.read("text"), "precious\n");
}

TEST(Output, IsNotTheFileOnStandardInput) {
  const TemporaryDirectory directory;
  const auto path = directory.write("text", "precious\n");
  const int saved = ::dup(STDIN_FILENO);
  const int file = ::open(path.c_str(), O_RDONLY);
  ::dup2(file, STDIN_FILENO);
  ::close(file);
  EXPECT_THAT(refusal_of(path, {"-"}), HasSubstr(" is the same file as the input <stdin>"));
  EXPECT_THAT(refusal_of(path, {"/dev/stdin"}), HasSubstr(" is the same file as the input "));
  ::dup2(saved, STDIN_FILENO);
  ::close(saved);
}

TEST(Output, MayBeADeviceThatIsReadToo) { EXPECT_EQ(refusal_of("/dev/null", {"/dev/null"}), ""); }

TEST(Output, SaysWhyItCannotBeWritten) {
  const TemporaryDirectory directory;
  EXPECT_THAT(refusal_of(directory.path("none/out"), {}),
              HasSubstr("cannot be written (No such file or directory)"));
  EXPECT_THAT(refusal_of(directory.path(""), {}), HasSubstr("cannot be written (Is a directory)"));
  EXPECT_EQ(refusal_of("", {}), "the output has an empty name; expected a file, or -");
}

TEST(Output, MayBeALinkToNothing) {
  const TemporaryDirectory directory;
  fs::create_symlink(directory.path("target"), directory.path("link"));
  Output output(directory.path("link"), {});
  output.start();
  output.stream() << "x\n";
  output.finish();
  EXPECT_EQ(directory.read("target"), "x\n");
}

}  // namespace
}  // namespace weft
