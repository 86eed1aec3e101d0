#include "data/text_cache.h"

#include <gmock/gmock.h>
#include <sys/file.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmath>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iostream>
#include <map>
#include <set>
#include <thread>

#include "base/temporary_directory.h"
#include "data/corpus.h"
#include "text/user_error.h"
#include "text/word_vocabulary.h"

namespace weft {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::SizeIs;

class TextCache : public testing::Test {
 protected:
  ParallelCorpus corpus(const std::function<void(CorpusOptions&)>& change = {}) const {
    CorpusOptions options{directory_.path(""), 3};
    options.cache = cache_;
    if (change) change(options);
    return ParallelCorpus(files_, vocabularies_, options);
  }
  ParallelCorpus corpus_without_cache() const {
    return corpus([](auto& options) { options.cache = ""; });
  }

  /// What there is in the cache but locks.
  std::set<std::string> entries() const {
    std::set<std::string> names;
    for (const auto& entry : fs::directory_iterator(cache_))
      if (entry.path().extension() != ".lock") names.insert(entry.path().filename());
    return names;
  }
  std::string the_entry() const { return (fs::path(cache_) / *entries().begin()).string(); }

  void expect_equal(const ParallelCorpus& a, const ParallelCorpus& b) const {
    ASSERT_EQ(a.size(), b.size());
    EXPECT_EQ(a.fingerprint(), b.fingerprint());
    EXPECT_EQ(a.report().too_long, b.report().too_long);
    EXPECT_EQ(to_string(a.report().first_one_sided_blank),
              to_string(b.report().first_one_sided_blank));
    for (int64_t i = 0; i < a.size(); ++i) {
      EXPECT_EQ(a.lengths(i), b.lengths(i));
      EXPECT_EQ(a[i].sources, b[i].sources);
      EXPECT_EQ(a[i].target, b[i].target);
      EXPECT_EQ(a.line(i), b.line(i));
      EXPECT_EQ(to_string(a.source_location(i)), to_string(b.source_location(i)));
      EXPECT_EQ(a.tag(i), b.tag(i));
      EXPECT_EQ(a.example(i, {}).weights, b.example(i, {}).weights);
    }
  }

