#include "engine/ops/cpu/matrix_product.h"

#include "engine/ops/cpu/kernels/kernel_table.h"
#include "engine/ops/cpu/tasks.h"

#include <ATen/TensorOperators.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/gelu.h>

#include <cstring>

namespace studio::engine::ops::cpu {
namespace {

constexpr std::int64_t kDepthOfPass = 1280;          // longer sums are taken in several passes
constexpr std::int64_t kFloatsOfBlock = 320 * 1024;  // rows of A that stay in the second cache: 1.25 MiB

/// How a product is cut: blocks of rows of A that stay in the second cache while all panels of a strip pass over them,
/// as many strips of columns as it takes to give every thread at least three tasks, and passes over the depth.
struct ProductGrid {
  Split rows, columns, passes;

  ProductGrid(std::int64_t groups, std::int64_t rowCount, std::int64_t depth, std::int64_t panels)
      : passes(Split::bySize(depth, kDepthOfPass)) {
    rows =
        Split::bySize(rowCount, std::clamp<std::int64_t>(kFloatsOfBlock / std::max<std::int64_t>(passes.largest(), 1),
                                                         4 * kernels().tallRows, 512));
    const std::int64_t wanted = 3 * at::get_num_threads(), blocks = std::max<std::int64_t>(1, groups * rows.parts);
    columns = {panels, std::clamp<std::int64_t>((wanted + blocks - 1) / blocks, 1, panels)};
  }

