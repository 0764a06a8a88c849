#include "engine/weights/file_tensor_source.h"

#include "engine/api/engine_error.h"
#include "engine/api/units.h"

#include <ATen/ops/empty.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <set>
#include <span>
#include <sstream>
#include <system_error>

namespace studio::engine {
namespace {

constexpr std::size_t kMostConfigBytes = 1 << 20;

at::ScalarType scalarTypeOf(ElementType type) {
  switch (type) {
    case ElementType::F64:
      return at::kDouble;
    case ElementType::F32:
      return at::kFloat;
    case ElementType::F16:
      return at::kHalf;
    case ElementType::BF16:
      return at::kBFloat16;
    case ElementType::F8E4M3:
      return at::kFloat8_e4m3fn;
    case ElementType::F8E5M2:
      return at::kFloat8_e5m2;
    case ElementType::I64:
      return at::kLong;
    case ElementType::I32:
      return at::kInt;
    case ElementType::I16:
      return at::kShort;
    case ElementType::I8:
      return at::kChar;
    case ElementType::U8:
      return at::kByte;
    case ElementType::Bool:
      return at::kBool;
  }
  return at::kFloat;
}

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

void addFile(ModelTensors& model, const std::filesystem::path& path, std::optional<Part> part) {
  const auto reader = std::make_shared<const SafetensorsReader>(path);
  std::vector<std::string> keys;
  for (const auto& entry : reader->header().tensors) keys.push_back(entry.first);
  const KeyMap map = mapKeys(keys, part);
  for (const auto& [key, canonical] : map.keys) {
    auto& source = model.parts[canonical.part];
    if (source == nullptr) source = std::make_shared<FileTensorSource>();
    source->add(canonical.name, reader, reader->header().tensors.at(key));
  }
  model.ignored += map.ignored;
  model.unknown += map.unknown;
  model.fileBytes += reader->fileBytes();
  model.metadata.insert(reader->header().metadata.begin(), reader->header().metadata.end());
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
  std::string text(kMostConfigBytes, '\0');
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(std::max<std::streamsize>(0, file.gcount())));
  return text;
}

ModelTensors openFolder(const std::filesystem::path& path) {
  ModelTensors model;
  model.layout = "diffusers folder";
  static const std::array<std::pair<const char*, Part>, 3> kFolders{
      {{"unet", Part::UNet}, {"text_encoder", Part::TextEncoder}, {"vae", Part::Vae}}};
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

void FileTensorSource::add(const std::string& name, std::shared_ptr<const SafetensorsReader> reader,
                           const TensorInfo& info) {
  places_.insert_or_assign(name, Place{std::move(reader), &info});
}

const std::vector<std::int64_t>* FileTensorSource::shapeOf(const std::string& name) const {
  const auto found = places_.find(name);
  return found == places_.end() ? nullptr : &found->second.info->shape;
}

at::Tensor FileTensorSource::load(const std::string& name) const {
  const Place& place = places_.at(name);
  at::Tensor tensor = at::empty(place.info->shape, at::TensorOptions().dtype(scalarTypeOf(place.info->type)));
  place.reader->read(*place.info, std::span(static_cast<std::byte*>(tensor.data_ptr()), place.info->bytes));
  return tensor;
}

std::vector<std::string> FileTensorSource::names() const {
  std::vector<std::string> names;
  for (const auto& entry : places_) names.push_back(entry.first);
  return names;
}

std::int64_t FileTensorSource::parameters() const {
  std::int64_t count = 0;
  for (const auto& entry : places_) count += entry.second.info->elements();
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
  return model;
}

}  // namespace studio::engine
