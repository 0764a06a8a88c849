#include "engine/text/emphasis.h"

#include <ATen/TensorOperators.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/stack.h>
#include <ATen/ops/where.h>

#include <algorithm>

namespace studio::engine {
namespace {

/// Weights of a text's tokens.                                                                    // [chunks, 77, 1]
at::Tensor tokenWeights(const EncodedText& text) {
  at::Tensor weights = at::empty({static_cast<std::int64_t>(text.chunks.size()), kChunkLength, 1}, at::kFloat);
  auto* to = weights.data_ptr<float>();
  for (const PromptChunk& chunk : text.chunks) to = std::copy(chunk.weights.begin(), chunk.weights.end(), to);
  return weights;
}

/// One encoder's part: the mean over texts, tokens and channels, for each chunk.                  // [1, chunks, 1, 1]
at::Tensor chunkMeans(const at::Tensor& part, std::span<const EncodedText> texts) {
  constexpr std::array<std::int64_t, 2> kTokensAndChannels{2, 3};
  const at::Tensor means = part.mean(at::OptionalIntArrayRef(kTokensAndChannels), true);
  at::Tensor sum = means.narrow(0, 0, 1) * texts.front().times;
  int count = texts.front().times;
  for (std::size_t i = 1; i < texts.size(); ++i) {
    sum = sum + means.narrow(0, static_cast<std::int64_t>(i), 1) * texts[i].times;
    count += texts[i].times;
  }
  return sum / count;
}

/// z: [texts, chunks, 77, width]
at::Tensor withMeansRestored(const at::Tensor& z, const at::Tensor& weights, std::span<const EncodedText> texts,
                             std::span<const std::int64_t> encoderWidths) {
  std::vector<at::Tensor> parts;
  std::int64_t begin = 0;
  for (const std::int64_t width : encoderWidths) {
    const at::Tensor part = z.narrow(3, begin, width), weighted = part * weights;
    parts.push_back(weighted * (chunkMeans(part, texts) / chunkMeans(weighted, texts)));
    begin += width;
  }
  return at::cat(parts, 3);
}

}  // namespace

std::vector<at::Tensor> emphasised(std::span<const EncodedText> texts, Emphasis emphasis, const at::Tensor& empty,
                                   std::span<const std::int64_t> encoderWidths) {
  std::vector<at::Tensor> contexts, tokens;
  for (const EncodedText& text : texts) {
    contexts.push_back(text.context);
    tokens.push_back(tokenWeights(text));
  }
  const bool weighs =
      std::any_of(texts.begin(), texts.end(), [](const EncodedText& t) { return hasWeights(t.chunks); });
  if (!weighs || emphasis == Emphasis::Ignore || emphasis == Emphasis::None) return contexts;

  const auto count = static_cast<std::int64_t>(texts.size());
  const auto chunks = static_cast<std::int64_t>(texts.front().chunks.size());
  const at::Tensor weights = at::stack(tokens);  // [texts, chunks, 77, 1]
  const at::Tensor z = at::cat(contexts).reshape({count, chunks, kChunkLength, -1});
  at::Tensor result;
  if (emphasis == Emphasis::NoNorm) result = z * weights;
  if (emphasis == Emphasis::Original) result = withMeansRestored(z, weights, texts, encoderWidths);
  if (emphasis == Emphasis::ComfyUi) result = at::where(weights == 1, z, (z - empty) * weights + empty);
  std::vector<at::Tensor> answers;
  for (std::int64_t i = 0; i < count; ++i) {
    answers.push_back(result.select(0, i).reshape({1, chunks * kChunkLength, -1}));
  }
  return answers;
}

}  // namespace studio::engine
