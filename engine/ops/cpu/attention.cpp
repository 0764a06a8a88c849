#include "engine/ops/cpu/attention.h"

#include "engine/ops/cpu/kernels/kernel_table.h"
#include "engine/ops/cpu/tasks.h"

#include <ATen/ops/empty_like.h>

#include <cmath>
#include <cstring>
#include <limits>

/// Attention in blocks with a running softmax (Milakov & Gimelshein 2018; Dao et al. 2022), fp32 throughout. K and V of
/// every head are packed into panels first; then a task owns one block of queries of one head and walks over blocks of
/// keys, holding 64 x 512 scores and its own output rows in the second cache. Scores carry a factor log2(e), so that
/// the softmax is a power of two.
namespace studio::engine::ops::cpu {
namespace {

constexpr std::int64_t kQueriesOfTask = 70, kKeysOfBlock = 512;

std::int64_t roundUp(std::int64_t x, std::int64_t unit) { return (x + unit - 1) / unit * unit; }

struct AttentionPlan {
  std::int64_t batch, queries, keys, heads, headWidth;
  std::int64_t keyColumns, outColumns;    ///< padded to whole vectors
  std::int64_t scoreStride, queryStride;  ///< of the rows that the matrix kernel broadcasts from
  Split blocks;

  AttentionPlan(std::int64_t batchSize, std::int64_t queryCount, std::int64_t keyCount, std::int64_t headCount,
                std::int64_t width)
      : batch(batchSize),
        queries(queryCount),
        keys(keyCount),
        heads(headCount),
        headWidth(width),
        keyColumns(roundUp(keyCount, kernels().lanes)),
        outColumns(roundUp(width, kernels().lanes)),
        scoreStride(rowStrideFor(std::min(keyColumns, kKeysOfBlock))),
        queryStride(rowStrideFor(width)),
        blocks(Split::bySize(queryCount, kQueriesOfTask)) {}

