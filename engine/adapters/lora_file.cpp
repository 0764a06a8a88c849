#include "engine/adapters/lora_file.h"

#include "engine/adapters/lora_metadata.h"
#include "engine/api/engine_error.h"
#include "engine/api/units.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>
#include <utility>

namespace studio::engine {
namespace {

struct Ending {
  std::string_view text;
  std::string LoraKeys::Module::*slot;
};

/// Spellings of the same three factors: kohya, PEFT, diffusers, and diffusers' first attention processors.
constexpr std::array<Ending, 12> kEndings{{{".lora_down.weight", &LoraKeys::Module::down},
                                           {".lora_up.weight", &LoraKeys::Module::up},
                                           {".lora_mid.weight", &LoraKeys::Module::mid},
                                           {".alpha", &LoraKeys::Module::alpha},
                                           {".lora_A.weight", &LoraKeys::Module::down},
                                           {".lora_B.weight", &LoraKeys::Module::up},
                                           {".lora.down.weight", &LoraKeys::Module::down},
                                           {".lora.up.weight", &LoraKeys::Module::up},
                                           {"_lora.down.weight", &LoraKeys::Module::down},
                                           {"_lora.up.weight", &LoraKeys::Module::up},
                                           {".lora_linear_layer.down.weight", &LoraKeys::Module::down},
                                           {".lora_linear_layer.up.weight", &LoraKeys::Module::up}}};

/// Kinds that are recognised by an ending of their own and cannot be applied by plain up · down.
constexpr std::array<std::pair<std::string_view, const char*>, 7> kOtherKinds{{{".hada_w1_a", "LoHa"},
                                                                               {".lokr_w1", "LoKr"},
                                                                               {".lokr_w1_a", "LoKr"},
                                                                               {".dora_scale", "DoRA"},
                                                                               {".oft_blocks", "OFT"},
                                                                               {".a1.weight", "GLoRA"},
                                                                               {".diff", "full difference"}}};

std::string underscored(std::string name) {
  std::replace(name.begin(), name.end(), '.', '_');
  return name;
}

/// "…attn1.processor.to_out" -> "…attn1.to_out.0": where diffusers' first LoRAs put the name.
std::string withoutProcessor(std::string name) {
  const std::size_t at = name.find(".processor.");
  if (at == std::string::npos) return name;
  name.replace(at, 11, ".");
  if (name.ends_with(".to_out")) name += ".0";
  return name;
}

std::string withoutPrefix(const std::string& text, std::string_view prefix) {
  return text.substr(0, prefix.size()) == prefix ? text.substr(prefix.size()) : text;
}

}  // namespace

LoraKeys sortLoraKeys(const TensorFileHeader& header) {
  LoraKeys keys;
  for (const auto& [key, info] : header.tensors) {
    const auto ending =
        std::find_if(kEndings.begin(), kEndings.end(), [&key = key](const Ending& e) { return key.ends_with(e.text); });
    if (ending != kEndings.end()) {
      keys.modules[key.substr(0, key.size() - ending->text.size())].*(ending->slot) = key;
      continue;
    }
    ++keys.surplus;
    for (const auto& [text, kind] : kOtherKinds) {
      if (key.ends_with(text)) keys.kind = kind;
    }
  }
  std::erase_if(keys.modules, [](const auto& entry) { return entry.second.down.empty() || entry.second.up.empty(); });
  return keys;
}

LoraNames::LoraNames(const TensorSource& unet, const TensorSource* textEncoder) {
  const auto addAll = [this](const TensorSource& source, Part part, const std::vector<std::string>& underscoreStarts,
                             const std::vector<std::string>& dotStarts) {
    for (const std::string& tensor : source.names()) {
      if (!tensor.ends_with(".weight")) continue;
      const std::string layer = tensor.substr(0, tensor.size() - 7);
      for (const std::string& start : underscoreStarts) names_[start + underscored(layer)] = {part, tensor};
      for (const std::string& start : dotStarts) names_[start + layer] = {part, tensor};
    }
  };
  addAll(unet, Part::UNet, {"lora_unet_"}, {"unet.", "base_model.model.unet.", ""});
  if (textEncoder != nullptr) {
    addAll(*textEncoder, Part::TextEncoder, {"lora_te_text_model_", "lora_te1_text_model_"},
           {"text_encoder.text_model.", "text_encoder."});
  }
}

std::optional<CanonicalKey> LoraNames::find(const std::string& module) const {
  for (const std::string& spelling : {module, withoutProcessor(module), withoutPrefix(module, "diffusion_model.")}) {
    const auto found = names_.find(spelling);
    if (found != names_.end()) return found->second;
  }
  return std::nullopt;
}

LoraFile::LoraFile(const std::filesystem::path& path)
    : file_(openTensorFile(path)), keys_(sortLoraKeys(file_->header())) {
  const std::string name = utf8FromPath(path.filename());
  if (keys_.kind != "LoRA")
    throw EngineException(ErrorKind::WrongFamily,
                          name + " is a " + keys_.kind + " file; this version applies LoRA and LoCon only.");
  if (keys_.modules.empty()) throw EngineException(ErrorKind::BadFile, name + " is not a LoRA file.");
}

at::Tensor LoraFile::loadTensor(const std::string& key) const {
  const TensorInfo& info = file_->tensors().at(key);
  if (isFloating(info.type)) return file_->load(key).to(at::kFloat);
  throw EngineException(
      ErrorKind::BadFile,
      "The LoRA stores its numbers as " + std::string(elementTypeName(info.type)) + ", which is not supported.", key);
}

LoraLayer LoraFile::load(const LoraKeys::Module& module) const {
  LoraLayer layer{loadTensor(module.down), loadTensor(module.up), {}, 0};
  if (!module.mid.empty()) layer.mid = loadTensor(module.mid);
  if (!module.alpha.empty()) {
    const at::Tensor alpha = loadTensor(module.alpha);
    if (alpha.numel() == 1) layer.alpha = alpha.item<double>();
  }
  const bool fits =
      layer.down.dim() >= 2 && layer.up.dim() >= 2 && layer.down.size(0) == layer.up.size(1) && layer.down.size(0) > 0;
  const bool coreFits = !layer.mid.defined() || (layer.mid.dim() == 4 && layer.mid.size(0) == layer.down.size(0) &&
                                                 layer.mid.size(1) == layer.down.size(0));
  if (fits && coreFits) return layer;
  throw EngineException(ErrorKind::BadFile, "A layer of the LoRA does not fit together.", module.down);
}

LoraInfo inspectLora(const std::filesystem::path& path) {
  const std::shared_ptr<const TensorFile> file = openTensorFile(path);
  const LoraKeys keys = sortLoraKeys(file->header());
  LoraInfo info;
  info.path = path;
  info.name = utf8FromPath(path.stem());
  info.kind = keys.kind;
  info.fileBytes = Bytes{static_cast<std::int64_t>(file->fileBytes())};
  info.metadata.assign(file->header().metadata.begin(), file->header().metadata.end());
  for (const auto& [name, module] : keys.modules) {
    const bool text = name.starts_with("lora_te") || name.starts_with("text_encoder");
    ++(text ? info.textEncoderModules : info.unetModules);
    info.rank = std::max(
        info.rank,
        static_cast<int>(std::min<std::int64_t>(
            file->header().tensors.at(module.down).shape.empty() ? 0 : file->header().tensors.at(module.down).shape[0],
            1 << 16)));
  }
  describeLora(file->header(), keys, info);
  return info;
}

}  // namespace studio::engine
