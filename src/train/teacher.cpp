#include "train/teacher.h"

#include <torch/types.h>

#include "base/error.h"
#include "base/log.h"
#include "model/model_directory.h"

namespace weft {

TranslationModel load_teacher(const DistillationOptions& options, const Vocabularies& vocabularies,
                              const torch::Device& device) {
  if (options.teacher.empty()) return TranslationModel(nullptr);
  auto stored = load_model(options.teacher);
  if (!are_same(stored.vocabularies, vocabularies)) {
    throw UserError({options.teacher},
                    "the teacher (training.distillation.teacher) has other vocabularies than the "
                    "model, or writes in the other direction; expected those it was trained with "
                    "(vocabulary.source_file, vocabulary.target_file, data.right_to_left)");
  }
  for (auto& parameter : stored.model->parameters()) parameter.set_requires_grad(false);
  stored.model->to(device);
  log_info("the model learns from " + options.teacher);
  return stored.model;
}

}  // namespace weft
