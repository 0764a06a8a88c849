#include "tests/architecture/source_tree.h"

#include <fstream>
#include <iterator>
#include <regex>
#include <sstream>

namespace studio::architecture {

namespace fs = std::filesystem;

namespace {

bool isSource(const fs::path& path) {
  const fs::path extension = path.extension();
  return extension == ".h" || extension == ".cpp" || extension == ".inl" || extension == ".cu" || extension == ".cuh";
}

std::string readFile(const fs::path& path) {
  std::ifstream stream(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
}

}  // namespace

SourceFile parseFile(std::string path, std::string text) {
  static const std::regex kInclude(R"(^\s*#\s*include\s*(["<])([^">]+)[">].*)");
  SourceFile file{std::move(path), std::move(text), {}};
  std::istringstream lines(file.text);
  std::string line;
  for (int number = 1; std::getline(lines, line); ++number) {
    std::smatch match;
    if (std::regex_match(line, match, kInclude)) file.includes.push_back({match[2], match[1] == "\"", number});
  }
  return file;
}

SourceTree readTree(const fs::path& root) {
  SourceTree tree;
  for (const char* top : {"app", "ui", "engine", "settings", "presets", "tests"}) {
    if (!fs::exists(root / top)) continue;
    for (const auto& entry : fs::recursive_directory_iterator(root / top)) {
      if (!entry.is_regular_file() || !isSource(entry.path())) continue;
      std::string path = entry.path().lexically_relative(root).generic_string();
      tree.emplace(path, parseFile(path, readFile(entry.path())));
    }
  }
  return tree;
}

std::set<std::string> reachableIncludes(const SourceTree& tree, const SourceFile& file) {
  std::set<std::string> seen;
  std::vector<const SourceFile*> open{&file};
  while (!open.empty()) {
    const SourceFile* current = open.back();
    open.pop_back();
    for (const Include& include : current->includes) {
      if (!seen.insert(include.name).second) continue;
      if (const auto own = tree.find(include.name); own != tree.end()) open.push_back(&own->second);
    }
  }
  return seen;
}

}  // namespace studio::architecture