  std::int64_t packedKeyFloats() const { return keyColumns * headWidth; }
  std::int64_t packedValueFloats() const { return keys * outColumns; }
  std::int64_t sharedFloats() const { return batch * heads * (packedKeyFloats() + packedValueFloats()); }
  std::int64_t workerFloats() const { return blocks.largest() * (queryStride + scoreStride + outColumns + 2); }
  std::int64_t tasks() const { return batch * heads * blocks.parts; }
  std::int64_t floats() const { return sharedFloats() + workersFor(tasks()) * workerFloats(); }
};

/// K [keys][stride] -> panels [keys / width][headWidth][width].
void packKeys(const AttentionPlan& plan, const float* k, std::int64_t stride, float* packed) {
  const std::int64_t width = kernels().width;
  for (std::int64_t first = 0; first < plan.keyColumns; first += width) {
    const std::int64_t columns = std::min(width, plan.keyColumns - first), valid = std::min(columns, plan.keys - first);
    float* panel = packed + first * plan.headWidth;
    for (std::int64_t key = 0; key < columns; ++key) {
      for (std::int64_t d = 0; d < plan.headWidth; ++d)
        panel[d * columns + key] = key < valid ? k[(first + key) * stride + d] : 0.0f;
    }
  }
}

/// V [keys][stride] -> panels [headWidth / width][keys][width].
void packValues(const AttentionPlan& plan, const float* v, std::int64_t stride, float* packed) {
  const std::int64_t width = kernels().width;
  for (std::int64_t first = 0; first < plan.outColumns; first += width) {
    const std::int64_t columns = std::min(width, plan.outColumns - first),
                       valid = std::min(columns, plan.headWidth - first);
    float* panel = packed + first * plan.keys;
    for (std::int64_t key = 0; key < plan.keys; ++key) {
      float* row = panel + key * columns;
      std::memcpy(row, v + key * stride + first, static_cast<std::size_t>(valid) * sizeof(float));
      for (std::int64_t d = valid; d < columns; ++d) row[d] = 0;
    }
  }
}

/// One task's own rows.
struct TaskRows {
  float *query, *scores, *out, *maximum, *sum;
  TaskRows(const AttentionPlan& plan, float* own) {
    const std::int64_t rows = plan.blocks.largest();
    query = own;
    scores = query + rows * plan.queryStride;
    out = scores + rows * plan.scoreStride;
    maximum = out + rows * plan.outColumns;
    sum = maximum + rows;
  }
};

/// All keys for `count` queries, starting with query `first`.
void attendBlock(const AttentionPlan& plan, const TaskRows& own, const float* packedK, const float* packedV,
                 std::int64_t first, std::int64_t count, bool causal) {
  const KernelTable& table = kernels();
  std::fill_n(own.maximum, count, std::numeric_limits<float>::lowest());
  std::fill_n(own.sum, count, 0.0f);
  std::fill_n(own.out, count * plan.outColumns, 0.0f);
  const std::int64_t end = causal ? std::min(plan.keys, first + count) : plan.keys;
  for (std::int64_t key = 0; key < end; key += kKeysOfBlock) {
    const std::int64_t keys = std::min(kKeysOfBlock, plan.keys - key),
                       columns = std::min(kKeysOfBlock, plan.keyColumns - key);
    for (std::int64_t column = 0; column < columns; column += table.width) {
      table.panelProduct({.a = own.query,
                          .rowStride = plan.queryStride,
                          .depth = plan.headWidth,
                          .panel = packedK + (key + column) * plan.headWidth,
                          .out = own.scores + column,
                          .outStride = plan.scoreStride,
                          .rows = count,
                          .columns = std::min<std::int64_t>(table.width, columns - column)});
    }
    table.scoreBlock({.scores = own.scores,
                      .stride = plan.scoreStride,
                      .rows = count,
                      .keys = keys,
                      .firstQuery = first,
                      .firstKey = key,
                      .causal = causal,
                      .maximum = own.maximum,
                      .sum = own.sum,
                      .out = own.out,
                      .outStride = plan.outColumns,
                      .outWidth = plan.outColumns});
    for (std::int64_t column = 0; column < plan.outColumns; column += table.width) {
      const std::int64_t width = std::min<std::int64_t>(table.width, plan.outColumns - column);
      table.panelProduct({.a = own.scores,
                          .rowStride = plan.scoreStride,
                          .depth = keys,
                          .panel = packedV + column * plan.keys + key * width,
                          .out = own.out + column,
                          .outStride = plan.outColumns,
                          .rows = count,
                          .columns = width,
                          .accumulate = true});
    }
  }
}

}  // namespace

std::int64_t attentionWorkspaceFloats(std::int64_t batch, std::int64_t queries, std::int64_t keys, std::int64_t heads,
                                      std::int64_t headWidth) {
  return AttentionPlan(batch, queries, keys, heads, headWidth).floats();
}

Tensor attention(const Tensor& q, const Tensor& k, const Tensor& v, std::int64_t heads, bool causal) {
  const KernelTable& table = kernels();
  const Tensor query = q.contiguous(), key = k.contiguous(), value = v.contiguous();
  const std::int64_t width = q.size(2), headWidth = width / heads;
  const AttentionPlan plan(q.size(0), q.size(1), k.size(1), heads, headWidth);
  const Scratch scratch(plan.floats());
  Tensor out = at::empty_like(query);
  const float *queryData = query.const_data_ptr<float>(), *keyData = key.const_data_ptr<float>(),
              *valueData = value.const_data_ptr<float>();
  float *packedK = scratch.data(), *packedV = packedK + plan.batch * heads * plan.packedKeyFloats(),
        *own = scratch.data() + plan.sharedFloats();
  float* target = out.data_ptr<float>();
  forEachTask(2 * plan.batch * heads, [&](std::int64_t task, std::int64_t) {
    const std::int64_t head = task / 2, from = head / heads * plan.keys * width + head % heads * headWidth;
    if (task % 2 == 0) {
      packKeys(plan, keyData + from, width, packedK + head * plan.packedKeyFloats());
    } else {
      packValues(plan, valueData + from, width, packedV + head * plan.packedValueFloats());
    }
  });
  const float factor = static_cast<float>(1.4426950408889634 / std::sqrt(static_cast<double>(headWidth)));
  forEachTask(plan.tasks(), [&](std::int64_t task, std::int64_t worker) {
    const std::int64_t head = task / plan.blocks.parts, block = task % plan.blocks.parts;
    const std::int64_t first = plan.blocks.begin(block), count = plan.blocks.size(block);
    const std::int64_t from = (head / heads * plan.queries + first) * width + head % heads * headWidth;
    const TaskRows rows(plan, own + worker * plan.workerFloats());
    for (std::int64_t row = 0; row < count; ++row)
      table.scaleRow(queryData + from + row * width, rows.query + row * plan.queryStride, headWidth, factor);
    attendBlock(plan, rows, packedK + head * plan.packedKeyFloats(), packedV + head * plan.packedValueFloats(), first,
                count, causal);
    for (std::int64_t row = 0; row < count; ++row) {
      table.scaleRow(rows.out + row * plan.outColumns, target + from + row * width, headWidth, 1.0f / rows.sum[row]);
    }
  });
  return out;
}

}  // namespace studio::engine::ops::cpu
