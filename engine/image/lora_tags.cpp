#include "engine/image/lora_tags.h"

#include "engine/api/lora_tag.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

namespace studio::engine {
namespace {

constexpr std::size_t kLongestTag = 512;
constexpr std::size_t kMostTags = 256;

/// A tag as a request lists LoRAs: a bare name; nothing when the tag has none.
std::optional<LoraUse> loraFrom(std::string_view inside) {
  const std::optional<LoraTag> tag = parseLoraTag(inside);
  if (!tag) return std::nullopt;
  LoraUse lora{bareName(tag->name), tag->imageWeight};
  if (lora.file.empty()) return std::nullopt;
  if (tag->textWeight != tag->imageWeight) lora.textWeight = tag->textWeight;
  lora.dynamicRank = tag->dynamicRank;
  lora.blocks = tag->blocks;
  return lora;
}

/// Length of the tag at the start of `text`, 0 if there is none. `lora` gets its content.
std::size_t tagLength(std::string_view text, std::optional<LoraUse>& lora) {
  const std::string_view start = text.substr(0, 6);
  if (start != "<lora:" && start != "<lyco:") return 0;
  const std::size_t end = text.substr(0, kLongestTag).find_first_of("<>\n", start.size());
  if (end == std::string_view::npos || text[end] != '>') return 0;
  lora = loraFrom(text.substr(start.size(), end - start.size()));
  return lora ? end + 1 : 0;
}

std::string loweredName(const std::filesystem::path& name) {
  std::string text = utf8FromPath(name);
  std::transform(text.begin(), text.end(), text.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return text;
}

}  // namespace

std::string shortNumber(double value) {
  std::array<char, 64> text;
  const auto [end, error] = std::to_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc{} ? std::string(text.data(), end) : std::string("0");
}

std::filesystem::path bareName(const std::filesystem::path& path) {
  const std::string text = utf8FromPath(path);
  std::string_view name = text;
  while (!name.empty() && (name.back() == '/' || name.back() == '\\')) name.remove_suffix(1);
  const std::size_t separator = name.find_last_of("/\\");
  if (separator != std::string_view::npos) name.remove_prefix(separator + 1);
  if (name == "." || name == ".." || name.find('\0') != std::string_view::npos) return {};
  return pathFromUtf8(std::string(name));
}

std::string loraTag(const LoraUse& lora) {
  std::string tag = "<lora:" + utf8FromPath(bareName(lora.file).stem()) + ":";
  tag += lora.textWeight ? shortNumber(*lora.textWeight) + ":" + shortNumber(lora.weight) : shortNumber(lora.weight);
  if (lora.dynamicRank > 0) tag += ":dyn=" + std::to_string(lora.dynamicRank);
  if (!lora.blocks.empty()) tag += ":lbw=" + lora.blocks;
  return tag + ">";
}

PromptWithoutLoras takeLoraTags(std::string_view prompt) {
  PromptWithoutLoras result;
  result.prompt.reserve(prompt.size());
  for (std::size_t at = 0; at < prompt.size();) {
    std::optional<LoraUse> lora;
    const std::size_t length = result.loras.size() < kMostTags ? tagLength(prompt.substr(at), lora) : 0;
    if (length == 0) {
      result.prompt += prompt[at++];
      continue;
    }
    result.loras.push_back(*lora);
    at += length;
    // Of the spaces on both sides of a tag one belonged to it.
    const bool spaceBefore = !result.prompt.empty() && result.prompt.back() == ' ';
    if (spaceBefore && at == prompt.size()) result.prompt.pop_back();
    if ((spaceBefore || result.prompt.empty()) && at < prompt.size() && prompt[at] == ' ') ++at;
    if (at == prompt.size() && !result.prompt.empty() && result.prompt.back() == ' ' && !spaceBefore)
      result.prompt.pop_back();
  }
  return result;
}

std::vector<std::string> hypernetworkTags(std::string_view prompt) {
  constexpr std::string_view kStart = "<hypernet:";
  std::vector<std::string> tags;
  for (std::size_t at = prompt.find(kStart); at != std::string_view::npos; at = prompt.find(kStart, at + 1)) {
    const std::size_t end = prompt.substr(at, kLongestTag).find_first_of("<>\n", kStart.size());
    if (end == std::string_view::npos || prompt[at + end] != '>' || tags.size() >= kMostTags) continue;
    tags.emplace_back(prompt.substr(at, end + 1));
  }
  return tags;
}

std::string promptWithTags(std::string_view prompt, const std::vector<LoraUse>& loras) {
  std::string result;
  std::vector<bool> written(loras.size(), false);
  for (std::size_t at = 0; at < prompt.size();) {
    std::optional<LoraUse> tag;
    const std::size_t length = std::max<std::size_t>(tagLength(prompt.substr(at), tag), 1);
    const auto used = std::find_if(loras.begin(), loras.end(), [&tag](const LoraUse& lora) {
      return tag && loweredName(tag->file) == loweredName(bareName(lora.file).stem());
    });
    const auto index = static_cast<std::size_t>(used - loras.begin());
    if (used == loras.end()) {
      result += prompt.substr(at, length);
    } else if (!written[index]) {
      result += loraTag(*used);
      written[index] = true;
    }
    at += length;
  }
  for (std::size_t i = 0; i < loras.size(); ++i) {
    if (!written[i]) result += (result.empty() ? "" : " ") + loraTag(loras[i]);
  }
  return result;
}

}  // namespace studio::engine
