#include "engine/ops/striped_image.h"

#include <ATen/ops/empty.h>
#include <c10/util/Exception.h>

#include <algorithm>
#include <utility>

namespace studio::engine::ops {

StripedImage::StripedImage(Tensor whole, std::shared_ptr<const StripCut> cut) : cut_(std::move(cut)) {
  append(std::move(whole));
}

void StripedImage::append(Tensor strip) {
  const std::int64_t top = height_;
  height_ += strip.size(2);
  pieces_.push_back({top, std::move(strip)});
}

/// A rest of less than a step belongs to the strip above: kernels treat pictures of a few rows in another way.
std::vector<StripedImage::Rows> StripedImage::strips(std::int64_t scale) const {
  std::vector<Rows> result;
  const std::int64_t height = scale * height_;
  for (std::int64_t top = 0; top < height;) {
    const std::int64_t bottom = top + cut_->rows + kStripStep > height ? height : top + cut_->rows;
    result.push_back({top, bottom});
    top = bottom;
  }
  return result;
}

Tensor StripedImage::rows(Rows wanted) const {
  for (const Piece& piece : pieces_) {
    if (piece.top <= wanted.top && wanted.bottom <= piece.bottom())
      return piece.x.narrow(2, wanted.top - piece.top, wanted.count());
  }
  const Tensor& like = pieces_.front().x;
  Tensor result =
      at::empty({1, like.size(1), wanted.count(), like.size(3)}, like.options(), at::MemoryFormat::ChannelsLast);
  std::int64_t copied = 0;
  for (const Piece& piece : pieces_) {
    const std::int64_t top = std::max(piece.top, wanted.top), bottom = std::min(piece.bottom(), wanted.bottom);
    if (top >= bottom) continue;
    result.narrow(2, top - wanted.top, bottom - top).copy_(piece.x.narrow(2, top - piece.top, bottom - top));
    copied += bottom - top;
  }
  TORCH_INTERNAL_ASSERT(copied == wanted.count(), "rows ", wanted.top, " to ", wanted.bottom, " are not all there");
  return result;
}

Strip StripedImage::read(Rows wanted) const {
  if (cut_->beforeStrip) cut_->beforeStrip();
  const Rows around{std::max<std::int64_t>(wanted.top - 1, 0), std::min(wanted.bottom + 1, height_)};
  return {.x = rows(around), .above = wanted.top - around.top, .below = around.bottom - wanted.bottom};
}

Strip StripedImage::take(Rows wanted) {
  Strip strip = read(wanted);
  release(wanted.bottom == height_ ? height_ : wanted.bottom - 1);
  return strip;
}

Tensor StripedImage::takeRows(Rows wanted) {
  Tensor result = rows(wanted);
  release(wanted.bottom);
  return result;
}

void StripedImage::release(std::int64_t row) {
  while (!pieces_.empty() && pieces_.front().bottom() <= row) pieces_.pop_front();
  if (pieces_.empty()) return;
  Piece& first = pieces_.front();
  if (first.bottom() - row != 1 || first.x.size(2) == 1) return;
  // Of a strip whose last row alone is still to be read only that row stays.
  first = {row, first.x.narrow(2, row - first.top, 1).clone(at::MemoryFormat::ChannelsLast)};
}

Tensor StripedImage::takeWhole() {
  Tensor whole = rows({0, height_});
  pieces_.clear();
  return whole;
}

Tensor StripedImage::normFactors(const NormWeights& norm) const {
  NormBook* book = cut_->norms.get();
  if (book != nullptr && book->written) return book->factors.at(book->next++);
  Tensor factors = ownFactors(norm);
  if (book != nullptr) book->factors.push_back(factors);
  return factors;
}

Tensor StripedImage::ownFactors(const NormWeights& norm) const {
  ChannelSums sums;
  for (const Piece& piece : pieces_) {
    if (cut_->beforeStrip) cut_->beforeStrip();
    addChannelSums(sums, piece.x);
  }
  return ops::normFactors(sums, norm);
}

}  // namespace studio::engine::ops
