#pragma once
// What a picture shows: two groups of equal things, one beside, above or below the other.

#include <array>
#include <optional>
#include <random>
#include <vector>

namespace weft::scenes {

enum class Shape { kCircle, kSquare, kTriangle, kDiamond, kCross, kStar };
/// In the order of the rainbow.
enum class Colour { kRed, kOrange, kYellow, kGreen, kBlue, kPurple };
enum class Relation { kAbove, kBelow, kLeft, kRight };

inline constexpr int kShapes = 6, kColours = 6, kMostThings = 3;
inline constexpr int kSide = 112;              ///< pixels of a picture
inline constexpr int kCell = 28;               ///< of the cells that things stand in, 4 x 4
inline constexpr int kSmall = 6, kLarge = 12;  ///< half the width of a thing, in pixels

/// What all things of a group are.
struct Kind {
  Shape shape = Shape::kCircle;
  Colour colour = Colour::kRed;
  int radius = kSmall;
};

/// Where a thing's middle is.
struct Place {
  int x = 0;
  int y = 0;
};

/// In pixels: [left, right) x [top, bottom).
struct Box {
  int left = 0, top = 0, right = 0, bottom = 0;
  bool operator==(const Box&) const = default;
};

struct Group {
  Kind kind;
  std::vector<Place> places;
};

/// `told[0]` is `relation` `told[1]`. Their colours differ, and are told in the order of the
/// rainbow, so that there is one caption for a picture, and one look finds what comes first. An
/// outline, if there is one, is not told.
struct Scene {
  std::array<Group, 2> told;
  Relation relation = Relation::kAbove;
  std::optional<Group> outline;
};

/// The combination that is kept from training.
inline constexpr Shape kUnseenShape = Shape::kStar;
inline constexpr Colour kUnseenColour = Colour::kPurple;

/// Draws a scene: descriptions evenly, then places until exactly one relation holds between the
/// boxes of the groups. With `unseen`, one group is of the combination above; without, none.
Scene draw_scene(std::mt19937_64& generator, bool unseen);

Box box_of(const Kind& kind, const Place& place);
/// Around all things of a group.
Box box_of(const Group& group);
/// The one relation that holds; nothing if none does, or two.
std::optional<Relation> relation_of(const Box& a, const Box& b);

}  // namespace weft::scenes
