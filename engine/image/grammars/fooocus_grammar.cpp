#include "engine/image/grammars/grammar_text.h"
#include "engine/image/grammars/translated_prompt.h"
#include "engine/image/lora_tags.h"

namespace studio::engine {
namespace {

/// [[a, b]] makes one picture for each entry; which one this picture was is not written down.
void nameArrays(std::string_view text, std::vector<std::string>& untranslated) {
  for (std::size_t at = text.find("[["); at != std::string_view::npos; at = text.find("[[", at)) {
    const std::size_t end = text.find("]]", at);
    if (end == std::string_view::npos) return;
    untranslated.emplace_back(text.substr(at, end + 2 - at));
    at = end + 2;
  }
}

void nameWildcards(std::string_view text, std::vector<std::string>& untranslated) {
  for (std::size_t at = text.find("__"); at != std::string_view::npos;) {
    std::size_t end = at + 2;
    while (end < text.size() && (isWordLetter(text[end]) || text[end] == '-' || text[end] == '/') &&
           text.substr(end, 2) != "__")
      ++end;
    const bool wildcard = end > at + 2 && text.substr(end, 2) == "__";
    if (wildcard) untranslated.emplace_back(text.substr(at, end + 2 - at));
    at = text.find("__", wildcard ? end + 2 : at + 2);
  }
}

}  // namespace

TranslatedPrompt translateFooocusPrompt(std::string_view prompt) {
  const PromptWithoutLoras tagged = takeLoraTags(prompt);
  TranslatedPrompt result = translateComfyUiPrompt(tagged.prompt);  // weights and embeddings are ComfyUI's
  result.loras = tagged.loras;
  nameArrays(tagged.prompt, result.untranslated);
  nameWildcards(tagged.prompt, result.untranslated);
  return result;
}

}  // namespace studio::engine