  /// Rows whose distance is a multiple of 4 KiB fight for the same cache lines: they are copied first.
  static bool needsCopy(std::int64_t depth) { return depth % 1024 == 0; }
  std::int64_t copyStride() const { return rowStrideFor(passes.largest()); }
  std::int64_t copyFloats(std::int64_t depth) const { return needsCopy(depth) ? rows.largest() * copyStride() : 0; }
};

std::vector<std::int64_t> withLast(const Tensor& x, std::int64_t width) {
  std::vector<std::int64_t> sizes = x.sizes().vec();
  sizes.back() = width;
  return sizes;
}

/// One task of matrixProduct: rows [row, row + count) of one group.
struct ProductTask {
  std::int64_t group, row, count, firstPanel, lastPanel;
};

Finish finishOf(const Epilogue& epilogue, const PackedWeights& weights, const ProductTask& t, std::int64_t column) {
  const std::int64_t width = weights.out;
  Finish finish{.residualStride = width, .silu = epilogue.silu};
  if (weights.bias() != nullptr) finish.bias = weights.bias() + column;
  if (epilogue.channelBias)
    finish.channelBias = epilogue.channelBias->const_data_ptr<float>() + t.group * width + column;
  if (epilogue.residual) finish.residual = epilogue.residual->const_data_ptr<float>() + t.row * width + column;
  return finish;
}

void multiplyBlock(const float* a, const PackedWeights& weights, const Epilogue& epilogue, const ProductGrid& grid,
                   const ProductTask& t, float* copy, float* out) {
  const KernelTable& table = kernels();
  for (std::int64_t pass = 0; pass < grid.passes.parts; ++pass) {
    const std::int64_t first = grid.passes.begin(pass), depth = grid.passes.size(pass);
    const float* rows = a + t.row * weights.in + first;
    std::int64_t stride = weights.in;
    if (ProductGrid::needsCopy(weights.in)) {
      stride = grid.copyStride();
      for (std::int64_t row = 0; row < t.count; ++row)
        std::memcpy(copy + row * stride, rows + row * weights.in, static_cast<std::size_t>(depth) * sizeof(float));
      rows = copy;
    }
    for (std::int64_t index = t.firstPanel; index < t.lastPanel; ++index) {
      const std::int64_t column = index * table.width, columns = weights.columnsOf(index),
                         panelWidth = columns <= table.lanes ? table.lanes : table.width;
      PanelProduct p{.a = rows,
                     .rowStride = stride,
                     .depth = depth,
                     .panel = weights.panel(index) + first * panelWidth,
                     .out = out + t.row * weights.out + column,
                     .outStride = weights.out,
                     .rows = t.count,
                     .columns = columns,
                     .accumulate = pass > 0};
      if (pass + 1 == grid.passes.parts) p.finish = finishOf(epilogue, weights, t, column);
      table.panelProduct(p);
    }
  }
}

}  // namespace

void matrixProduct(const MatrixInput& input, const PackedWeights& weights, const Epilogue& epilogue, float* out) {
  const bool perGroup = epilogue.channelBias.has_value();
  const std::int64_t groups = perGroup ? input.groups : 1,
                     rowsOfGroup = perGroup ? input.rows : input.groups * input.rows;
  const ProductGrid grid(groups, rowsOfGroup, weights.in, weights.panels());
  const std::int64_t tasks = groups * grid.rows.parts * grid.columns.parts, copyFloats = grid.copyFloats(weights.in);
  const Scratch copies(copyFloats * workersFor(tasks));
  forEachTask(tasks, [&](std::int64_t task, std::int64_t worker) {
    const std::int64_t strip = task % grid.columns.parts, block = task / grid.columns.parts % grid.rows.parts;
    const std::int64_t group = task / (grid.columns.parts * grid.rows.parts);
    multiplyBlock(input.a, weights, epilogue, grid,
                  {group, group * rowsOfGroup + grid.rows.begin(block), grid.rows.size(block),
                   grid.columns.begin(strip), grid.columns.begin(strip + 1)},
                  copies.data() + worker * copyFloats, out);
  });
}

std::int64_t matrixWorkspaceFloats(std::int64_t rows, std::int64_t in, std::int64_t out) {
  const ProductGrid grid(1, rows, in, (out + kernels().width - 1) / kernels().width);
  return grid.copyFloats(in) * workersFor(grid.rows.parts * grid.columns.parts);
}

bool gatesInside(const LinearWeights& w) { return w.out / 2 % kernels().lanes == 0; }

Tensor linear(const Tensor& x, const LinearWeights& w, const Epilogue& epilogue) {
  const Tensor input = x.contiguous();
  Epilogue contiguous = epilogue;
  if (contiguous.residual) contiguous.residual = contiguous.residual->contiguous();
  Tensor out = at::empty(withLast(x, w.out), x.options());
  matrixProduct({input.const_data_ptr<float>(), 1, input.numel() / w.in}, packedWeights(w.prepared), contiguous,
                out.data_ptr<float>());
  return out;
}

Tensor linearGeglu(const Tensor& x, const LinearWeights& w) {
  const KernelTable& table = kernels();
  const PackedWeights& weights = packedWeights(w.prepared);
  const std::int64_t half = w.out / 2, rows = x.numel() / w.in, lanes = table.lanes;
  if (!gatesInside(w)) {  // the halves would meet inside a vector
    const auto halves = cpu::linear(x, w, {}).chunk(2, -1);
    return halves[0] * at::gelu(halves[1]);
  }
  const Tensor input = x.contiguous();
  Tensor out = at::empty(withLast(x, half), x.options());
  const float* a = input.const_data_ptr<float>();
  float* target = out.data_ptr<float>();
  const auto columnsAt = [&](std::int64_t column) {
    return weights.panel(column / table.width) + column % table.width;
  };
  const ProductGrid grid(1, rows, w.in, half / lanes);
  forEachTask(grid.rows.parts * grid.columns.parts, [&](std::int64_t task, std::int64_t) {
    const std::int64_t strip = task % grid.columns.parts, block = task / grid.columns.parts,
                       row = grid.rows.begin(block);
    for (std::int64_t index = grid.columns.begin(strip); index < grid.columns.begin(strip + 1); ++index) {
      const std::int64_t column = index * lanes;
      const float* bias = weights.bias();
      table.gatedProduct({.a = a + row * w.in,
                          .rowStride = w.in,
                          .depth = w.in,
                          .value = columnsAt(column),
                          .gate = columnsAt(half + column),
                          .valueBias = bias == nullptr ? nullptr : bias + column,
                          .gateBias = bias == nullptr ? nullptr : bias + half + column,
                          .out = target + row * half + column,
                          .outStride = half,
                          .rows = grid.rows.size(block)});
    }
  });
  return out;
}

}  // namespace studio::engine::ops::cpu
