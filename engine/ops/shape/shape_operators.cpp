#include "engine/ops/footprint.h"
#include "engine/ops/operator_table.h"
#include "engine/ops/shape/shape_memory.h"

#include <ATen/ops/empty.h>
#include <ATen/ops/empty_like.h>

/// Operators on meta tensors: results have the right shape and format and no memory; scratch is what the footprint
/// says.
namespace studio::engine::ops {
namespace shape {
namespace {

class NoWeights final : public Prepared {
 public:
  explicit NoWeights(std::int64_t count) : bytes_(count) {}
  std::int64_t bytes() const override { return bytes_; }

 private:
  std::int64_t bytes_;
};

const FootprintTable& footprint() { return FootprintScope::current(); }

double asWork(std::int64_t count) { return static_cast<double>(count); }

Tensor image(const Tensor& like, std::int64_t channels, std::int64_t height, std::int64_t width) {
  return at::empty({like.size(0), channels, height, width}, like.options(), at::MemoryFormat::ChannelsLast);
}

Tensor same(const Tensor& x) { return at::empty_like(x); }

Tensor withLast(const Tensor& x, std::int64_t width) {
  std::vector<std::int64_t> sizes = x.sizes().vec();
  sizes.back() = width;
  return at::empty(sizes, x.options());
}

std::int64_t outSide(std::int64_t side, const Conv2dShape& s) {
  const std::int64_t padding = s.padFarSideOnly ? s.padding : 2 * s.padding;
  return (side + padding - s.kernel) / s.stride + 1;
}

/// What a convolution of x seen `enlarge` times as large gives, with this scratch beside it.
Tensor convolved(const Tensor& x, const Conv2dShape& s, std::int64_t enlarge, std::int64_t scratchBytes) {
  const Tensor out = image(x, s.out, outSide(enlarge * x.size(2), s), outSide(enlarge * x.size(3), s));
  const ShapeScratch scratch(scratchBytes);
  countWork(asWork(out.numel()) * asWork(s.in * s.kernel * s.kernel));
  return out;
}

Conv2dWeights prepareConv2d(const Tensor&, const std::optional<Tensor>& b, const Conv2dShape& shape,
                            ComputeFormat format, at::Device) {
  return {shape, std::make_shared<NoWeights>(footprint().preparedConv2d(shape, b.has_value(), format))};
}
LinearWeights prepareLinear(const Tensor& w, const std::optional<Tensor>& b, ComputeFormat format, at::Device) {
  const std::int64_t bytes = footprint().preparedLinear(w.size(0), w.size(1), b.has_value(), format);
  return {w.size(0), w.size(1), std::make_shared<NoWeights>(bytes)};
}
Tensor conv2d(const Tensor& x, const Conv2dWeights& w, const Epilogue&) {
  return convolved(x, w.shape, 1, footprint().conv2d(x, w.shape));
}
Tensor normSiluConv2d(const Tensor& x, const NormWeights&, const Conv2dWeights& w, const Epilogue&) {
  return convolved(x, w.shape, 1, footprint().normSiluConv2d(x, w.shape));
}
Tensor upsampleNearest(const Tensor& x) { return image(x, x.size(1), x.size(2) * 2, x.size(3) * 2); }
Tensor upsampleConv2d(const Tensor& x, const Conv2dWeights& w) {
  return convolved(x, w.shape, 2, footprint().upsampleConv2d(x, w.shape));
}
Tensor convStrip(const Strip& strip, const Conv2dWeights& w, const Epilogue&) {
  const std::int64_t scale = strip.enlarged ? 2 : 1;
  Tensor out = image(strip.x, w.shape.out, scale * strip.rows(), scale * strip.x.size(3));
  const ShapeScratch scratch(footprint().convStrip(strip, w.shape));
  countWork(asWork(out.numel()) * asWork(w.shape.in * w.shape.kernel * w.shape.kernel));
  return out;
}
void addChannelSums(ChannelSums& sums, const Tensor& rows) {
  if (!sums.pivot.defined()) {
    const auto options = rows.options().dtype(at::kFloat).memory_format(std::nullopt);
    sums.pivot = at::empty({rows.size(1)}, options);
    sums.sums = at::empty({2, rows.size(1)}, options.dtype(at::kDouble));
  }
  const ShapeScratch scratch(footprint().addChannelSums(rows));
}
Tensor normFactors(const ChannelSums& sums, const NormWeights&) {
  return at::empty({2, sums.pivot.numel()}, sums.pivot.options());
}
Tensor linear(const Tensor& x, const LinearWeights& w, const Epilogue&) {
  Tensor out = withLast(x, w.out);
  const ShapeScratch scratch(footprint().linear(x, w));
  countWork(asWork(x.numel()) * asWork(w.out));
  return out;
}
Tensor linearGeglu(const Tensor& x, const LinearWeights& w) {
  Tensor out = withLast(x, w.out / 2);
  const ShapeScratch scratch(footprint().linearGeglu(x, w));
  countWork(asWork(x.numel()) * asWork(w.out));
  return out;
}
Tensor groupNorm(const Tensor& x, const NormWeights&, bool) {
  const ShapeScratch scratch(footprint().groupNorm(x));
  return same(x);
}
Tensor layerNorm(const Tensor& x, const NormWeights&) {
  const ShapeScratch scratch(footprint().layerNorm(x));
  return same(x);
}
Tensor attention(const Tensor& q, const Tensor& k, const Tensor&, std::int64_t heads, bool) {
  const ShapeScratch scratch(footprint().attention(q, k, heads));
  countWork(2 * asWork(q.numel()) * asWork(k.size(1)));
  return same(q);
}
Tensor tanhClamp(const Tensor& x, double) { return same(x); }
Tensor add(const Tensor& a, const Tensor&) { return same(a); }
Tensor concatChannels(const Tensor& a, const Tensor& b) {
  return image(a, a.size(1) + b.size(1), a.size(2), a.size(3));
}
Tensor embedding(const Tensor& ids, const EmbeddingWeights& table) {
  return at::empty({ids.size(0), ids.size(1), table.table.size(1)}, table.table.options());
}

}  // namespace

const OperatorTable& table() {
  static const OperatorTable table{
      .prepareConv2d = shape::prepareConv2d,
      .prepareLinear = shape::prepareLinear,
      .conv2d = shape::conv2d,
      .normSiluConv2d = shape::normSiluConv2d,
      .upsampleConv2d = shape::upsampleConv2d,
      .linear = shape::linear,
      .linearGeglu = shape::linearGeglu,
      .groupNorm = shape::groupNorm,
      .convStrip = shape::convStrip,
      .addChannelSums = shape::addChannelSums,
      .normFactors = shape::normFactors,
      .layerNorm = shape::layerNorm,
      .attention = shape::attention,
      .silu = same,
      .gelu = same,
      .quickGelu = same,
      .relu = same,
      .tanhClamp = shape::tanhClamp,
      .add = shape::add,
      .concatChannels = shape::concatChannels,
      .upsampleNearest = shape::upsampleNearest,
      .embedding = shape::embedding,
  };
  return table;
}

}  // namespace shape

const OperatorTable& shapeOperators() { return shape::table(); }

}  // namespace studio::engine::ops
