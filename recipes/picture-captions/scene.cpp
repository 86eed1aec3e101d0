#include "picture-captions/scene.h"

#include <algorithm>
#include <numeric>

#include "data/random.h"

namespace weft::scenes {
namespace {

int below(int bound, std::mt19937_64& generator) {
  return static_cast<int>(draw_below(static_cast<uint64_t>(bound), generator));
}

bool is_unseen(const Kind& kind) {
  return kind.shape == kUnseenShape && kind.colour == kUnseenColour;
}

Kind draw_kind(std::mt19937_64& generator) {
  const auto shape = static_cast<Shape>(below(kShapes, generator));
  const auto colour = static_cast<Colour>(below(kColours, generator));
  return {shape, colour, below(2, generator) == 0 ? kSmall : kLarge};
}

/// Kinds of different colours, in the order of their colours.
std::array<Kind, 2> draw_kinds(std::mt19937_64& generator, bool unseen) {
  for (;;) {
    std::array<Kind, 2> kinds = {draw_kind(generator), draw_kind(generator)};
    if (unseen) {
      kinds[1].shape = kUnseenShape;
      kinds[1].colour = kUnseenColour;
    }
    const bool has_unseen = is_unseen(kinds[0]) || is_unseen(kinds[1]);
    if (kinds[0].colour == kinds[1].colour || has_unseen != unseen) continue;
    if (kinds[0].colour > kinds[1].colour) std::swap(kinds[0], kinds[1]);
    return kinds;
  }
}

/// A place in a cell, such that the thing stays inside.
Place place_in(int cell, int radius, std::mt19937_64& generator) {
  constexpr int kInRow = kSide / kCell;
  const int free = kCell - 2 * radius;
  const int x = cell % kInRow * kCell + radius + below(free + 1, generator);
  const int y = cell / kInRow * kCell + radius + below(free + 1, generator);
  return {x, y};
}

/// Puts all things of the groups into cells of their own.
void place_all(const std::vector<Group*>& groups, std::mt19937_64& generator) {
  std::vector<int> cells((kSide / kCell) * (kSide / kCell));
  std::iota(cells.begin(), cells.end(), 0);
  shuffle(cells, generator);
  for (Group* group : groups) {
    for (Place& place : group->places) {
      place = place_in(cells.back(), group->kind.radius, generator);
      cells.pop_back();
    }
  }
}

}  // namespace

Scene draw_scene(std::mt19937_64& generator, bool unseen) {
  Scene scene;
  const auto kinds = draw_kinds(generator, unseen);
  std::vector<Group*> groups;
  for (std::size_t i = 0; i < 2; ++i) {
    const auto count = static_cast<std::size_t>(1 + below(kMostThings, generator));
    scene.told[i] = {kinds[i], std::vector<Place>(count)};
    groups.push_back(&scene.told[i]);
  }
  if (below(2, generator) == 0) {
    scene.outline = Group{draw_kind(generator), std::vector<Place>(1)};
    groups.push_back(&*scene.outline);
  }
  // The relation is drawn too: places in which many things stand beside each other are rare.
  const auto wanted = static_cast<Relation>(below(4, generator));
  do {
    place_all(groups, generator);
  } while (relation_of(box_of(scene.told[0]), box_of(scene.told[1])) != wanted);
  scene.relation = wanted;
  return scene;
}

Box box_of(const Kind& kind, const Place& place) {
  return {place.x - kind.radius, place.y - kind.radius, place.x + kind.radius,
          place.y + kind.radius};
}

Box box_of(const Group& group) {
  Box all = box_of(group.kind, group.places.front());
  for (const Place& place : group.places) {
    const Box box = box_of(group.kind, place);
    all = {std::min(all.left, box.left), std::min(all.top, box.top), std::max(all.right, box.right),
           std::max(all.bottom, box.bottom)};
  }
  return all;
}

std::optional<Relation> relation_of(const Box& a, const Box& b) {
  const std::array<bool, 4> holds = {a.bottom <= b.top, a.top >= b.bottom, a.right <= b.left,
                                     a.left >= b.right};
  if (std::count(holds.begin(), holds.end(), true) != 1) return std::nullopt;
  return static_cast<Relation>(std::find(holds.begin(), holds.end(), true) - holds.begin());
}

}  // namespace weft::scenes
