// weft: init, train, translate, align, evaluate, bench.

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <iostream>

#include "run_program.h"

int main(int argc, char** argv) {
  std::ios::sync_with_stdio(false);
  // A file that may not grow (ulimit -f) is told like a full disk, instead of ending the program.
  std::signal(SIGXFSZ, SIG_IGN);
  const int status = weft::run_program(argc, argv);
  // Whatever a command made is gone with it. What is left are LibTorch's tables of operators, and
  // taking those apart would cost 0.07 s.
  std::fflush(nullptr);
  std::quick_exit(status);
}
