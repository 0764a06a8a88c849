#include "engine/text/conditioning.h"

#include "engine/api/engine_error.h"
#include "engine/ops/ops.h"

#include <ATen/TensorOperators.h>
#include <ATen/ops/empty.h>

#include <algorithm>

namespace studio::engine {
namespace {

void checkTokens(const ClipTextConfig& config) {
  if (config.positions >= kChunkLength && config.vocabulary > kClipEndToken) return;
  throw EngineException(
      ErrorKind::BadFile, "The model's text encoder does not use CLIP's vocabulary.",
      std::to_string(config.vocabulary) + " tokens, " + std::to_string(config.positions) + " positions");
}

/// One chunk's embeddings times their weights, mean restored.                                    // [77, width]
at::Tensor emphasised(const at::Tensor& embeddings, const PromptChunk& chunk) {
  if (std::all_of(chunk.weights.begin(), chunk.weights.end(), [](float weight) { return weight == 1.0F; }))
    return embeddings;
  at::Tensor weights = at::empty({kChunkLength, 1}, at::kFloat);
  std::copy(chunk.weights.begin(), chunk.weights.end(), weights.data_ptr<float>());
  const at::Tensor weighted = embeddings * weights;
  return weighted * (embeddings.mean() / weighted.mean());
}

}  // namespace

at::Tensor encodeChunks(const ClipTextEncoder& encoder, BlockRunner& runner, const std::vector<PromptChunk>& chunks,
                        int clipSkip) {
  checkTokens(encoder.config());
  const auto count = static_cast<std::int64_t>(chunks.size());
  at::Tensor ids = at::empty({count, kChunkLength}, at::kLong);
  for (std::int64_t i = 0; i < count; ++i) {
    const auto& row = chunks[static_cast<std::size_t>(i)].ids;
    std::copy(row.begin(), row.end(), ids.data_ptr<std::int64_t>() + i * kChunkLength);
  }
  const at::Tensor embeddings = ops::readBack(encoder.forward(runner, ids.to(runner.device()), clipSkip));
  at::Tensor context = at::empty({1, count * kChunkLength, embeddings.size(2)}, at::kFloat);
  for (std::int64_t i = 0; i < count; ++i) {
    context.select(0, 0)
        .narrow(0, i * kChunkLength, kChunkLength)
        .copy_(emphasised(embeddings.select(0, i), chunks[static_cast<std::size_t>(i)]));
  }
  return context;
}

}  // namespace studio::engine
