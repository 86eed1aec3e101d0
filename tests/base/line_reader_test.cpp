#include "base/line_reader.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>
#include <zlib.h>
#include <zstd.h>

#include <chrono>
#include <memory>
#include <thread>

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

TEST(LineReader, KnowsCompressedFilesByTheirContent) {
  const TemporaryDirectory directory;
  for (const std::string name : {"text", "a.GZ", "a.txt", "a.zst"})
    EXPECT_THAT(read_lines(directory.write(name, gzip(directory, "one\n"))), ElementsAre("one"));
  for (const std::string name : {"text", "a.ZST", "a.gz"})
    EXPECT_THAT(read_lines(directory.write(name, zstd("one\n"))), ElementsAre("one"));
}

TEST(LineReader, TakesTextForText) {
  const TemporaryDirectory directory;
  // Each begins as some compressed format does.
  for (const std::string line :
       {"(", "(\u00B5", "P*", "PK", "]", "BZh", "BZh9 is a file", "LZIP", "Rar!"})
    EXPECT_THAT(read_lines(directory.write("a", line + "\nx\n")), ElementsAre(line, "x"));
}

TEST(LineReader, ReadsZerosBehindGzip) {
  const TemporaryDirectory directory;
  const std::string path =
      directory.write("a.gz", gzip(directory, "one\n") + std::string(512, '\0'));
  EXPECT_THAT(read_lines(path), ElementsAre("one"));
}

TEST(LineReader, RefusesSomethingElseBehindGzip) {
  const TemporaryDirectory directory;
  const std::string path = directory.write("a.gz", gzip(directory, "one\n") + "garbage");
  EXPECT_EQ(error_of(path), path + ": the gzip data are followed by something that is not gzip");
}

// As `zstd --long=31` makes them: larger than what a decoder takes unasked.
TEST(LineReader, ReadsZstdWithALongWindow) {
  const TemporaryDirectory directory;
  const std::unique_ptr<ZSTD_CCtx, decltype(&ZSTD_freeCCtx)> context(ZSTD_createCCtx(),
                                                                     &ZSTD_freeCCtx);
  constexpr int kWindowLog = 28;
  ASSERT_FALSE(ZSTD_isError(ZSTD_CCtx_setParameter(context.get(), ZSTD_c_windowLog, kWindowLog)));
  const std::string text = "one\ntwo\n";
  std::string compressed(ZSTD_compressBound(text.size()) + 100, '\0');
  ZSTD_inBuffer input{text.data(), text.size(), 0};
  ZSTD_outBuffer output{compressed.data(), compressed.size(), 0};
  // In two calls: with the whole text at once the window would shrink to its size.
  ZSTD_compressStream2(context.get(), &output, &input, ZSTD_e_flush);
  ASSERT_EQ(ZSTD_compressStream2(context.get(), &output, &input, ZSTD_e_end), 0u);
  compressed.resize(output.pos);
  EXPECT_THAT(read_lines(directory.write("a.zst", compressed)), ElementsAre("one", "two"));
}

TEST(LineReader, ReadsZstdThatBeginsWithASkippableFrame) {
  const TemporaryDirectory directory;
  const std::string frame("\x50\x2A\x4D\x18\x04\0\0\0data", 12);
  EXPECT_THAT(read_lines(directory.write("a", frame + zstd("one\n"))), ElementsAre("one"));
}

TEST(LineReader, NamesTheFormatsItDoesNotRead) {
  const TemporaryDirectory directory;
  const std::string expected =
      " data, which cannot be read; expected text, or text compressed with gzip or zstd";
  const std::vector<std::pair<std::string, std::string>> known{
      {"xz", std::string("\xFD\x37zXZ\0\0\x04", 8)},
      {"bzip2", "BZh91AY&SY\x12\x34"},
      {"zip", "PK\x03\x04\x14"},
      {"lz4", "\x04\x22\x4D\x18\x64"}};
  for (const auto& [name, bytes] : known) {
    const std::string path = directory.write("a", bytes);
    EXPECT_EQ(error_of(path), path + ": " + name + expected);
  }
}

TEST(LineReader, SaysWhatBinaryDataLookLike) {
  const TemporaryDirectory directory;
  const std::string utf16 = directory.write("a", std::string("\xFF\xFEh\0i\0\n\0", 8));
  EXPECT_EQ(error_of(utf16),
            utf16 +
                ":1: not valid UTF-8 (byte 0xff at column 1); the file begins as UTF-16 does "
                "(iconv -f UTF-16 -t UTF-8 converts it)");
  const std::string binary = directory.write("b", std::string("\x7f"
                                                              "ELF\0\x80\n",
                                                              7));
  EXPECT_EQ(error_of(binary),
            binary +
                ":1: not valid UTF-8 (byte 0x80 at column 6); this looks like binary data, "
                "not text");
}

TEST(LineReader, RefusesALineThatIsNoSentence) {
  const TemporaryDirectory directory;
  const std::string path = directory.write("a", "one\n" + std::string((16 << 20) + 1, 'x') + "\n");
  EXPECT_EQ(error_of(path),
            path + ":2: a line of more than 16 MiB; expected a sentence on each line");
  EXPECT_EQ(read_lines(directory.write("b", std::string(16 << 20, 'x') + "\n")).size(), 1u);
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
  for (const std::string content : {"plain text\n", ""}) {
    EXPECT_EQ(error_of(directory.write("a.gz", content)),
              directory.path("a.gz") + ": not in gzip format, though its name says so");
    EXPECT_EQ(error_of(directory.write("a.zst", content)),
              directory.path("a.zst") + ": not in zstd format, though its name says so");
  }
}

TEST(LineReader, RefusesDamagedGzip) {
  const TemporaryDirectory directory;
  std::string gz = gzip(directory, long_text(1000));
  gz[gz.size() / 2] = static_cast<char>(gz[gz.size() / 2] ^ 0x55);
  const std::string path = directory.write("a.gz", gz);
  EXPECT_EQ(error_of(path), path + ": the gzip data are damaged");
}

TEST(LineReader, FollowsAPipeByteByByte) {
  const TemporaryDirectory directory;
  int ends[2];
  ASSERT_EQ(::pipe(ends), 0);
  // What cannot be told from gzip by its first byte must not wait for a second line.
  const std::string name = "/dev/fd/" + std::to_string(ends[0]);
  LineReader reader(name);
  std::string line;
  for (const std::string text : {"(", "\n", "two\n"}) {
    ASSERT_EQ(::write(ends[1], text.data(), text.size()), static_cast<ssize_t>(text.size()));
    if (text == "(") continue;
    ASSERT_TRUE(reader.next(line));
    EXPECT_EQ(line, text == "\n" ? "(" : "two");
  }
  ::close(ends[1]);
  EXPECT_FALSE(reader.next(line));
  ::close(ends[0]);
}

TEST(LineReader, WaitsForADescriptorThatDoesNotBlock) {
  int ends[2];
  ASSERT_EQ(::pipe2(ends, O_NONBLOCK), 0);
  std::thread writer([end = ends[1]] {
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    EXPECT_EQ(::write(end, "one\n", 4), 4);
    ::close(end);
  });
  const int saved = ::dup(STDIN_FILENO);
  ::dup2(ends[0], STDIN_FILENO);
  EXPECT_THAT(read_lines("-"), ElementsAre("one"));
  writer.join();
  ::dup2(saved, STDIN_FILENO);
  ::close(saved);
  ::close(ends[0]);
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
