#include "engine/ops/cpu/convolution.h"
#include "engine/ops/cpu/kernels/kernel_table.h"

/// 3x3 convolution of stride 1 by Winograd's F(4x4, 3x3) (Lavin & Gray 2015), fp32 sums. The picture is cut into tiles
/// of 4x4 output pixels; a group of tile rows is worked on at a time, in two phases:
///  1. a task owns some tiles of one tile row and one chunk of channels: gathers the input rows (norm, SiLU,
///     enlargement) and transforms them to V [36][tiles][channels];
///  2. a task owns a block of tiles and a block of output channels: for one pass over the input channels after the
///     other and for each of the six rows of frequencies it transforms the weights to U [panel][6][channels][width],
///     which stays in the second cache, multiplies, and adds to M [36][tiles][outputs]; then M is transformed back into
///     output pixels, epilogue applied.
namespace studio::engine::ops::cpu {
namespace {

constexpr std::int64_t kFrequencies = 36, kTile = 4;
constexpr std::int64_t kGroupFloats = 4 * 1024 * 1024;  // V of a group of tile rows: 16 MiB
constexpr std::int64_t kSumFloats = 280 * 1024;         // M of a task
constexpr std::int64_t kWeightFloats = 128 * 1024;      // U of a task
constexpr std::int64_t kTilesOfTask = 56, kPanelsOfTask = 4;
constexpr std::int64_t kChannelsOfWindow = 64, kChannelsOfPass = 256;
constexpr std::int64_t kTilesOfStrip = 16;

struct WinogradPlan {
  std::int64_t tilesX, tilesY, stride, chunkChannels;  ///< stride: between tiles of V
  Split groups;                                        ///< of tile rows, over all pictures
  Split chunks;  ///< of input channels, phase 1, each of chunkChannels but the last
  Split strips;  ///< of the tiles of a row, phase 1

  WinogradPlan(const Conv2dShape& s, std::int64_t batch, std::int64_t height, std::int64_t width)
      : tilesX((width + kTile - 1) / kTile),
        tilesY((height + kTile - 1) / kTile),
        stride(rowStrideFor(s.in)),
        chunkChannels(std::min(s.in, kChannelsOfWindow)) {
    groups = Split::bySize(batch * tilesY, std::max<std::int64_t>(1, kGroupFloats / (kFrequencies * stride * tilesX)));
    chunks = {s.in, (s.in + chunkChannels - 1) / chunkChannels};
    strips = Split::bySize(tilesX, kTilesOfStrip);
  }
  std::int64_t channelsOf(std::int64_t chunk) const {
    return std::min(chunkChannels, chunks.total - chunk * chunkChannels);
  }
  std::int64_t smallestGroupTiles() const { return groups.total / groups.parts * tilesX; }
  std::int64_t largestGroupTiles() const { return groups.largest() * tilesX; }
  std::int64_t windowFloats() const { return (kTile + 2) * (strips.largest() * kTile + 2) * chunkChannels; }
};

/// How phase 2 cuts `tiles` tiles and the output panels into tasks, and the input channels into passes. The passes
/// decide the rounding: they depend on the weights alone, so that strips of a picture come out like the whole.
struct TaskBlocks {
  Split tiles, panels;
  std::int64_t passChannels;

  TaskBlocks(std::int64_t tileCount, std::int64_t panelCount, std::int64_t in) {
    const std::int64_t wanted = 3 * at::get_num_threads(), width = kernels().width;
    tiles = Split::bySize(tileCount, kTilesOfTask);
    const std::int64_t fitting =
        std::clamp<std::int64_t>(kSumFloats / (kFrequencies * tiles.largest() * width), 1, kPanelsOfTask);
    panels = Split::bySize(panelCount, fitting);
    panels.parts =
        std::clamp(std::max(panels.parts, (wanted + tiles.parts - 1) / tiles.parts), std::int64_t{1}, panelCount);
    const std::int64_t lanes = kernels().lanes,
                       cached = kWeightFloats / (6 * width * std::min(panelCount, kPanelsOfTask));
    passChannels = std::min(in, std::clamp<std::int64_t>(cached / lanes * lanes, lanes, kChannelsOfPass));
  }
  std::int64_t floats() const {
    return (kFrequencies * tiles.largest() + 6 * passChannels) * panels.largest() * kernels().width;
  }
  std::int64_t tasks() const { return tiles.parts * panels.parts; }
};

class Winograd {
 public:
  Winograd(const ConvolutionInput& input, const PackedWeights& weights, const Epilogue& epilogue, Tensor& out,
           const WinogradPlan& plan)
      : table_(kernels()),
        input_(input),
        weights_(weights),
        epilogue_(epilogue),
        plan_(plan),
        out_(out.data_ptr<float>()) {
    if (epilogue.residual) residual_ = epilogue.residual->const_data_ptr<float>();
    if (epilogue.channelBias) channelBias_ = epilogue.channelBias->const_data_ptr<float>();
  }

