// Any bytes may be a PNG: the scanner ends, keeps to its limits and hands out valid UTF-8, and whatever the texts say
// is a request or nothing. Checksums are not looked at, or hardly a mutated text would be read.

#include "engine/api/engine_error.h"
#include "engine/api/image_io.h"
#include "engine/image/png_chunks.h"
#include "engine/image/studio_json.h"
#include "engine/image/text_encoding.h"

#include <cstdlib>

namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) try {
  using namespace studio::engine;
  const PngLimits limits{.texts = 16, .textBytes = 1U << 20, .checksums = false};
  const PngDescription png = scanPng(MemorySource({data, size}), limits);
  require(png.size.width > 0 && png.size.height > 0 && png.texts.size() <= limits.texts);
  std::size_t bytes = 0;
  for (const PngText& text : png.texts) {
    bytes += text.text.size();
    require(isUtf8(text.keyword) && isUtf8(text.text));
    const PictureInfo info = parseParametersText(text.text);
    require(info.source.empty() == info.request.present.empty());
    GenerationRequest request;
    applyPatch(info.request, request);
    require(static_cast<bool>(requestFromJson(requestJson(request))));
    if (const auto own = pictureInfoFromStudioJson(text.text)) require(!own->request.values.model.has_parent_path());
  }
  require(bytes <= limits.textBytes);
  return 0;
} catch (const studio::engine::EngineException& refused) {
  require(!refused.error().message.empty());
  return 0;
}
