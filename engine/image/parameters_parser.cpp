#include "engine/api/image_io.h"
#include "engine/image/dialects/info_writer.h"
#include "engine/image/lora_tags.h"
#include "engine/image/parameters_text.h"
#include "engine/image/text_encoding.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>

namespace studio::engine {
namespace {

constexpr std::size_t kLongestText = 4U << 20;

/// Settings that are read, or that say nothing about the pixels. Every other one becomes a note.
constexpr std::array<std::string_view, 43> kUnderstood{"Steps",
                                                       "Sampler",
                                                       "Schedule type",
                                                       "CFG scale",
                                                       "Seed",
                                                       "Size",
                                                       "Model",
                                                       "Model hash",
                                                       "VAE",
                                                       "VAE hash",
                                                       "Clip skip",
                                                       "RNG",
                                                       "Lora hashes",
                                                       "Lora weights",
                                                       "TI hashes",
                                                       "TI",
                                                       "Hashes",
                                                       "Version",
                                                       "Batch size",
                                                       "Batch pos",
                                                       "Created Date",
                                                       "Civitai resources",
                                                       "Civitai metadata",
                                                       "App",
                                                       "Backend",
                                                       "Pipeline",
                                                       "Operations",
                                                       "Operation",
                                                       "Parser",
                                                       "Index",
                                                       "User",
                                                       "Created",
                                                       "Date",
                                                       "Time",
                                                       "Raw prompt",
                                                       "Raw negative prompt",
                                                       "Full prompt",
                                                       "Full negative prompt",
                                                       "Model type",
                                                       "Emphasis",
                                                       "Refiner",
                                                       "Refiner switch at",
                                                       "Image CFG scale"};

class SettingsReader {
 public:
  SettingsReader(const ParameterSettings& settings, InfoWriter& writer) : settings_(settings), writer_(writer) {}

  void read() {
    readFiles();
    readSize();
    writer_.steps(number("Steps"));
    const std::string schedule = text("Schedule type");
    writer_.sampler(text("Sampler"), schedule);
    writer_.guidance(number("CFG scale"));
    if (const std::string seed = text("Seed"); !seed.empty()) writer_.seed(seedOf(Json(seed)));
    writer_.clipSkip(number("Clip skip"));
    readEmphasis();
    noteTheRest();
  }

  std::string text(std::string_view key) const {
    const auto found = settings_.find(key);
    return found == settings_.end() ? std::string() : found->second;
  }

 private:
  std::optional<double> number(std::string_view key) const { return numberFromText(text(key)); }

  void readFiles() {
    const std::string model = text("Model");
    writer_.model(model, text("Model hash"));
    if (!model.empty()) writer_.info().modelName = model;
    const std::string vae = text("VAE");
    if (vae != "None" && vae != "Automatic") writer_.vae(vae);
    readRefiner();
    auto& hashes = writer_.info().fileHashes;
    for (const std::string_view key : {"Lora hashes", "TI hashes"}) {
      for (const auto& [name, hash] : nameList(text(key))) hashes.push_back({name, hash});
    }
    if (const std::string hash = text("VAE hash"); !hash.empty() && !vae.empty()) hashes.push_back({vae, hash});
    readHashObject();
  }

  /// "Refiner: name [hash]"
  void readRefiner() {
    const std::string refiner = text("Refiner");
    const std::size_t open = refiner.ends_with(']') ? refiner.rfind(" [") : std::string::npos;
    const bool hashed = open != std::string::npos;
    writer_.refiner(refiner.substr(0, open), number("Refiner switch at"),
                    hashed ? refiner.substr(open + 2, refiner.size() - open - 3) : "");
  }

  /// "Hashes: {"model": "…", "lora:name": "…"}"
  void readHashObject() {
    const std::optional<Json> json = readJson(text("Hashes"));
    if (!json || !json->is_object()) return;
    auto& hashes = writer_.info().fileHashes;
    for (const auto& [key, value] : json->items()) {
      const std::size_t colon = key.find(':');
      if (!value.is_string()) continue;
      if (key == "model" && writer_.info().modelHash.empty()) writer_.info().modelHash = value.get<std::string>();
      if (colon == std::string::npos || hashes.size() > 256) continue;
      const NamedHash hash{key.substr(colon + 1), value.get<std::string>()};
      if (std::find(hashes.begin(), hashes.end(), hash) == hashes.end()) hashes.push_back(hash);
    }
  }

