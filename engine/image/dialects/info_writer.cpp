#include "engine/image/dialects/info_writer.h"

#include "engine/api/request_fields.h"
#include "engine/api/sampler_names.h"
#include "engine/image/lora_tags.h"
#include "engine/image/text_encoding.h"

#include <algorithm>
#include <cmath>

namespace studio::engine {
namespace {

constexpr std::size_t kMostNotes = 64;
constexpr std::size_t kMostLoras = 256;
constexpr std::size_t kMostFiles = 256;
constexpr std::size_t kLongestNote = 400;

/// Names come as paths, as file names and as names without an ending.
std::filesystem::path nameOfFile(const std::string& name) { return bareName(pathFromUtf8(repairedUtf8(name))); }

std::string stemOf(const std::filesystem::path& file) {
  const std::string ending = utf8FromPath(file.extension());
  const bool known = ending == ".safetensors" || ending == ".ckpt" || ending == ".pt" || ending == ".pth" ||
                     ending == ".bin" || ending == ".gguf" || ending == ".sft";
  return utf8FromPath(known ? file.stem() : file);
}

bool isIdle(const Json& value) {
  if (value.is_boolean()) return !value.get<bool>();
  if (value.is_number()) return value.get<double>() == 0;
  if (value.is_string()) {
    const auto& text = value.get_ref<const std::string&>();
    return text.empty() || text == "None" || text == "none" || text == "False" || text == "false" || text == "0" ||
           text == "0.0";
  }
  return value.empty();
}

}  // namespace

InfoWriter::InfoWriter(std::string_view sourceId, std::string_view source) {
  info_.sourceId = sourceId;
  info_.source = source;
}

template <class Value, class Target>
void InfoWriter::set(std::string_view field, const Value& value, Target& target) {
  target = value;
  auto& present = info_.request.present;
  if (std::find(present.begin(), present.end(), field) == present.end()) present.emplace_back(field);
}

void InfoWriter::prompt(const std::string& text) {
  const std::string valid = repairedUtf8(text);
  if (valid.size() > kLongestPrompt) return note(NoteKind::OutOfRange, "prompt");
  set("prompt", valid, info_.request.values.prompt);
}

void InfoWriter::negativePrompt(const std::string& text) {
  const std::string valid = repairedUtf8(text);
  if (valid.size() > kLongestPrompt) return note(NoteKind::OutOfRange, "negative_prompt");
  set("negative_prompt", valid, info_.request.values.negativePrompt);
}

void InfoWriter::change(std::string_view field, const std::string& original, const TranslatedPrompt& translated) {
  const std::string before = repairedUtf8(original);
  const std::string after = repairedUtf8(translated.text);
  if (before != after && before.size() <= kLongestPrompt)
    info_.promptChanges.push_back({std::string(field), before, after});
  for (const LoraUse& use : translated.loras) lora(utf8FromPath(use.file), use.weight);
  auto& files = info_.fileHashes;
  for (const std::string& name : translated.embeddings) {
    const NamedHash named{repairedUtf8(name), {}};
    if (files.size() < kMostFiles && std::find(files.begin(), files.end(), named) == files.end())
      files.push_back(named);
  }
  for (const std::string& part : translated.untranslated) note(NoteKind::PromptPart, std::string(field), part);
}

void InfoWriter::prompt(const std::string& original, const TranslatedPrompt& translated) {
  prompt(translated.text);
  change("prompt", original, translated);
}

void InfoWriter::negativePrompt(const std::string& original, const TranslatedPrompt& translated) {
  negativePrompt(translated.text);
  change("negative_prompt", original, translated);
}

void InfoWriter::model(const std::string& name, const std::string& hash) {
  if (!hash.empty()) info_.modelHash = repairedUtf8(hash);
  const std::filesystem::path file = nameOfFile(name);
  if (file.empty()) return;
  info_.modelName = stemOf(file);
  set("model", file, info_.request.values.model);
}

void InfoWriter::vae(const std::string& name) {
  const std::filesystem::path file = nameOfFile(name);
  if (!file.empty()) set("vae", file, info_.request.values.vae);
}

void InfoWriter::textEncoder(const std::string& name) {
  const std::filesystem::path file = nameOfFile(name);
  if (!file.empty()) set("text_encoder", file, info_.request.values.textEncoder);
}

void InfoWriter::refiner(const std::string& name, std::optional<double> switchAt, const std::string& hash) {
  const std::filesystem::path file = nameOfFile(name);
  if (file.empty() || name == "None") return;
  if (!hash.empty()) info_.fileHashes.push_back({utf8FromPath(file), repairedUtf8(hash)});
  set("refiner", file, info_.request.values.refiner);
  number("refiner_switch_at", switchAt, 0, 1, info_.request.values.refinerSwitchAt);
}

void InfoWriter::lora(const std::string& name, double weight, const std::string& hash,
                      std::optional<double> textWeight) {
  auto& loras = info_.request.values.loras;
  const std::filesystem::path file = nameOfFile(name);
  if (textWeight == weight) textWeight.reset();
  if (file.empty() || name == "None" || (weight == 0 && textWeight.value_or(0) == 0)) return;
  if (!hash.empty()) info_.fileHashes.push_back({utf8FromPath(file), repairedUtf8(hash)});
  const auto fits = [](double one) { return std::isfinite(one) && std::abs(one) <= kLargestLoraWeight; };
  if (loras.size() >= kMostLoras || !fits(weight) || !fits(textWeight.value_or(0)))
    return note(NoteKind::OutOfRange, "LoRA " + utf8FromPath(file), shortNumber(weight));
  loras.push_back({file, weight, textWeight});
}

void InfoWriter::number(std::string_view field, std::optional<double> value, double least, double most,
                        double& target) {
  if (!value) return;
  if (*value < least || *value > most) return note(NoteKind::OutOfRange, std::string(field), shortNumber(*value));
  set(field, *value, target);
}

void InfoWriter::whole(std::string_view field, std::optional<double> value, int least, int most, int& target) {
  if (!value) return;
  if (*value < least || *value > most || *value != std::floor(*value))
    return note(NoteKind::OutOfRange, std::string(field), shortNumber(*value));
  set(field, static_cast<int>(*value), target);
}

void InfoWriter::size(std::optional<double> width, std::optional<double> height) {
  if (!width || !height) return;
  const auto fits = [](double side) { return side >= 1 && side <= kLargestSide; };
  if (!fits(*width) || !fits(*height))
    return note(NoteKind::OutOfRange, "size", shortNumber(*width) + " × " + shortNumber(*height));
  whole("width", width, 1, kLargestSide, info_.request.values.size.width);
  whole("height", height, 1, kLargestSide, info_.request.values.size.height);
}

void InfoWriter::steps(std::optional<double> value) {
  whole("steps", value, 1, kMostSteps, info_.request.values.steps);
}

void InfoWriter::guidance(std::optional<double> value) {
  number("guidance_scale", value, 0, 100, info_.request.values.guidanceScale);
}

void InfoWriter::seed(std::optional<Seed> value) {
  if (value) set("seed", *value, info_.request.values.seed);
}

void InfoWriter::clipSkip(std::optional<double> value) {
  clipSkipSaid_ = clipSkipSaid_ || value.has_value();
  whole("clip_skip", value, 1, 12, info_.request.values.clipSkip);
}

void InfoWriter::zeroTerminalSnr(ZeroTerminalSnr value) {
  set("zero_terminal_snr", value, info_.request.values.zeroTerminalSnr);
}
void InfoWriter::prediction(PredictionType value) { set("prediction", value, info_.request.values.prediction); }

void InfoWriter::emphasis(Emphasis value) { set("emphasis", value, info_.request.values.emphasis); }

void InfoWriter::profile(Profile value) {
  set("profile", value, info_.request.values.profile);
  if (value == Profile::A1111Gpu) note(NoteKind::GpuNoise, {});
}

void InfoWriter::nearestProfile(Profile value) {
  profile(value);
  note(NoteKind::Nearest, info_.source, std::string(labelOf(value)));
}

void InfoWriter::programVersion(const std::string& version) {
  set("program_version", repairedUtf8(version.substr(0, kLongestNote)), info_.request.values.programVersion);
}

void InfoWriter::compatibility(const Compatibility& value) {
  set("compatibility", textOf(value), info_.request.values.compatibility);
}

void InfoWriter::ensd(std::optional<double> value) { whole("ensd", value, 0, kLargestEnsd, info_.request.values.ensd); }

void InfoWriter::eta(std::optional<double> value) { number("eta", value, 0, 1, info_.request.values.eta); }

void InfoWriter::ddimEta(std::optional<double> value) { number("ddim_eta", value, 0, 1, info_.request.values.ddimEta); }

void InfoWriter::churn(std::optional<double> amount, std::optional<double> from, std::optional<double> to) {
  number("s_churn", amount, 0, 100, info_.request.values.sChurn);
  number("s_tmin", from, 0, 1000, info_.request.values.sTmin);
  number("s_tmax", to, 0, 1000, info_.request.values.sTmax);
}

void InfoWriter::noiseFactor(std::optional<double> value) {
  number("s_noise", value, 0, 2, info_.request.values.sNoise);
}

void InfoWriter::promptOnly(std::optional<double> value) {
  number("prompt_only", value, 0, 1, info_.request.values.promptOnly);
}

void InfoWriter::penultimateSigma(PenultimateSigma value) {
  set("penultimate_sigma", value, info_.request.values.penultimateSigma);
}

void InfoWriter::pathNoise(PathNoise value) { set("path_noise", value, info_.request.values.pathNoise); }

void InfoWriter::gpuThreads(std::optional<double> value) {
  whole("gpu_threads", value, 0, kMostGpuThreads, info_.request.values.gpuThreads);
  std::erase_if(info_.notes, [&](const PictureNote& each) { return value && each.kind == NoteKind::GpuNoise; });
}

void InfoWriter::batchSize(std::optional<double> value) {
  if (!value || *value == 1) return;
  whole("batch_size", value, 1, kLargestBatch, info_.request.values.batchSize);
  note(NoteKind::OfBatch, {}, shortNumber(*value));
}

void InfoWriter::sampler(const std::string& name, const std::string& schedule) {
  if (name.empty() && schedule.empty()) return;
  const SamplerNames names = samplerFromNames(name, schedule.empty() ? std::nullopt : std::optional(schedule));
  const GenerationRequest usual;
  if (names.sampler || !name.empty())
    set("sampler", names.sampler.value_or(usual.sampler), info_.request.values.sampler);
  set("scheduler", names.schedule.value_or(usual.schedule), info_.request.values.schedule);
  if (names.nearestSampler) note(NoteKind::NearestChoice, name, std::string(labelOf(*names.sampler)));
  if (names.nearestSchedule) note(NoteKind::NearestChoice, schedule, std::string(labelOf(*names.schedule)));
  if (!names.sampler && !name.empty()) note(NoteKind::Sampler, std::string(labelOf(usual.sampler)), name);
  if (!names.schedule) note(NoteKind::Schedule, std::string(labelOf(usual.schedule)), schedule);
}

void InfoWriter::note(NoteKind kind, std::string name, std::string value) {
  const auto shown = [](const std::string& text) {
    const std::string valid = repairedUtf8(text);
    return valid.size() <= kLongestNote ? valid : repairedUtf8(std::string_view(valid).substr(0, kLongestNote)) + " …";
  };
  PictureNote made{kind, shown(name), shown(value)};
  const auto& notes = info_.notes;
  if (notes.size() < kMostNotes && std::find(notes.begin(), notes.end(), made) == notes.end())
    info_.notes.push_back(std::move(made));
}

void InfoWriter::unsupported(const Json& json, std::initializer_list<std::string_view> keys) {
  for (const std::string_view key : keys) {
    const Json* value = memberOf(json, key);
    if (value != nullptr && !isIdle(*value)) note(NoteKind::Setting, std::string(key), anyTextOf(*value));
  }
}

/// What decides the pixels and was at its default is said too: the request it is taken over into may have another.
void InfoWriter::settleProfile() {
  const GenerationRequest usual;
  GenerationRequest& values = info_.request.values;
  const auto missing = [this](std::string_view field) {
    const auto& present = info_.request.present;
    return std::find(present.begin(), present.end(), field) == present.end();
  };
  if (missing("profile")) return;
  if (missing("program_version")) programVersion({});
  if (missing("compatibility")) compatibility({});
  if (missing("ensd")) ensd(0);
  if (missing("emphasis")) emphasis(Emphasis::Automatic);
  if (missing("eta")) eta(usual.eta);
  if (missing("ddim_eta")) ddimEta(usual.ddimEta);
  if (missing("path_noise")) pathNoise(PathNoise::Automatic);
  if (missing("gpu_threads")) set("gpu_threads", 0, values.gpuThreads);
}

PictureInfo InfoWriter::finish() {
  settleProfile();
  set("loras", std::vector<LoraUse>(info_.request.values.loras), info_.request.values.loras);
  const auto& present = info_.request.present;
  if (std::find(present.begin(), present.end(), "refiner") == present.end())
    set("refiner", std::filesystem::path(), info_.request.values.refiner);  // made without one
  if (!clipSkipSaid_) set("clip_skip", 1, info_.request.values.clipSkip);  // programs write it only where it is another
  return std::move(info_);
}

}  // namespace studio::engine
