#include "data/network_features.h"

#include <gmock/gmock.h>
#include <torch/script.h>

#include <filesystem>
#include <memory>

#include "base/error.h"
#include "base/temporary_directory.h"
#include "corpus/fake_items.h"
#include "text/user_error.h"

namespace weft {
namespace {

using testing::HasSubstr;

class NetworkFeaturesTest : public testing::Test {
 protected:
  /// A network that gives what this line of TorchScript says, of x.
  ItemOptions network(const std::string& result) {
    torch::jit::Module module("network");
    module.define("def forward(self, x):\n    return " + result + "\n");
    ItemOptions options;
    options.kind = SourceKind::kImage;
    options.network = directory_.path("network.pt");
    module.save(options.network);
    return options;
  }
  static std::unique_ptr<FeatureItems> run(const ItemOptions& options) {
    return network_features(std::make_unique<FakePictures>(4, 4, 6), options);
  }

  TemporaryDirectory directory_;
};

// Two numbers at each of 2 x 3 places: the picture's, and a place of its own.
constexpr const char* kResult =
    "torch.cat([torch.avg_pool2d(x.float(), 2), torch.arange(6).float().view(1, 1, 2, 3)], 1)";

TEST_F(NetworkFeaturesTest, AreAGridOfVectorsRowByRow) {
  const auto features = run(network(kResult));
  EXPECT_EQ(features->size(), 4);
  EXPECT_EQ(features->shape(3), (ItemShape{6, 2, 2, 3}));
  std::vector<float> numbers(12);
  features->copy(3, numbers.data());
  EXPECT_THAT(numbers, testing::ElementsAre(3, 0, 3, 1, 3, 2, 3, 3, 3, 4, 3, 5));
}

TEST_F(NetworkFeaturesTest, AreKeptByTheNetworkAndThePicture) {
  auto options = network(kResult);
  options.cache = directory_.path("cache");
  std::vector<float> first(12), again(12), other(12);
  run(options)->copy(2, first.data());
  run(options)->copy(2, again.data());
  EXPECT_EQ(first, again);
  auto changed = network(std::string("1 + ") + kResult);
  changed.cache = options.cache;
  run(changed)->copy(2, other.data());
  EXPECT_EQ(other[0], first[0] + 1) << "not what the other network had made";
}

TEST_F(NetworkFeaturesTest, RefuseWhatIsNoNetworkForPictures) {
  auto options = network(kResult);
  options.network = directory_.write("text", "no network");
  EXPECT_THAT(user_error([&] { run(options); }), HasSubstr("text: is no network (TorchScript"));
  options.network = directory_.path("none.pt");
  EXPECT_THAT(user_error([&] { run(options); }), HasSubstr("none.pt"));
  EXPECT_THAT(user_error([&] { run(network("(x, x)")); }), HasSubstr("gives a Tuple; expected"));
  EXPECT_THAT(user_error([&] { run(network("x.float().mean()")); }),
              HasSubstr("gives a tensor []"));
  EXPECT_THAT(user_error([&] { run(network("x")); }), HasSubstr("expected numbers"));
  EXPECT_THAT(user_error([&] { run(network("x.float() / 0")); }), HasSubstr("not a number"));
  EXPECT_THAT(user_error([&] { run(network("x.view(7, 7)")); }), HasSubstr("cannot be run"));
}

}  // namespace
}  // namespace weft
