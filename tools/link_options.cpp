#include "link_options.h"

namespace weft {

CLI::Option* add_gold_options(CLI::App& command, GoldLinks& gold, bool& from_one) {
  auto* option = command.add_option(
      "--gold", gold.path,
      "Gold links (i-j sure, ipj possible), against which alignment error rate, precision and "
      "recall are printed; words are then what spaces separate");
  command.add_flag("--gold-reversed", gold.reversed, "Gold links written target-source")
      ->needs(option);
  command.add_flag("--gold-from-one", from_one, "Gold links counted from 1")->needs(option);
  return option;
}

}  // namespace weft
