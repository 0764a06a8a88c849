#pragma once

#include "engine/ops/ops.h"

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <vector>

namespace studio::engine::ops {

/// How pictures are cut.
struct StripCut {
  std::int64_t rows = kStripStep;     ///< of a strip, a multiple of kStripStep; the last may have more or less
  std::function<void()> beforeStrip;  ///< called before a strip is read; may throw
};

/// One picture in horizontal strips, each a tensor of its own: the memory of strips that have been read serves for
/// those that are written, so that a layer needs hardly more than the larger of its input and its output.
class StripedImage {
 public:
  struct Rows {
    std::int64_t top = 0, bottom = 0;  ///< bottom: the first row below
    std::int64_t count() const { return bottom - top; }
  };

  /// Without rows yet: `append` adds them from top to bottom.
  explicit StripedImage(std::shared_ptr<const StripCut> cut) : cut_(std::move(cut)) {}
  /// A picture that is there as a whole, [1,C,H,W].
  StripedImage(Tensor whole, std::shared_ptr<const StripCut> cut);
  StripedImage(StripedImage&&) = default;
  StripedImage& operator=(StripedImage&&) = default;

  void append(Tensor strip);  // [1,C,rows,W]

  const std::shared_ptr<const StripCut>& cut() const { return cut_; }
  /// The strips of this picture, or of one `scale` times as high.
  std::vector<Rows> strips(std::int64_t scale = 1) const;

  /// Rows with their neighbours; in memory of their own where they cross a border of strips.
  Strip read(Rows rows) const;
  /// The same, and gives back what no strip further down reads.
  Strip take(Rows rows);
  /// A strip without neighbours, which then is here no more.
  Tensor takeRows(Rows rows);
  /// All of it as one tensor.
  Tensor takeWhole();

  /// Of a group norm over the whole picture, see ops::normFactors.
  Tensor normFactors(const NormWeights& norm) const;

 private:
  struct Piece {
    std::int64_t top = 0;
    Tensor x;
    std::int64_t bottom() const { return top + x.size(2); }
  };
  Tensor rows(Rows wanted) const;
  /// What lies above `row` is not read again.
  void release(std::int64_t row);

  std::shared_ptr<const StripCut> cut_;
  std::deque<Piece> pieces_;
  std::int64_t height_ = 0;
};

}  // namespace studio::engine::ops
