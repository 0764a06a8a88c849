#include "engine/api/image_io.h"

#include <string>
#include <string_view>

namespace studio::engine {
namespace {

constexpr std::size_t kLongestValue = 120;  ///< bytes; file names end at 255 on the usual systems

/// A value as part of a file name: no separators, no control characters, no "..", not too long.
std::string fileNamePart(std::string value) {
  for (char& c : value) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '/' || c == '\\' || byte < 0x20 || byte == 0x7F) c = '_';
  }
  if (value == "." || value == "..") value.assign(value.size(), '_');
  if (value.size() > kLongestValue) {
    std::size_t end = kLongestValue;
    while (end > 0 && (static_cast<unsigned char>(value[end]) & 0xC0) == 0x80) --end;  // not inside a character
    value.resize(end);
  }
  return value;
}

struct Values {
  std::string index, seed, model, date;
};

/// The value for "{name}" at the start of `text`, and how long that is; 0 when it is none of ours.
std::size_t placeholder(std::string_view text, const Values& values, std::string& value) {
  for (const auto& [name, replacement] : {std::pair<std::string_view, const std::string&>{"{index}", values.index},
                                          {"{seed}", values.seed},
                                          {"{model}", values.model},
                                          {"{date}", values.date}}) {
    if (!text.starts_with(name)) continue;
    value = replacement;
    return name.size();
  }
  return 0;
}

std::string filled(std::string_view pattern, const Values& values) {
  std::string text;
  while (!pattern.empty()) {
    std::string value;
    const std::size_t length = placeholder(pattern, values, value);
    text += length > 0 ? value : std::string(1, pattern.front());
    pattern.remove_prefix(length > 0 ? length : 1);
  }
  return text;
}

}  // namespace

std::filesystem::path outputPath(const std::string& pattern, int index, int pictures, Seed seed,
                                 const std::string& model, const std::string& date) {
  const Values values{std::to_string(index), std::to_string(seed.value), fileNamePart(model), fileNamePart(date)};
  std::filesystem::path path = pathFromUtf8(filled(pattern, values));
  if (pictures > 1 && pattern.find("{index}") == std::string::npos) {
    const std::filesystem::path extension = path.extension();
    path.replace_filename(utf8FromPath(path.stem()) + "-" + values.index);
    path += extension;
  }
  return path;
}

}  // namespace studio::engine
