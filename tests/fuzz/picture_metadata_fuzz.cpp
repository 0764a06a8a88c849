// Texts that programs leave in pictures, for every dialect at once. A line "#keyword" starts a text with that keyword;
// what comes before the first goes under "parameters".

#include "engine/api/image_io.h"
#include "engine/api/text_diff.h"
#include "engine/image/dialects/dialects.h"

#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

namespace {

using namespace studio::engine;

void require(bool condition) {
  if (!condition) std::abort();
}

std::vector<PngText> textsOf(std::string_view input) {
  std::vector<PngText> texts{{"parameters", {}}};
  while (!input.empty()) {
    const std::size_t end = std::min(input.find('\n'), input.size());
    const std::string_view line = input.substr(0, end);
    if (line.starts_with('#') && texts.size() < 32) {
      texts.push_back({std::string(line.substr(1)), {}});
    } else {
      texts.back().text += std::string(line) + "\n";
    }
    input.remove_prefix(std::min(end + 1, input.size()));
  }
  if (texts.size() > 1 && texts.front().text.empty()) texts.erase(texts.begin());
  return texts;
}

/// What every reader promises: values inside the ranges, names without folders, prompts that are UTF-8 (the JSON
/// writer would replace what is not, and the way back would differ).
void check(const PictureInfo& info) {
  const GenerationRequest& request = info.request.values;
  require(request.steps >= 1 && request.steps <= 1000 && request.clipSkip >= 1 && request.clipSkip <= 12);
  require(std::isfinite(request.guidanceScale) && request.size.width >= 1 && request.size.height >= 1);
  require(request.model.filename() == request.model && request.vae.filename() == request.vae);
  for (const LoraUse& lora : request.loras) require(lora.file.filename() == lora.file && std::isfinite(lora.weight));
  for (const PromptChange& change : info.promptChanges) diffOf(change.original, change.translated);
  for (const PictureNote& note : info.notes) require(!noteSentence(note).text().empty());
  if (info.sourceId == "studio") return;  // its own values are checked when a job is made
  const auto again = requestFromJson(requestJson(request));
  require(again && again.value().values == request);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  const PictureInfo info = readDialects(PictureTexts(textsOf(input)));
  if (info.sourceId != "studio") check(info);
  return 0;
}
