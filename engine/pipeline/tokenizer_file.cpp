#include "engine/pipeline/tokenizer_file.h"

#include "engine/api/units.h"

#include <algorithm>
#include <fstream>
#include <string_view>

namespace studio::engine {
namespace {

constexpr std::size_t kLookedAt = 4096;

std::string beginningOf(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::string bytes(kLookedAt, '\0');
  in.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  bytes.resize(static_cast<std::size_t>(std::max<std::streamsize>(in.gcount(), 0)));
  return bytes;
}

/// A protocol buffer that begins with a piece: field 1, a message whose field 1 is its text.
bool isSentencePiece(std::string_view bytes) {
  return bytes.size() > 4 && bytes[0] == '\x0a' && bytes[2] == '\x0a' &&
         static_cast<unsigned char>(bytes[3]) < static_cast<unsigned char>(bytes[1]);
}

/// Two pieces with a space between, line by line, behind a comment.
bool isMerges(std::string_view bytes) {
  if (!bytes.starts_with("#version")) return false;
  const std::size_t end = bytes.find('\n');
  const std::string_view second = end == std::string_view::npos ? std::string_view() : bytes.substr(end + 1);
  return second.substr(0, second.find('\n')).find(' ') != std::string_view::npos;
}

/// Tokens with their numbers and nothing else: {"!":0,"\"":1,…}
bool isVocabulary(std::string_view bytes) {
  const std::size_t first = bytes.find_first_not_of(" \r\n\t");
  const std::size_t colon = bytes.find("\":");
  if (first == std::string_view::npos || bytes[first] != '{' || colon == std::string_view::npos) return false;
  const std::size_t value = bytes.find_first_not_of(" \r\n\t", colon + 2);
  return value != std::string_view::npos && bytes[value] >= '0' && bytes[value] <= '9';
}

}  // namespace

std::string tokenizerKind(const std::filesystem::path& path) {
  const std::string ending = utf8FromPath(path.extension());
  const std::string stem = utf8FromPath(path.stem());
  if (ending == ".model") return isSentencePiece(beginningOf(path)) ? "SentencePiece" : "";
  if (ending == ".gz") {
    const bool packed = beginningOf(path).starts_with("\x1f\x8b");
    return packed && stem.find("vocab") != std::string::npos ? "packed byte pair merges" : "";
  }
  if (ending == ".txt") return isMerges(beginningOf(path)) ? "byte pair merges" : "";
  if (ending != ".json") return {};
  const std::string bytes = beginningOf(path);
  if (bytes.find("\"added_tokens\"") != std::string::npos) return "Hugging Face's form";
  return isVocabulary(bytes) ? "vocabulary" : "";
}

}  // namespace studio::engine
