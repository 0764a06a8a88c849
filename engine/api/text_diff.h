#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace studio::engine {

enum class DiffKind { Same, Removed, Added };

/// A run of text that both versions have, or only the old or the new one.
struct DiffPiece {
  DiffKind kind = DiffKind::Same;
  std::string text;
  bool operator==(const DiffPiece&) const = default;
};

/// What changed between two texts, by words and punctuation (UTF-8 is never cut). Same and removed pieces together are
/// the old text, same and added pieces the new one. Very long changes are one removed and one added piece.
std::vector<DiffPiece> diffOf(std::string_view before, std::string_view after);

}  // namespace studio::engine