  /// Phase 1 of one group for some tiles of a tile row (`row` counts over all pictures).
  void transformInput(std::int64_t firstRow, std::int64_t tiles, std::int64_t row, std::int64_t strip,
                      std::int64_t chunk, float* window, float* frequencies) const {
    const std::int64_t channels = plan_.channelsOf(chunk), firstTile = plan_.strips.begin(strip),
                       count = plan_.strips.size(strip);
    const std::int64_t pixels = count * kTile + 2;
    gatherWindow(input_,
                 {.picture = row / plan_.tilesY,
                  .top = row % plan_.tilesY * kTile - 1,
                  .left = firstTile * kTile - 1,
                  .rows = kTile + 2,
                  .pixels = pixels,
                  .firstChannel = chunk * plan_.chunkChannels,
                  .channels = channels},
                 window);
    float* out =
        frequencies + ((row - firstRow) * plan_.tilesX + firstTile) * plan_.stride + chunk * plan_.chunkChannels;
    for (std::int64_t tile = 0; tile < count; ++tile) {
      table_.tileTransform({.in = window + tile * kTile * channels,
                            .rowStride = pixels * channels,
                            .pixelStride = channels,
                            .out = out + tile * plan_.stride,
                            .frequencyStride = tiles * plan_.stride,
                            .channels = channels});
    }
  }

  struct Task {
    std::int64_t groupTiles, firstTile, tiles, firstPanel, panels, passChannels;
    std::int64_t outputs() const { return panels * kernels().width; }
  };

  /// Phase 2, sums over all channels.
  void multiply(const Task& t, const float* frequencies, float* transformed, float* sums) const {
    for (std::int64_t first = 0; first < weights_.in; first += t.passChannels) {
      for (int row = 0; row < 6; ++row) multiplyRow(t, row, first, frequencies, transformed, sums);
    }
  }

  /// Phase 2, sums back to pixels.
  void finish(const Task& t, std::int64_t firstRow, const float* sums) const {
    const std::int64_t height = input_.height(), width = input_.width(), outputs = weights_.out,
                       column = t.firstPanel * table_.width;
    TileResult result{.frequencyStride = t.tiles * t.outputs(),
                      .rowStride = width * outputs,
                      .pixelStride = outputs,
                      .columns = std::min(t.outputs(), outputs - column)};
    if (weights_.bias() != nullptr) result.finish.bias = weights_.bias() + column;
    result.finish.silu = epilogue_.silu;
    for (std::int64_t tile = 0; tile < t.tiles; ++tile) {
      const std::int64_t row = firstRow + (t.firstTile + tile) / plan_.tilesX, picture = row / plan_.tilesY;
      const std::int64_t y = row % plan_.tilesY * kTile, x = (t.firstTile + tile) % plan_.tilesX * kTile;
      const std::int64_t at = ((picture * height + y) * width + x) * outputs + column;
      result.in = sums + tile * t.outputs();
      result.out = out_ + at;
      result.rows = static_cast<int>(std::min(kTile, height - y));
      result.pixels = static_cast<int>(std::min(kTile, width - x));
      if (residual_ != nullptr) result.finish.residual = residual_ + at;
      if (channelBias_ != nullptr) result.finish.channelBias = channelBias_ + picture * outputs + column;
      table_.tileResult(result);
    }
  }

 private:
  /// The six frequencies of one row over one pass of channels.
  void multiplyRow(const Task& t, int row, std::int64_t first, const float* frequencies, float* transformed,
                   float* sums) const {
    const std::int64_t channels = std::min(t.passChannels, weights_.in - first), matrix = channels * table_.width;
    for (std::int64_t panel = 0; panel < t.panels; ++panel) {
      table_.weightTransform(
          {row, weights_.panel(t.firstPanel + panel), weights_.in, first, channels, transformed + panel * 6 * matrix});
    }
    for (std::int64_t column = 0; column < 6; ++column) {
      const std::int64_t frequency = row * 6 + column;
      const float* v = frequencies + (frequency * t.groupTiles + t.firstTile) * plan_.stride + first;
      for (std::int64_t panel = 0; panel < t.panels; ++panel) {
        table_.panelProduct({.a = v,
                             .rowStride = plan_.stride,
                             .depth = channels,
                             .panel = transformed + (panel * 6 + column) * matrix,
                             .out = sums + frequency * t.tiles * t.outputs() + panel * table_.width,
                             .outStride = t.outputs(),
                             .rows = t.tiles,
                             .columns = table_.width,
                             .accumulate = first > 0});
      }
    }
  }

