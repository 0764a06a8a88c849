#pragma once

#include "engine/text/clip_text_encoder.h"
#include "engine/text/conditioning.h"
#include "engine/text/tokens/prompt_chunks.h"

#include <map>
#include <memory>
#include <utility>
#include <vector>

namespace studio::engine {

/// A long prompt takes the memory of a usual one, and can be stopped on the way.
constexpr std::size_t kChunksAtOnce = 4;

/// The text encoders of one model, and how its family uses them. Engine thread only.
class Conditioner {
 public:
  /// One text encoder with the place its weights are at.
  struct Encoder {
    TextEncoderTraits traits;
    std::unique_ptr<ClipTextEncoder> module;
    std::unique_ptr<Residency> residency;
  };

  /// An encoder as `traits` want it; its weights come from `source`. Throws EngineException(BadFile).
  static Encoder makeEncoder(const TextEncoderTraits& traits, std::shared_ptr<const TensorSource> source,
                             ops::ComputeFormat format, at::Device device);

  /// The vectors of one textual inversion for each text encoder.           // [n, width] fp32 on the host
  using TokenVectors = std::map<Part, at::Tensor>;

  Conditioner() = default;
  /// In the family's order: their embeddings stand side by side.
  explicit Conditioner(std::vector<Encoder> encoders) : encoders_(std::move(encoders)) {}

  explicit operator bool() const { return !encoders_.empty(); }
  const std::vector<Encoder>& encoders() const { return encoders_; }

  /// Embeddings of a prompt's chunks, one after the other along the tokens, with A1111's "original" emphasis: every
  /// embedding times its token's weight, then the chunk's mean brought back to what it was, each encoder for itself.
  /// `numbers` stays undefined.
  Conditioning encode(const std::vector<PromptChunk>& chunks, int clipSkip, const std::stop_token& stop = {}) const;
  /// The same before the weights; see emphasis.h.
  Conditioning encodeUnweighted(const std::vector<PromptChunk>& chunks, int clipSkip,
                                ClipSkipRule rule = ClipSkipRule::FirstEncoderOnly,
                                const std::stop_token& stop = {}) const;
  /// Widths of the encoders in their order; their sum is contextWidth().
  std::vector<std::int64_t> encoderWidths() const;

  /// The textual inversions that EmbeddingSlot::index of the chunks means from now on. Each has vectors for every
  /// encoder, as wide as it.
  void setEmbeddings(std::vector<TokenVectors> embeddings) { embeddings_ = std::move(embeddings); }

  /// Widths of what encode() gives; 0 pooled: none.
  std::int64_t contextWidth() const;
  std::int64_t pooledWidth() const;

  /// Gives the weights' memory back; they are read again when needed.
  void dropWeights() const;

 private:
  std::vector<Encoder> encoders_;
  std::vector<TokenVectors> embeddings_;
};

/// What is asked of an encoder at this CLIP skip.
ClipTextWish wishOf(const Conditioner::Encoder& encoder, int clipSkip, ClipSkipRule rule);

}  // namespace studio::engine