  TemporaryDirectory directory_;
  std::string cache_ = directory_.path("some/cache");
  ParallelFiles files_{
      {{directory_.write("1.x", "a\n\na b c a\nb b\n"), directory_.write("2.x", "c c\na\n")}},
      {directory_.write("1.y", "A\nB\nA\nB\n"), directory_.write("2.y", "C\nA A\n")}};
  Vocabularies vocabularies_{{{std::make_shared<WordVocabulary>("a\nb\nc\n", "x")}},
                             std::make_shared<WordVocabulary>("A\nB\nC\n", "y")};
};

TEST_F(TextCache, HasWhatEncodingMakes) {
  const auto plain = corpus_without_cache();
  ASSERT_EQ(plain.size(), 4);
  EXPECT_EQ(to_string(plain.report().first_one_sided_blank), directory_.path("1.x") + ":2");
  const auto made = corpus();
  EXPECT_FALSE(made.report().was_kept);
  EXPECT_EQ(made.report().kept_in, the_entry());
  expect_equal(made, plain);
  const auto kept = corpus();
  EXPECT_TRUE(kept.report().was_kept);
  expect_equal(kept, plain);
  EXPECT_THAT(entries(), SizeIs(1));
}

TEST_F(TextCache, HasLinesAndWeightsWhereTheyAreNeeded) {
  files_.file_by_file = true;
  files_.sentence_weights = {directory_.write("1.w", "1\n2\n3\n4\n"),
                             directory_.write("2.w", "0.5\n6\n")};
  expect_equal(corpus(), corpus_without_cache());
  const auto kept = corpus();
  EXPECT_TRUE(kept.report().was_kept);
  expect_equal(kept, corpus_without_cache());
  EXPECT_EQ(kept.example(2, {}).weights, (std::vector<float>{0.5F, 0.5F}));
}

TEST_F(TextCache, NoticesWhateverIsAnother) {
  corpus();
  std::size_t count = 1;
  const auto expect_another = [&](const std::string& what) {
    EXPECT_FALSE(corpus().report().was_kept) << what;
    EXPECT_THAT(entries(), SizeIs(++count)) << what;
    EXPECT_TRUE(corpus().report().was_kept) << what;
  };
  directory_.write("2.x", "c c\nb\n");
  expect_another("a file of the same size");
  EXPECT_EQ(corpus()[3].sources[0].ids, std::vector<int32_t>{5});
  const auto time = fs::last_write_time(directory_.path("2.y"));
  directory_.write("2.y", "C\nB A\n");
  fs::last_write_time(directory_.path("2.y"), time);
  expect_another("a file of the same size and time");
  vocabularies_.target = std::make_shared<WordVocabulary>("A\nC\nB\n", "y");
  expect_another("a vocabulary");
  vocabularies_.right_to_left = true;
  expect_another("the direction");
  std::swap(files_.sources[0][0], files_.sources[0][1]);
  expect_another("the order of files");
  for (const auto& change : std::vector<std::function<void(CorpusOptions&)>>{
           [](auto& o) { o.max_length = 2; }, [](auto& o) { o.filter.duplicates = true; },
           [](auto& o) { o.filter.max_ratio = 2; }, [](auto& o) { o.filter.min_length = 2; },
           [](auto& o) {
             o.corpora.tags = {"", "c"};
           }}) {
    EXPECT_FALSE(corpus(change).report().was_kept);
    EXPECT_TRUE(corpus(change).report().was_kept);
    EXPECT_THAT(entries(), SizeIs(++count));
  }
  EXPECT_TRUE(corpus([](auto& o) { o.threads = 3; }).report().was_kept);
  EXPECT_TRUE(corpus([](auto& o) { o.corpora.weights = {1, 2}; }).report().was_kept);
}

TEST_F(TextCache, EncodesAgainWhatIsDamaged) {
  const auto plain = corpus_without_cache();
  corpus();
  const auto overwrite = [](const std::string& file) {
    std::fstream stream(file, std::ios::in | std::ios::out | std::ios::binary);
    stream.seekp(4);
    stream.put('\x55');
  };
  for (const char* name : {"tokens", "places", "index"}) {
    const auto file = the_entry() + "/" + name;
    for (const auto& damage : std::vector<std::function<void()>>{
             [&] { overwrite(file); }, [&] { fs::resize_file(file, fs::file_size(file) - 1); },
             [&] { fs::resize_file(file, 0); }, [&] { fs::remove(file); }}) {
      damage();
      testing::internal::CaptureStderr();
      const auto again = corpus();
      EXPECT_THAT(testing::internal::GetCapturedStderr(), HasSubstr("is damaged (")) << name;
      EXPECT_FALSE(again.report().was_kept) << name;
      expect_equal(again, plain);
      EXPECT_TRUE(corpus().report().was_kept) << name;
    }
  }
}

TEST_F(TextCache, TellsOfAnEntryThatIsCutWhileItIsUsed) {
  for (const bool kept : {false, true}) {
    const auto used = corpus();
    ASSERT_EQ(used.report().was_kept, kept);
    EXPECT_EQ(used[0].target, std::vector<int32_t>{4});
    const auto tokens = the_entry() + "/tokens";
    const auto bytes = directory_.read(fs::relative(tokens, directory_.path("")).string());
    fs::resize_file(tokens, 0);
    EXPECT_EQ(user_error([&] { used[0]; }), tokens + ": has become shorter while it was used");
    std::ofstream(tokens, std::ios::binary) << bytes;
  }
}

/// Runs `work` in a process of its own, which then ends without cleaning up; returns its number.
pid_t fork_and_run(const std::function<void()>& work) {
  const pid_t child = ::fork();
  if (child == 0) {
    try {
      work();
    } catch (const std::exception& error) {
      std::cerr << "process of a test: " << error.what() << '\n';
      ::_exit(1);
    }
    ::_exit(0);
  }
  return child;
}

/// Waits until `condition` holds; false if the process `child` ends before.
bool wait_until(const std::function<bool()>& condition, pid_t child) {
  while (!condition()) {
    if (::waitpid(child, nullptr, WNOHANG) == child) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  return true;
}

TEST_F(TextCache, LeavesNothingOfWhoIsKilled) {
  std::string lines;
  for (int i = 0; i < 300'000; ++i) lines += "a b c\n";
  files_ = {{{directory_.write("3.x", lines)}}, {directory_.write("3.y", lines)}};
  const pid_t child = fork_and_run([&] { corpus(); });
  const auto is_encoding = [&] {
    if (!fs::exists(cache_)) return false;
    for (const auto& name : entries())
      if (fs::exists(fs::path(cache_) / name / "tokens") &&
          fs::file_size(fs::path(cache_) / name / "tokens") > 0)
        return true;
    return false;
  };
  ASSERT_TRUE(wait_until(is_encoding, child));
  ::kill(child, SIGKILL);
  ::waitpid(child, nullptr, 0);
  ASSERT_THAT(entries(), SizeIs(1));
  EXPECT_TRUE(the_entry().ends_with(".unfinished"));
  files_ = {{{directory_.write("4.x", "a\n")}}, {directory_.write("4.y", "A\n")}};
  EXPECT_EQ(corpus().size(), 1) << "of another text";
  ASSERT_THAT(entries(), SizeIs(1)) << "the remains are gone";
  EXPECT_FALSE(the_entry().ends_with(".unfinished"));
}

TEST_F(TextCache, IsMadeByOneProcessForAll) {
  std::vector<pid_t> children;
  for (int i = 0; i < 4; ++i)
    children.push_back(fork_and_run([&] {
      const auto made = corpus();
      if (made.size() != 4) ::_exit(1);
      if (!made.report().was_kept) std::ofstream(directory_.path("made"), std::ios::app) << "x";
    }));
  for (const pid_t child : children) {
    int status = 0;
    ::waitpid(child, &status, 0);
    EXPECT_EQ(status, 0);
  }
  EXPECT_EQ(fs::file_size(directory_.path("made")), 1U);
  EXPECT_THAT(entries(), SizeIs(1));
}

TEST_F(TextCache, RemovesWhatHasNotBeenUsedForTheLongestTime) {
  std::map<std::string, ParallelFiles> texts;
  for (const std::string word : {"a", "b", "c", "d"}) {
    std::string lines;
    for (int i = 0; i < 20'000; ++i) lines += word + " b c\n";
    texts.insert(
        {word, {{{directory_.write(word + ".x", lines)}}, {directory_.write("y", lines)}}});
  }
  const auto made = [&](const std::string& word, int64_t megabytes) {
    files_ = texts.at(word);
    return corpus([&](auto& options) { options.cache_megabytes = megabytes; });
  };
  std::map<std::string, std::string> folders;
  for (const char* word : {"a", "b", "c"}) folders[word] = made(word, 0).report().kept_in;
  ASSERT_THAT(entries(), SizeIs(3));
  double bytes = 0;  // of an entry: more than a megabyte
  for (const auto& file : fs::directory_iterator(folders["a"]))
    bytes += static_cast<double>(file.file_size());
  const auto room_for_three = static_cast<int64_t>(std::ceil(3 * bytes / 1e6));
  ASSERT_GT(4 * bytes, 1e6 * static_cast<double>(room_for_three));
  const auto age = [&](const std::string& word, int hours) {
    fs::last_write_time(folders[word] + "/index",
                        fs::file_time_type::clock::now() - std::chrono::hours(hours));
  };
  age("a", 3), age("b", 2), age("c", 1);
  EXPECT_TRUE(made("a", 1).report().was_kept) << "nothing is removed, and a is used";
  ASSERT_THAT(entries(), SizeIs(3));
  const pid_t child = fork_and_run([&] {
    const auto used = made("c", 0);
    std::ofstream(directory_.path("is used")) << "x";
    std::this_thread::sleep_for(std::chrono::minutes(1));
  });
  ASSERT_TRUE(wait_until([&] { return fs::exists(directory_.path("is used")); }, child));
  age("c", 4);
  const auto fourth = made("d", room_for_three);
  const auto name = [](const std::string& folder) { return fs::path(folder).filename().string(); };
  const auto left = entries();
  EXPECT_EQ(left.count(name(folders["a"])), 1U) << "used lately";
  EXPECT_EQ(left.count(name(folders["b"])), 0U) << "the oldest that nobody uses";
  EXPECT_EQ(left.count(name(folders["c"])), 1U) << "older, but in use";
  EXPECT_EQ(left.count(name(fourth.report().kept_in)), 1U);
  ::kill(child, SIGKILL);
  ::waitpid(child, nullptr, 0);
  EXPECT_EQ(fourth.size(), 20'000) << "and is whole";
}

TEST_F(TextCache, LeavesNothingWhereTheTextHasAMistake) {
  files_.target = {directory_.write("5.y", "A\n")};
  EXPECT_THAT(user_error([&] { corpus(); }), HasSubstr("expected as many"));
  EXPECT_THAT(entries(), SizeIs(0));
}

}  // namespace
}  // namespace weft
