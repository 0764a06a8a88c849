#pragma once

// Measures functions and files, to hold them to the sizes we agreed on.

#include <string>
#include <string_view>
#include <vector>

namespace studio::architecture {

struct FunctionSize {
  std::string name;  // the text before the parameter list, like "EulerSampler::step"
  int firstLine = 0;
  int lines = 0;
};

/// Every function body in a C++ source, found by matching braces; lambdas count to their function.
[[nodiscard]] std::vector<FunctionSize> measureFunctions(std::string_view source);

/// Number of lines of a text.
[[nodiscard]] int countLines(std::string_view source);

}  // namespace studio::architecture
