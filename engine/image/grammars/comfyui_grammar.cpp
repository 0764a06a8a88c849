#include "engine/image/grammars/grammar_text.h"
#include "engine/image/grammars/translated_prompt.h"
#include "engine/image/lora_tags.h"

#include <array>

namespace studio::engine {
namespace {

constexpr std::string_view kEmbedding = "embedding:";
constexpr std::size_t kMostEmbeddings = 64;

/// "folder/name.pt" as people call it in a prompt of ours: "name".
std::string embeddingName(std::string_view written) {
  constexpr std::array<std::string_view, 3> kEndings{".safetensors", ".pt", ".bin"};
  std::string name = utf8FromPath(bareName(pathFromUtf8(std::string(written))));
  for (const std::string_view ending : kEndings) {
    if (name.size() > ending.size() && name.ends_with(ending)) return name.substr(0, name.size() - ending.size());
  }
  return name;
}

std::string withoutEmbeddingMarks(std::string_view text, std::vector<std::string>& names) {
  std::string result;
  result.reserve(text.size());
  PromptReader reader{text};
  while (!reader.done()) {
    const bool starts = reader.at == 0 || !isWordLetter(text[reader.at - 1]);
    if (!starts || !reader.takeIf(kEmbedding)) {
      result += reader.take();
      continue;
    }
    const std::size_t end = std::min(text.find_first_of(" ,:()[]<>\n\t", reader.at), text.size());
    const std::string name = embeddingName(text.substr(reader.at, end - reader.at));
    if (!name.empty() && names.size() < kMostEmbeddings) names.push_back(name);
    result += name;
    reader.at = end;
  }
  return result;
}

/// Tags of LoRAs are words like any other in ComfyUI: they load nothing.
std::string withoutTags(std::string_view text, std::vector<std::string>& removed) {
  const PromptWithoutLoras tagged = takeLoraTags(text);
  for (const LoraUse& lora : tagged.loras) removed.push_back(loraTag(lora));
  return tagged.prompt;
}

}  // namespace

TranslatedPrompt translateComfyUiPrompt(std::string_view prompt) {
  TranslatedPrompt result;
  const std::string text = withoutTags(prompt, result.untranslated);
  result.text = withPlainKeywords(escapedLetters(withoutEmbeddingMarks(text, result.embeddings), "[]"));
  return result;
}

}  // namespace studio::engine
