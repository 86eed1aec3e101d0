// weft evaluate-alignment

#include <memory>

#include "app/link_files.h"
#include "commands.h"
#include "link_options.h"

namespace weft {

void add_evaluate_alignment_command(CLI::App& app) {
  auto* command = app.add_subcommand("evaluate-alignment",
                                     "Score word links against gold links: alignment error rate");
  auto task = std::make_shared<LinkEvaluationTask>();
  struct Counting {
    bool links_from_one = false, gold_from_one = false;
  };
  auto counting = std::make_shared<Counting>();
  command
      ->add_option("-l,--links,links", task->links,
                   "Files of Pharaoh links; of several the first is what the others are compared "
                   "with")
      ->required();
  add_gold_options(*command, task->gold, counting->gold_from_one)->required();
  command->add_flag("--links-reversed", task->links_reversed, "Links written target-source");
  command->add_flag("--links-from-one", counting->links_from_one, "Links counted from 1");
  command->add_flag("--json", task->json, "Results as a JSON array, an object for each file");
  command->callback([task, counting] {
    const auto first = [](bool one) { return one ? FirstPosition::kOne : FirstPosition::kZero; };
    task->links_first = first(counting->links_from_one);
    task->gold.first = first(counting->gold_from_one);
    evaluate_links(*task);
  });
}

}  // namespace weft
