#include "engine/weights/mistaken_file.h"

#include <algorithm>

namespace studio::engine {
namespace {

bool isWebPage(std::string_view start) {
  if (start.starts_with("\xEF\xBB\xBF")) start.remove_prefix(3);
  start.remove_prefix(std::min(start.find_first_not_of(" \t\r\n"), start.size()));
  std::string text(start);
  std::transform(text.begin(), text.end(), text.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return text.starts_with("<!doctype html") || text.starts_with("<html") || text.starts_with("<head");
}

bool isPicture(std::string_view start) {
  const auto holds = [start](std::size_t at, std::string_view mark) {
    return start.size() >= at + mark.size() && start.substr(at, mark.size()) == mark;
  };
  return holds(0, "\x89PNG\r\n\x1A\n") || holds(0, "\xFF\xD8\xFF") || (holds(0, "RIFF") && holds(8, "WEBP")) ||
         holds(0, "GIF87a") || holds(0, "GIF89a") || holds(4, "ftypavif") || holds(4, "ftypheic") ||
         holds(0, std::string_view("II*\0", 4)) || holds(0, std::string_view("MM\0*", 4));
}

/// Protocols 2 to 5 begin so; a safetensors header of such a length has its brace behind the eight bytes.
bool isBarePickle(std::string_view start) {
  if (start.size() < 2 || start[0] != '\x80' || start[1] < 2 || start[1] > 5) return false;
  return start.size() <= 8 || start[8] != '{';
}

}  // namespace

std::optional<Sentence> mistakenFile(const std::string& name, std::string_view start) {
  if (start.empty()) return sentence("%1 is an empty file.", name);
  if (start.starts_with("version https://git-lfs"))
    return sentence("%1 is a Git LFS pointer: the file itself was not downloaded.", name);
  if (isWebPage(start)) return sentence("%1 is a web page that was saved in place of the file.", name);
  if (isPicture(start)) return sentence(kPictureAsModel, name);
  if (isBarePickle(start)) return sentence("%1 is a pickle without the tensors that PyTorch stores beside it.", name);
  return std::nullopt;
}

}  // namespace studio::engine
