#pragma once
// What a model directory holds.

#include <ostream>
#include <string>

namespace weft {

/// Version, training, vocabularies, and every parameter with its shape, number of weights, mean and
/// standard deviation. Throws UserError as load_model() does.
void inspect_model(const std::string& directory, std::ostream& out);

}  // namespace weft
