#include "engine/pipeline/lora_resolver.h"

#include "engine/api/engine_error.h"
#include "engine/api/units.h"
#include "engine/weights/tensor_file.h"

#include <algorithm>
#include <array>
#include <optional>
#include <system_error>

namespace studio::engine {
namespace {

constexpr std::size_t kMostLoraFiles = 20000;

std::string lowered(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(), [](char c) {
    if (c == '\\') return '/';
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  });
  return text;
}

bool mayBeLora(const std::filesystem::path& path) {
  static constexpr std::array<std::string_view, 4> kEndings{".safetensors", ".pt", ".ckpt", ".bin"};
  const std::string ending = lowered(utf8FromPath(path.extension()));
  return std::find(kEndings.begin(), kEndings.end(), ending) != kEndings.end();
}

struct Found {
  std::filesystem::path path;
  std::string subpath;  ///< below its folder, without the ending, lower case
};

std::vector<Found> filesBelow(const std::vector<std::filesystem::path>& folders) {
  std::vector<Found> files;
  for (const auto& folder : folders) {
    std::error_code failed;
    std::filesystem::recursive_directory_iterator it(folder, std::filesystem::directory_options::skip_permission_denied,
                                                     failed);
    for (; !failed && it != std::filesystem::recursive_directory_iterator() && files.size() < kMostLoraFiles;
         it.increment(failed)) {
      if (!mayBeLora(it->path())) continue;
      auto below = it->path().lexically_relative(folder);
      files.push_back({it->path(), lowered(utf8FromPath(below.replace_extension()))});
    }
  }
  std::sort(files.begin(), files.end(), [](const Found& a, const Found& b) { return a.path < b.path; });
  return files;
}

std::string readTrainersName(const std::filesystem::path& path) {
  try {
    const auto file = openTensorFile(path);
    const auto name = file->metadata().find("ss_output_name");
    return name == file->metadata().end() ? std::string() : lowered(name->second);
  } catch (const EngineException&) {
    return {};
  }
}

bool isThere(const std::filesystem::path& file) {
  std::error_code failed;
  return std::filesystem::exists(file, failed);
}

}  // namespace

const std::string& TrainersNames::of(const std::filesystem::path& file) {
  std::error_code failed;
  const auto time = std::filesystem::last_write_time(file, failed);
  auto& [knownTime, name] = known_[file];
  if (knownTime != time) knownTime = time, name = readTrainersName(file);
  return name;
}

namespace {

std::filesystem::path fileNamed(const std::string& name, const std::vector<Found>& files, TrainersNames& trainers) {
  const std::string wanted = lowered(name);
  const auto first = [&files](const auto& is) {
    const auto found = std::find_if(files.begin(), files.end(), is);
    return found == files.end() ? std::filesystem::path() : found->path;
  };
  auto path = first([&](const Found& file) { return lowered(utf8FromPath(file.path.stem())) == wanted; });
  if (path.empty()) path = first([&](const Found& file) { return file.subpath == wanted; });
  if (path.empty()) path = first([&](const Found& file) { return trainers.of(file.path) == wanted; });
  return path;
}

}  // namespace

std::filesystem::path loraNamed(const std::string& name, const std::vector<std::filesystem::path>& folders,
                                TrainersNames& trainers) {
  return fileNamed(name, filesBelow(folders), trainers);
}

ResolvedLoras resolveLoras(const GenerationRequest& request, const std::vector<LoraTag>& tags,
                           const std::vector<std::filesystem::path>& folders, TrainersNames& trainers) {
  ResolvedLoras result{request.loras, {}};
  std::optional<std::vector<Found>> files;  // looked for once, and only when something is to be found
  const auto named = [&](const std::string& name) {
    if (!files) files = filesBelow(folders);
    return fileNamed(name, *files, trainers);
  };
  for (LoraUse& use : result.loras) {
    if (use.file.has_parent_path() || isThere(use.file)) continue;
    const auto found = named(utf8FromPath(use.file.stem()));
    if (!found.empty()) use.file = found;
  }
  for (const LoraTag& tag : tags) {
    const auto listed = [&tag](const LoraUse& use) {
      return lowered(utf8FromPath(use.file.stem())) == lowered(utf8FromPath(pathFromUtf8(tag.name).filename()));
    };
    if (std::any_of(request.loras.begin(), request.loras.end(), listed)) continue;
    const auto file = named(tag.name);
    if (file.empty()) {
      result.unknown.push_back(tag.name);
      continue;
    }
    LoraUse use{file, tag.imageWeight, std::nullopt, tag.dynamicRank, tag.blocks};
    if (tag.textWeight != tag.imageWeight) use.textWeight = tag.textWeight;
    result.loras.push_back(std::move(use));
  }
  return result;
}

}  // namespace studio::engine
