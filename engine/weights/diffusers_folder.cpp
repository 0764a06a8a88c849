#include "engine/weights/diffusers_folder.h"

#include "engine/api/engine_error.h"
#include "engine/api/units.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <fstream>
#include <set>
#include <string>
#include <string_view>
#include <system_error>

namespace studio::engine {
namespace {

namespace fs = std::filesystem;

constexpr std::uintmax_t kLargestIndex = 32 << 20;
constexpr std::size_t kMostShards = 1'000;

std::set<std::string> filesIn(const fs::path& folder) {
  std::set<std::string> names;
  std::error_code failed;
  for (const auto& entry : fs::directory_iterator(folder, failed)) names.insert(utf8FromPath(entry.path().filename()));
  return names;
}

[[noreturn]] void badIndex(const fs::path& index) {
  throw EngineException(ErrorKind::BadFile,
                        sentence("The list of the model's files is damaged: %1.", utf8FromPath(index.filename())),
                        utf8FromPath(index));
}

/// The shards that "weight_map" of an index names, each once; they lie beside it.
std::vector<fs::path> shardsOf(const fs::path& index) {
  std::error_code failed;
  if (fs::file_size(index, failed) > kLargestIndex || failed) badIndex(index);
  std::ifstream file(index, std::ios::binary);
  const auto json = nlohmann::json::parse(file, nullptr, false);
  if (!json.is_object() || !json.contains("weight_map") || !json["weight_map"].is_object()) badIndex(index);
  std::set<std::string> names;
  for (const auto& entry : json["weight_map"].items()) {
    if (!entry.value().is_string()) badIndex(index);
    names.insert(entry.value().get<std::string>());
  }
  std::vector<fs::path> shards;
  for (const std::string& name : names) {
    if (name.empty() || name.find_first_of("/\\") != std::string::npos || names.size() > kMostShards) badIndex(index);
    shards.push_back(index.parent_path() / pathFromUtf8(name));
    if (fs::exists(shards.back(), failed)) continue;
    throw EngineException(ErrorKind::MissingFile, sentence("A part of the model is missing: %1.", name),
                          utf8FromPath(shards.back()));
  }
  return shards;
}

/// Shards that lie there without an index: all that share the first one's beginning.
std::vector<fs::path> looseFiles(const fs::path& folder, const std::set<std::string>& names, std::string_view ending) {
  std::vector<fs::path> files;
  std::string start;
  for (const std::string& name : names) {
    if (!name.ends_with(ending)) continue;
    const std::size_t count = name.find("-of-");
    const std::string stem = count == std::string::npos ? name : name.substr(0, name.rfind('-', count - 1));
    if (files.empty()) start = stem;
    if (stem == start) files.push_back(folder / pathFromUtf8(name));
  }
  return files;
}

}  // namespace

std::vector<fs::path> weightFilesOf(const fs::path& folder) {
  const std::set<std::string> names = filesIn(folder);
  for (const std::string ending : {".safetensors", ".bin"}) {
    for (const std::string variant : {"", ".fp16", ".bf16", ".fp32"}) {
      for (const std::string base : {"diffusion_pytorch_model", "model", "pytorch_model"}) {
        if (names.contains(base + variant + ending)) return {folder / (base + variant + ending)};
        for (const std::string& index :
             {base + variant + ending + ".index.json", base + ending + ".index" + variant + ".json"}) {
          if (names.contains(index)) return shardsOf(folder / index);
        }
      }
    }
    auto loose = looseFiles(folder, names, ending);
    if (!loose.empty()) return loose;
  }
  return {};
}

}  // namespace studio::engine
