#pragma once

#include <string_view>

namespace studio::engine {

/// Words are given in lower case; all functions are pure.

/// Praise that captions of pictures hold so often, or so seldom, that it says little.
bool isFillerWord(std::string_view word);
/// True for a word that makes the one before it a trained tag of quality ("amazing quality", "very aesthetic").
bool makesQualityTag(std::string_view wordBehind);
/// Tags that only prompts for models trained on tags hold.
bool showsTagPrompt(std::string_view word);
/// Negative embeddings that many prompts name, without their files' endings.
bool isFamiliarEmbedding(std::string_view name);
/// Parts of file names of models that were trained on tags.
bool namesTagModel(std::string_view modelName);

}  // namespace studio::engine
