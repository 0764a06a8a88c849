#include "engine/image/dialects/dialects.h"
#include "engine/image/dialects/info_writer.h"
#include "engine/image/dialects/invokeai_dream.h"

namespace studio::engine {
namespace {

/// 3.x: {"model_name": "…"}, 4.x and later: {"name": "…", "hash": "blake3:…", "key": "…"}.
std::string nameOf(const Json* model) {
  if (model == nullptr) return {};
  if (model->is_string()) return model->get<std::string>();
  const std::string name = textOf(*model, "name");
  return name.empty() ? textOf(*model, "model_name") : name;
}

void readPrompt(InfoWriter& writer, const std::string& prompt, const std::string& negative) {
  writer.prompt(prompt, translateInvokeAiPrompt(prompt));
  writer.negativePrompt(negative, translateInvokeAiPrompt(negative));
}

void readLoras(const Json& json, InfoWriter& writer) {
  const Json* list = memberOf(json, "loras");
  if (list == nullptr || !list->is_array()) return;
  for (const Json& entry : *list) {
    const Json* model = memberOf(entry, "model");
    if (model == nullptr) model = memberOf(entry, "lora");
    writer.lora(nameOf(model), numberOf(entry, "weight").value_or(1),
                model != nullptr && model->is_object() ? textOf(*model, "hash") : "");
  }
}

/// `invokeai_metadata`, since 3.0.
void readCurrent(const Json& json, InfoWriter& writer) {
  readPrompt(writer, textOf(json, "positive_prompt"), textOf(json, "negative_prompt"));
  const Json* model = memberOf(json, "model");
  writer.model(nameOf(model), model == nullptr ? "" : textOf(*model, "hash"));
  writer.vae(nameOf(memberOf(json, "vae")));
  writer.size(numberOf(json, "width"), numberOf(json, "height"));
  writer.steps(numberOf(json, "steps"));
  writer.guidance(numberOf(json, "cfg_scale"));
  if (const Json* seed = memberOf(json, "seed")) writer.seed(seedOf(*seed));
  if (const auto skipped = numberOf(json, "clip_skip")) writer.clipSkip(*skipped + 1);  // how many are left out
  writer.sampler(textOf(json, "scheduler"), "");
  readLoras(json, writer);
  const std::string device = textOf(json, "rand_device");
  if (!device.empty() && device != "cpu") writer.note(NoteKind::Noise, {}, "GPU");
  if (!textOf(json, "init_image").empty()) writer.note(NoteKind::StartPicture, {}, textOf(json, "init_image"));
  if (const Json* refiner = memberOf(json, "refiner_model"))
    writer.refiner(nameOf(refiner), numberOf(json, "refiner_start"));
  writer.unsupported(json, {"controlnets", "ipAdapters", "t2iAdapters", "hrf_enabled", "seamless_x", "seamless_y",
                            "cfg_rescale_multiplier", "positive_style_prompt", "negative_style_prompt", "strength",
                            "regions", "canvas_v2_metadata", "control_layers"});
}

/// 2.x writes the prompt as a list of texts with weights.
std::string promptOf(const Json& image) {
  const Json* prompt = memberOf(image, "prompt");
  if (prompt == nullptr) return {};
  if (prompt->is_string()) return prompt->get<std::string>();
  std::string text;
  if (!prompt->is_array() || prompt->size() > 64) return {};
  for (const Json& entry : *prompt) {
    const std::string words = entry.is_string() ? entry.get<std::string>() : textOf(entry, "prompt");
    text += (text.empty() ? "" : " ") + weighted(words, numberOf(entry, "weight").value_or(1));
  }
  return text;
}

/// `sd-metadata`, 1.14 to 2.3.
void readSecond(const Json& json, const Json& image, InfoWriter& writer) {
  const SplitPrompt split = splitBracketedNegative(promptOf(image));
  readPrompt(writer, split.prompt, split.negativePrompt);
  const std::string weights = textOf(json, "model_weights");
  writer.model(weights.empty() ? textOf(json, "model") : weights, textOf(json, "model_hash"));
  writer.size(numberOf(image, "width"), numberOf(image, "height"));
  writer.steps(numberOf(image, "steps"));
  writer.guidance(numberOf(image, "cfg_scale"));
  if (const Json* seed = memberOf(image, "seed")) writer.seed(seedOf(*seed));
  writer.sampler(textOf(image, "sampler"), "");
  if (textOf(image, "type") == "img2img") writer.note(NoteKind::StartPicture, {}, textOf(image, "orig_hash"));
  writer.unsupported(image, {"threshold", "perlin", "seamless", "hires_fix", "variations", "postprocessing", "strength",
                             "facetool", "upscale"});
}

}  // namespace

std::optional<PictureInfo> readInvokeAi(const PictureTexts& texts) {
  InfoWriter writer("invokeai", "InvokeAI");
  const Json* current = texts.json("invokeai_metadata");
  const Json* second = texts.json("sd-metadata");
  const Json* image = second == nullptr ? nullptr : memberOf(*second, "image");
  if (current != nullptr && current->is_object()) {
    readCurrent(*current, writer);
  } else if (image != nullptr && image->is_object()) {
    readSecond(*second, *image, writer);
  } else if (const std::string* dream = texts.find("Dream")) {
    readDream(*dream, writer);
    writer.info().parameters = *dream;
  } else {
    return std::nullopt;
  }
  writer.nearestProfile(Profile::Diffusers);
  writer.emphasis(Emphasis::ComfyUi);  // distances to the empty prompt, as compel takes them
  return writer.finish();
}

}  // namespace studio::engine
