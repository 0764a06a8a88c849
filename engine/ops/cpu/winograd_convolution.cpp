#include "engine/ops/cpu/convolution.h"
#include "engine/ops/cpu/kernels/kernel_table.h"

/// 3x3 convolution of stride 1 by Winograd's F(4x4, 3x3) (Lavin & Gray 2015), fp32 sums. The picture is cut into tiles
/// of 4x4 output pixels; a group of tile rows is worked on at a time, in two phases:
///  1. a task owns some tiles of one tile row and one chunk of channels: gathers the input rows (norm, SiLU,
///     enlargement), transforms them to V [chunk][36][tiles][channels of the chunk];
///  2. a task owns a block of tiles and a block of output channels: per chunk of channels it transforms the weights to
///     U [36][channels][panel], which stays in the second cache, multiplies each frequency and adds to M
///     [36][tiles][outputs]; then M is transformed back into output pixels, epilogue applied.
namespace studio::engine::ops::cpu {
namespace {

constexpr std::int64_t kFrequencies = 36, kTile = 4;
constexpr std::int64_t kGroupFloats = 4 * 1024 * 1024;   // V of a group of tile rows: 16 MiB
constexpr std::int64_t kSumFloats = 224 * 1024;          // M of a task
constexpr std::int64_t kTilesOfTask = 84;
constexpr std::int64_t kTilesOfStrip = 16;

struct WinogradPlan {
  std::int64_t tilesX, tilesY, chunkChannels;
  Split groups;  ///< of tile rows, over all pictures
  Split chunks;  ///< of input channels
  Split strips;  ///< of the tiles of a row, phase 1

  WinogradPlan(const Conv2dShape& s, std::int64_t batch, std::int64_t height, std::int64_t width)
      : tilesX((width + kTile - 1) / kTile), tilesY((height + kTile - 1) / kTile), chunkChannels(std::min<std::int64_t>(s.in, 64)) {
    groups = Split::bySize(batch * tilesY, std::max<std::int64_t>(1, kGroupFloats / (kFrequencies * s.in * tilesX)));
    chunks = {s.in, (s.in + chunkChannels - 1) / chunkChannels};
    strips = Split::bySize(tilesX, kTilesOfStrip);
  }
  std::int64_t channelsOf(std::int64_t chunk) const { return std::min(chunkChannels, chunks.total - chunk * chunkChannels); }
  std::int64_t smallestGroupTiles() const { return groups.total / groups.parts * tilesX; }
  std::int64_t largestGroupTiles() const { return groups.largest() * tilesX; }
  std::int64_t windowFloats() const { return (kTile + 2) * (strips.largest() * kTile + 2) * chunkChannels; }
};

/// How phase 2 cuts `tiles` tiles and the output panels into tasks.
struct TaskBlocks {
  Split tiles, panels;

  TaskBlocks(std::int64_t tileCount, std::int64_t panelCount) {
    const std::int64_t wanted = 3 * at::get_num_threads();
    tiles = Split::bySize(tileCount, kTilesOfTask);
    const std::int64_t fitting = std::max<std::int64_t>(1, kSumFloats / (kFrequencies * tiles.largest() * kernels().width));
    panels = Split::bySize(panelCount, fitting);
    panels.parts = std::clamp(std::max(panels.parts, (wanted + tiles.parts - 1) / tiles.parts), std::int64_t{1}, panelCount);
  }
  std::int64_t sumFloats() const { return kFrequencies * tiles.largest() * panels.largest() * kernels().width; }
  std::int64_t tasks() const { return tiles.parts * panels.parts; }
};

class Winograd {
 public:
  Winograd(const ConvolutionInput& input, const PackedWeights& weights, const Epilogue& epilogue, Tensor& out, const WinogradPlan& plan)
      : table_(kernels()), input_(input), weights_(weights), epilogue_(epilogue), plan_(plan), out_(out.data_ptr<float>()) {
    if (epilogue.residual) residual_ = epilogue.residual->const_data_ptr<float>();
    if (epilogue.channelBias) channelBias_ = epilogue.channelBias->const_data_ptr<float>();
  }

