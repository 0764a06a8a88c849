#pragma once

#include "engine/ops/ops.h"

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <vector>

namespace studio::engine::ops {

/// The factors of every group norm of a forward, in their order: written down in one run and used in others, which
/// then norm parts of a picture as if they were the whole.
struct NormBook {
  std::vector<Tensor> factors;  ///< as normFactors() gives them
  std::size_t next = 0;         ///< of those that are used
  bool written = false;
};

/// How pictures are cut.
struct StripCut {
  std::int64_t rows = kStripStep;             ///< of a strip, a multiple of kStripStep; the last may have more or less
  std::function<void()> beforeStrip;          ///< called before a strip is read; may throw
  std::shared_ptr<NormBook> norms = nullptr;  ///< none: every picture is normed by itself
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
  /// The picture whose strips are `function(Strip)` of the strips taken from this one.
  template <class Function>
  StripedImage mapped(const Function& function) && {
    StripedImage result(cut_);
    for (const Rows& rows : strips()) result.append(function(take(rows)));
    return result;
  }
  /// All of it as one tensor.
  Tensor takeWhole();

  /// Of a group norm over the whole picture, see ops::normFactors; or what the book says.
  Tensor normFactors(const NormWeights& norm) const;

 private:
  Tensor ownFactors(const NormWeights& norm) const;

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
