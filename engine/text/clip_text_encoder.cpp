#include "engine/text/clip_text_encoder.h"

#include "engine/api/engine_error.h"
#include "engine/ops/ops.h"

#include <ATen/TensorIndexing.h>
#include <ATen/TensorOperators.h>
#include <ATen/ops/arange.h>

#include <algorithm>
#include <string>

namespace studio::engine {
namespace {

constexpr std::int64_t kHeadWidth = 64;
constexpr int kMostLayers = 256;
constexpr std::int64_t kEndToken = 49407;

const std::vector<std::int64_t>& matrixShape(const TensorSource& source, const std::string& name) {
  const auto* shape = source.shapeOf(name);
  if (shape == nullptr || shape->size() != 2 || shape->front() < 1 || shape->back() < 1) {
    throw EngineException(ErrorKind::BadFile, "The file's text encoder is not a CLIP text encoder.", name);
  }
  return *shape;
}

}  // namespace

ClipTextConfig clipTextConfigFrom(const TensorSource& source, const TextEncoderTraits& traits) {
  ClipTextConfig config;
  const auto& tokens = matrixShape(source, "embeddings.token_embedding.weight");
  config.vocabulary = tokens[0];
  config.width = tokens[1];
  config.positions = matrixShape(source, "embeddings.position_embedding.weight")[0];
  config.layers = 0;
  while (config.layers < kMostLayers &&
         source.has("encoder.layers." + std::to_string(config.layers) + ".mlp.fc1.weight"))
    ++config.layers;
  if (config.layers == 0) throw EngineException(ErrorKind::BadFile, "The file's text encoder has no layers.");
  config.feedForward = matrixShape(source, "encoder.layers.0.mlp.fc1.weight")[0];
  config.heads = std::max<std::int64_t>(1, config.width / kHeadWidth);
  if (config.width % config.heads != 0)
    throw EngineException(ErrorKind::BadFile, "The file's text encoder has an impossible width.",
                          std::to_string(config.width));
  config.quickGelu = traits.quickGelu;
  if (traits.pooled) config.projection = matrixShape(source, "text_projection.weight")[0];
  return config;
}

ClipTextEncoder::ClipTextEncoder(const ClipTextConfig& config) : config_(config) {
  const std::int64_t width = config.width;
  embeddings_ = table_.beginBlock("embeddings");
  token_embedding_ = table_.embedding("embeddings.token_embedding", config.vocabulary, width);
  position_embedding_ = table_.embedding("embeddings.position_embedding", config.positions, width);
  for (std::int64_t i = 0; i < config.layers; ++i) {
    const std::string name = "encoder.layers." + std::to_string(i);
    Layer layer;
    layer.block = table_.beginBlock(name);
    layer.layer_norm1 = table_.norm(name + ".layer_norm1", width);
    layer.q_proj = table_.linear(name + ".self_attn.q_proj", width, width);
    layer.k_proj = table_.linear(name + ".self_attn.k_proj", width, width);
    layer.v_proj = table_.linear(name + ".self_attn.v_proj", width, width);
    layer.out_proj = table_.linear(name + ".self_attn.out_proj", width, width);
    layer.layer_norm2 = table_.norm(name + ".layer_norm2", width);
    layer.fc1 = table_.linear(name + ".mlp.fc1", width, config.feedForward);
    layer.fc2 = table_.linear(name + ".mlp.fc2", config.feedForward, width);
    layers_.push_back(layer);
  }
  final_ = table_.beginBlock("final_layer_norm");
  final_layer_norm_ = table_.norm("final_layer_norm", width);
  if (config.projection == 0) return;
  projection_ = table_.beginBlock("text_projection");
  text_projection_ = table_.linear("text_projection", width, config.projection, false);
}

ops::Tensor ClipTextEncoder::forward(const Layer& layer, const WeightLease& w, const ops::Tensor& x) const {
  const ops::Tensor h = ops::layerNorm(x, w[layer.layer_norm1]);  // [B, 77, width]
  const ops::Tensor attended = ops::attention(ops::linear(h, w[layer.q_proj]), ops::linear(h, w[layer.k_proj]),
                                              ops::linear(h, w[layer.v_proj]), config_.heads, /*causal=*/true);
  const ops::Tensor y = ops::linear(attended, w[layer.out_proj], {.residual = x});
  const ops::Tensor inner = ops::linear(ops::layerNorm(y, w[layer.layer_norm2]), w[layer.fc1]);
  return ops::linear(config_.quickGelu ? ops::quickGelu(inner) : ops::gelu(inner), w[layer.fc2], {.residual = y});
}

ops::Tensor ClipTextEncoder::normed(BlockRunner& runner, const ops::Tensor& x) const {
  ops::Tensor result;
  runner.run(final_, [&](const WeightLease& w) { result = ops::layerNorm(x, w[final_layer_norm_]); });
  return result;
}

ops::Tensor ClipTextEncoder::pooled(BlockRunner& runner, const ops::Tensor& x, const ops::Tensor& ids) const {
  const ops::Tensor end = (ids == kEndToken).to(at::kInt).argmax(1);                         // [B], the first one
  const ops::Tensor rows = at::arange(ids.size(0), ids.options());                           // [B]
  const ops::Tensor last = normed(runner, x.index({rows, end.to(at::kLong)}).unsqueeze(1));  // [B, 1, width]
  ops::Tensor result;
  runner.run(projection_, [&](const WeightLease& w) { result = ops::linear(last, w[text_projection_]); });
  return result.squeeze(1);  // [B, projection]
}

ClipTextAnswer ClipTextEncoder::forward(BlockRunner& runner, const ops::Tensor& ids, const ClipTextWish& wish) const {
  ops::Tensor x;
  runner.run(embeddings_, [&](const WeightLease& w) {
    const ops::Tensor positions = w[position_embedding_].table.narrow(0, 0, ids.size(1)).unsqueeze(0);
    const ops::Tensor tokens = ops::embedding(ids, w[token_embedding_]);  // [B, 77, width]
    for (const TokenReplacement& words : wish.replaced)
      tokens.select(0, words.row).narrow(0, words.position, words.vectors.size(0)).copy_(words.vectors);
    x = ops::add(tokens, positions.expand({ids.size(0), ids.size(1), config_.width}));
  });
  ClipTextAnswer answer;
  const std::int64_t used = std::max<std::int64_t>(1, config_.layers - wish.skippedLayers);
  const std::int64_t needed = config_.projection > 0 ? config_.layers : used;
  for (std::int64_t i = 0; i < needed; ++i) {
    const Layer& layer = layers_[static_cast<std::size_t>(i)];
    runner.run(layer.block, [&](const WeightLease& w) { x = forward(layer, w, x); });
    if (i + 1 == used) answer.embeddings = x;
  }
  if (config_.projection > 0) answer.pooled = pooled(runner, x, ids);
  if (wish.finalNorm) answer.embeddings = normed(runner, answer.embeddings);
  return answer;
}

}  // namespace studio::engine
