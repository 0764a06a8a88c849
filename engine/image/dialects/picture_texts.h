#pragma once

#include "engine/image/dialects/bounded_json.h"
#include "engine/image/png_chunks.h"

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace studio::engine {

/// All texts a picture carries, whatever its format: PNG keywords as they are; EXIF fields by their names
/// ("UserComment", "Make", "Model", "ImageDescription", "Software", "MakerNote"); XMP as "XML:com.adobe.xmp".
/// JSON is parsed once, when a dialect first asks. Not thread-safe.
class PictureTexts {
 public:
  explicit PictureTexts(std::vector<PngText> entries);

  const std::vector<PngText>& entries() const { return entries_; }
  bool empty() const { return entries_.empty(); }

  /// The first text with this keyword, ignoring ASCII case; nullptr when there is none.
  const std::string* find(std::string_view keyword) const;

  /// The same text as JSON; nullptr when it is none.
  const Json* json(std::string_view keyword) const;

  /// The text most programs share: `parameters` of a PNG, UserComment elsewhere. nullptr when there is none.
  const std::string* parameters() const;
  const Json* parametersJson() const;

 private:
  std::vector<PngText> entries_;
  mutable std::map<std::string, std::optional<Json>, std::less<>> parsed_;
};

}  // namespace studio::engine
