#pragma once
// The models of a server, which can be loaded anew while it runs.

#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "serve/served_model.h"

namespace weft {

using ServedModels = std::vector<std::shared_ptr<ServedModel>>;

/// Any thread may ask for the models; whoever has one keeps it while it is replaced.
class ModelSet {
 public:
  /// Loads all. Throws UserError as ServedModel() does, and if two have the same name.
  /// `observe` is told of every model that is loaded again, on another thread, whether it was.
  ModelSet(std::vector<ModelSpec> specs, ServedModelOptions options,
           std::function<void(bool loaded)> observe);

  ServedModels models() const;
  /// Loads all again, on a thread of its own; one that cannot be loaded is told in the log and
  /// stays as it was. While that goes on, a further call has it done once more.
  void start_reload();

 private:
  void reload();

  std::vector<ModelSpec> specs_;
  ServedModelOptions options_;
  std::function<void(bool)> observe_;
  mutable std::mutex mutex_;  // guards the members below
  ServedModels models_;
  bool reloading_ = false, again_ = false;
  std::jthread thread_;  // last: it uses all of the above
};

}  // namespace weft
