#pragma once

#include "engine/api/choices.h"
#include "engine/text/tokens/prompt_chunks.h"

#include <ATen/core/Tensor.h>

#include <span>
#include <vector>

namespace studio::engine {

/// One text as the text encoders gave it, before its weights.
struct EncodedText {
  at::Tensor context;               ///< [1, 77 * chunks.size(), width] fp32 on the host
  std::vector<PromptChunk> chunks;  ///< only the weights count
  int times = 1;                    ///< how often the text stands in its prompt's schedule: counts for the mean
};

/// What the words' weights do to the embeddings:
///   Original  each embedding times its weight, then the mean of a chunk brought back to what it was. As in A1111 the
///             mean is that of all `texts` together, which are those of one prompt at its different steps
///   NoNorm    each embedding times its weight
///   ComfyUi   the difference to the empty prompt's embedding at that place, times the weight
///   Ignore and None   nothing; None differs in how the prompt is read
/// `empty` is the empty prompt's one chunk [1, 77, width], used by ComfyUi alone. `encoderWidths` are the widths of the
/// encoders that stand side by side in a context and have a mean each; their sum is `width`.
/// All texts have equally many chunks; the answers are in their order. Texts without weights come back as they were,
/// unless Original's mean is shared with one that has some.
std::vector<at::Tensor> emphasised(std::span<const EncodedText> texts, Emphasis emphasis, const at::Tensor& empty,
                                   std::span<const std::int64_t> encoderWidths);

}  // namespace studio::engine
