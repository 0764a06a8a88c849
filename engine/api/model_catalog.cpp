#include "engine/api/model_catalog.h"

#include "engine/api/engine_event.h"

#include <algorithm>
#include <system_error>

namespace studio::engine {
namespace {

constexpr std::size_t kMostFiles = 20000;

std::string lowered(std::string text) {
  for (char& c : text) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
  }
  return text;
}

/// Weight files and diffusers folders below `folder`; a diffusers folder is not looked into.
void collect(const std::filesystem::path& folder, std::vector<std::filesystem::path>& found) {
  std::error_code failed;
  std::filesystem::recursive_directory_iterator it(folder, std::filesystem::directory_options::skip_permission_denied,
                                                   failed);
  for (; !failed && it != std::filesystem::recursive_directory_iterator() && found.size() < kMostFiles;
       it.increment(failed)) {
    std::error_code ignored;
    if (it->is_directory(ignored)) {
      if (!isDiffusersFolder(it->path())) continue;
      it.disable_recursion_pending();
      found.push_back(it->path());
    } else if (isWeightFile(it->path())) {
      found.push_back(it->path());
    }
  }
}

}  // namespace

bool isWeightFile(const std::filesystem::path& file) {
  const std::string ending = lowered(utf8FromPath(file.extension()));
  return std::find(kWeightEndings.begin(), kWeightEndings.end(), ending) != kWeightEndings.end();
}

bool isDiffusersFolder(const std::filesystem::path& path) {
  std::error_code ignored;
  return std::filesystem::exists(path / "model_index.json", ignored);
}

std::vector<std::filesystem::path> findModelFiles(const std::vector<std::filesystem::path>& folders) {
  std::vector<std::filesystem::path> found;
  for (const auto& folder : folders) collect(folder, found);
  std::sort(found.begin(), found.end());
  found.erase(std::unique(found.begin(), found.end()), found.end());
  return found;
}

std::filesystem::path findByName(const std::filesystem::path& name, const std::vector<std::filesystem::path>& files) {
  const std::string wanted = lowered(utf8FromPath(name.filename()));
  if (wanted.empty()) return {};
  for (const auto& file : files) {
    if (lowered(utf8FromPath(file.filename())) == wanted) return file;
  }
  for (const auto& file : files) {
    if (lowered(utf8FromPath(file.stem())) == wanted) return file;
  }
  return isWeightFile(name) ? findByName(name.stem(), files) : std::filesystem::path();
}

CatalogListing listModels(const Inspector& inspector, const std::vector<std::filesystem::path>& folders) {
  CatalogListing listing;
  for (const auto& path : findModelFiles(folders)) {
    const Result<FileInfo> info = inspector.inspect(path);
    if (!info) {
      EngineError problem = info.error();
      problem.detail = utf8FromPath(path) + (problem.detail.empty() ? "" : ": " + problem.detail);
      listing.problems.push_back(std::move(problem));
      continue;
    }
    std::visit(Visitor{[&](const ModelInfo& model) { listing.models.push_back(model); },
                       [&](const LoraInfo& lora) { listing.loras.push_back(lora); },
                       [&](const OtherInfo& other) { listing.others.push_back(other); }},
               info.value());
  }
  return listing;
}

}  // namespace studio::engine
