#include "base/byte_sink.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <string>
#include <thread>

#include "base/byte_source.h"
#include "base/error.h"
#include "base/read_file.h"
#include "base/temporary_directory.h"

namespace weft {
namespace {

std::string long_text() {
  std::string text;
  for (int i = 0; i < 100000; ++i) text += "line " + std::to_string(i * 7919 % 104729) + "\n";
  return text;
}

class ByteSinkTest : public testing::TestWithParam<Compression> {
 protected:
  ByteSinkTest() : descriptor_(::open(path_.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600)) {}
  ~ByteSinkTest() override { ::close(descriptor_); }

  TemporaryDirectory directory_;
  std::string path_ = directory_.path("out");
  int descriptor_;
};

TEST_P(ByteSinkTest, WritesWhatIsReadAgain) {
  const auto text = long_text();
  const auto sink = make_byte_sink("out", descriptor_, GetParam());
  sink->write(text.substr(0, 7));
  sink->write("");
  sink->write(text.substr(7));
  sink->finish();
  EXPECT_EQ(read_file(path_), text);
  if (GetParam() != Compression::kNone) {
    EXPECT_LT(directory_.read("out").size(), text.size() / 2);
  }
}

TEST_P(ByteSinkTest, WhatIsFlushedCanBeRead) {
  const auto sink = make_byte_sink("out", descriptor_, GetParam());
  sink->write("one\n");
  sink->flush();
  const auto source = open_byte_source(path_);
  std::string text(100, '\0');
  text.resize(source->read(text.data(), text.size()));
  EXPECT_EQ(text, "one\n");
}

TEST_P(ByteSinkTest, SaysThatADiskIsFull) {
  const int full = ::open("/dev/full", O_WRONLY);
  const auto sink = make_byte_sink("out", full, GetParam());
  try {
    sink->write("one\n");
    sink->finish();
    ADD_FAILURE() << "nothing thrown";
  } catch (const UserError& error) {
    EXPECT_STREQ(error.what(), "out: cannot be written to its end (No space left on device)");
  }
  ::close(full);
}

INSTANTIATE_TEST_SUITE_P(Each, ByteSinkTest,
                         testing::Values(Compression::kNone, Compression::kGzip,
                                         Compression::kZstd));

TEST(SinkBuffer, LetsTheSinksErrorsThroughTheStream) {
  const int full = ::open("/dev/full", O_WRONLY);
  const auto sink = make_byte_sink("out", full, Compression::kNone);
  SinkBuffer buffer(*sink);
  std::ostream stream(&buffer);
  stream.exceptions(std::ios::badbit);
  EXPECT_THROW(stream << "one" << std::flush, UserError);
  ::close(full);
}

TEST(DescriptorSink, WaitsForAPipeThatDoesNotBlock) {
  int ends[2];
  ASSERT_EQ(::pipe2(ends, O_NONBLOCK), 0);
  const std::string text(1 << 20, 'x');  // more than a pipe holds
  std::size_t received = 0;
  std::thread reader([&] {
    std::string buffer(1 << 16, '\0');
    while (received < text.size()) {
      const auto count = ::read(ends[0], buffer.data(), buffer.size());
      if (count > 0) received += static_cast<std::size_t>(count);
    }
  });
  make_byte_sink("pipe", ends[1], Compression::kNone)->write(text);
  reader.join();
  EXPECT_EQ(received, text.size());
  ::close(ends[0]);
  ::close(ends[1]);
}

}  // namespace
}  // namespace weft
