#include "engine/image/dialects/picture_texts.h"

#include <algorithm>
#include <array>
#include <utility>

namespace studio::engine {
namespace {

constexpr std::array<std::string_view, 2> kSharedKeywords{"parameters", "UserComment"};

char lowered(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }

bool sameKeyword(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](char x, char y) { return lowered(x) == lowered(y); });
}

/// ComfyUI's WebP and JPEG nodes put "prompt:{…}" and "workflow:{…}" into EXIF fields meant for cameras.
std::vector<PngText> withLabelledEntries(std::vector<PngText> entries) {
  constexpr std::array<std::string_view, 2> kLabels{"prompt", "workflow"};
  std::vector<PngText> labelled;
  for (const PngText& entry : entries) {
    for (const std::string_view label : kLabels) {
      const std::string start = std::string(label) + ":";
      const bool capital = entry.text.starts_with(label == "prompt" ? "Prompt:{" : "Workflow:{");
      if (entry.text.starts_with(start + "{") || entry.text.starts_with(start + " {") || capital)
        labelled.push_back({std::string(label), entry.text.substr(start.size())});
    }
  }
  entries.insert(entries.end(), labelled.begin(), labelled.end());
  return entries;
}

}  // namespace

PictureTexts::PictureTexts(std::vector<PngText> entries) : entries_(withLabelledEntries(std::move(entries))) {}

const std::string* PictureTexts::find(std::string_view keyword) const {
  for (const PngText& entry : entries_) {
    if (sameKeyword(entry.keyword, keyword)) return &entry.text;
  }
  return nullptr;
}

const Json* PictureTexts::json(std::string_view keyword) const {
  auto known = parsed_.find(keyword);
  if (known == parsed_.end()) {
    const std::string* text = find(keyword);
    known = parsed_.emplace(std::string(keyword), text == nullptr ? std::nullopt : readJson(*text)).first;
  }
  return known->second ? &*known->second : nullptr;
}

const std::string* PictureTexts::parameters() const {
  for (const std::string_view keyword : kSharedKeywords) {
    if (const std::string* text = find(keyword)) return text;
  }
  return nullptr;
}

const Json* PictureTexts::parametersJson() const {
  for (const std::string_view keyword : kSharedKeywords) {
    if (const Json* value = json(keyword)) return value;
  }
  return nullptr;
}

}  // namespace studio::engine
