#include "engine/ops/cpu/convolution.h"
#include "engine/ops/cpu/kernels/kernel_table.h"

/// Direct convolution as a matrix product whose A is read in place. A task owns a rectangle of output pixels: it
/// gathers the padded input under it into scratch (512 KiB at most), then lets every panel of weights pass over it.
/// Values of one kernel row are contiguous there, so a panel's depth is kernel rows times (kernel columns * channels).
namespace studio::engine::ops::cpu {
namespace {

constexpr std::int64_t kWindowFloats = 128 * 1024;

struct DirectPlan {
  Split rows, pixels, strips;
  std::int64_t windowFloats = 0;

  DirectPlan(const Conv2dShape& s, std::int64_t batch, std::int64_t height, std::int64_t width, std::int64_t panels) {
    pixels = Split::bySize(width, 4 * kernels().tallRows + 8);
    const std::int64_t across = (pixels.largest() - 1) * s.stride + s.kernel;
    const std::int64_t fitting = (kWindowFloats / std::max<std::int64_t>(across * s.in, 1) - s.kernel) / s.stride + 1;
    rows = Split::bySize(height, std::clamp<std::int64_t>(fitting, 1, 8));
    windowFloats = ((rows.largest() - 1) * s.stride + s.kernel) * across * s.in;
    const std::int64_t wanted = 3 * at::get_num_threads(),
                       windows = std::max<std::int64_t>(1, batch * rows.parts * pixels.parts);
    strips = {panels, std::clamp<std::int64_t>((wanted + windows - 1) / windows, 1, panels)};
  }
  std::int64_t tasks(std::int64_t batch) const { return batch * rows.parts * pixels.parts * strips.parts; }
};

struct Rectangle {
  std::int64_t picture, top, left, rows, pixels;
};

void panelOverWindow(const PackedWeights& weights, std::int64_t index, const Conv2dShape& shape,
                     const Epilogue& epilogue, const Rectangle& r, const float* window, std::int64_t windowPixels,
                     Tensor& out) {
  const KernelTable& table = kernels();
  const std::int64_t column = index * table.width, outHeight = out.size(2), outWidth = out.size(3);
  PanelProduct p{.rowStride = shape.stride * shape.in,
                 .segments = shape.kernel,
                 .segmentStride = windowPixels * shape.in,
                 .depth = shape.kernel * shape.in,
                 .panel = weights.panel(index),
                 .outStride = shape.out,
                 .rows = r.pixels,
                 .columns = weights.columnsOf(index)};
  if (weights.bias() != nullptr) p.finish.bias = weights.bias() + column;
  if (epilogue.channelBias)
    p.finish.channelBias = epilogue.channelBias->const_data_ptr<float>() + r.picture * shape.out + column;
  p.finish.silu = epilogue.silu;
  p.finish.residualStride = shape.out;
  for (std::int64_t y = 0; y < r.rows; ++y) {
    const std::int64_t at = ((r.picture * outHeight + r.top + y) * outWidth + r.left) * shape.out + column;
    p.a = window + y * shape.stride * windowPixels * shape.in;
    p.out = out.data_ptr<float>() + at;
    if (epilogue.residual) p.finish.residual = epilogue.residual->const_data_ptr<float>() + at;
    table.panelProduct(p);
  }
}

}  // namespace

std::int64_t directWorkspaceFloats(const Conv2dShape& shape, std::int64_t batch, std::int64_t height,
                                   std::int64_t width) {
  const DirectPlan plan(shape, batch, height, width, (shape.out + kernels().width - 1) / kernels().width);
  return workersFor(plan.tasks(batch)) * plan.windowFloats;
}

void directConvolution(const ConvolutionInput& input, const Conv2dShape& shape, const PackedWeights& weights,
                       const Epilogue& epilogue, Tensor& out) {
  const DirectPlan plan(shape, input.batch(), out.size(2), out.size(3), weights.panels());
  const std::int64_t tasks = plan.tasks(input.batch()), padding = shape.padFarSideOnly ? 0 : shape.padding;
  const Scratch scratch(workersFor(tasks) * plan.windowFloats);
  forEachTask(tasks, [&](std::int64_t task, std::int64_t worker) {
    const std::int64_t strip = task % plan.strips.parts, column = task / plan.strips.parts % plan.pixels.parts;
    const std::int64_t row = task / (plan.strips.parts * plan.pixels.parts);
    const Rectangle r{row / plan.rows.parts, plan.rows.begin(row % plan.rows.parts), plan.pixels.begin(column),
                      plan.rows.size(row % plan.rows.parts), plan.pixels.size(column)};
    const Window window{.picture = r.picture,
                        .top = r.top * shape.stride - padding,
                        .left = r.left * shape.stride - padding,
                        .rows = (r.rows - 1) * shape.stride + shape.kernel,
                        .pixels = (r.pixels - 1) * shape.stride + shape.kernel,
                        .channels = shape.in};
    float* gathered = scratch.data() + worker * plan.windowFloats;
    gatherWindow(input, window, gathered);
    for (std::int64_t index = plan.strips.begin(strip); index < plan.strips.begin(strip + 1); ++index) {
      panelOverWindow(weights, index, shape, epilogue, r, gathered, window.pixels, out);
    }
  });
}

}  // namespace studio::engine::ops::cpu
