#pragma once
// Reads what the program prints about alignments.

#include <string>
#include <utility>
#include <vector>

namespace weft::e2e {

/// "a ||| b" -> {"a", "b"}; an empty field stays one.
std::vector<std::string> fields_of(const std::string& line);
std::vector<std::string> split(const std::string& text, char separator);

using Links = std::vector<std::pair<int, int>>;  // source, target

/// "0-1 2p1". Throws std::invalid_argument on anything else.
Links links_of(const std::string& text);

/// "p,p,p p,p,p": one row for each target token. Throws std::invalid_argument on anything else.
std::vector<std::vector<double>> rows_of(const std::string& text);

double sum(const std::vector<double>& row);

}  // namespace weft::e2e
