#include "engine/weights/scaled_tensor_file.h"

#include "engine/api/engine_error.h"

#include <ATen/TensorOperators.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

namespace studio::engine {
namespace {

constexpr std::array<std::string_view, 2> kScaleEndings{".scale_weight", ".weight_scale"};
constexpr std::array<std::string_view, 3> kHelperEndings{".scale_input", ".input_scale", ".comfy_quant"};
constexpr std::uint64_t kLargestNote = 4096;
constexpr const char* kMetadataKey = "_quantization_metadata";
constexpr std::size_t kLargestMetadata = 16 << 20;

/// The layer of a helper tensor; empty for other keys.
template <std::size_t Count>
std::string layerOfHelper(const std::string& key, const std::array<std::string_view, Count>& endings) {
  for (const std::string_view ending : endings) {
    if (key.ends_with(ending)) return key.substr(0, key.size() - ending.size());
  }
  return {};
}

bool isScaleMarker(const std::string& key) { return key == "scaled_fp8" || key.ends_with(".scaled_fp8"); }

/// "format" of what is said about a layer, e.g. "float8_e4m3fn"; empty when nothing is.
std::string formatIn(const nlohmann::json& note) {
  if (!note.is_object() || !note.contains("format") || !note["format"].is_string()) return {};
  return note["format"].get<std::string>();
}

void checkFormat(const nlohmann::json& note, const std::string& layer) {
  const std::string format = formatIn(note);
  if (format.empty() || format.starts_with("float8_")) return;
  throw EngineException(
      ErrorKind::BadFile,
      sentence("The file stores weights as %1, which this program cannot read.", format.substr(0, 40)), layer);
}

/// Tensors with the note of a layer each.
void checkNotes(const TensorFile& file) {
  for (const auto& [key, info] : file.tensors()) {
    if (!key.ends_with(".comfy_quant") || info.bytes > kLargestNote) continue;
    const at::Tensor note = file.loadStored(key);
    const std::string_view text(static_cast<const char*>(note.const_data_ptr()),
                                static_cast<std::size_t>(note.numel()));
    checkFormat(nlohmann::json::parse(text, nullptr, false), key);
  }
}

/// The same for all layers together in the header: {"layers": {layer: {"format": …}}}.
void checkMetadata(const TensorFileHeader& header) {
  const auto entry = header.metadata.find(kMetadataKey);
  if (entry == header.metadata.end() || entry->second.size() > kLargestMetadata) return;
  const auto json = nlohmann::json::parse(entry->second, nullptr, false);
  if (!json.is_object() || !json.contains("layers") || !json["layers"].is_object()) return;
  for (const auto& [layer, note] : json["layers"].items()) checkFormat(note, layer);
}

/// One scale for the whole weight or one for each of its rows.
at::Tensor fittingScale(const TensorFile& file, const std::string& key, const TensorInfo& weight) {
  at::Tensor scale = file.load(key).to(at::kFloat).reshape({-1});
  if (scale.numel() == 1) return scale[0];
  if (weight.shape.empty() || scale.numel() != weight.shape.front())
    throw EngineException(ErrorKind::BadFile, "A weight's scale in the file does not fit its shape.", key);
  std::vector<std::int64_t> rows(weight.shape.size(), 1);
  rows.front() = scale.numel();
  return scale.view(rows);
}

}  // namespace

bool hasScaledWeights(const TensorFileHeader& header) {
  if (header.metadata.contains(kMetadataKey)) return true;
  return std::any_of(header.tensors.begin(), header.tensors.end(), [&header](const auto& entry) {
    if (isScaleMarker(entry.first)) return true;
    const std::string layer = layerOfHelper(entry.first, kScaleEndings);
    return !layer.empty() && header.tensors.contains(layer + ".weight");
  });
}

ScaledTensorFile::ScaledTensorFile(std::shared_ptr<const TensorFile> file) : file_(std::move(file)) {
  checkNotes(*file_);
  checkMetadata(file_->header());
  header_.metadata = file_->metadata();
  header_.metadata.erase(kMetadataKey);  // it speaks of numbers that are expanded here
  const auto& all = file_->tensors();
  for (const auto& [key, info] : all) {
    const std::string scaled = layerOfHelper(key, kScaleEndings), helped = layerOfHelper(key, kHelperEndings);
    if (!scaled.empty() && all.contains(scaled + ".weight")) {
      scales_[scaled + ".weight"] = fittingScale(*file_, key, all.at(scaled + ".weight"));
    } else if (!isScaleMarker(key) && (helped.empty() || !all.contains(helped + ".weight"))) {
      header_.tensors.emplace(key, info);
    }
  }
}

at::Tensor ScaledTensorFile::expand(const std::string& key, const at::Tensor& stored) const {
  const at::Tensor tensor = file_->expand(key, stored);
  const auto scale = scales_.find(key);
  return scale == scales_.end() ? tensor : tensor.to(at::kFloat) * scale->second;
}

}  // namespace studio::engine
