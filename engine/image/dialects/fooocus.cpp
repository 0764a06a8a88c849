#include "engine/image/dialects/dialects.h"
#include "engine/image/dialects/info_writer.h"
#include "engine/image/grammars/grammar_text.h"

namespace studio::engine {
namespace {

/// Since 2.2 the keys are small; logs and pictures before that hold the labels of the page.
std::string textOfEither(const Json& json, std::string_view key, std::string_view label) {
  const Json* value = memberOf(json, key);
  if (value == nullptr) value = memberOf(json, label);
  return value == nullptr ? std::string() : value->is_string() ? value->get<std::string>() : anyTextOf(*value);
}

/// Everything that was encoded: the prompts with styles and expansion, one text each, joined as BREAK joins them.
std::string fullPrompt(const Json& json, std::string_view key) {
  const Json* list = memberOf(json, key);
  if (list == nullptr || !list->is_array() || list->size() > 64) return {};
  std::string text;
  for (const Json& entry : *list) {
    if (!entry.is_string() || entry.get_ref<const std::string&>().empty()) continue;
    text += (text.empty() ? "" : " BREAK ") + translateFooocusPrompt(entry.get<std::string>()).text;
  }
  return text;
}

void readPrompts(const Json& json, InfoWriter& writer) {
  const auto translated = [&json](const std::string& original, std::string_view full) {
    TranslatedPrompt result = translateFooocusPrompt(original);
    const std::string whole = fullPrompt(json, full);
    if (!whole.empty()) {
      result.text = whole;
      result.untranslated.clear();  // what was drawn for arrays and wildcards stands in the full text
    }
    return result;
  };
  const std::string prompt = textOfEither(json, "prompt", "Prompt");
  writer.prompt(prompt, translated(prompt, "full_prompt"));
  const std::string negative = textOfEither(json, "negative_prompt", "Negative Prompt");
  writer.negativePrompt(negative, translated(negative, "full_negative_prompt"));
  const std::string styles = textOfEither(json, "styles", "Styles");
  if (memberOf(json, "full_prompt") == nullptr && styles.size() > 2) writer.note(NoteKind::Setting, "styles", styles);
}

/// "(768, 1280)"
void readResolution(const std::string& text, InfoWriter& writer) {
  PromptReader reader{text};
  while (!reader.done() && (reader.peek() < '0' || reader.peek() > '9')) reader.take();
  const auto width = reader.takeNumber();
  while (!reader.done() && (reader.peek() < '0' || reader.peek() > '9')) reader.take();
  writer.size(width, reader.takeNumber());
}

/// [["name", 0.5, "hash"], …] or members "lora_combined_1": "name : 0.5", before 2.2 "LoRA 1".
void readLoras(const Json& json, InfoWriter& writer) {
  const Json* list = memberOf(json, "loras");
  if (list != nullptr && list->is_array() && !list->empty()) {
    for (const Json& entry : *list) {
      if (!entry.is_array() || entry.size() < 2 || !entry[0].is_string()) continue;
      const bool hashed = entry.size() > 2 && entry[2].is_string();
      writer.lora(entry[0].get<std::string>(), numberOf(entry[1]).value_or(1),
                  hashed ? entry[2].get<std::string>() : "");
    }
    return;
  }
  for (const auto& [key, value] : json.items()) {
    if (!value.is_string() || !(key.starts_with("lora_combined_") || key.starts_with("LoRA "))) continue;
    const std::string& text = value.get_ref<const std::string&>();
    const std::size_t colon = text.rfind(" : ");
    if (colon == std::string::npos) continue;
    writer.lora(text.substr(0, colon), numberFromText(std::string_view(text).substr(colon + 3)).value_or(1));
  }
}

void readSettings(const Json& json, InfoWriter& writer) {
  writer.model(textOfEither(json, "base_model", "Base Model"),
               textOfEither(json, "base_model_hash", "Base Model Hash"));
  const std::string vae = textOfEither(json, "vae", "VAE");
  if (vae != "Default (model)") writer.vae(vae);
  readResolution(textOfEither(json, "resolution", "Resolution"), writer);
  writer.steps(numberFromText(textOfEither(json, "steps", "Steps")));
  writer.guidance(numberFromText(textOfEither(json, "guidance_scale", "Guidance Scale")));
  writer.seed(seedOf(Json(textOfEither(json, "seed", "Seed"))));
  writer.clipSkip(numberFromText(textOfEither(json, "clip_skip", "CLIP Skip")));
  writer.sampler(textOfEither(json, "sampler", "Sampler"), textOfEither(json, "scheduler", "Scheduler"));
  writer.refiner(textOfEither(json, "refiner_model", "Refiner Model"),
                 numberFromText(textOfEither(json, "refiner_switch", "Refiner Switch")));
  writer.unsupported(json, {"sharpness", "Sharpness", "adm_guidance", "ADM Guidance", "adaptive_cfg", "freeu", "FreeU",
                            "inpaint_engine_version"});
}

bool isFooocus(const Json& json) {
  const bool named = textOf(json, "metadata_scheme") == "fooocus" || textOf(json, "version").starts_with("Fooocus") ||
                     textOf(json, "Version").starts_with("Fooocus");
  return named || (memberOf(json, "Base Model") != nullptr && memberOf(json, "Performance") != nullptr) ||
         (memberOf(json, "base_model") != nullptr && memberOf(json, "performance") != nullptr);
}

}  // namespace

std::optional<PictureInfo> readFooocus(const PictureTexts& texts) {
  const Json* json = texts.parametersJson();
  if (json == nullptr) json = texts.json("Comment");  // before 2.2
  if (json == nullptr || !isFooocus(*json)) return std::nullopt;
  InfoWriter writer("fooocus", "Fooocus");
  readPrompts(*json, writer);
  readSettings(*json, writer);
  readLoras(*json, writer);
  writer.nearestProfile(Profile::ComfyUi);
  writer.emphasis(Emphasis::Original);  // it weighs as A1111 does
  return writer.finish();
}

}  // namespace studio::engine
