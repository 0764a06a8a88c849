#include "engine/image/dialects/dialects.h"
#include "engine/image/studio_json.h"

namespace studio::engine {

std::optional<PictureInfo> readStudio(const PictureTexts& texts) {
  const std::string* text = texts.find(kStudioKeyword);
  return text == nullptr ? std::nullopt : pictureInfoFromStudioJson(*text);
}

}  // namespace studio::engine
