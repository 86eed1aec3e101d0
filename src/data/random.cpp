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

uint64_t draw_below(uint64_t bound, std::mt19937_64& generator) {
  const uint64_t limit = std::mt19937_64::max() - std::mt19937_64::max() % bound;
  uint64_t value = generator();
  while (value >= limit) value = generator();
  return value % bound;
}

}  // namespace weft
