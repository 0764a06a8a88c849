#include "engine/weights/file_tensor_source.h"

#include "engine/api/engine_error.h"
#include "engine/api/units.h"

#include <algorithm>
#include <array>
#include <fstream>
#include <set>
#include <sstream>
#include <system_error>
#include <utility>

namespace studio::engine {
namespace {

constexpr std::size_t kMostConfigBytes = 1 << 20;

std::string precisionName(ElementType type) {
  switch (type) {
    case ElementType::F64:
      return "fp64";
    case ElementType::F32:
      return "fp32";
    case ElementType::F16:
      return "fp16";
    case ElementType::BF16:
      return "bf16";
    case ElementType::F8E4M3:
      return "fp8 e4m3";
    case ElementType::F8E5M2:
      return "fp8 e5m2";
    default:
      return elementTypeName(type);
  }
}

std::vector<std::int64_t> shapeOfPick(std::vector<std::int64_t> shape, TensorPick pick) {
  if (pick == TensorPick::Transposed && shape.size() == 2) std::swap(shape[0], shape[1]);
  if (pick != TensorPick::Transposed && pick != TensorPick::Whole && !shape.empty()) shape[0] /= 3;
  return shape;
}

void addFile(ModelTensors& model, const std::filesystem::path& path, std::optional<Part> part) {
  const std::shared_ptr<const TensorFile> file = openTensorFile(path);
  std::vector<std::string> keys;
  for (const auto& entry : file->tensors()) keys.push_back(entry.first);
  const KeyMap map = mapKeys(keys, part);
  for (const auto& [key, canonical] : map.keys) {
    auto& source = model.parts[canonical.part];
    if (source == nullptr) source = std::make_shared<FileTensorSource>();
    source->add(canonical.name, file, key, canonical.pick);
  }
  model.ignored += map.ignored;
  model.unknown += map.unknown;
  model.fileBytes += file->fileBytes();
  model.metadata.insert(file->metadata().begin(), file->metadata().end());
  model.keys.insert(model.keys.end(), keys.begin(), keys.end());
}

/// The weight files of one folder of a diffusers model: the plain one, else the fp16 variant, else all shards.
std::vector<std::filesystem::path> weightFiles(const std::filesystem::path& folder) {
  std::error_code failed;
  std::vector<std::filesystem::path> all;
  for (const auto& entry : std::filesystem::directory_iterator(folder, failed)) {
    if (entry.path().extension() == ".safetensors") all.push_back(entry.path());
  }
  std::sort(all.begin(), all.end());
  for (const char* name : {"diffusion_pytorch_model.safetensors", "model.safetensors",
                           "diffusion_pytorch_model.fp16.safetensors", "model.fp16.safetensors"}) {
    const auto found = std::find(all.begin(), all.end(), folder / name);
    if (found != all.end()) return {*found};
  }
  return all;
}

std::string smallTextFile(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return {};
  std::string text(kMostConfigBytes, '\0');
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(std::max<std::streamsize>(0, file.gcount())));
  return text;
}

ModelTensors openFolder(const std::filesystem::path& path) {
  ModelTensors model;
  model.layout = "diffusers folder";
  static const std::array<std::pair<const char*, Part>, 4> kFolders{{{"unet", Part::UNet},
                                                                     {"text_encoder", Part::TextEncoder},
                                                                     {"text_encoder_2", Part::TextEncoder2},
                                                                     {"vae", Part::Vae}}};
  bool any = false;
  for (const auto& [name, part] : kFolders) {
    for (const auto& file : weightFiles(path / name)) {
      addFile(model, file, part);
      any = true;
    }
  }
  if (!any) {
    throw EngineException(
        ErrorKind::BadFile,
        "This folder is not a diffusers model: it has no unet, text_encoder or vae folder with safetensors files.",
        utf8FromPath(path));
  }
  model.schedulerConfig = smallTextFile(path / "scheduler" / "scheduler_config.json");
  return model;
}

}  // namespace

void FileTensorSource::add(const std::string& name, std::shared_ptr<const TensorFile> file, const std::string& key,
                           TensorPick pick) {
  const TensorInfo* info = &file->tensors().at(key);
  places_.insert_or_assign(name, Place{std::move(file), key, info, pick, shapeOfPick(info->shape, pick)});
}

const std::vector<std::int64_t>* FileTensorSource::shapeOf(const std::string& name) const {
  const auto found = places_.find(name);
  return found == places_.end() ? nullptr : &found->second.shape;
}

at::Tensor FileTensorSource::load(const std::string& name) const {
  const Place& place = places_.at(name);
  const at::Tensor whole = place.file->load(place.key);
  if (place.pick == TensorPick::Whole || place.shape.empty()) return whole;
  if (place.pick == TensorPick::Transposed) return place.shape.size() == 2 ? whole.t().contiguous() : whole;
  const std::int64_t third = place.pick == TensorPick::FirstThird ? 0 : place.pick == TensorPick::SecondThird ? 1 : 2;
  return whole.narrow(0, third * place.shape[0], place.shape[0]).contiguous();
}

std::vector<std::string> FileTensorSource::names() const {
  std::vector<std::string> names;
  for (const auto& entry : places_) names.push_back(entry.first);
  return names;
}

std::int64_t FileTensorSource::parameters() const {
  std::int64_t count = 0;
  for (const auto& entry : places_) {
    std::int64_t elements = 1;
    for (const std::int64_t side : entry.second.shape) elements *= side;
    count += elements;
  }
  return count;
}

std::string FileTensorSource::precision() const {
  std::set<std::string> kinds;
  for (const auto& entry : places_) kinds.insert(precisionName(entry.second.info->type));
  return kinds.empty() ? "" : kinds.size() == 1 ? *kinds.begin() : "mixed";
}

std::shared_ptr<FileTensorSource> ModelTensors::part(Part which) const {
  const auto found = parts.find(which);
  return found == parts.end() ? nullptr : found->second;
}

ModelTensors openModel(const std::filesystem::path& path) {
  std::error_code failed;
  if (!std::filesystem::exists(path, failed)) {
    throw EngineException(ErrorKind::MissingFile, "There is no such file: " + utf8FromPath(path.filename()) + ".",
                          utf8FromPath(path));
  }
  if (std::filesystem::is_directory(path, failed)) return openFolder(path);
  ModelTensors model;
  model.layout = "single file";
  addFile(model, path, std::nullopt);
  model.yaml = smallTextFile(std::filesystem::path(path).replace_extension(".yaml"));
  return model;
}

}  // namespace studio::engine
