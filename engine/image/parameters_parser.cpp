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
constexpr std::array<std::string_view, 61> kUnderstood{"Steps",
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
                                                       "Image CFG scale",
                                                       "Eta",
                                                       "Eta DDIM",
                                                       "ENSD",
                                                       "Sigma churn",
                                                       "Sigma tmin",
                                                       "Sigma tmax",
                                                       "Sigma noise",
                                                       "Skip Early CFG",
                                                       "Discard penultimate sigma",
                                                       "Old prompt editing timelines",
                                                       "Downcast alphas_cumprod",
                                                       "Refiner switch by sampling steps",
                                                       "Pad conds v0",
                                                       "Reproduce as",
                                                       "Program version",
                                                       "Noise path",
                                                       "Compatibility",
                                                       "GPU threads"};

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
    readSeed();
    writer_.clipSkip(number("Clip skip"));
    readEmphasis();
    readNoise();
    noteTheRest();
  }

  /// Whose rules the picture follows. Civitai's own generator says no version; others' pictures keep theirs.
  void readProfile(std::string_view writer) {
    const std::string device = text("RNG");
    const Profile a1111 = device == "CPU" ? Profile::A1111Cpu : device == "NV" ? Profile::A1111Nv : Profile::A1111Gpu;
    if (const auto ours = choiceFrom<Profile>(text("Reproduce as"))) {
      writer_.profile(*ours);
      writer_.programVersion(text("Program version"));
      writer_.compatibility(compatibilityFromText(text("Compatibility")).value_or(Compatibility()));
      writer_.gpuThreads(number("GPU threads"));
    } else if (writer == "Kiln Studio") {
      writer_.profile(Profile::Studio);
    } else if (writer == "Fooocus" || writer == "ComfyUI" || (writer == "Civitai" && text("Version").empty())) {
      writer_.nearestProfile(Profile::ComfyUi);
      if (writer == "Fooocus") writer_.emphasis(Emphasis::Original);  // it weighs as A1111 does
    } else if (writer == "SD.Next") {
      writer_.nearestProfile(a1111);
    } else {
      writer_.profile(a1111);
      readVersion();
    }
  }

  std::string text(std::string_view key) const {
    const auto found = settings_.find(key);
    return found == settings_.end() ? std::string() : found->second;
  }

 private:
  /// A text that is no number is noted.
  std::optional<double> number(std::string_view key) {
    const std::string written = text(key);
    const std::optional<double> value = numberFromText(written);
    if (!value && !written.empty()) writer_.note(NoteKind::OutOfRange, std::string(key), written);
    return value;
  }

  void readSeed() {
    const std::string written = text("Seed");
    const std::optional<Seed> seed = seedOf(Json(written));
    if (!seed && !written.empty()) writer_.note(NoteKind::OutOfRange, "Seed", written);
    writer_.seed(seed);
  }

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
    const auto emphasis = name.empty() ? std::optional(Emphasis::Automatic) : choiceFrom<Emphasis>(name);
    if (emphasis) return writer_.emphasis(*emphasis);
    writer_.note(NoteKind::Setting, "Emphasis", name);
  }

  /// A1111 that makes an old picture again says which of its former ways it went. One that says nothing of its version
  /// is an old one itself, unless it has a schedule apart from the sampler.
  void readVersion() {
    constexpr const char* kAssumed = "1.2";
    std::string version = text("Version");
    if (version.empty() && text("Schedule type").empty()) {
      version = kAssumed;
      writer_.note(NoteKind::Version, {}, version);
    }
    writer_.programVersion(version);
    writer_.compatibility({.promptEditing = text("Old prompt editing timelines") == "True",
                           .padConditions = text("Pad conds v0") == "True",
                           .downcastAlphas = text("Downcast alphas_cumprod") == "True",
                           .refinerBySteps = text("Refiner switch by sampling steps") == "True"});
  }

  /// Before A1111 1.0 DDIM's eta had the same name as that of the others.
  void readNoise() {
    const bool ddim = writer_.info().request.values.sampler == Sampler::Ddim;
    writer_.ensd(number("ENSD"));
    writer_.eta(ddim ? std::nullopt : number("Eta"));
    writer_.ddimEta(ddim && text("Eta DDIM").empty() ? number("Eta") : number("Eta DDIM"));
    writer_.churn(number("Sigma churn"), number("Sigma tmin"), number("Sigma tmax"));
    writer_.noiseFactor(number("Sigma noise"));
    writer_.promptOnly(number("Skip Early CFG"));
    if (text("Discard penultimate sigma") == "True") writer_.penultimateSigma(PenultimateSigma::Discard);
    if (text("Discard penultimate sigma") == "False") writer_.penultimateSigma(PenultimateSigma::Keep);
    if (const auto path = choiceFrom<PathNoise>(text("Noise path"))) writer_.pathNoise(*path);
  }

  void noteTheRest() {
    for (const auto& [key, value] : settings_) {
      const bool known = std::find(kUnderstood.begin(), kUnderstood.end(), key) != kUnderstood.end();
      if (!known && !value.empty()) writer_.note(NoteKind::Setting, key, value);
    }
    const std::string device = text("RNG");
    if (!device.empty() && device != "CPU" && device != "NV" && device != "GPU")
      writer_.note(NoteKind::Noise, {}, device);
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
  for (const std::string& tag : hypernetworkTags(prompt.prompt)) writer.note(NoteKind::Setting, tag);
  writer.negativePrompt(parts.negativePrompt);
  SettingsReader reader(parts.settings, writer);
  reader.read();
  if (made.id == "civitai") readCivitaiResources(reader.text("Civitai resources"), writer);
  reader.readProfile(made.name);
  return writer.finish();
}

}  // namespace studio::engine
