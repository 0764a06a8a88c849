#include "engine/api/image_io.h"
#include "engine/image/dialects/dialects.h"

namespace studio::engine {

std::optional<PictureInfo> readA1111(const PictureTexts& texts) {
  for (const PngText& entry : texts.entries()) {
    const bool shared = entry.keyword == "parameters" || entry.keyword == "UserComment" || entry.keyword == "Comment" ||
                        entry.keyword == "ImageDescription" || entry.keyword == "Description";
    if (!shared) continue;
    PictureInfo info = parseParametersText(entry.text);
    if (!info.source.empty()) return info;
  }
  return std::nullopt;
}

}  // namespace studio::engine
