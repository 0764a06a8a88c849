#pragma once

#include "engine/text/clip_text_encoder.h"
#include "engine/text/tokens/prompt_chunks.h"

#include <vector>

namespace studio::engine {

/// Text embeddings of a prompt's chunks, one after the other along the tokens, with A1111's "original" emphasis:
/// every embedding times its token's weight, then the chunk's mean brought back to what it was.
/// fp32 on the host.                                                                        // [1, 77 * chunks, width]
at::Tensor encodeChunks(const ClipTextEncoder& encoder, BlockRunner& runner, const std::vector<PromptChunk>& chunks,
                        int clipSkip);

}  // namespace studio::engine
