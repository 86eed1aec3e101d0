#pragma once
// Memory between batches.

namespace weft::kernels {

/// Tells the allocator of the whole program to keep what is freed for the next use. Every batch
/// takes and frees arrays of many megabytes; returned to the system each time, they cost page
/// faults again (a tenth of training time). For a program that trains or translates, once, before
/// its first batch. Does nothing where the C library has no such setting.
void keep_freed_memory();

}  // namespace weft::kernels
