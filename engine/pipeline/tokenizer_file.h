#pragma once

#include <filesystem>
#include <string>

namespace studio::engine {

/// What kind of tokenizer a file holds, for people: "SentencePiece", "byte pair merges", "vocabulary", …; empty for
/// other files. Only named: the program has its own. Looks at the file's ending and its first bytes.
std::string tokenizerKind(const std::filesystem::path& path);

}  // namespace studio::engine
