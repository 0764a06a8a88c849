#pragma once

#include "engine/image/dialects/comfyui_graph.h"
#include "engine/image/dialects/info_writer.h"

namespace studio::engine {

/// The words behind a conditioning, and the node whose CLIP encoded them.
struct ComfyPrompt {
  std::string original;
  TranslatedPrompt translated;
  const ComfyNode* encoder = nullptr;  ///< nullptr when no text was found
};

/// Walks from a sampler's or guider's input to the texts. What changes the conditioning on the way is noted.
ComfyPrompt comfyPromptBehind(const ComfyGraph& graph, const ComfyLink& link, InfoWriter& writer);

}  // namespace studio::engine
