#include "data/network_features.h"

#include <ATen/core/grad_mode.h>
#include <torch/script.h>

#include <cmath>
#include <mutex>
#include <utility>

#include "base/error.h"
#include "base/mapped_file.h"
#include "base/sha256.h"
#include "media/feature_cache.h"
#include "media/option_text.h"

namespace weft {
namespace {

std::string sizes_text(const torch::Tensor& tensor) {
  std::ostringstream text;
  text << tensor.sizes();
  return text.str();
}

class NetworkFeatures : public FeatureItems {
 public:
  NetworkFeatures(std::unique_ptr<PictureItems> pictures, std::string path)
      : pictures_(std::move(pictures)), path_(std::move(path)), hash_(network_hash(path_)) {
    try {
      network_ = torch::jit::load(path_);
    } catch (const c10::Error&) {
      throw UserError({path_}, "is no network (TorchScript, as torch.jit.save() writes it)");
    }
    network_.eval();
    const auto size = pictures_->shape(0);
    const auto made = run(at::zeros({1, size.width, size.rows, size.columns}, at::kByte));
    shape_ = {made.size(2) * made.size(3), made.size(1), made.size(2), made.size(3)};
  }

  int64_t size() const override { return pictures_->size(); }
  ItemShape shape(int64_t) const override { return shape_; }
  std::string fingerprint() const override { return pictures_->fingerprint() + "-" + hash_; }
  std::string content_key(int64_t item) const override { return pictures_->content_key(item); }
  const std::string& hash() const { return hash_; }

  void copy(int64_t item, float* out) const override {
    const auto size = pictures_->shape(item);
    auto picture = at::empty({1, size.width, size.rows, size.columns}, at::kByte);
    pictures_->copy(item, picture.data_ptr<uint8_t>());
    const auto made = run(picture);
    if (made.size(1) != shape_.width || made.size(2) != shape_.rows ||
        made.size(3) != shape_.columns)
      throw UserError({path_}, "gives pictures of one size results of several");
    at::from_blob(out, {shape_.length, shape_.width}).copy_(made[0].flatten(1).t());
  }

 private:
  /// uint8 [1, C, H, W] -> [1, D, h, w]
  torch::Tensor run(const torch::Tensor& picture) const {
    const at::NoGradGuard no_grad;
    c10::IValue result;
    try {
      result = network_.forward({picture});
    } catch (const std::exception&) {  // TorchScript throws types of its own
      throw UserError({path_}, "cannot be run on pictures of " + sizes_text(picture) +
                                   " bytes; expected a network that takes them");
    }
    if (!result.isTensor())
      throw UserError(
          {path_}, "gives a " + result.tagKind() + "; expected a tensor [1, width, rows, columns]");
    const auto made = result.toTensor();
    if (made.dim() != 4 || made.size(0) != 1 || made.numel() == 0 || !made.is_floating_point())
      throw UserError({path_}, "gives a tensor " + sizes_text(made) +
                                   "; expected numbers [1, width, rows, columns]");
    const auto numbers = made.to(at::kFloat).contiguous();
    if (!numbers.isfinite().all().item<bool>())
      throw UserError({path_}, "gives what is not a number");
    return numbers;
  }

  std::unique_ptr<PictureItems> pictures_;
  std::string path_, hash_;
  mutable torch::jit::Module network_;  // forward() is not const, and changes nothing
  ItemShape shape_;
};

}  // namespace

std::string network_hash(const std::string& path) { return sha256(MappedFile(path).view()); }

std::unique_ptr<FeatureItems> network_features(std::unique_ptr<PictureItems> pictures,
                                               const ItemOptions& options) {
  auto features = std::make_unique<NetworkFeatures>(std::move(pictures), options.network);
  if (options.cache.empty()) return features;
  auto cache = std::make_unique<FeatureCache>(
      options.cache, option_text(options.image) + " network=" + features->hash());
  constexpr int kThreads = 1;  // the network's products take them all
  return through_cache(*features, std::move(cache), kThreads, "reading pictures");
}

}  // namespace weft
