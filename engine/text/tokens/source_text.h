#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace studio::engine {

/// From `textOffset` on, the bytes of a text stand in the prompt from `promptOffset` on.
struct SourceSpan {
  std::size_t textOffset = 0;
  std::size_t promptOffset = 0;
};

/// Text made from parts of a prompt that still knows where each of its bytes stood.
struct SourceText {
  std::string text;
  std::vector<SourceSpan> source;  ///< ascending

  /// The whole of a prompt.
  static SourceText of(std::string_view prompt);
  /// Where a byte of `text` stands in the prompt; for text.size() the place behind the last byte.
  std::size_t promptOffset(std::size_t textOffset) const;
  /// Adds the bytes [begin, end) of another text.
  void append(const SourceText& from, std::size_t begin, std::size_t end);
};

}  // namespace studio::engine
