#include "data/random.h"

namespace weft {

std::mt19937_64 seeded_generator(std::initializer_list<uint64_t> numbers) {
  std::vector<uint32_t> halves;
  for (const uint64_t number : numbers) {
    halves.push_back(static_cast<uint32_t>(number));
    halves.push_back(static_cast<uint32_t>(number >> 32));
  }
  std::seed_seq sequence(halves.begin(), halves.end());
  return std::mt19937_64(sequence);
}

uint64_t mixed(std::initializer_list<uint64_t> numbers) {
  uint64_t state = 0;
  for (const uint64_t number : numbers) {
    uint64_t z = (state ^ number) + 0x9E3779B97F4A7C15;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
    state = z ^ (z >> 31);
  }
  return state;
}

uint64_t draw_below(uint64_t bound, std::mt19937_64& generator) {
  const uint64_t limit = std::mt19937_64::max() - std::mt19937_64::max() % bound;
  uint64_t value = generator();
  while (value >= limit) value = generator();
  return value % bound;
}

}  // namespace weft
