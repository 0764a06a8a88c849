#include "engine/text/conditioner.h"

#include "engine/api/engine_error.h"
#include "engine/ops/ops.h"
#include "engine/text/emphasis.h"

#include <ATen/TensorOperators.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/empty.h>

#include <algorithm>
#include <span>
#include <string>
#include <utility>

namespace studio::engine {
namespace {

/// OpenCLIP-H in diffusers' files: the layer that nobody uses was left out when they were made.
constexpr std::int64_t kLayersWithoutTheLast = 23;

void checkTokens(const ClipTextConfig& config) {
  if (config.positions >= kChunkLength && config.vocabulary > kClipEndToken) return;
  throw EngineException(
      ErrorKind::BadFile, "The model's text encoder does not use CLIP's vocabulary.",
      std::to_string(config.vocabulary) + " tokens, " + std::to_string(config.positions) + " positions");
}

int skippedLayers(const TextEncoderTraits& traits, int own, int clipSkip, ClipSkipRule rule) {
  switch (rule) {
    case ClipSkipRule::FromTheEnd:
      return std::max(own, clipSkip - 1);
    case ClipSkipRule::OnTop:
      return own + clipSkip - 1;
    case ClipSkipRule::FirstEncoderOnly:
      break;
  }
  return traits.followsClipSkip ? std::max(own, clipSkip - 1) : own;
}

/// Token ids of all chunks, padded as the encoder was trained.                                   // [chunks, 77]
at::Tensor idsOf(std::span<const PromptChunk> chunks, TokenId padding) {
  at::Tensor ids = at::empty({static_cast<std::int64_t>(chunks.size()), kChunkLength}, at::kLong);
  auto* to = ids.data_ptr<std::int64_t>();
  for (const PromptChunk& chunk : chunks) {
    to = std::copy(chunk.ids.begin(), chunk.ids.end(), to);
    std::fill(to - (kChunkLength - chunk.tokens - 2), to, padding);
  }
  return ids;
}

/// Where the chunks name textual inversions, and what stands there for this encoder.
std::vector<TokenReplacement> replacementsIn(std::span<const PromptChunk> chunks, Part part,
                                             const std::vector<Conditioner::TokenVectors>& embeddings) {
  std::vector<TokenReplacement> replaced;
  for (std::size_t row = 0; row < chunks.size(); ++row) {
    for (const EmbeddingSlot& slot : chunks[row].embeddings)
      replaced.push_back({static_cast<std::int64_t>(row), slot.position, embeddings.at(slot.index).at(part)});
  }
  return replaced;
}

struct EncodedChunks {
  at::Tensor context;  ///< [1, 77 * chunks, width]
  at::Tensor pooled;   ///< [1, P] of the first chunk, or undefined
};

EncodedChunks encodeWith(const Conditioner::Encoder& encoder, std::span<const PromptChunk> chunks, int clipSkip,
                         ClipSkipRule rule, const std::vector<Conditioner::TokenVectors>& embeddings,
                         const std::stop_token& stop) {
  checkTokens(encoder.module->config());
  BlockRunner runner(*encoder.residency, stop);
  std::vector<at::Tensor> rows;
  at::Tensor pooled;
  for (std::size_t first = 0; first < chunks.size(); first += kChunksAtOnce) {
    const auto group = chunks.subspan(first, std::min(kChunksAtOnce, chunks.size() - first));
    const at::Tensor ids = idsOf(group, encoder.traits.padding).to(runner.device());
    ClipTextWish wish = wishOf(encoder, clipSkip, rule);
    wish.replaced = replacementsIn(group, encoder.traits.part, embeddings);
    const ClipTextAnswer answer = encoder.module->forward(runner, ids, wish);
    const at::Tensor embeddings = ops::readBack(answer.embeddings);
    rows.push_back(embeddings.reshape({1, -1, embeddings.size(2)}));
    if (first == 0 && answer.pooled.defined()) pooled = ops::readBack(answer.pooled).narrow(0, 0, 1);
  }
  return {at::cat(rows, 1), pooled};
}

}  // namespace

ClipTextWish wishOf(const Conditioner::Encoder& encoder, int clipSkip, ClipSkipRule rule) {
  const TextEncoderTraits& traits = encoder.traits;
  const bool lastIsGone = traits.skippedLayers == 1 && encoder.module->config().layers == kLayersWithoutTheLast;
  const int own = lastIsGone ? 0 : traits.skippedLayers;
  return {skippedLayers(traits, own, clipSkip, rule), traits.finalNorm};
}

Conditioner::Encoder Conditioner::makeEncoder(const TextEncoderTraits& traits,
                                              std::shared_ptr<const TensorSource> source, ops::ComputeFormat format,
                                              at::Device device) {
  Encoder encoder{traits, std::make_unique<ClipTextEncoder>(clipTextConfigFrom(*source, traits)), nullptr};
  encoder.module->weights().check(*source, "text encoder");
  encoder.residency = std::make_unique<Residency>(encoder.module->weights(), std::move(source), format, device);
  return encoder;
}

Conditioning Conditioner::encode(const std::vector<PromptChunk>& chunks, int clipSkip,
                                 const std::stop_token& stop) const {
  Conditioning conditioning = encodeUnweighted(chunks, clipSkip, ClipSkipRule::FirstEncoderOnly, stop);
  const EncodedText text{conditioning.context, chunks};
  conditioning.context = emphasised({&text, 1}, Emphasis::Original, {}, encoderWidths()).front();
  return conditioning;
}

std::vector<std::int64_t> Conditioner::encoderWidths() const {
  std::vector<std::int64_t> widths;
  for (const Encoder& encoder : encoders_) widths.push_back(encoder.module->config().width);
  return widths;
}

Conditioning Conditioner::encodeUnweighted(const std::vector<PromptChunk>& chunks, int clipSkip, ClipSkipRule rule,
                                           const std::stop_token& stop) const {
  std::vector<at::Tensor> contexts, pooled;
  for (const Encoder& encoder : encoders_) {
    const EncodedChunks encoded = encodeWith(encoder, chunks, clipSkip, rule, embeddings_, stop);
    contexts.push_back(encoded.context);
    if (encoded.pooled.defined()) pooled.push_back(encoded.pooled);
  }
  return {at::cat(contexts, 2), pooled.empty() ? at::Tensor() : at::cat(pooled, 1), {}};
}

std::int64_t Conditioner::contextWidth() const {
  std::int64_t width = 0;
  for (const Encoder& encoder : encoders_) width += encoder.module->config().width;
  return width;
}

std::int64_t Conditioner::pooledWidth() const {
  std::int64_t width = 0;
  for (const Encoder& encoder : encoders_) width += encoder.module->config().projection;
  return width;
}

void Conditioner::dropWeights() const {
  for (const Encoder& encoder : encoders_) encoder.residency->dropAll();
}

}  // namespace studio::engine
