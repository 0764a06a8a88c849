#include "tests/support/tiny_model.h"

#include "engine/weights/safetensors_reader.h"
#include "tests/support/seeded_random.h"

#include <ATen/TensorOperators.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/full.h>

#include <fstream>
#include <nlohmann/json.hpp>
#include <span>
#include <stdexcept>

namespace studio::tests {
namespace {

using engine::ElementType;

const std::filesystem::path kFolder = "tests/data/networks";

const nlohmann::json& networks() {
  static const nlohmann::json data = [] {
    nlohmann::json all = nlohmann::json::parse(std::ifstream(kFolder / "networks.json"));
    all.update(nlohmann::json::parse(std::ifstream(kFolder / "families.json")));
    return all;
  }();
  return data;
}

/// The numbers the script drew, in half precision. Drawn once: the table of tokens has three million.
at::Tensor drawn(const std::vector<std::int64_t>& shape, double mean, double spread, std::uint64_t seed) {
  static std::map<std::uint64_t, at::Tensor> known;
  at::Tensor& tensor = known[seed];
  if (tensor.defined()) return tensor;
  return tensor = (seededRandom(shape, seed) * spread + mean).to(at::kHalf);
}

at::Tensor drawn(const nlohmann::json& row) {
  return drawn(row["shape"].get<std::vector<std::int64_t>>(), row["mean"], row["spread"], row["seed"]);
}

StoredTensor stored(const at::Tensor& tensor, const std::string& type) {
  const at::ScalarType scalar = type == "F16" ? at::kHalf : type == "F64" ? at::kDouble : at::kFloat;
  const at::Tensor numbers = tensor.to(scalar).contiguous();
  return {type, numbers.sizes().vec(), {static_cast<const char*>(numbers.const_data_ptr()), numbers.nbytes()}};
}

bool isTextEncoder(const std::string& network) { return network.find("text") != std::string::npos; }

bool isVaeAttention(const std::string& ldmName) {
  return ldmName.find(".attn_1.") != std::string::npos && ldmName.find(".norm.") == std::string::npos;
}

void replaceAll(std::string& text, const std::string& from, const std::string& to) {
  for (std::size_t at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size()))
    text.replace(at, from.size(), to);
}

void addLeftovers(StoredTensors& tensors) {
  const at::Tensor some = at::full({4}, 0.5, at::kFloat);
  for (const char* name :
       {"model_ema.decay", "model_ema.diffusion_modelinput_blocks00weight", "betas", "alphas_cumprod",
        "sqrt_alphas_cumprod", "log_one_minus_alphas_cumprod", "posterior_variance", "logvar",
        "cond_stage_model.logit_scale", "first_stage_model.loss.logvar"}) {
    tensors[name] = stored(some, "F32");
  }
  tensors["cond_stage_model.transformer.text_model.embeddings.position_ids"] = {"I64", {1, 2}, std::string(16, '\0')};
  tensors["somebody.left.this"] = stored(some, "F32");
}

class MemorySource final : public engine::TensorSource {
 public:
  void add(const std::string& name, at::Tensor tensor) {
    shapes_[name] = tensor.sizes().vec();
    tensors_[name] = std::move(tensor);
  }
  const std::vector<std::int64_t>* shapeOf(const std::string& name) const override {
    const auto found = shapes_.find(name);
    return found == shapes_.end() ? nullptr : &found->second;
  }
  at::Tensor load(const std::string& name) const override { return tensors_.at(name); }
  std::vector<std::string> names() const override {
    std::vector<std::string> names;
    for (const auto& entry : shapes_) names.push_back(entry.first);
    return names;
  }

 private:
  std::map<std::string, std::vector<std::int64_t>> shapes_;
  std::map<std::string, at::Tensor> tensors_;
};

/// The script's name is the one of a diffusers file; the engine drops "text_model." and counts TAESD's clamp.
std::string canonicalName(const std::string& network, const nlohmann::json& row) {
  std::string name = row["name"];
  if (isTextEncoder(network) && name.starts_with("text_model.")) name.erase(0, 11);
  if (network != "tiny_vae") return name;
  name = row["ldm"];
  return name.substr(6);
}

}  // namespace

at::Tensor golden(const std::string& name) {
  static const engine::SafetensorsReader first(kFolder / "goldens.safetensors"),
      families(kFolder / "families.safetensors"), prompts(kFolder / "prompts.safetensors"),
      edm(kFolder / "edm.safetensors"), profiles(kFolder / "profiles.safetensors");
  const engine::SafetensorsReader& reader = name.starts_with("prompt.")             ? prompts
                                            : name.starts_with("edm.")              ? edm
                                            : name.starts_with("profile.")          ? profiles
                                            : first.header().tensors.contains(name) ? first
                                                                                    : families;
  const auto found = reader.header().tensors.find(name);
  if (found == reader.header().tensors.end()) throw std::runtime_error("no golden " + name);
  const engine::TensorInfo& info = found->second;
  const at::ScalarType type = info.type == ElementType::I64  ? at::kLong
                              : info.type == ElementType::U8 ? at::kByte
                                                             : at::kFloat;
  at::Tensor tensor = at::empty(info.shape, at::TensorOptions().dtype(type));
  reader.read(info, std::span(static_cast<std::byte*>(tensor.data_ptr()), info.bytes));
  return tensor;
}

double relativeError(const at::Tensor& got, const at::Tensor& expected) {
  if (got.sizes() != expected.sizes()) return 1e9;
  return (got - expected).norm().item<double>() / expected.norm().item<double>();
}

std::shared_ptr<const engine::TensorSource> networkWeights(const std::string& network) {
  const auto source = std::make_shared<MemorySource>();
  for (const auto& row : networks().at(network)) source->add(canonicalName(network, row), drawn(row));
  return source;
}