  const KernelTable& table_;
  const ConvolutionInput& input_;
  const PackedWeights& weights_;
  const Epilogue& epilogue_;
  const WinogradPlan& plan_;
  float* out_;
  const float *residual_ = nullptr, *channelBias_ = nullptr;
};

/// Scratch of both phases: V of a group, then per worker the larger of a gathered window and U + M.
struct WinogradWorkspace {
  std::int64_t group, worker, workers;
  std::int64_t floats() const { return group + worker * workers; }

  WinogradWorkspace(const Conv2dShape& s, const WinogradPlan& plan, std::int64_t panels) {
    // Groups differ by one tile row at most, but the smaller one may be cut into tasks with larger sums.
    const TaskBlocks large(plan.largestGroupTiles(), panels, s.in), small(plan.smallestGroupTiles(), panels, s.in);
    group = kFrequencies * plan.stride * plan.largestGroupTiles();
    worker = std::max({plan.windowFloats(), large.floats(), small.floats()});
    workers = workersFor(
        std::max({large.tasks(), small.tasks(), plan.groups.largest() * plan.strips.parts * plan.chunks.parts}));
  }
};

std::int64_t panelsOf(const Conv2dShape& s) { return (s.out + kernels().width - 1) / kernels().width; }

}  // namespace

bool winogradFits(const Conv2dShape& s) {
  return s.kernel == 3 && s.stride == 1 && s.padding == 1 && !s.padFarSideOnly && s.in >= 32 &&
         s.in % kernels().lanes == 0 && s.out >= 32 && s.out % kernels().width == 0;
}

std::int64_t winogradWorkspaceFloats(const Conv2dShape& shape, std::int64_t batch, std::int64_t height,
                                     std::int64_t width) {
  return WinogradWorkspace(shape, WinogradPlan(shape, batch, height, width), panelsOf(shape)).floats();
}

void winogradConvolution(const ConvolutionInput& input, const PackedWeights& weights, const Epilogue& epilogue,
                         Tensor& out) {
  const Conv2dShape shape{.out = weights.out, .in = weights.in, .kernel = 3, .padding = 1};
  const WinogradPlan plan(shape, input.batch(), input.height(), input.width());
  const WinogradWorkspace space(shape, plan, weights.panels());
  const Scratch scratch(space.floats());
  float *frequencies = scratch.data(), *own = frequencies + space.group;
  const Winograd winograd(input, weights, epilogue, out, plan);
  for (std::int64_t group = 0; group < plan.groups.parts; ++group) {
    const std::int64_t firstRow = plan.groups.begin(group), rows = plan.groups.size(group), tiles = rows * plan.tilesX;
    forEachTask(rows * plan.strips.parts * plan.chunks.parts, [&](std::int64_t task, std::int64_t worker) {
      const std::int64_t chunk = task % plan.chunks.parts, strip = task / plan.chunks.parts % plan.strips.parts;
      const std::int64_t row = firstRow + task / (plan.chunks.parts * plan.strips.parts);
      winograd.transformInput(firstRow, tiles, row, strip, chunk, own + worker * space.worker, frequencies);
    });
    const TaskBlocks blocks(tiles, weights.panels(), weights.in);
    forEachTask(blocks.tasks(), [&](std::int64_t task, std::int64_t worker) {
      const std::int64_t block = task / blocks.panels.parts, strip = task % blocks.panels.parts;
      const Winograd::Task t{tiles,
                             blocks.tiles.begin(block),
                             blocks.tiles.size(block),
                             blocks.panels.begin(strip),
                             blocks.panels.size(strip),
                             blocks.passChannels};
      float *sums = own + worker * space.worker, *transformed = sums + kFrequencies * t.tiles * t.outputs();
      winograd.multiply(t, frequencies, transformed, sums);
      winograd.finish(t, firstRow, sums);
    });
  }
}

}  // namespace studio::engine::ops::cpu
