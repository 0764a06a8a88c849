#include "engine/pipeline/preview_maker.h"

#include "engine/ops/ops.h"
#include "engine/pipeline/pixels.h"

#include <ATen/ops/upsample_nearest2d.h>

#include <algorithm>

namespace studio::engine {
namespace {

constexpr double kLargestShare = 0.05;
/// Where steps are short, previews of the decoder may wait this long for their share instead of giving way to colours.
constexpr Seconds kLongestWait{1.0};
/// A preview of coloured cells is enlarged to at least this many pixels a side, so that it can be shown as it is.
constexpr std::int64_t kCellPixels = 8;

}  // namespace

bool PreviewMaker::wanted(int step, int of) const {
  const int every = std::max(1, context_.options.previewEverySteps);
  return context_.options.preview != PreviewMode::Off && step < of && step % every == 0;
}

bool PreviewMaker::usesDecoder(Seconds stepTime) const {
  if (!model_.previewDecoder() || context_.options.preview == PreviewMode::LatentRgb) return false;
  if (context_.options.preview == PreviewMode::Decoder || !model_.latentRgb()) return true;
  return decodeTime_ <= std::max(stepTime, kLongestWait) * kLargestShare;
}

bool PreviewMaker::isDue() const {
  if (context_.options.preview != PreviewMode::Automatic || !lastDecode_) return true;
  return decodeTime_ <= (std::chrono::steady_clock::now() - *lastDecode_) * kLargestShare;
}

std::vector<Image> PreviewMaker::make(const at::Tensor& denoised, Seconds stepTime,
                                      const std::optional<DecodeWay>& way) {
  if (way && usesDecoder(stepTime)) return isDue() ? decode(denoised, *way) : std::vector<Image>();
  if (!model_.latentRgb()) return {};
  const at::Tensor colours = model_.latentRgb()->apply(denoised);
  const at::Tensor cells =
      at::upsample_nearest2d(colours, {colours.size(2) * kCellPixels, colours.size(3) * kCellPixels});
  std::vector<Image> images;
  for (std::int64_t i = 0; i < cells.size(0); ++i) images.push_back(imageFromPixels(cells.select(0, i)));
  return images;
}

std::vector<Image> PreviewMaker::decode(const at::Tensor& denoised, const DecodeWay& way) {
  const auto start = std::chrono::steady_clock::now();
  BlockRunner runner = model_.previewDecoder().runner(context_.stop);
  std::vector<Image> result;
  for (const at::Tensor& latent : denoised.split(1)) {
    const at::Tensor placed = ops::place(latent, runner.format(), runner.device());
    const at::Tensor pixels = ops::readBack(model_.previewDecoder().module->decode(runner, placed, way));
    result.push_back(imageFromPixels(pixels.select(0, 0)));
  }
  // The first use reads the weights; its time says nothing about the next.
  if (lastDecode_) decodeTime_ = std::chrono::steady_clock::now() - start;
  lastDecode_ = std::chrono::steady_clock::now();
  return result;
}

}  // namespace studio::engine
