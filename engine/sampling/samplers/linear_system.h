#pragma once

#include <vector>

namespace studio::engine {

/// Solves matrix · x = right for a small regular matrix, given row by row, by elimination with pivoting.
std::vector<double> solveLinear(std::vector<std::vector<double>> matrix, std::vector<double> right);

}  // namespace studio::engine
