#include "engine/ops/cpu/matrix_product.h"

#include "engine/ops/cpu/kernels/kernel_table.h"
#include "engine/ops/cpu/tasks.h"

#include <ATen/TensorOperators.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/gelu.h>

namespace studio::engine::ops::cpu {
namespace {

/// Rows of A that a task holds in the second cache (512 KiB), and how many strips of columns it takes to give every
/// thread at least three tasks.
struct ProductGrid {
  Split rows, columns;

  ProductGrid(std::int64_t groups, std::int64_t rowCount, std::int64_t depth, std::int64_t panels)
      : rows(Split::bySize(rowCount, std::clamp<std::int64_t>((128 * 1024) / std::max<std::int64_t>(depth, 1), 4 * kernels().tallRows, 512))) {
    const std::int64_t wanted = 3 * at::get_num_threads(), blocks = std::max<std::int64_t>(1, groups * rows.parts);
    columns = {panels, std::clamp<std::int64_t>((wanted + blocks - 1) / blocks, 1, panels)};
  }
};

std::vector<std::int64_t> withLast(const Tensor& x, std::int64_t width) {
  std::vector<std::int64_t> sizes = x.sizes().vec();
  sizes.back() = width;
  return sizes;
}

}  // namespace

void matrixProduct(const MatrixInput& input, const PackedWeights& weights, const Epilogue& epilogue, float* out) {
  const KernelTable& table = kernels();
  const std::int64_t depth = weights.in, width = weights.out;
  const bool perGroup = epilogue.channelBias.has_value();
  const std::int64_t groups = perGroup ? input.groups : 1, rowsOfGroup = perGroup ? input.rows : input.groups * input.rows;
  const Tensor channelBias = perGroup ? epilogue.channelBias->contiguous() : Tensor();
  const Tensor residual = epilogue.residual ? *epilogue.residual : Tensor();
  const ProductGrid grid(groups, rowsOfGroup, depth, weights.panels());
  forEachTask(groups * grid.rows.parts * grid.columns.parts, [&](std::int64_t task, std::int64_t) {
    const std::int64_t strip = task % grid.columns.parts, block = task / grid.columns.parts % grid.rows.parts;
    const std::int64_t group = task / (grid.columns.parts * grid.rows.parts), row = group * rowsOfGroup + grid.rows.begin(block);
    for (std::int64_t index = grid.columns.begin(strip); index < grid.columns.begin(strip + 1); ++index) {
      const std::int64_t column = index * table.width;
      PanelProduct p{.a = input.a + row * depth, .rowStride = depth, .depth = depth, .panel = weights.panel(index), .out = out + row * width + column,
                     .outStride = width, .rows = grid.rows.size(block), .columns = weights.columnsOf(index)};
      if (weights.bias() != nullptr) p.finish.bias = weights.bias() + column;
      if (perGroup) p.finish.channelBias = channelBias.const_data_ptr<float>() + group * width + column;
      if (residual.defined()) p.finish.residual = residual.const_data_ptr<float>() + row * width + column;
      p.finish.residualStride = width;
      p.finish.silu = epilogue.silu;
      table.panelProduct(p);
    }
  });
}

Tensor linear(const Tensor& x, const LinearWeights& w, const Epilogue& epilogue) {
  const Tensor input = x.contiguous();
  Epilogue contiguous = epilogue;
  if (contiguous.residual) contiguous.residual = contiguous.residual->contiguous();
  Tensor out = at::empty(withLast(x, w.out), x.options());
  matrixProduct({input.const_data_ptr<float>(), 1, input.numel() / w.in}, packedWeights(w.prepared), contiguous, out.data_ptr<float>());
  return out;
}

Tensor linearGeglu(const Tensor& x, const LinearWeights& w) {
  const KernelTable& table = kernels();
  const PackedWeights& weights = packedWeights(w.prepared);
  const std::int64_t half = w.out / 2, rows = x.numel() / w.in, lanes = table.lanes;
  if (half % lanes != 0) {  // the halves would meet inside a vector
    const auto halves = cpu::linear(x, w, {}).chunk(2, -1);
    return halves[0] * at::gelu(halves[1]);
  }
  const Tensor input = x.contiguous();
  Tensor out = at::empty(withLast(x, half), x.options());
  const float* a = input.const_data_ptr<float>();
  float* target = out.data_ptr<float>();
  const auto columnsAt = [&](std::int64_t column) { return weights.panel(column / table.width) + column % table.width; };
  const ProductGrid grid(1, rows, w.in, half / lanes);
  forEachTask(grid.rows.parts * grid.columns.parts, [&](std::int64_t task, std::int64_t) {
    const std::int64_t strip = task % grid.columns.parts, block = task / grid.columns.parts, row = grid.rows.begin(block);
    for (std::int64_t index = grid.columns.begin(strip); index < grid.columns.begin(strip + 1); ++index) {
      const std::int64_t column = index * lanes;
      const float* bias = weights.bias();
      table.gatedProduct({.a = a + row * w.in, .rowStride = w.in, .depth = w.in, .value = columnsAt(column), .gate = columnsAt(half + column),
                          .valueBias = bias == nullptr ? nullptr : bias + column, .gateBias = bias == nullptr ? nullptr : bias + half + column,
                          .out = target + row * half + column, .outStride = half, .rows = grid.rows.size(block)});
    }
  });
  return out;
}

}  // namespace studio::engine::ops::cpu
