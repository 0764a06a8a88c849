// The one source of all kernel tables. The including file defines STUDIO_LANES (floats of a vector), STUDIO_TALL_ROWS
// (rows of the matrix kernel's register tile) and STUDIO_TABLE (name of the function that returns the table).
// Everything here has internal linkage: no function compiled for one instruction set may be shared with another.

#include "engine/ops/cpu/kernels/kernel_table.h"

#include <cstring>

namespace studio::engine::ops::cpu {
namespace {

constexpr int kLanes = STUDIO_LANES;
constexpr int kWidth = 2 * kLanes;
constexpr int kTallRows = STUDIO_TALL_ROWS;

typedef float Vector __attribute__((vector_size(kLanes * 4)));
typedef float LooseVector __attribute__((vector_size(kLanes * 4), aligned(4), may_alias));
typedef std::int32_t IntVector __attribute__((vector_size(kLanes * 4)));

inline Vector load(const float* p) { return *reinterpret_cast<const LooseVector*>(p); }
inline void store(float* p, Vector v) { *reinterpret_cast<LooseVector*>(p) = v; }
inline Vector all(float x) { return Vector{} + x; }
inline Vector larger(Vector a, Vector b) { return a > b ? a : b; }
inline Vector smaller(Vector a, Vector b) { return a < b ? a : b; }
inline IntVector bitsOf(Vector v) { return reinterpret_cast<IntVector>(v); }
inline Vector fromBits(IntVector v) { return reinterpret_cast<Vector>(v); }
inline Vector magnitude(Vector v) { return fromBits(bitsOf(v) & 0x7fffffff); }

inline Vector loadSome(const float* p, std::int64_t count) {
  float padded[kLanes] = {};
  std::memcpy(padded, p, static_cast<std::size_t>(count) * sizeof(float));
  return load(padded);
}
inline void storeSome(float* p, Vector v, std::int64_t count) {
  float padded[kLanes];
  store(padded, v);
  std::memcpy(p, padded, static_cast<std::size_t>(count) * sizeof(float));
}
inline float sumOf(Vector v) {
  float s = 0;
  for (int i = 0; i < kLanes; ++i) s += v[i];
  return s;
}

// Functions ---------------------------------------------------------------------------------------------------------
// 2^(n + f) for whole n and |f| <= 1/2: polynomial fitted to minimal relative error (2e-9); `shifted` is n + 1.5 *
// 2^23.
constexpr float kRounder = 12582912.0f;
inline Vector powerOfTwo(Vector shifted, Vector f) {
  Vector p = all(1.53458119e-4f);
  p = p * f + 1.33999312e-3f;
  p = p * f + 9.61848896e-3f;
  p = p * f + 5.55032878e-2f;
  p = p * f + 2.40226469e-1f;
  p = p * f + 6.93147206e-1f;
  p = p * f + 1.0f;
  return fromBits(bitsOf(p) + (bitsOf(shifted) << 23));
}

inline Vector exp2(Vector x) {
  x = larger(x, all(-126.0f));
  const Vector shifted = x + kRounder;
  return powerOfTwo(shifted, x - (shifted - kRounder));
}

/// e^x for x in [-87, 88], clamped outside.
inline Vector exp(Vector x) {
  x = smaller(larger(x, all(-87.0f)), all(88.0f));
  const Vector shifted = x * 1.44269502f + kRounder;
  const Vector n = shifted - kRounder;
  return powerOfTwo(shifted, (x * 1.44269502f - n) + x * 1.92596303e-8f);
}

inline Vector silu(Vector x) { return x / (1.0f + exp(-x)); }
inline Vector quickGelu(Vector x) { return x / (1.0f + exp(-1.702f * x)); }

/// x * (1 + erf(x / sqrt 2)) / 2, with erfc(y) = e^(-y^2) q(1 / (1 + 0.4 y)) for y >= 0, q fitted (error 5e-9).
inline Vector gelu(Vector x) {
  const Vector y = smaller(magnitude(x) * 0.707106781f, all(9.0f));
  const Vector t = 1.0f / (1.0f + 0.4f * y);
  Vector q = all(6.25759844e-2f);
  q = q * t - 5.33610632e-1f;
  q = q * t + 1.46110585f;
  q = q * t - 1.3006825f;
  q = q * t + 1.14765313f;
  q = q * t - 1.30866141e-1f;
  q = q * t + 3.00552086e-1f;
  q = q * t - 6.72778828e-3f;
  const Vector tail = 0.5f * q * exp(-y * y);
  return x * (x > 0.0f ? 1.0f - tail : tail);
}

inline Vector tanh(Vector x) { return 1.0f - 2.0f / (exp(2.0f * x) + 1.0f); }

// Matrix kernel -----------------------------------------------------------------------------------------------------
// A register tile of `Rows` rows and one panel (one or two vectors) is summed over the whole depth in fp32; per step of
// k the vectors of B and one broadcast of A per row are loaded. Rows are addressed from every third one, so that all
// pointers stay in registers.
template <int Rows, int Vectors>
inline __attribute__((always_inline)) void multiply(Vector (&sum)[Rows][Vectors], const float* a,
                                                    std::int64_t rowStride, const float* first, const float* second,
                                                    std::int64_t panelWidth, std::int64_t depth) {
  const float* base[(Rows + 2) / 3];
#pragma GCC unroll 8
  for (int g = 0; g < (Rows + 2) / 3; ++g) base[g] = a + 3 * g * rowStride;
  for (std::int64_t k = 0; k < depth; ++k) {
    const Vector b0 = load(first);
    first += panelWidth;
    Vector b1{};
    if constexpr (Vectors == 2) {
      b1 = load(second);
      second += panelWidth;
    }
#pragma GCC unroll 16
    for (int i = 0; i < Rows; ++i) {
      const float x = base[i / 3][k + (i % 3) * rowStride];
      sum[i][0] += x * b0;
      if constexpr (Vectors == 2) sum[i][1] += x * b1;
    }
  }
}

inline Vector finished(Vector y, const Finish& f, std::int64_t column, const float* residual) {
  if (f.bias != nullptr) y += load(f.bias + column);
  if (f.channelBias != nullptr) y += load(f.channelBias + column);
  if (f.silu) y = silu(y);
  if (residual != nullptr) y += load(residual + column);
  return y;
}

template <int Rows, int Vectors>
void rowsOfProduct(const PanelProduct& p, std::int64_t row) {
  constexpr int width = Vectors * kLanes;
  Vector sum[Rows][Vectors] = {};
  float* out = p.out + row * p.outStride;
  const float* a = p.a + row * p.rowStride;
  const float* b = p.panel;
  for (std::int64_t s = 0; s < p.segments; ++s, b += p.depth * width) {
    multiply<Rows, Vectors>(sum, a + s * p.segmentStride, p.rowStride, b, b + kLanes, width, p.depth);
  }
  // Added at the end: sums of sums round less than one long sum.
  if (p.accumulate) {
#pragma GCC unroll 16
    for (int i = 0; i < Rows; ++i) {
#pragma GCC unroll 2
      for (int j = 0; j < Vectors; ++j) sum[i][j] += load(out + i * p.outStride + j * kLanes);
    }
  }
  const float* residual = p.finish.residual == nullptr ? nullptr : p.finish.residual + row * p.finish.residualStride;
#pragma GCC unroll 16
  for (int i = 0; i < Rows; ++i) {
#pragma GCC unroll 2
    for (int j = 0; j < Vectors; ++j)
      store(out + i * p.outStride + j * kLanes, finished(sum[i][j], p.finish, j * kLanes, residual));
    if (residual != nullptr) residual += p.finish.residualStride;
  }
}

template <int Rows>
void rowsOfGated(const GatedProduct& p, std::int64_t row) {
  Vector sum[Rows][2] = {};
  multiply<Rows, 2>(sum, p.a + row * p.rowStride, p.rowStride, p.value, p.gate, kWidth, p.depth);
  const Vector valueBias = p.valueBias == nullptr ? Vector{} : load(p.valueBias),
               gateBias = p.gateBias == nullptr ? Vector{} : load(p.gateBias);
  float value[Rows][kLanes], gate[Rows][kLanes];
#pragma GCC unroll 16
  for (int i = 0; i < Rows; ++i) {
    store(value[i], sum[i][0] + valueBias);
    store(gate[i], sum[i][1] + gateBias);
  }
  float* out = p.out + row * p.outStride;
  for (int i = 0; i < Rows; ++i) store(out + i * p.outStride, load(value[i]) * gelu(load(gate[i])));
}

/// Calls the instance of `Function` for `rows` (1..kTallRows) rows.
template <int Rows, class Function>
inline void withRows(std::int64_t rows, const Function& function) {
  if constexpr (Rows > 1) {
    if (rows != Rows) return withRows<Rows - 1>(rows, function);
  }
  function.template operator()<Rows>();
}

/// Cuts rows into tiles of nearly equal height.
template <class Function>
inline void inTiles(std::int64_t rows, const Function& tile) {
  const std::int64_t tiles = (rows + kTallRows - 1) / kTallRows;
  for (std::int64_t t = 0, row = 0; t < tiles; ++t) {
    const std::int64_t height = (rows - row + tiles - t - 1) / (tiles - t);
    tile(row, height);
    row += height;
  }
}

template <int Vectors>
void wholePanel(const PanelProduct& p) {
  inTiles(p.rows, [&p](std::int64_t row, std::int64_t height) {
    withRows<kTallRows>(height, [&p, row]<int Rows>() { rowsOfProduct<Rows, Vectors>(p, row); });
  });
}

/// A panel with fewer valid columns than it is wide goes through a padded copy of its results.
template <int Vectors>
void partialPanel(const PanelProduct& p) {
  constexpr int width = Vectors * kLanes;
  float out[kTallRows][width], residual[kTallRows][width] = {}, bias[width] = {}, channelBias[width] = {};
  const std::size_t bytes = static_cast<std::size_t>(p.columns) * sizeof(float);
  PanelProduct tile = p;
  if (p.finish.bias != nullptr) std::memcpy(bias, p.finish.bias, bytes), tile.finish.bias = bias;
  if (p.finish.channelBias != nullptr)
    std::memcpy(channelBias, p.finish.channelBias, bytes), tile.finish.channelBias = channelBias;
  tile.out = &out[0][0];
  tile.outStride = tile.finish.residualStride = width;
  for (std::int64_t row = 0; row < p.rows; row += kTallRows) {
    tile.rows = p.rows - row < kTallRows ? p.rows - row : kTallRows;
    tile.a = p.a + row * p.rowStride;
    for (std::int64_t i = 0; i < tile.rows; ++i) {
      if (p.accumulate) std::memcpy(out[i], p.out + (row + i) * p.outStride, bytes);
      if (p.finish.residual != nullptr)
        std::memcpy(residual[i], p.finish.residual + (row + i) * p.finish.residualStride, bytes);
    }
    if (p.finish.residual != nullptr) tile.finish.residual = &residual[0][0];
    wholePanel<Vectors>(tile);
    for (std::int64_t i = 0; i < tile.rows; ++i) std::memcpy(p.out + (row + i) * p.outStride, out[i], bytes);
  }
}

void panelProduct(const PanelProduct& p) {
  if (p.columns == kWidth) return wholePanel<2>(p);
  if (p.columns == kLanes) return wholePanel<1>(p);
  return p.columns > kLanes ? partialPanel<2>(p) : partialPanel<1>(p);
}

void gatedProduct(const GatedProduct& p) {
  inTiles(p.rows, [&p](std::int64_t row, std::int64_t height) {
    withRows<kTallRows>(height, [&p, row]<int Rows>() { rowsOfGated<Rows>(p, row); });
  });
}

// Input rows --------------------------------------------------------------------------------------------------------
template <bool WithSilu>
inline void normalisePixel(const PixelRow& row, const float* in, float* out) {
  const auto f = [](Vector v) { return WithSilu ? silu(v) : v; };
  std::int64_t c = 0;
  for (; c + kLanes <= row.channels; c += kLanes)
    store(out + c, f(load(in + c) * load(row.scale + c) + load(row.shift + c)));
  if (const std::int64_t rest = row.channels - c; rest > 0) {
    storeSome(out + c, f(loadSome(in + c, rest) * loadSome(row.scale + c, rest) + loadSome(row.shift + c, rest)), rest);
  }
}

inline void copyPixel(const float* in, float* out, std::int64_t channels) {
  std::int64_t c = 0;
  for (; c + kLanes <= channels; c += kLanes) store(out + c, load(in + c));
  for (; c < channels; ++c) out[c] = in[c];
}

void pixelRow(const PixelRow& row) {
  for (std::int64_t x = 0; x < row.pixels; ++x) {
    const float* in = row.in + (x >> row.enlarge) * row.inStride;
    float* out = row.out + x * row.outStride;
    if (row.scale == nullptr) {
      copyPixel(in, out, row.channels);
    } else if (row.silu) {
      normalisePixel<true>(row, in, out);
    } else {
      normalisePixel<false>(row, in, out);
    }
  }
}

// Winograd F(4x4, 3x3) with the points 0, 1, -1, 2, -2, infinity -----------------------------------------------------
template <class In, class Out>
inline __attribute__((always_inline)) void inputPoints(const In& d, const Out& out) {
  const Vector even = d(4) - 4.0f * d(2), odd = d(3) - 4.0f * d(1);
  const Vector near = d(4) - d(2), far = 2.0f * (d(3) - d(1));
  out(0, 4.0f * d(0) - 5.0f * d(2) + d(4));
  out(1, even + odd);
  out(2, even - odd);
  out(3, near + far);
  out(4, near - far);
  out(5, 4.0f * d(1) - 5.0f * d(3) + d(5));
}

void tileTransform(const TileTransform& t) {
  for (std::int64_t c = 0; c < t.channels; c += kLanes) {
    Vector half[6][6];
    const float* in = t.in + c;
#pragma GCC unroll 6
    for (int x = 0; x < 6; ++x) {
      Vector column[6];
#pragma GCC unroll 6
      for (int y = 0; y < 6; ++y) column[y] = load(in + y * t.rowStride + x * t.pixelStride);
      inputPoints([&](int i) { return column[i]; }, [&](int i, Vector v) { half[i][x] = v; });
    }
    float* out = t.out + c;
#pragma GCC unroll 6
    for (int y = 0; y < 6; ++y) {
      inputPoints([&](int i) { return half[y][i]; },
                  [&](int i, Vector v) { store(out + (y * 6 + i) * t.frequencyStride, v); });
    }
  }
}

template <class Out>
inline __attribute__((always_inline)) void weightPoints(Vector g0, Vector g1, Vector g2, const Out& out) {
  const Vector outer = (g0 + g2) * (-1.0f / 6), middle = g1 * (-1.0f / 6);
  const Vector wide = g0 * (1.0f / 24) + g2 * (1.0f / 6), half = g1 * (1.0f / 12);
  out(0, g0 * 0.25f);
  out(1, outer + middle);
  out(2, outer - middle);
  out(3, wide + half);
  out(4, wide - half);
  out(5, g2);
}

void weightTransform(const WeightTransform& t) {
  static constexpr float kRows[6][3] = {{0.25f, 0, 0},
                                        {-1.0f / 6, -1.0f / 6, -1.0f / 6},
                                        {-1.0f / 6, 1.0f / 6, -1.0f / 6},
                                        {1.0f / 24, 1.0f / 12, 1.0f / 6},
                                        {1.0f / 24, -1.0f / 12, 1.0f / 6},
                                        {0, 0, 1}};
  const float top = kRows[t.row][0], middle = kRows[t.row][1], bottom = kRows[t.row][2];
  const std::int64_t tapStride = t.in * kWidth, frequencyStride = t.count * kWidth;
  for (std::int64_t i = 0; i < t.count * kWidth; i += kLanes) {
    const float* g = t.panel + t.first * kWidth + i;
    Vector mixed[3];
#pragma GCC unroll 3
    for (int x = 0; x < 3; ++x) {
      mixed[x] = top * load(g + x * tapStride) + middle * load(g + (3 + x) * tapStride) +
                 bottom * load(g + (6 + x) * tapStride);
    }
    float* out = t.out + i;
    weightPoints(mixed[0], mixed[1], mixed[2], [&](int x, Vector v) { store(out + x * frequencyStride, v); });
  }
}

template <class In, class Out>
inline __attribute__((always_inline)) void resultPoints(const In& m, const Out& out) {
  const Vector sum12 = m(1) + m(2), difference12 = m(1) - m(2), sum34 = m(3) + m(4), difference34 = m(3) - m(4);
  out(0, m(0) + sum12 + sum34);
  out(1, difference12 + 2.0f * difference34);
  out(2, sum12 + 4.0f * sum34);
  out(3, difference12 + 8.0f * difference34 + m(5));
}

void storeTile(const TileResult& t, const Vector (&tile)[4][4], std::int64_t column) {
  const std::int64_t rest = t.columns - column;
  const Finish& f = t.finish;
  const auto read = [rest](const float* p) { return rest >= kLanes ? load(p) : loadSome(p, rest); };
  Vector bias = f.bias != nullptr ? read(f.bias + column) : Vector{};
  if (f.channelBias != nullptr) bias += read(f.channelBias + column);
  for (int y = 0; y < t.rows; ++y) {
    for (int x = 0; x < t.pixels; ++x) {
      const std::int64_t at = y * t.rowStride + x * t.pixelStride + column;
      Vector v = tile[y][x] + bias;
      if (f.silu) v = silu(v);
      if (f.residual != nullptr) v += read(f.residual + at);
      if (rest >= kLanes) {
        store(t.out + at, v);
      } else {
        storeSome(t.out + at, v, rest);
      }
    }
  }
}

void tileResult(const TileResult& t) {
  for (std::int64_t column = 0; column < t.columns; column += kLanes) {
    Vector half[4][6], tile[4][4];
    const float* in = t.in + column;
#pragma GCC unroll 6
    for (int x = 0; x < 6; ++x) {
      resultPoints([&](int y) { return load(in + (y * 6 + x) * t.frequencyStride); },
                   [&](int y, Vector v) { half[y][x] = v; });
    }
#pragma GCC unroll 4
    for (int y = 0; y < 4; ++y) {
      resultPoints([&](int x) { return half[y][x]; }, [&](int x, Vector v) { tile[y][x] = v; });
    }
    storeTile(t, tile, column);
  }
}

// Attention ---------------------------------------------------------------------------------------------------------
inline float largestOf(const float* x, std::int64_t count, float start) {
  Vector most = all(start);
  std::int64_t i = 0;
  for (; i + kLanes <= count; i += kLanes) most = larger(most, load(x + i));
  float result = start;
  for (int lane = 0; lane < kLanes; ++lane) result = most[lane] > result ? most[lane] : result;
  for (; i < count; ++i) result = x[i] > result ? x[i] : result;
  return result;
}

/// x = 2^(x - maximum); returns the sum.
inline float weightsOf(float* x, std::int64_t count, float maximum) {
  Vector sum{};
  std::int64_t i = 0;
  for (; i + kLanes <= count; i += kLanes) {
    const Vector w = exp2(load(x + i) - maximum);
    store(x + i, w);
    sum += w;
  }
  float total = sumOf(sum);
  if (i < count) {
    const Vector w = exp2(loadSome(x + i, count - i) - maximum);
    storeSome(x + i, w, count - i);
    for (std::int64_t lane = 0; lane < count - i; ++lane) total += w[lane];
  }
  return total;
}

void scaleRow(const float* x, float* out, std::int64_t count, float factor) {
  std::int64_t i = 0;
  for (; i + kLanes <= count; i += kLanes) store(out + i, load(x + i) * factor);
  for (; i < count; ++i) out[i] = x[i] * factor;
}

void scoreBlock(const ScoreBlock& b) {
  for (std::int64_t row = 0; row < b.rows; ++row) {
    float* scores = b.scores + row * b.stride;
    std::int64_t valid = b.keys;
    if (b.causal) {
      valid = b.firstQuery + row - b.firstKey + 1;
      valid = valid < 0 ? 0 : valid > b.keys ? b.keys : valid;
      std::memset(scores + valid, 0, static_cast<std::size_t>(b.keys - valid) * sizeof(float));
    }
    const float before = b.maximum[row], maximum = largestOf(scores, valid, before);
    const float sum = weightsOf(scores, valid, maximum);
    if (maximum > before) {
      const float shrink = exp2(all(before - maximum))[0];
      b.sum[row] *= shrink;
      scaleRow(b.out + row * b.outStride, b.out + row * b.outStride, b.outWidth, shrink);
      b.maximum[row] = maximum;
    }
    b.sum[row] += sum;
  }
}

// Norms and single values ---------------------------------------------------------------------------------------------
void channelSums(const float* x, std::int64_t rows, std::int64_t channels, const float* pivot, float* sums,
                 float* squares) {
  std::memset(sums, 0, static_cast<std::size_t>(channels) * sizeof(float));
  std::memset(squares, 0, static_cast<std::size_t>(channels) * sizeof(float));
  std::int64_t row = 0;
  for (; row + 4 <= rows; row += 4, x += 4 * channels) {
    std::int64_t c = 0;
    for (; c + kLanes <= channels; c += kLanes) {
      const Vector p = load(pivot + c);
      const Vector d0 = load(x + c) - p, d1 = load(x + channels + c) - p;
      const Vector d2 = load(x + 2 * channels + c) - p, d3 = load(x + 3 * channels + c) - p;
      store(sums + c, load(sums + c) + ((d0 + d1) + (d2 + d3)));
      store(squares + c, load(squares + c) + (d0 * d0 + d1 * d1 + (d2 * d2 + d3 * d3)));
    }
    for (; c < channels; ++c) {
      for (int i = 0; i < 4; ++i) {
        const float d = x[i * channels + c] - pivot[c];
        sums[c] += d;
        squares[c] += d * d;
      }
    }
  }
  for (; row < rows; ++row, x += channels) {
    for (std::int64_t c = 0; c < channels; ++c) {
      const float d = x[c] - pivot[c];
      sums[c] += d;
      squares[c] += d * d;
    }
  }
}

void layerNormRow(const float* x, float* out, std::int64_t width, const float* scale, const float* shift,
                  float epsilon) {
  Vector sum{};
  std::int64_t i = 0;
  for (; i + kLanes <= width; i += kLanes) sum += load(x + i);
  float total = sumOf(sum);
  for (; i < width; ++i) total += x[i];
  const float mean = total / static_cast<float>(width);
  Vector squares{};
  for (i = 0; i + kLanes <= width; i += kLanes) {
    const Vector d = load(x + i) - mean;
    squares += d * d;
  }
  float variance = sumOf(squares);
  for (; i < width; ++i) variance += (x[i] - mean) * (x[i] - mean);
  const float factor = 1.0f / __builtin_sqrtf(variance / static_cast<float>(width) + epsilon);
  for (i = 0; i + kLanes <= width; i += kLanes)
    store(out + i, (load(x + i) - mean) * (load(scale + i) * factor) + load(shift + i));
  for (; i < width; ++i) out[i] = (x[i] - mean) * (scale[i] * factor) + shift[i];
}

template <class Function>
inline void eachVector(const float* x, float* out, std::int64_t count, const Function& f) {
  std::int64_t i = 0;
  for (; i + kLanes <= count; i += kLanes) store(out + i, f(load(x + i)));
  if (i < count) storeSome(out + i, f(loadSome(x + i, count - i)), count - i);
}

void activate(Activation kind, const float* x, float* out, std::int64_t count, float parameter) {
  switch (kind) {
    case Activation::Silu:
      return eachVector(x, out, count, [](Vector v) { return silu(v); });
    case Activation::Gelu:
      return eachVector(x, out, count, [](Vector v) { return gelu(v); });
    case Activation::QuickGelu:
      return eachVector(x, out, count, [](Vector v) { return quickGelu(v); });
    case Activation::Relu:
      return eachVector(x, out, count, [](Vector v) { return larger(v, Vector{}); });
    case Activation::TanhClamp:
      return eachVector(x, out, count, [parameter](Vector v) { return tanh(v / parameter) * parameter; });
  }
}

void addRow(const float* a, const float* b, float* out, std::int64_t count) {
  std::int64_t i = 0;
  for (; i + kLanes <= count; i += kLanes) store(out + i, load(a + i) + load(b + i));
  for (; i < count; ++i) out[i] = a[i] + b[i];
}

}  // namespace

const KernelTable& STUDIO_TABLE() {
  static const KernelTable table{
      .name = STUDIO_TABLE_NAME,
      .lanes = kLanes,
      .width = kWidth,
      .tallRows = kTallRows,
      .panelProduct = panelProduct,
      .gatedProduct = gatedProduct,
      .pixelRow = pixelRow,
      .tileTransform = tileTransform,
      .weightTransform = weightTransform,
      .tileResult = tileResult,
      .scoreBlock = scoreBlock,
      .channelSums = channelSums,
      .layerNormRow = layerNormRow,
      .activate = activate,
      .addRow = addRow,
      .scaleRow = scaleRow,
  };
  return table;
}

}  // namespace studio::engine::ops::cpu
