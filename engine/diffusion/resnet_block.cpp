#include "engine/diffusion/resnet_block.h"

namespace studio::engine {

ResnetBlock::ResnetBlock(WeightTable& table, const std::string& name, std::int64_t in, std::int64_t out,
                         std::int64_t timeWidth, double epsilon) {
  norm1 = table.norm(name + ".norm1", in, kNormGroups, epsilon);
  conv1 = table.conv(name + ".conv1", {.out = out, .in = in, .kernel = 3, .padding = 1});
  if (timeWidth > 0) time_emb_proj = table.linear(name + ".time_emb_proj", timeWidth, out);
  norm2 = table.norm(name + ".norm2", out, kNormGroups, epsilon);
  conv2 = table.conv(name + ".conv2", {.out = out, .in = out, .kernel = 3, .padding = 1});
  if (in != out) conv_shortcut = table.conv(name + ".conv_shortcut", {.out = out, .in = in, .kernel = 1});
}

ops::Tensor ResnetBlock::forward(const WeightLease& w, const ops::Tensor& x, const ops::Tensor& timeEmbedding) const {
  ops::Epilogue addTime;
  if (time_emb_proj) addTime.channelBias = ops::linear(timeEmbedding, w[*time_emb_proj]);  // [B, out]
  const ops::Tensor h = ops::normSiluConv2d(x, w[norm1], w[conv1], addTime);               // [B, out, H, W]
  return ops::normSiluConv2d(h, w[norm2], w[conv2],
                             {.residual = conv_shortcut ? ops::conv2d(x, w[*conv_shortcut]) : x});
}

}  // namespace studio::engine
