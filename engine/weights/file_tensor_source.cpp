#include "engine/weights/file_tensor_source.h"

#include "engine/api/engine_error.h"
#include "engine/api/units.h"
#include "engine/weights/diffusers_folder.h"

#include <c10/util/accumulate.h>

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
// Norms and biases are often left in a wider format; a format with more than this share of the numbers names the model.
constexpr double kDominantShare = 0.8;
// Convolutions do not fit the rows of block formats; a model is called by its block format all the same.
constexpr double kNamingShare = 0.2;

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

std::int64_t elementsIn(const std::vector<std::int64_t>& shape) { return c10::multiply_integers(shape); }

std::vector<std::int64_t> shapeOfPick(std::vector<std::int64_t> shape, TensorPick pick) {
  if (pick == TensorPick::Transposed && shape.size() == 2) std::swap(shape[0], shape[1]);
  if (pick != TensorPick::Transposed && pick != TensorPick::Whole && !shape.empty()) shape[0] /= 3;
  return shape;
}

/// Tensors of a few numbers that say what a model is instead of computing anything.
void addMarkers(ModelTensors& model, const std::string& key, const TensorFile& file) {
  constexpr std::int64_t kMostNumbers = 64;
  if (!key.starts_with("edm_") && key.find(".edm_") == std::string::npos) return;
  const auto& shape = file.tensors().at(key).shape;
  const bool few = std::all_of(shape.begin(), shape.end(), [](auto side) { return side >= 0 && side <= kMostNumbers; });
  if (!few || elementsIn(shape) > kMostNumbers) return;
  const at::Tensor numbers = file.load(key).to(at::kDouble).contiguous();
  const double* first = numbers.const_data_ptr<double>();
  model.markers[key].assign(first, first + numbers.numel());
}

/// Adds files that belong together: names are sorted over all of them at once, because shards cut anywhere.
void addFiles(ModelTensors& model, const std::vector<std::shared_ptr<const TensorFile>>& files,
              std::optional<Part> part) {
  std::map<std::string, std::shared_ptr<const TensorFile>> owners;
  for (const auto& file : files) {
    for (const auto& entry : file->tensors()) {
      owners.emplace(entry.first, file);
      addMarkers(model, entry.first, *file);
    }
    model.fileBytes += file->fileBytes();
    model.metadata.insert(file->metadata().begin(), file->metadata().end());
  }
  std::vector<std::string> keys;
  for (const auto& entry : owners) keys.push_back(entry.first);
  const KeyMap map = mapKeys(keys, part);
  for (const auto& [key, canonical] : map.keys) {
    auto& source = model.parts[canonical.part];
    if (source == nullptr) source = std::make_shared<FileTensorSource>();
    source->add(canonical.name, owners.at(key), key, canonical.pick);
  }
  model.ignored += map.ignored;
  model.unknown += map.unknown;
  model.keys.insert(model.keys.end(), keys.begin(), keys.end());
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
    std::vector<std::shared_ptr<const TensorFile>> files;
    for (const auto& file : weightFilesOf(path / name)) files.push_back(openTensorFile(file));
    if (files.empty()) continue;
    addFiles(model, files, part);
    any = true;
  }
  if (!any) {
    throw EngineException(
        ErrorKind::BadFile,
        "This folder is not a diffusers model: it has no unet, text_encoder or vae folder with weight files.",
        utf8FromPath(path));
  }
  model.schedulerConfig = smallTextFile(path / "scheduler" / "scheduler_config.json");
  model.vaeConfig = smallTextFile(path / "vae" / "config.json");
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
  const at::Tensor whole = loadWhole(place);
  if (place.pick == TensorPick::Whole || place.shape.empty()) return whole;
  if (place.pick == TensorPick::Transposed) return place.shape.size() == 2 ? whole.t().contiguous() : whole;
  const std::int64_t third = place.pick == TensorPick::FirstThird ? 0 : place.pick == TensorPick::SecondThird ? 1 : 2;
  return whole.narrow(0, third * place.shape[0], place.shape[0]).contiguous();
}

at::Tensor FileTensorSource::loadWhole(const Place& place) const {
  const auto held = held_.find(place.info);
  return held == held_.end() ? place.file->load(place.key) : place.file->expand(place.key, held->second);
}

bool FileTensorSource::isCompact(const std::string& name) const {
  return engine::isCompact(places_.at(name).info->type);
}

void FileTensorSource::hold(const std::string& name) const {
  const Place& place = places_.at(name);
  if (!held_.contains(place.info)) held_.emplace(place.info, place.file->loadStored(place.key));
}

void FileTensorSource::release(const std::string& name) const { held_.erase(places_.at(name).info); }

std::int64_t FileTensorSource::storedBytes(const std::string& name) const {
  const Place& place = places_.at(name);
  const bool isLaterPart = place.pick == TensorPick::SecondThird || place.pick == TensorPick::LastThird;
  return isLaterPart ? 0 : static_cast<std::int64_t>(place.info->bytes);
}

std::vector<std::string> FileTensorSource::names() const {
  std::vector<std::string> names;
  for (const auto& entry : places_) names.push_back(entry.first);
  return names;
}

std::int64_t FileTensorSource::parameters() const {
  std::int64_t count = 0;
  for (const auto& entry : places_) count += elementsIn(entry.second.shape);
  return count;
}

std::string FileTensorSource::precision() const {
  std::map<ElementType, std::int64_t> elements;
  for (const auto& entry : places_) elements[entry.second.info->type] += elementsIn(entry.second.shape);
  if (elements.empty()) return "";
  const auto fewer = [](const auto& a, const auto& b) { return a.second < b.second; };
  const auto most = std::max_element(elements.begin(), elements.end(), fewer);
  const auto compact = std::max_element(elements.begin(), elements.end(), [](const auto& a, const auto& b) {
    return (engine::isCompact(a.first) ? a.second : 0) < (engine::isCompact(b.first) ? b.second : 0);
  });
  const auto all = static_cast<double>(parameters());
  if (engine::isCompact(compact->first) && static_cast<double>(compact->second) > all * kNamingShare)
    return precisionName(compact->first);
  const bool clear = elements.size() == 1 || static_cast<double>(most->second) > all * kDominantShare;
  return clear ? precisionName(most->first) : "mixed";
}

std::shared_ptr<FileTensorSource> ModelTensors::part(Part which) const {
  const auto found = parts.find(which);
  return found == parts.end() ? nullptr : found->second;
}

ModelTensors openModel(const std::filesystem::path& path) {
  std::error_code failed;
  if (!std::filesystem::exists(path, failed)) {
    throw EngineException(ErrorKind::MissingFile, sentence("There is no such file: %1.", utf8FromPath(path.filename())),
                          utf8FromPath(path));
  }
  if (std::filesystem::is_directory(path, failed)) return openFolder(path);
  return openModel(openTensorFile(path));
}

ModelTensors openModel(const std::shared_ptr<const TensorFile>& file) {
  ModelTensors model;
  model.layout = "single file";
  addFiles(model, {file}, std::nullopt);
  model.yaml = smallTextFile(std::filesystem::path(file->path()).replace_extension(".yaml"));
  return model;
}

}  // namespace studio::engine
