#pragma once
// What a program may use of the machine.

namespace weft {

/// Sets how many threads compute; 0: as many as the machine has cores. Memory that is freed stays
/// with the process, as the next batch needs as much again.
void use_machine(int threads);

}  // namespace weft
