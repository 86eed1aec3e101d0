#include "media/feature_cache.h"

#include <gmock/gmock.h>

#include <atomic>
#include <filesystem>
#include <thread>

#include "base/temporary_directory.h"
#include "media/golden.h"
#include "text/user_error.h"

namespace weft {
namespace {

using ::testing::ElementsAre;

/// Items whose features are (10 * item + i) / 4, and which count how often they are asked.
class CountedItems : public FeatureItems {
 public:
  explicit CountedItems(int64_t size) : size_(size) {}
  int64_t size() const override { return size_; }
  ItemShape shape(int64_t item) const override { return {item + 1, 2}; }
  std::string fingerprint() const override { return ""; }
  std::string content_key(int64_t item) const override { return "key" + std::to_string(item); }
  void copy(int64_t item, float* out) const override {
    ++copies;
    for (int64_t i = 0; i < 2 * (item + 1); ++i) *out++ = static_cast<float>(10 * item + i) / 4;
  }
  mutable std::atomic<int> copies = 0;

 private:
  int64_t size_;
};

class FeatureCacheTest : public testing::Test {
 protected:
  std::unique_ptr<FeatureItems> open(const FeatureItems& items, const std::string& options = "o") {
    return through_cache(items, std::make_unique<FeatureCache>(folder_, options), 2, "features");
  }
  std::vector<std::string> files() const {
    std::vector<std::string> names;
    for (const auto& entry : std::filesystem::directory_iterator(folder_))
      names.push_back(entry.path().filename().string());
    return names;
  }
  TemporaryDirectory directory_;
  std::string folder_ = directory_.path("a/b");
};

TEST_F(FeatureCacheTest, KeepsFeaturesForTheNextRun) {
  const CountedItems items(20);
  for (int run = 0; run < 3; ++run) {
    const auto cached = open(items);
    EXPECT_EQ(cached->size(), 20);
    EXPECT_EQ(cached->shape(3), (ItemShape{4, 2}));
    EXPECT_THAT(numbers_of(*cached, 1), ElementsAre(2.5F, 2.75F, 3.0F, 3.25F));
    EXPECT_EQ(items.copies, 20) << run;
  }
}

TEST_F(FeatureCacheTest, MakesOnlyWhatIsNew) {
  open(CountedItems(5));
  const CountedItems more(8);
  EXPECT_THAT(numbers_of(*open(more), 7), testing::SizeIs(16));
  EXPECT_EQ(more.copies, 3);
}

TEST_F(FeatureCacheTest, KeepsOptionsApart) {
  open(CountedItems(5));
  const CountedItems items(5);
  const auto cached = open(items, "other");
  EXPECT_EQ(items.copies, 5);
  EXPECT_NE(cached->fingerprint(), open(items)->fingerprint());
}

TEST_F(FeatureCacheTest, KeepsGrids) {
  const float numbers[] = {1, 2, 3, 4, 5, 6};
  FeatureCache cache(folder_, "o");
  cache.add("k", {6, 1, 2, 3}, numbers);
  cache.flush();
  EXPECT_EQ(cache.shape("k"), (ItemShape{6, 1, 2, 3}));
  EXPECT_EQ(FeatureCache(folder_, "o").shape("k"), (ItemShape{6, 1, 2, 3}));
}

TEST_F(FeatureCacheTest, MakesAgainWhatIsDamaged) {
  open(CountedItems(5));
  ASSERT_EQ(files().size(), 1U);
  const std::string name = "a/b/" + files()[0];
  const std::string good = directory_.read(name);
  for (std::size_t i = 0; i < good.size(); i += 13) {
    std::string bad = good;
    bad[i] = static_cast<char>(bad[i] ^ 4);
    std::filesystem::remove(directory_.path(name));
    directory_.write(name, i % 2 == 0 ? bad : good.substr(0, i));
    const CountedItems items(5);
    ASSERT_THAT(numbers_of(*open(items), 1), ElementsAre(2.5F, 2.75F, 3.0F, 3.25F)) << i;
    // A change in the description of the options alone does no harm.
    ASSERT_TRUE(items.copies == 5 || items.copies == 0) << i;
    ASSERT_EQ(directory_.read(name).size(), good.size()) << i;
  }
}

TEST_F(FeatureCacheTest, IsSharedByManyAtOnce) {
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&, i] {
      const CountedItems items(20 + i);
      const auto cached = open(items);
      EXPECT_THAT(numbers_of(*cached, 1), ElementsAre(2.5F, 2.75F, 3.0F, 3.25F));
    });
  }
  for (auto& thread : threads) thread.join();
  const CountedItems items(23);
  open(items);
  EXPECT_EQ(items.copies, 0);
}

TEST_F(FeatureCacheTest, RefusesWhatFloat16CannotHold) {
  const float number = 70000;
  FeatureCache cache(folder_, "o");
  EXPECT_EQ(user_error([&] {
              cache.add("k", {1, 1}, &number);
            }),
            folder_ + ": cannot keep a feature of 70000.000000; expected numbers up to 65504");
}

TEST_F(FeatureCacheTest, NeedsAFolder) {
  directory_.write("file", "");
  EXPECT_THAT(user_error([&] { FeatureCache(directory_.path("file"), "o"); }),
              testing::HasSubstr("file"));
}

}  // namespace
}  // namespace weft
