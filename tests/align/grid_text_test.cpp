#include "align/grid_text.h"

#include <gmock/gmock.h>

#include <stdexcept>

namespace weft {
namespace {

const GridAttention kDog{{"a", "dog"}, 2, 3, {0.2F, 0.1F, 0, 0, 0, 0, 0, 0, 0, 0, 0.9F, 0.5F}};

TEST(GridText, HasATileForEachWord) {
  EXPECT_EQ(render_grid_text(kDog, {}),
            "a       dog\n"
            "██▓▓·   · · · \n"
            "· · ·   · ██▓▓\n");
}

TEST(GridText, PutsTilesBelowEachOtherInANarrowTerminal) {
  EXPECT_EQ(render_grid_text(kDog, {.terminal_width = 12}),
            "a\n"
            "██▓▓· \n"
            "· · · \n"
            "\n"
            "dog\n"
            "· · · \n"
            "· ██▓▓\n");
}

TEST(GridText, OfSoundHasALineForEachWord) {
  const GridAttention sound{{"one", "三"}, 1, 4, {0, 0.5F, 0, 0, 0, 0, 0.1F, 0.2F}};
  EXPECT_EQ(render_grid_text(sound, {}),
            "one · ██· · \n"
            " 三 · · ▓▓██\n");
}

TEST(GridText, JoinsNeighboursThatDoNotFit) {
  GridAttention sound{{"one"}, 1, 100, std::vector<float>(100)};
  sound.weights[99] = 1;
  EXPECT_EQ(render_grid_text(sound, {.terminal_width = 12}), "one · · · ██\n");
}

TEST(GridText, HidesWhatATerminalWouldObey) {
  const GridAttention attention{{"\x1b[2J"}, 2, 4, std::vector<float>(8, 1)};
  EXPECT_THAT(render_grid_text(attention, {}), testing::StartsWith("\uFFFD[2J\n"));
}

TEST(GridText, RefusesWeightsThatAreNoGrid) {
  EXPECT_THROW(render_grid_text({{"a"}, 2, 2, {1}}, {}), std::invalid_argument);
}

}  // namespace
}  // namespace weft
