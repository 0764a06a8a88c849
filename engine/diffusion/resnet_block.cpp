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

ops::StripedImage ResnetBlock::forward(const WeightLease& w, ops::StripedImage x) const {
  ops::StripedImage h(x.cut()), shortcut(x.cut()), out(x.cut());
  const ops::Tensor factors1 = x.normFactors(w[norm1]);
  for (const auto& rows : x.strips()) {
    ops::Strip strip = conv_shortcut ? x.take(rows) : x.read(rows);
    if (conv_shortcut) shortcut.append(ops::conv2d(strip.inner(), w[*conv_shortcut]));
    strip.factors = factors1;
    h.append(ops::convStrip(strip, w[conv1]));
  }
  ops::StripedImage& residual = conv_shortcut ? shortcut : x;
  const ops::Tensor factors2 = h.normFactors(w[norm2]);
  for (const auto& rows : h.strips()) {
    ops::Strip strip = h.take(rows);
    strip.factors = factors2;
    out.append(ops::convStrip(strip, w[conv2], {.residual = residual.takeRows(rows)}));
  }
  return out;
}

}  // namespace studio::engine
