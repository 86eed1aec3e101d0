#include "serve/model_set.h"

#include <set>
#include <utility>

#include "base/error.h"
#include "base/log.h"

namespace weft {

ModelSet::ModelSet(std::vector<ModelSpec> specs, ServedModelOptions options,
                   std::function<void(bool loaded)> observe)
    : specs_(std::move(specs)), options_(std::move(options)), observe_(std::move(observe)) {
  std::set<std::string> names;
  for (const auto& spec : specs_) {
    if (!names.insert(spec.name).second)
      throw UserError("two models are called '" + spec.name +
                      "'; expected NAME=DIRECTORY with other names");
  }
  for (const auto& spec : specs_) models_.push_back(std::make_shared<ServedModel>(spec, options_));
}

ServedModels ModelSet::models() const {
  const std::lock_guard lock(mutex_);
  return models_;
}

void ModelSet::start_reload() {
  const std::lock_guard lock(mutex_);
  if (reloading_) {
    again_ = true;
    return;
  }
  reloading_ = true;
  thread_ = std::jthread([this] { reload(); });  // the one before has ended
}

void ModelSet::reload() {
  for (;;) {
    for (std::size_t i = 0; i < specs_.size(); ++i) {
      try {
        auto model = std::make_shared<ServedModel>(specs_[i], options_);
        {
          const std::lock_guard lock(mutex_);
          models_[i].swap(model);
        }
        observe_(true);
        log_info("loaded " + specs_[i].name + " again");
      } catch (const std::exception& error) {
        observe_(false);
        log_warning(specs_[i].name + " stays as it was: " + error.what());
      }
    }
    const std::lock_guard lock(mutex_);
    reloading_ = again_;
    if (!std::exchange(again_, false)) return;
  }
}

}  // namespace weft
