#include "engine/api/image_io.h"
#include "engine/image/dialects/dialects.h"
#include "engine/image/dialects/info_writer.h"

#include <algorithm>

namespace studio::engine {
namespace {

/// The on-site generator names what it did beside its graph, as JSON in a text.
std::optional<Json> extraMetadata(const Json& json) {
  const Json* extra = memberOf(json, "extraMetadata");
  if (extra == nullptr) return std::nullopt;
  return extra->is_string() ? readJson(extra->get_ref<const std::string&>()) : std::optional(*extra);
}

void readExtra(const Json& extra, InfoWriter& writer) {
  const std::string prompt = textOf(extra, "prompt");
  writer.prompt(prompt, translateComfyUiPrompt(prompt));
  const std::string negative = textOf(extra, "negativePrompt");
  writer.negativePrompt(negative, translateComfyUiPrompt(negative));
  writer.size(numberOf(extra, "width"), numberOf(extra, "height"));
  writer.steps(numberOf(extra, "steps"));
  writer.guidance(numberOf(extra, "cfgScale"));
  if (const Json* seed = memberOf(extra, "seed")) writer.seed(seedOf(*seed));
  writer.clipSkip(numberOf(extra, "clipSkip"));
  writer.sampler(textOf(extra, "sampler"), textOf(extra, "scheduler"));
  if (const std::string flow = textOf(extra, "workflowId"); flow.find("img2img") != std::string::npos)
    writer.note(NoteKind::StartPicture, {});
}

/// Fields of the graph that the extra object leaves open: models and LoRAs, mostly.
void addMissing(const PictureInfo& from, InfoWriter& writer) {
  PictureInfo& info = writer.info();
  RequestPatch patch = from.request;
  std::erase_if(patch.present, [&info](const std::string& id) {
    const auto& present = info.request.present;
    return std::find(present.begin(), present.end(), id) != present.end();
  });
  applyPatch(patch, info.request.values);
  info.request.present.insert(info.request.present.end(), patch.present.begin(), patch.present.end());
  if (info.modelName.empty()) info.modelName = from.modelName;
  for (const PictureNote& note : from.notes) writer.note(note.kind, note.name, note.value);
}

}  // namespace

/// Texts with "Civitai resources" are A1111's and read there; here is the form with a ComfyUI graph.
std::optional<PictureInfo> readCivitai(const PictureTexts& texts) {
  const Json* json = texts.parametersJson();
  if (json == nullptr) json = texts.json("prompt");
  if (json == nullptr) return std::nullopt;
  const std::optional<Json> extra = extraMetadata(*json);
  if (!extra || !extra->is_object()) return std::nullopt;
  InfoWriter writer("civitai", "Civitai");
  readExtra(*extra, writer);
  writer.profile(Profile::ComfyUi);
  writer.emphasis(Emphasis::ComfyUi);
  if (const auto graph = readComfyUi(texts)) addMissing(*graph, writer);
  return writer.finish();
}

}  // namespace studio::engine
