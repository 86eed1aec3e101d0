#include "base/line_reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>
#include <zlib.h>
#include <zstd.h>

#include "base/temporary_directory.h"

namespace weft {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

std::string gzip(const TemporaryDirectory& directory, const std::string& bytes) {
  const std::string path = directory.path("compress.gz");
  const gzFile file = gzopen(path.c_str(), "wb");
  gzwrite(file, bytes.data(), static_cast<unsigned>(bytes.size()));
  gzclose(file);
  return directory.read("compress.gz");
}

std::string zstd(const std::string& bytes) {
  std::string compressed(ZSTD_compressBound(bytes.size()), '\0');
  compressed.resize(
      ZSTD_compress(compressed.data(), compressed.size(), bytes.data(), bytes.size(), 3));
  return compressed;
}

// Does not compress to almost nothing, so that cutting it short leaves several blocks.
std::string long_text(int lines) {
  std::string text;
  unsigned state = 1;
  for (int i = 0; i < lines; ++i) {
    state = state * 1664525u + 1013904223u;
    text += "line " + std::to_string(state) + "\n";
  }
  return text;
}

std::string error_of(const std::string& path) {
  try {
    read_lines(path);
  } catch (const UserError& error) {
    return error.what();
  }
  return "";
}

TEST(LineReader, EndsALineAtNewlineAlone) {
  const TemporaryDirectory directory;
  EXPECT_THAT(read_lines(directory.write("a", "one\n\ntwo\u2028x\fy\vz\u0085\n")),
              ElementsAre("one", "", "two\u2028x\fy\vz\u0085"));
}

TEST(LineReader, CountsALastLineWithoutNewline) {
  const TemporaryDirectory directory;
  EXPECT_THAT(read_lines(directory.write("a", "one\ntwo")), ElementsAre("one", "two"));
  EXPECT_THAT(read_lines(directory.write("b", "")), IsEmpty());
  EXPECT_THAT(read_lines(directory.write("c", "\n")), ElementsAre(""));
}

TEST(LineReader, DropsOneCarriageReturnAndTheByteOrderMark) {
  const TemporaryDirectory directory;
  EXPECT_THAT(read_lines(directory.write("a", "\uFEFFone\r\n\r\ntwo\r\r\na\rb\n\uFEFFx\n")),
              ElementsAre("one", "", "two\r", "a\rb", "\uFEFFx"));
}

TEST(LineReader, ReadsLinesLongerThanItsBuffer) {
  const TemporaryDirectory directory;
  const std::string line(300000, 'x');
  EXPECT_THAT(read_lines(directory.write("a", line + "\ny\n")), ElementsAre(line, "y"));
}

TEST(LineReader, NumbersLinesFromOne) {
  const TemporaryDirectory directory;
  LineReader reader(directory.write("a", "one\ntwo\n"));
  std::string line;
  EXPECT_EQ(reader.line_number(), 0);
  EXPECT_TRUE(reader.next(line));
  EXPECT_TRUE(reader.next(line));
  EXPECT_EQ(reader.line_number(), 2);
  EXPECT_EQ(to_string(reader.location()), directory.path("a") + ":2");
  EXPECT_FALSE(reader.next(line));
}

TEST(LineReader, NamesTheByteThatIsNotUtf8) {
  const TemporaryDirectory directory;
  // The column counts characters: ä is one.
  const std::string path = directory.write("train.de", "gut\nK\u00E4se\xFF ja\n");
  EXPECT_EQ(error_of(path), path + ":2: not valid UTF-8 (byte 0xff at column 5)");
}

TEST(LineReader, NamesAFileThatCannotBeOpened) {
  const TemporaryDirectory directory;
  EXPECT_EQ(error_of(directory.path("no")),
            directory.path("no") + ": cannot be opened (No such file or directory)");
  EXPECT_EQ(error_of(directory.path("")), directory.path("") + ": is a directory; expected a file");
}

TEST(LineReader, ReadsGzipAndZstd) {
  const TemporaryDirectory directory;
  const std::string text = long_text(20000);
  const std::vector<std::string> lines = read_lines(directory.write("plain", text));
  ASSERT_EQ(lines.size(), 20000u);
  EXPECT_EQ(read_lines(directory.write("a.gz", gzip(directory, text))), lines);
  EXPECT_EQ(read_lines(directory.write("a.zst", zstd(text))), lines);
}

TEST(LineReader, ReadsSeveralMembersAsOneFile) {
  const TemporaryDirectory directory;
  const std::string gz = gzip(directory, "one\ntw") + gzip(directory, "o\n");
  EXPECT_THAT(read_lines(directory.write("a.gz", gz)), ElementsAre("one", "two"));
  EXPECT_THAT(read_lines(directory.write("a.zst", zstd("one\ntw") + zstd("o\n"))),
              ElementsAre("one", "two"));
}

TEST(LineReader, ReadsCompressedFilesOfNothing) {
  const TemporaryDirectory directory;
  EXPECT_THAT(read_lines(directory.write("a.gz", gzip(directory, ""))), IsEmpty());
  EXPECT_THAT(read_lines(directory.write("a.zst", zstd(""))), IsEmpty());
}

TEST(LineReader, RefusesCompressedFilesCutShort) {
  const TemporaryDirectory directory;
  for (const int lines : {1, 20000}) {
    const std::string text = long_text(lines);
    const std::string gz = gzip(directory, text);
    const std::string gz_path = directory.write("a.gz", gz.substr(0, gz.size() - 9));
    EXPECT_EQ(error_of(gz_path), gz_path + ": the gzip data are cut short") << lines;
    const std::string zst = zstd(text);
    const std::string zst_path = directory.write("a.zst", zst.substr(0, zst.size() - 9));
    EXPECT_EQ(error_of(zst_path), zst_path + ": the zstd data are cut short") << lines;
  }
}

TEST(LineReader, RefusesWhatIsNotCompressedAsItsNameSays) {
  const TemporaryDirectory directory;
  EXPECT_EQ(error_of(directory.write("a.gz", "plain\n")),
            directory.path("a.gz") + ": not a gzip file");
  EXPECT_EQ(error_of(directory.write("b.gz", "")), directory.path("b.gz") + ": not a gzip file");
  EXPECT_THAT(error_of(directory.write("a.zst", "plain text\n")),
              testing::StartsWith(directory.path("a.zst") + ": the zstd data are damaged"));
  EXPECT_EQ(error_of(directory.write("b.zst", "")),
            directory.path("b.zst") + ": the zstd data are cut short");
}

TEST(LineReader, RefusesDamagedGzip) {
  const TemporaryDirectory directory;
  std::string gz = gzip(directory, long_text(1000));
  gz[gz.size() / 2] = static_cast<char>(gz[gz.size() / 2] ^ 0x55);
  const std::string path = directory.write("a.gz", gz);
  EXPECT_EQ(error_of(path), path + ": the gzip data are damaged");
}

TEST(LineReader, TakesDashForStandardInput) {
  int ends[2];
  ASSERT_EQ(::pipe(ends), 0);
  const std::string text = "one\n\xC3(\n";
  ASSERT_EQ(::write(ends[1], text.data(), text.size()), static_cast<ssize_t>(text.size()));
  ::close(ends[1]);
  const int saved = ::dup(STDIN_FILENO);
  ::dup2(ends[0], STDIN_FILENO);
  LineReader reader("-");
  std::string line;
  EXPECT_TRUE(reader.next(line));
  EXPECT_EQ(line, "one");
  try {
    reader.next(line);
    ADD_FAILURE() << "nothing thrown";
  } catch (const UserError& error) {
    EXPECT_STREQ(error.what(), "<stdin>:2: not valid UTF-8 (byte 0xc3 at column 1)");
  }
  ::dup2(saved, STDIN_FILENO);
  ::close(saved);
  ::close(ends[0]);
}

}  // namespace
}  // namespace weft
