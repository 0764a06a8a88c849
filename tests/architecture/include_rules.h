#pragma once

// Who may include whom: the table of folders, and the rules about what never meets in one file.

#include <string>
#include <string_view>
#include <vector>

#include "tests/architecture/source_tree.h"

namespace studio::architecture {

/// What a header outside the repository belongs to.
enum class Library {
  Standard,
  System,
  Torch,
  Gpu,
  Qt,
  QtGui,
  ImageFiles,
  Compression,
  Hash,
  Json,
  Toml,
  Log,
  CommandLine,
  Test,
  Unknown
};

[[nodiscard]] Library libraryOf(const Include& include);

/// One sentence for each broken rule, beginning with "file:line: "; empty when all is well.
[[nodiscard]] std::vector<std::string> brokenIncludeRules(const SourceTree& tree);

}  // namespace studio::architecture
