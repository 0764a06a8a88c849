#include "engine/image/dialects/dialects.h"
#include "engine/image/dialects/info_writer.h"

#include <array>

namespace studio::engine {
namespace {

std::string firstText(const Json& json, std::initializer_list<std::string_view> keys) {
  for (const std::string_view key : keys) {
    const Json* value = memberOf(json, key);
    if (value == nullptr) continue;
    if (value->is_string()) return value->get<std::string>();
    if (value->is_object()) return firstText(*value, {"_class_name", "name", "class_name", "type"});
  }
  return {};
}

std::optional<double> firstNumber(const Json& json, std::initializer_list<std::string_view> keys) {
  for (const std::string_view key : keys) {
    if (const auto value = numberOf(json, key)) return value;
  }
  return std::nullopt;
}

bool isTrue(const Json& json, std::string_view key) {
  const Json* value = memberOf(json, key);
  return value != nullptr && value->is_boolean() && value->get<bool>();
}

/// The class of the scheduler and its options stand for sampler and schedule.
void readScheduler(const Json& json, InfoWriter& writer) {
  const std::string name = firstText(json, {"scheduler", "scheduler_class", "scheduler_type", "sampler"});
  if (name.empty()) return;
  const Json* options = memberOf(json, "scheduler");
  if (options == nullptr || !options->is_object()) options = memberOf(json, "scheduler_config");
  const Json& source = options == nullptr ? json : *options;
  std::string schedule;
  if (isTrue(source, "use_karras_sigmas")) schedule = "karras";
  if (isTrue(source, "use_exponential_sigmas")) schedule = "exponential";
  if (isTrue(source, "use_beta_sigmas")) schedule = "beta";
  if (schedule.empty() && textOf(source, "timestep_spacing") == "trailing") schedule = "trailing";
  const bool sde = textOf(source, "algorithm_type").find("sde") != std::string::npos;
  writer.sampler(sde ? "dpmpp_2m_sde" : name, schedule);
}

void readLoras(const Json& json, InfoWriter& writer) {
  const Json* list = memberOf(json, "loras");
  if (list == nullptr || !list->is_array()) return;
  for (const Json& entry : *list) {
    if (entry.is_string()) writer.lora(entry.get<std::string>(), 1);
    if (!entry.is_object()) continue;
    writer.lora(firstText(entry, {"name", "model", "path", "weight_name", "adapter_name"}),
                firstNumber(entry, {"weight", "scale", "strength"}).value_or(1));
  }
}

void readSettings(const Json& json, InfoWriter& writer) {
  writer.model(firstText(json, {"model", "model_id", "model_name", "pretrained_model_name_or_path", "base_model"}));
  writer.vae(firstText(json, {"vae"}));
  writer.size(numberOf(json, "width"), numberOf(json, "height"));
  writer.steps(firstNumber(json, {"num_inference_steps", "steps"}));
  writer.guidance(firstNumber(json, {"guidance_scale", "cfg_scale"}));
  for (const char* key : {"seed", "generator_seed", "manual_seed"}) {
    if (const Json* seed = memberOf(json, key)) writer.seed(seedOf(*seed));
  }
  if (const auto skipped = numberOf(json, "clip_skip")) writer.clipSkip(*skipped + 1);  // how many are left out
  readScheduler(json, writer);
  readLoras(json, writer);
  if (numberOf(json, "strength").value_or(1) != 1) writer.note(NoteKind::StartPicture, {});
  writer.unsupported(json, {"eta", "guidance_rescale", "strength", "prompt_2", "negative_prompt_2", "denoising_end",
                            "aesthetic_score", "num_images_per_prompt", "lora_scale"});
}

bool isDiffusers(const Json& json) {
  const bool prompt = !textOf(json, "prompt").empty();
  return prompt && (memberOf(json, "num_inference_steps") != nullptr || memberOf(json, "guidance_scale") != nullptr);
}

const Json* settingsOf(const PictureTexts& texts) {
  for (const PngText& entry : texts.entries()) {
    const Json* json = texts.json(entry.keyword);
    if (json != nullptr && isDiffusers(*json)) return json;
  }
  return nullptr;
}

}  // namespace

std::optional<PictureInfo> readDiffusers(const PictureTexts& texts) {
  Json plain = Json::object();  // some notebooks write one text for each value
  const Json* json = settingsOf(texts);
  if (json == nullptr) {
    for (const PngText& entry : texts.entries()) plain[entry.keyword] = entry.text;
    if (!isDiffusers(plain)) return std::nullopt;
    json = &plain;
  }
  InfoWriter writer("diffusers", "diffusers");
  const TranslatedPrompt prompt{escapedLetters(textOf(*json, "prompt"), "()[]"), {}, {}};  // no letter has a meaning
  writer.prompt(textOf(*json, "prompt"), prompt);
  const std::string negative = textOf(*json, "negative_prompt");
  writer.negativePrompt(negative, TranslatedPrompt{escapedLetters(negative, "()[]"), {}, {}});
  if (memberOf(*json, "negative_prompt") != nullptr && negative.empty())
    writer.negativePrompt(" ");  // given, though empty: such a one is encoded
  readSettings(*json, writer);
  writer.profile(Profile::Diffusers);
  writer.emphasis(Emphasis::Original);  // the letters with a meaning are escaped
  return writer.finish();
}

}  // namespace studio::engine
