#include "models_program.h"

#include "commands.h"
#include "run_program.h"

__attribute__((visibility("default"))) int weft_run_program(int argc, const char* const* argv) {
  return weft::run_program(argc, argv, weft::add_commands);
}
