#pragma once

#include <cstddef>
#include <cstdint>

namespace studio::engine {

/// CLIP's 48,894 merges, made at build time by make_clip_merges from the vocabulary file. `pair` is the id of the
/// left token << 16 | the right one's; rows ascend by it. The merged token's id is kClipFirstMerged + rank.
struct ClipMerge {
  std::uint32_t pair;
  std::uint16_t rank;
};

inline constexpr std::size_t kClipMergeCount = 48894;
inline constexpr std::int32_t kClipFirstMerged = 512;

extern const ClipMerge kClipMerges[kClipMergeCount];

}  // namespace studio::engine