  void readSize() {
    const std::string size = text("Size");
    const std::size_t cross = size.find('x');
    if (cross == std::string::npos) return;
    const std::string_view view = size;
    writer_.size(numberFromText(view.substr(0, cross)), numberFromText(view.substr(cross + 1)));
  }

  void readEmphasis() {
    const std::string name = text("Emphasis");
    const auto emphasis = name.empty() ? std::optional(Emphasis::Original) : choiceFrom<Emphasis>(name);
    if (emphasis) return writer_.emphasis(*emphasis);
    writer_.note(NoteKind::Setting, "Emphasis", name);
  }

  void noteTheRest() {
    for (const auto& [key, value] : settings_) {
      const bool known = std::find(kUnderstood.begin(), kUnderstood.end(), key) != kUnderstood.end();
      if (!known && !value.empty()) writer_.note(NoteKind::Setting, key, value);
    }
    if (const std::string random = text("RNG"); random != "CPU" && random.empty() == false)
      writer_.note(NoteKind::Noise, {}, random);
  }

  const ParameterSettings& settings_;
  InfoWriter& writer_;
};

/// Who wrote the text: id and name.
struct Writer {
  std::string_view id = "a1111";
  std::string_view name = "A1111";
};

Writer writerOf(const ParameterSettings& settings) {
  const auto valueOf = [&settings](std::string_view key) {
    const auto found = settings.find(key);
    return found == settings.end() ? std::string_view() : std::string_view(found->second);
  };
  const std::string_view version = valueOf("Version");
  if (version.starts_with("Kiln Studio")) return {"studio", "Kiln Studio"};
  if (version.starts_with("Fooocus")) return {"fooocus", "Fooocus"};
  if (settings.contains("Civitai resources")) return {"civitai", "Civitai"};
  if (version.starts_with("ComfyUI")) return {"comfyui", "ComfyUI"};
  if (valueOf("App") == "SD.Next" || valueOf("App") == "SDNext") return {"a1111", "SD.Next"};
  // Forge's versions look like f2.0.1v1.10.1-previous-….
  if (version.starts_with("f")) return {"a1111", "Forge"};
  return {};
}

/// "Civitai resources: [{"type":"lora","weight":0.8,"modelName":"…"}]" names what no other part of the text names.
void readCivitaiResources(const std::string& text, InfoWriter& writer) {
  const std::optional<Json> list = readJson(text);
  if (!list || !list->is_array()) return;
  for (const Json& entry : *list) {
    const std::string type = textOf(entry, "type");
    const std::string name = textOf(entry, "modelName");
    if (type == "checkpoint" && writer.info().modelName.empty()) writer.model(name, textOf(entry, "modelHash"));
    if ((type == "lora" || type == "lycoris") && !name.empty())
      writer.lora(name, numberOf(entry, "weight").value_or(1), textOf(entry, "modelHash"));
  }
}

}  // namespace

PictureInfo parseParametersText(const std::string& text) {
  PictureInfo nothing;
  nothing.parameters = repairedUtf8(std::string_view(text).substr(0, kLongestText));
  const std::size_t start = nothing.parameters.find_first_not_of(" \t\r");
  // Other programs put JSON under the same keyword.
  if (start == std::string::npos || nothing.parameters[start] == '{') return nothing;
  const ParameterParts parts = parameterParts(nothing.parameters);
  if (parts.settings.empty()) return nothing;
  const Writer made = writerOf(parts.settings);
  InfoWriter writer(made.id, made.name);
  writer.info().parameters = std::move(nothing.parameters);
  const PromptWithoutLoras prompt = takeLoraTags(parts.prompt);
  writer.info().request.values.loras = prompt.loras;
  writer.prompt(prompt.prompt);
  writer.negativePrompt(parts.negativePrompt);
  SettingsReader reader(parts.settings, writer);
  reader.read();
  if (made.id == "civitai") readCivitaiResources(reader.text("Civitai resources"), writer);
  if (made.id == "a1111" && reader.text("RNG").empty()) writer.note(NoteKind::Noise, {}, "GPU");
  return writer.finish();
}

}  // namespace studio::engine
