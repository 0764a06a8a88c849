#include "engine/image/dialects/dialects.h"
#include "engine/image/dialects/info_writer.h"

#include <array>
#include <utility>

namespace studio::engine {
namespace {

/// Keys are those of its API, or labels, as the settings of its page decide.
constexpr std::array<std::pair<std::string_view, std::string_view>, 14> kLabels{{
    {"prompt", "Prompt"},
    {"negative_prompt", "Negative Prompt"},
    {"seed", "Seed"},
    {"use_stable_diffusion_model", "Stable Diffusion model"},
    {"use_vae_model", "VAE model"},
    {"sampler_name", "Sampler"},
    {"scheduler_name", "Scheduler"},
    {"num_inference_steps", "Steps"},
    {"guidance_scale", "Guidance Scale"},
    {"width", "Width"},
    {"height", "Height"},
    {"clip_skip", "Clip Skip"},
    {"use_lora_model", "LoRA model"},
    {"lora_alpha", "LoRA Strength"},
}};

/// One object, whether the picture has a text for each key (PNG) or one JSON for all (JPEG, WebP).
Json settingsOf(const PictureTexts& texts) {
  if (const Json* json = texts.parametersJson(); json != nullptr && json->is_object()) return *json;
  Json settings = Json::object();
  for (const PngText& entry : texts.entries()) settings[entry.keyword] = entry.text;
  return settings;
}

std::string valueOf(const Json& settings, std::string_view key) {
  const Json* value = memberOf(settings, key);
  for (const auto& [known, label] : kLabels) {
    if (value == nullptr && known == key) value = memberOf(settings, label);
  }
  if (value == nullptr) return {};
  std::string text = value->is_string() ? value->get<std::string>() : anyTextOf(*value);
  return text == "None" || text == "null" ? std::string() : text;
}

/// "a" or ["a", "b"], also as Python writes a list.
std::vector<std::string> listOf(std::string text) {
  for (char& c : text) {
    if (c == '\'') c = '"';
  }
  const std::optional<Json> list = readJson(text);
  if (!list || !list->is_array()) return text.empty() ? std::vector<std::string>{} : std::vector{text};
  std::vector<std::string> values;
  for (const Json& entry : *list) values.push_back(anyTextOf(entry));
  return values;
}

void readLoras(const Json& settings, InfoWriter& writer) {
  const std::vector<std::string> names = listOf(valueOf(settings, "use_lora_model"));
  const std::vector<std::string> weights = listOf(valueOf(settings, "lora_alpha"));
  for (std::size_t i = 0; i < names.size(); ++i) {
    writer.lora(names[i], i < weights.size() ? numberFromText(weights[i]).value_or(1) : 1);
  }
}

void readSettings(const Json& settings, InfoWriter& writer) {
  const auto number = [&settings](std::string_view key) { return numberFromText(valueOf(settings, key)); };
  writer.model(valueOf(settings, "use_stable_diffusion_model"));
  writer.vae(valueOf(settings, "use_vae_model"));
  writer.size(number("width"), number("height"));
  writer.steps(number("num_inference_steps"));
  writer.guidance(number("guidance_scale"));
  writer.seed(seedOf(Json(valueOf(settings, "seed"))));
  const std::string skip = valueOf(settings, "clip_skip");
  if (!skip.empty()) writer.clipSkip(skip == "True" || skip == "true" ? 2 : 1);
  writer.sampler(valueOf(settings, "sampler_name"), valueOf(settings, "scheduler_name"));
  if (!valueOf(settings, "init_image").empty() || !valueOf(settings, "prompt_strength").empty())
    writer.note(NoteKind::StartPicture, {});
  writer.unsupported(settings, {"use_face_correction", "use_upscale", "use_hypernetwork_model", "tiling",
                                "use_controlnet_model", "use_text_encoder_model", "distilled_guidance_scale"});
}

}  // namespace

std::optional<PictureInfo> readEasyDiffusion(const PictureTexts& texts) {
  const Json settings = settingsOf(texts);
  const bool named = !valueOf(settings, "use_stable_diffusion_model").empty();
  if (!named || valueOf(settings, "prompt").empty()) return std::nullopt;
  InfoWriter writer("easydiffusion", "Easy Diffusion");
  const std::string prompt = valueOf(settings, "prompt");
  writer.prompt(prompt, translateInvokeAiPrompt(prompt));
  const std::string negative = valueOf(settings, "negative_prompt");
  writer.negativePrompt(negative, translateInvokeAiPrompt(negative));
  readSettings(settings, writer);
  readLoras(settings, writer);
  writer.nearestProfile(Profile::A1111Gpu);
  writer.emphasis(Emphasis::ComfyUi);  // distances to the empty prompt, as compel takes them
  return writer.finish();
}

}  // namespace studio::engine