CheckpointStyle xlStyle() {
  CheckpointStyle style;
  style.networks = {"xl_unet", "text_encoder", "xl_text_2", "vae"};
  style.renamed = {{"cond_stage_model.transformer.", "conditioner.embedders.0.transformer."}};
  return style;
}

CheckpointStyle playgroundStyle() {
  CheckpointStyle style = xlStyle();
  style.numbers = {{"edm_mean", {-0.4F, 0.3F, -0.2F, 0.5F}}, {"edm_std", {1.5F, 1.2F, 1.25F, 1.0F}}};
  return style;
}

CheckpointStyle cosXlStyle() {
  CheckpointStyle style = xlStyle();
  style.numbers = {{"edm_vpred.sigma_max", {120}}, {"edm_vpred.sigma_min", {0.002F}}};
  return style;
}

CheckpointStyle refinerStyle() {
  CheckpointStyle style;
  style.networks = {"refiner_unet", "xl_text_2", "vae"};
  style.renamed = {{"conditioner.embedders.1.model.", "conditioner.embedders.0.model."}};
  return style;
}

CheckpointStyle stableDiffusion2Style() {
  CheckpointStyle style;
  style.networks = {"sd2_unet", "sd2_text", "vae"};
  return style;
}

CheckpointStyle inpaintingStyle() {
  CheckpointStyle style;
  style.networks = {"inpaint_unet", "text_encoder", "vae"};
  return style;
}

StoredTensors singleFileTensors(const CheckpointStyle& style) {
  StoredTensors tensors;
  std::map<std::string, std::vector<at::Tensor>> thirds;  // of the matrices that OpenCLIP stores as one
  for (const std::string& network : style.networks) {
    for (const auto& row : networks().at(network)) {
      std::string name = row["ldm"];
      if (style.shortTextNames) replaceAll(name, "transformer.text_model.", "transformer.");
      for (const auto& [from, to] : style.renamed) replaceAll(name, from, to);
      if (row.contains("third")) {
        thirds[name].resize(3);
        thirds[name][row["third"].get<std::size_t>()] = drawn(row);
        continue;
      }
      StoredTensor tensor = stored(row.value("transposed", false) ? drawn(row).t() : drawn(row), style.type);
      if (isVaeAttention(name) && tensor.shape.size() == 2) tensor.shape.insert(tensor.shape.end(), {1, 1});
      tensors[name] = std::move(tensor);
    }
  }
  for (const auto& [name, parts] : thirds) tensors[name] = stored(at::cat(parts), style.type);
  if (style.leftovers) addLeftovers(tensors);
  for (const std::string& marker : style.markers) tensors[marker] = {"F32", {0}, ""};
  for (const auto& [name, numbers] : style.numbers) {
    const auto count = static_cast<std::int64_t>(numbers.size());
    tensors[name] = {
        "F32", {1, count, 1, 1}, {reinterpret_cast<const char*>(numbers.data()), numbers.size() * sizeof(float)}};
  }
  return tensors;
}

std::filesystem::path writeSingleFile(const std::filesystem::path& path, const CheckpointStyle& style) {
  writeBytes(path, safetensorsBytes(singleFileTensors(style), style.metadata));
  return path;
}

std::filesystem::path writeDiffusersFolder(const std::filesystem::path& folder, const CheckpointStyle& style) {
  for (const std::string& network : style.networks) {
    StoredTensors tensors;
    for (const auto& row : networks().at(network)) {
      std::string name = row["name"];
      const bool bare = !name.starts_with("text_model.");
      if (isTextEncoder(network) && bare != style.shortTextNames && name != "text_projection.weight")
        name = bare ? "text_model." + name : name.substr(11);
      tensors[name] = stored(drawn(row), style.type);
    }
    const bool text = isTextEncoder(network);
    const std::string part = network == "xl_text_2"      ? "text_encoder_2"
                             : text                      ? "text_encoder"
                             : network.ends_with("unet") ? "unet"
                                                         : network;
    writeBytes(folder / part / (text ? "model.safetensors" : "diffusion_pytorch_model.safetensors"),
               safetensorsBytes(tensors));
  }
  writeBytes(folder / "scheduler" / "scheduler_config.json", R"({"prediction_type": "epsilon"})");
  return folder;
}

std::filesystem::path writeLora(const std::filesystem::path& path, LoraNaming naming) {
  const nlohmann::json& lora = networks().at("lora");
  const double alpha = lora["alpha"], scale = alpha / lora["rank"].get<double>();
  StoredTensors tensors;
  for (const auto& row : lora["layers"]) {
    const std::uint64_t seed = row["seed"];
    const at::Tensor down = drawn(row["down"].get<std::vector<std::int64_t>>(), 0, row["spread"], seed);
    const at::Tensor up = drawn(row["up"].get<std::vector<std::int64_t>>(), 0, 1, seed + 1);
    if (naming == LoraNaming::Kohya) {
      const std::string name = row["kohya"];
      tensors[name + ".lora_down.weight"] = stored(down, "F16");
      tensors[name + ".lora_up.weight"] = stored(up, "F16");
      tensors[name + ".alpha"] = stored(at::full({}, alpha, at::kFloat), "F32");
    } else {
      const std::string name = row["peft"];
      tensors[name + ".lora_A.weight"] = stored(down, "F32");
      tensors[name + ".lora_B.weight"] = stored(up.to(at::kFloat) * scale, "F32");  // PEFT files carry no alpha
    }
  }
  writeBytes(path, safetensorsBytes(tensors));
  return path;
}

std::string longPrompt() { return networks().at("long_prompt"); }

}  // namespace studio::tests
