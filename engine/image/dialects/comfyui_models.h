#pragma once

#include "engine/image/dialects/comfyui_graph.h"
#include "engine/image/dialects/info_writer.h"

namespace studio::engine {

/// Walks from a sampler's model through LoRAs and patches to the loader, and notes what is not understood.
void readComfyModel(const ComfyGraph& graph, const ComfyLink& link, InfoWriter& writer);

/// The file at the end of that walk, and nothing else.
std::optional<std::string> comfyModelFile(const ComfyGraph& graph, const ComfyLink& link);

/// Walks from a text encoder node's CLIP: the layer it stops at, and a loader of its own.
void readComfyClip(const ComfyGraph& graph, const ComfyNode& encoder, InfoWriter& writer);

/// The VAE, if it is a file of its own.
void readComfyVae(const ComfyGraph& graph, const ComfyNode& decoder, InfoWriter& writer);

}  // namespace studio::engine
