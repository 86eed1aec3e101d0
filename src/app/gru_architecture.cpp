#include "app/gru_architecture.h"

#include <stdexcept>

namespace weft {
namespace {

using Part = GruPlace::Part;

void add_transitions(std::vector<GruPlace>& places, GruPlace place, int64_t count) {
  for (place.transition = 0; place.transition < count; ++place.transition) places.push_back(place);
}

int64_t transitions_of(const GruArchitecture& architecture, Part part) {
  switch (part) {
    case Part::kEncoder:
      return architecture.encoder_transitions;
    case Part::kFirst:
      return 1;
    case Part::kContext:
      return architecture.decoder_transitions;
    case Part::kUpper:
      return architecture.upper_transitions;
  }
  throw std::logic_error("unknown part of a model");
}

}  // namespace

std::vector<GruPlace> gru_places(const GruArchitecture& architecture) {
  std::vector<GruPlace> places;
  const auto add = [&](const GruPlace& place) {
    add_transitions(places, place, transitions_of(architecture, place.part));
  };
  for (int64_t layer = 0; layer < architecture.encoder_layers; ++layer) {
    add({Part::kEncoder, false, layer});
    const bool both = layer == 0 || architecture.direction != EncoderDirection::kFirstBidirectional;
    if (both) add({Part::kEncoder, true, layer});
  }
  add({Part::kFirst});
  add({Part::kContext});
  for (int64_t layer = 1; layer < architecture.decoder_layers; ++layer)
    add({Part::kUpper, false, layer});
  return places;
}

std::string weft_gru_name(const GruArchitecture& architecture, const GruPlace& place) {
  const std::string transition = transitions_of(architecture, place.part) > 1
                                     ? ".transition_" + std::to_string(place.transition)
                                     : "";
  switch (place.part) {
    case Part::kEncoder:
      return std::string("encoder.") + (place.backward ? "backward_" : "forward_") +
             std::to_string(place.layer) + transition;
    case Part::kFirst:
      return "decoder.cell";
    case Part::kContext:
      return "decoder.context_cell" + transition;
    case Part::kUpper:
      return "decoder.upper_" + std::to_string(place.layer) + transition;
  }
  throw std::logic_error("unknown part of a model");
}

std::string marian_gru_name(const GruArchitecture& architecture, const GruPlace& place) {
  const std::string layer = "_l" + std::to_string(place.layer + 1);
  const std::string cell = "_cell" + std::to_string(place.transition + 1);
  switch (place.part) {
    case Part::kEncoder: {
      if (place.layer > 0 && architecture.direction == EncoderDirection::kFirstBidirectional)
        return "encoder" + layer + cell;
      std::string name = place.backward ? "encoder_bi_r" : "encoder_bi";
      if (place.layer > 0) name += layer;
      return place.layer > 0 || place.transition > 0 ? name + cell : name;
    }
    case Part::kFirst:
      return "decoder_cell1";
    case Part::kContext:
      return "decoder_cell" + std::to_string(place.transition + 2);
    case Part::kUpper:
      return "decoder" + layer + cell;
  }
  throw std::logic_error("unknown part of a model");
}

}  // namespace weft
