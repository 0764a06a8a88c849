#include "engine/adapters/adapter_keys.h"

#include <algorithm>
#include <array>

namespace studio::engine {
namespace {

struct Ending {
  std::string_view text;
  Factor factor;
};

/// Spellings of kohya, PEFT, diffusers, diffusers' first attention processors, cloneofsimo, LyCORIS. An ending that
/// another one ends with comes later.
constexpr std::array kEndings{Ending{".lora_down.weight", Factor::Down},
                              Ending{".lora_up.weight", Factor::Up},
                              Ending{".lora_mid.weight", Factor::Mid},
                              Ending{".lora_A.weight", Factor::Down},
                              Ending{".lora_B.weight", Factor::Up},
                              Ending{".lora_A.default.weight", Factor::Down},
                              Ending{".lora_B.default.weight", Factor::Up},
                              Ending{".lora_magnitude_vector", Factor::Magnitude},
                              Ending{".lora_magnitude_vector.weight", Factor::Magnitude},
                              Ending{".lora_magnitude_vector.default.weight", Factor::Magnitude},
                              Ending{".lora.down.weight", Factor::Down},
                              Ending{".lora.up.weight", Factor::Up},
                              Ending{"_lora.down.weight", Factor::Down},
                              Ending{"_lora.up.weight", Factor::Up},
                              Ending{".lora_linear_layer.down.weight", Factor::Down},
                              Ending{".lora_linear_layer.up.weight", Factor::Up},
                              Ending{":down", Factor::Down},
                              Ending{":up", Factor::Up},
                              Ending{".alpha", Factor::Alpha},
                              Ending{".dora_scale", Factor::DoraScale},
                              Ending{".hada_w1_a", Factor::HadaW1A},
                              Ending{".hada_w1_b", Factor::HadaW1B},
                              Ending{".hada_w2_a", Factor::HadaW2A},
                              Ending{".hada_w2_b", Factor::HadaW2B},
                              Ending{".hada_t1", Factor::HadaT1},
                              Ending{".hada_t2", Factor::HadaT2},
                              Ending{".lokr_w1", Factor::KronW1},
                              Ending{".lokr_w1_a", Factor::KronW1A},
                              Ending{".lokr_w1_b", Factor::KronW1B},
                              Ending{".lokr_w2", Factor::KronW2},
                              Ending{".lokr_w2_a", Factor::KronW2A},
                              Ending{".lokr_w2_b", Factor::KronW2B},
                              Ending{".lokr_t2", Factor::KronT2},
                              Ending{".diff", Factor::Diff},
                              Ending{".diff_b", Factor::DiffBias},
                              Ending{".w_norm", Factor::NormScale},
                              Ending{".b_norm", Factor::NormShift},
                              Ending{".oft_blocks", Factor::OftBlocks},
                              Ending{".oft_diag", Factor::OftBlocks},
                              Ending{".rescale", Factor::OftRescale},
                              Ending{".a1.weight", Factor::GloraA1},
                              Ending{".a2.weight", Factor::GloraA2},
                              Ending{".b1.weight", Factor::GloraB1},
                              Ending{".b2.weight", Factor::GloraB2},
                              Ending{".on_input", Factor::Ia3OnInput}};

constexpr std::string_view kIa3Ending = ".weight";

const Ending* endingOf(std::string_view key) {
  const auto found =
      std::find_if(kEndings.begin(), kEndings.end(), [key](const Ending& e) { return key.ends_with(e.text); });
  return found == kEndings.end() ? nullptr : &*found;
}

/// "bundle_emb.<name>.string_to_param.*" and the like -> the name.
std::string bundledName(const std::string& key) {
  const std::string rest = key.substr(kBundlePrefix.size());
  return rest.substr(0, rest.find('.'));
}

void addFactor(AdapterKeys& keys, const std::string& module, Factor factor, const std::string& key,
               const TensorInfo& info) {
  AdapterModule& entry = keys.modules[module];
  entry.keys[factor] = key;
  entry.shapes.add(factor, info.shape);
}

/// IA3's factors are called like the layer's own weight; only the mark beside them tells.
void addMarkedWeights(AdapterKeys& keys, const TensorFileHeader& header) {
  for (auto& [name, module] : keys.modules) {
    const auto weight = header.tensors.find(name + std::string(kIa3Ending));
    if (!module.shapes.has(Factor::Ia3OnInput) || weight == header.tensors.end()) continue;
    addFactor(keys, name, Factor::Ia3Weight, weight->first, weight->second);
    --keys.surplus;
  }
}

}  // namespace

const AdapterAlgorithm* AdapterKeys::mainAlgorithm() const {
  std::map<const AdapterAlgorithm*, int> counts;
  for (const auto& entry : modules) ++counts[entry.second.algorithm];
  const auto most =
      std::max_element(counts.begin(), counts.end(), [](const auto& a, const auto& b) { return a.second < b.second; });
  return most == counts.end() ? nullptr : most->first;
}

AdapterKeys sortAdapterKeys(const TensorFileHeader& header) {
  AdapterKeys keys;
  for (const auto& [key, info] : header.tensors) {
    if (key.starts_with(kBundlePrefix)) {
      keys.bundled[key] = bundledName(key);
    } else if (const Ending* ending = endingOf(key)) {
      addFactor(keys, key.substr(0, key.size() - ending->text.size()), ending->factor, key, info);
    } else {
      ++keys.surplus;
    }
  }
  addMarkedWeights(keys, header);
  for (auto& [name, module] : keys.modules) {
    module.algorithm = algorithmOf(module.shapes);
    if (module.algorithm == nullptr) keys.surplus += static_cast<std::int64_t>(module.keys.size());
  }
  std::erase_if(keys.modules, [](const auto& entry) { return entry.second.algorithm == nullptr; });
  return keys;
}

bool isTextModule(std::string_view module) {
  return module.starts_with("lora_te") || module.starts_with("lycoris_te") || module.starts_with("text_encoder") ||
         module.find("text_model") != std::string_view::npos || module.starts_with("clip_");
}

bool changesConvolution(const AdapterModule& module) {
  const Shape* down = module.shapes.find(Factor::Down);
  return module.shapes.has(Factor::Mid) || (down != nullptr && down->size() == 4 && (*down)[2] * (*down)[3] > 1);
}

}  // namespace studio::engine
