#include "engine/image/dialects/dialects.h"
#include "engine/image/dialects/info_writer.h"

namespace studio::engine {
namespace {

/// Version 4 keeps one text for the scene and one for each figure.
std::string captionText(const Json& comment, std::string_view key, InfoWriter& writer) {
  const Json* prompt = memberOf(comment, key);
  const Json* caption = prompt == nullptr ? nullptr : memberOf(*prompt, "caption");
  if (caption == nullptr) return {};
  std::string text = textOf(*caption, "base_caption");
  const Json* figures = memberOf(*caption, "char_captions");
  if (figures == nullptr || !figures->is_array() || figures->size() > 64) return text;
  for (const Json& figure : *figures) {
    const std::string words = textOf(figure, "char_caption");
    if (words.empty()) continue;
    text += (text.empty() ? "" : ", ") + words;
    writer.note(NoteKind::Setting, "char_captions", words);  // their places in the picture are lost
  }
  return text;
}

void readPrompts(const PictureTexts& texts, const Json& comment, InfoWriter& writer) {
  std::string prompt = captionText(comment, "v4_prompt", writer);
  if (prompt.empty()) prompt = textOf(comment, "prompt");
  const std::string* description = texts.find("Description");
  if (prompt.empty() && description != nullptr) prompt = *description;
  std::string negative = captionText(comment, "v4_negative_prompt", writer);
  if (negative.empty()) negative = textOf(comment, "uc");
  writer.prompt(prompt, translateNovelAiPrompt(prompt));
  writer.negativePrompt(negative, translateNovelAiPrompt(negative));
}

void readSettings(const PictureTexts& texts, const Json& comment, InfoWriter& writer) {
  if (const std::string* model = texts.find("Source")) writer.model(*model);
  writer.size(numberOf(comment, "width"), numberOf(comment, "height"));
  writer.steps(numberOf(comment, "steps"));
  writer.guidance(numberOf(comment, "scale"));
  if (const Json* seed = memberOf(comment, "seed")) writer.seed(seedOf(*seed));
  writer.sampler(textOf(comment, "sampler"), textOf(comment, "noise_schedule"));
  if (memberOf(comment, "strength") != nullptr && memberOf(comment, "noise") != nullptr)
    writer.note(NoteKind::StartPicture, {});
  writer.unsupported(comment,
                     {"cfg_rescale", "uncond_scale", "sm", "sm_dyn", "dynamic_thresholding", "skip_cfg_above_sigma",
                      "reference_information_extracted", "reference_strength", "hide_debug_overlay"});
}

/// WebP keeps all fields in one object.
const Json* wrapperOf(const PictureTexts& texts) {
  const Json* json = texts.parametersJson();
  return json != nullptr && textOf(*json, "Software").starts_with("NovelAI") ? json : nullptr;
}

}  // namespace

std::optional<PictureInfo> readNovelAi(const PictureTexts& texts) {
  if (const Json* wrapper = wrapperOf(texts)) {
    std::vector<PngText> entries;
    for (const auto& [key, value] : wrapper->items()) {
      if (value.is_string() && key != "parameters" && key != "UserComment")
        entries.push_back({key, value.get<std::string>()});
    }
    return readNovelAi(PictureTexts(std::move(entries)));
  }
  const std::string* software = texts.find("Software");
  const Json* comment = texts.json("Comment");
  if (software == nullptr || !software->starts_with("NovelAI") || comment == nullptr) return std::nullopt;
  InfoWriter writer("novelai", "NovelAI");
  readPrompts(texts, *comment, writer);
  readSettings(texts, *comment, writer);
  writer.nearestProfile(Profile::A1111Gpu);
  writer.emphasis(Emphasis::Original);
  if (const std::string* raw = texts.find("Comment")) writer.info().parameters = *raw;
  return writer.finish();
}

}  // namespace studio::engine
