#pragma once

#include <cstdint>

/// The inner loops of the CPU operators: plain pointers, fp32, no torch, no threads, no allocation. One source
/// (kernels.inl) compiled once per instruction set; `kernels()` picks the best one this processor has, at run time.
/// Layouts: activations are rows of channels (NHWC); matrices B are packed in panels of `width` columns,
/// [columns / width][depth][width]. What is left over goes into a last panel padded with zeros, which is only `lanes`
/// wide when it has no more columns than that.
namespace studio::engine::ops::cpu {

/// What happens to a finished sum before it is stored: out = residual + silu?(sum + bias + channelBias).
struct Finish {
  const float* bias = nullptr;         ///< per column
  const float* channelBias = nullptr;  ///< per column, one row for all rows of the call
  const float* residual = nullptr;     ///< like the output
  std::int64_t residualStride = 0;
  bool silu = false;
};

/// out[rows, columns] = finish(sum over segments and depth of A * panel). Element (segment s, row r, k) of A is
/// a[s * segmentStride + r * rowStride + k]; the panel holds [segments][depth][width].
struct PanelProduct {
  const float* a = nullptr;
  std::int64_t rowStride = 0, segments = 1, segmentStride = 0, depth = 0;
  const float* panel = nullptr;
  float* out = nullptr;
  std::int64_t outStride = 0, rows = 0, columns = 0;  ///< columns <= width; up to `lanes` the panel is narrow
  bool accumulate = false;                            ///< add to what `out` holds
  Finish finish;
};

/// out[rows, lanes] = (A * value + valueBias) * gelu(A * gate + gateBias); `value` and `gate` point at `lanes` columns
/// inside panels of full width.
struct GatedProduct {
  const float* a = nullptr;
  std::int64_t rowStride = 0, depth = 0;
  const float *value = nullptr, *gate = nullptr, *valueBias = nullptr, *gateBias = nullptr;
  float* out = nullptr;
  std::int64_t outStride = 0, rows = 0;
};

/// Copies one row of pixels: out[x] = f(in[x >> enlarge]) for 0 <= x < pixels, f(v) = v * scale + shift, then SiLU
/// if asked for, or v itself when `scale` is null.
struct PixelRow {
  const float* in = nullptr;
  float* out = nullptr;
  std::int64_t pixels = 0, channels = 0, inStride = 0, outStride = 0;
  int enlarge = 0;  ///< 1: every input pixel twice
  const float *scale = nullptr, *shift = nullptr;
  bool silu = false;
};

/// Winograd F(4x4, 3x3), Lavin & Gray 2015. `channels` is a multiple of `lanes`.
struct TileTransform {
  const float* in = nullptr;                    ///< first pixel of the 6x6 tile
  std::int64_t rowStride = 0, pixelStride = 0;  ///< between rows and pixels of the input
  float* out = nullptr;                         ///< [36][..][channels]
  std::int64_t frequencyStride = 0, channels = 0;
};

/// Packed 3x3 weights of one panel [9][in][width] -> the six frequencies of one row, [6][count][width], of the inputs
/// first..first+count.
struct WeightTransform {
  int row = 0;
  const float* panel = nullptr;
  std::int64_t in = 0, first = 0, count = 0;
  float* out = nullptr;
};

/// Sums over frequencies [36][..][columns] -> up to 4x4 output pixels.
struct TileResult {
  const float* in = nullptr;
  std::int64_t frequencyStride = 0;
  float* out = nullptr;                         ///< first pixel, first column
  std::int64_t rowStride = 0, pixelStride = 0;  ///< of the output and of the residual
  int rows = 4, pixels = 4;                     ///< inside the picture
  std::int64_t columns = 0;                     ///< valid ones
  Finish finish;                                ///< residual points at the first pixel
};

/// One block of queries against one block of keys, softmax kept running (Milakov & Gimelshein 2018).
struct ScoreBlock {
  float* scores = nullptr;  ///< [rows][stride]: scores times log2(e) in, weights out
  std::int64_t stride = 0, rows = 0, keys = 0;
  std::int64_t firstQuery = 0, firstKey = 0;
  bool causal = false;
  float *maximum = nullptr, *sum = nullptr;  ///< [rows], running
  float* out = nullptr;                      ///< [rows][outStride], rescaled when the maximum grows
  std::int64_t outStride = 0, outWidth = 0;
};

enum class Activation { Silu, Gelu, QuickGelu, Relu, TanhClamp };

struct KernelTable {
  const char* name;
  int lanes;     ///< floats of one vector
  int width;     ///< columns of a panel, 2 * lanes
  int tallRows;  ///< rows the matrix kernel likes best at a time

  void (*panelProduct)(const PanelProduct&);
  void (*gatedProduct)(const GatedProduct&);
  void (*pixelRow)(const PixelRow&);
  void (*tileTransform)(const TileTransform&);
  void (*weightTransform)(const WeightTransform&);
  void (*tileResult)(const TileResult&);
  void (*scoreBlock)(const ScoreBlock&);
  /// Adds up x - pivot and its square for every channel over `rows` rows; sums and squares are overwritten.
  void (*channelSums)(const float* x, std::int64_t rows, std::int64_t channels, const float* pivot, float* sums,
                      float* squares);
  void (*layerNormRow)(const float* x, float* out, std::int64_t width, const float* scale, const float* shift,
                       float epsilon);
  void (*activate)(Activation, const float* x, float* out, std::int64_t count, float parameter);
  void (*addRow)(const float* a, const float* b, float* out, std::int64_t count);
  void (*scaleRow)(const float* x, float* out, std::int64_t count, float factor);
};

/// The table for this processor. `STUDIO_CPU_KERNELS=portable|avx2|avx512` holds it back for tests.
const KernelTable& kernels();
/// Every table this processor can run, best last.
struct KernelTables {
  const KernelTable* table[3];
  int count;
};
KernelTables runnableKernels();

const KernelTable& portableKernels();
const KernelTable& avx2Kernels();
const KernelTable& avx512Kernels();

}  // namespace studio::engine::ops::cpu
