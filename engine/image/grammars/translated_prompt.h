#pragma once

#include "engine/api/generation_request.h"

#include <string>
#include <string_view>
#include <vector>

namespace studio::engine {

/// A prompt of another program in this studio's grammar (A1111's, without LoRA tags).
struct TranslatedPrompt {
  std::string text;
  std::vector<LoraUse> loras;             ///< bare names
  std::vector<std::string> untranslated;  ///< parts that have no counterpart, as they stood
  std::vector<std::string> embeddings;    ///< bare names that the other grammar marks and ours does not
};

/// ComfyUI: (word:1.2) alike, embedding:name, [ and ] are plain letters.
TranslatedPrompt translateComfyUiPrompt(std::string_view prompt);

/// InvokeAI since 2.3 (the "compel" syntax, also Easy Diffusion's): word+, (words)--, (words)1.3, ("a", "b").and(),
/// .blend(), .swap(). Plain text in quotes of older versions is alike.
TranslatedPrompt translateInvokeAiPrompt(std::string_view prompt);

/// InvokeAI before 3.0 keeps the negative prompt in [brackets] within the prompt.
struct SplitPrompt {
  std::string prompt;
  std::string negativePrompt;
};
SplitPrompt splitBracketedNegative(std::string_view prompt);

/// NovelAI: {word} is 1.05, [word] 1/1.05, 1.5::words:: a weight; ( and ) are plain letters.
TranslatedPrompt translateNovelAiPrompt(std::string_view prompt);

/// SwarmUI: <lora:…>, <embed:…>, <random:…>, <fromto[…]:…>, <alternate:…>, <weight[…]:…>, <break> and the others.
TranslatedPrompt translateSwarmUiPrompt(std::string_view prompt);

/// Fooocus: inline LoRAs, (embedding:name:1.1), arrays [[a, b]] and __wildcards__.
TranslatedPrompt translateFooocusPrompt(std::string_view prompt);

/// Letters that mean something in our grammar, made plain with a backslash; what is escaped already stays.
std::string escapedLetters(std::string_view text, std::string_view letters);

/// "(text:1.21)", or only the text where the weight is 1. Weights are rounded to four digits.
std::string weighted(std::string_view text, double weight);

}  // namespace studio::engine
