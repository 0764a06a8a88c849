#pragma once

// The repository's sources as the architecture tests see them: paths, texts and #include lines.

#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace studio::architecture {

struct Include {
  std::string name;
  bool quoted = false;
  int line = 0;
};

struct SourceFile {
  std::string path;  // relative to the root, with forward slashes
  std::string text;
  std::vector<Include> includes;
};

/// Sources by path.
using SourceTree = std::map<std::string, SourceFile>;

/// Every .h, .cpp, .inl, .cu and .cuh below app, ui, engine, settings, presets and tests of `root`.
[[nodiscard]] SourceTree readTree(const std::filesystem::path& root);

/// A file made of a path and a text: for readTree and for tests of the rules themselves.
[[nodiscard]] SourceFile parseFile(std::string path, std::string text);

/// Names of all headers the file sees, its own and those of the repository's headers it includes, directly or not.
[[nodiscard]] std::set<std::string> reachableIncludes(const SourceTree& tree, const SourceFile& file);

}  // namespace studio::architecture