  /// Phase 1 of one group for some tiles of a tile row (`row` counts over all pictures).
  void transformInput(std::int64_t firstRow, std::int64_t tiles, std::int64_t row, std::int64_t strip, std::int64_t chunk, float* window, float* frequencies) const {
    const std::int64_t channels = plan_.channelsOf(chunk), firstTile = plan_.strips.begin(strip), count = plan_.strips.size(strip);
    const std::int64_t pixels = count * kTile + 2;
    gatherWindow(input_, {.picture = row / plan_.tilesY, .top = row % plan_.tilesY * kTile - 1, .left = firstTile * kTile - 1, .rows = kTile + 2,
                          .pixels = pixels, .firstChannel = chunk * plan_.chunkChannels, .channels = channels}, window);
    float* out = frequencies + chunk * plan_.chunkChannels * kFrequencies * tiles + ((row - firstRow) * plan_.tilesX + firstTile) * channels;
    for (std::int64_t tile = 0; tile < count; ++tile) {
      table_.tileTransform({.in = window + tile * kTile * channels, .rowStride = pixels * channels, .pixelStride = channels, .out = out + tile * channels,
                            .frequencyStride = tiles * channels, .channels = channels});
    }
  }

  struct Task {
    std::int64_t groupTiles, firstTile, tiles, firstPanel, panels;
    std::int64_t outputs() const { return panels * kernels().width; }
  };

  /// Phase 2, sums over all chunks of channels.
  void multiply(const Task& t, const float* frequencies, float* transformed, float* sums) const {
    for (std::int64_t chunk = 0; chunk < plan_.chunks.parts; ++chunk) {
      const std::int64_t channels = plan_.channelsOf(chunk), first = chunk * plan_.chunkChannels;
      const float* v = frequencies + first * kFrequencies * t.groupTiles + t.firstTile * channels;
      for (std::int64_t panel = 0; panel < t.panels; ++panel) {
        table_.weightTransform({weights_.panel(t.firstPanel + panel), weights_.in, first, channels, transformed});
        for (std::int64_t f = 0; f < kFrequencies; ++f) {
          table_.panelProduct({.a = v + f * t.groupTiles * channels, .rowStride = channels, .depth = channels,
                               .panel = transformed + f * channels * table_.width, .out = sums + f * t.tiles * t.outputs() + panel * table_.width,
                               .outStride = t.outputs(), .rows = t.tiles, .columns = table_.width, .accumulate = chunk > 0});
        }
      }
    }
  }

  /// Phase 2, sums back to pixels.
  void finish(const Task& t, std::int64_t firstRow, const float* sums) const {
    const std::int64_t height = input_.height(), width = input_.width(), outputs = weights_.out, column = t.firstPanel * table_.width;
    TileResult result{.frequencyStride = t.tiles * t.outputs(), .rowStride = width * outputs, .pixelStride = outputs,
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
    const TaskBlocks large(plan.largestGroupTiles(), panels), small(plan.smallestGroupTiles(), panels);
    group = kFrequencies * s.in * plan.largestGroupTiles();
    worker = std::max(plan.windowFloats(), kFrequencies * plan.chunkChannels * kernels().width + std::max(large.sumFloats(), small.sumFloats()));
    workers = workersFor(std::max({large.tasks(), small.tasks(), plan.groups.largest() * plan.strips.parts * plan.chunks.parts}));
  }
};

std::int64_t panelsOf(const Conv2dShape& s) { return (s.out + kernels().width - 1) / kernels().width; }

}  // namespace

bool winogradFits(const Conv2dShape& s) {
  return s.kernel == 3 && s.stride == 1 && s.padding == 1 && !s.padFarSideOnly && s.in >= 32 && s.in % kernels().lanes == 0 && s.out >= 32 &&
         s.out % kernels().width == 0;
}

std::int64_t winogradWorkspaceFloats(const Conv2dShape& shape, std::int64_t batch, std::int64_t height, std::int64_t width) {
  return WinogradWorkspace(shape, WinogradPlan(shape, batch, height, width), panelsOf(shape)).floats();
}

void winogradConvolution(const ConvolutionInput& input, const PackedWeights& weights, const Epilogue& epilogue, Tensor& out) {
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
    const TaskBlocks blocks(tiles, weights.panels());
    forEachTask(blocks.tasks(), [&](std::int64_t task, std::int64_t worker) {
      const std::int64_t block = task / blocks.panels.parts, strip = task % blocks.panels.parts;
      const Winograd::Task t{tiles, blocks.tiles.begin(block), blocks.tiles.size(block), blocks.panels.begin(strip), blocks.panels.size(strip)};
      float *transformed = own + worker * space.worker, *sums = transformed + kFrequencies * plan.chunkChannels * kernels().width;
      winograd.multiply(t, frequencies, transformed, sums);
      winograd.finish(t, firstRow, sums);
    });
  }
}

}  // namespace studio::engine::ops::cpu
