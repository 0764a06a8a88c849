#include "engine/api/needed_files.h"

#include "engine/api/model_catalog.h"

#include <algorithm>

namespace studio::engine {
namespace {

bool names(const PictureInfo& info, std::string_view field) {
  const auto& present = info.request.present;
  return std::find(present.begin(), present.end(), field) != present.end();
}

/// Without the endings of model files, as hashes are listed under either spelling.
std::string bareStem(const std::string& name) {
  for (const std::string_view ending : {".safetensors", ".ckpt", ".pt"}) {
    if (name.size() > ending.size() && name.ends_with(ending)) return name.substr(0, name.size() - ending.size());
  }
  return name;
}

std::string hashOf(const PictureInfo& info, const std::string& name) {
  for (const NamedHash& hash : info.fileHashes) {
    if (bareStem(hash.name) == bareStem(name)) return hash.hash;
  }
  return {};
}

}  // namespace

std::vector<NeededFile> neededFiles(const PictureInfo& info) {
  std::vector<NeededFile> needed;
  const auto add = [&needed](std::string kind, std::string name, std::string hash) {
    const auto same = [&](const NeededFile& file) { return bareStem(file.name) == bareStem(name); };
    if ((name.empty() && hash.empty()) || std::any_of(needed.begin(), needed.end(), same)) return;
    needed.push_back({std::move(kind), std::move(name), std::move(hash), {}, false});
  };
  const GenerationRequest& request = info.request.values;
  const std::string file = names(info, "model") ? utf8FromPath(request.model) : std::string();
  add("model", file.empty() ? info.modelName : file, info.modelHash);
  for (const LoraUse& lora : request.loras) {
    const std::string name = utf8FromPath(lora.file);
    add("lora", name, hashOf(info, name));
  }
  if (names(info, "refiner"))
    add("refiner", utf8FromPath(request.refiner), hashOf(info, utf8FromPath(request.refiner)));
  if (names(info, "vae")) add("vae", utf8FromPath(request.vae), hashOf(info, utf8FromPath(request.vae)));
  if (names(info, "text_encoder")) add("text_encoder", utf8FromPath(request.textEncoder), "");
  for (const NamedHash& hash : info.fileHashes) add(hash.kind, hash.name, hash.hash);
  return needed;
}

std::vector<NeededFile> findNeededFiles(const PictureInfo& info, const std::vector<std::filesystem::path>& files,
                                        const Inspector& inspector, const std::stop_token& stop) {
  std::vector<NeededFile> needed = neededFiles(info);
  for (NeededFile& file : needed) {
    if (!file.name.empty()) file.found = findByName(pathFromUtf8(file.name), files);
    if (!file.found.empty() || file.hash.empty()) continue;
    file.found = inspector.findByHash(file.hash, files, stop);
    file.byHash = !file.found.empty();
  }
  return needed;
}

}  // namespace studio::engine
