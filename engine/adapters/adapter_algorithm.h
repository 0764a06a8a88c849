#pragma once

#include "engine/adapters/adapter_factors.h"

#include <optional>

namespace studio::engine {

/// What the shapes of a module's factors say about the layer it changes.
struct AdapterExtent {
  std::int64_t rank = 0;     ///< 0: the algorithm has none
  std::int64_t outputs = 0;  ///< rows of the layer's weight; 0: any
  std::int64_t columns = 0;  ///< elements of a row (inputs × kernel); 0: any
};

/// A way to write a change of a layer's weight in few numbers. One paper, one file in algorithms/.
struct AdapterAlgorithm {
  const char* id;     ///< "lokr", for JSON
  const char* label;  ///< "LoKr", for people
  /// Nothing when the factors do not fit each other; otherwise `delta` may be called with any base it admits.
  std::optional<AdapterExtent> (*extent)(const FactorShapes& shapes);
  /// The change of `base` at `strength`, shaped like it.                       // base fp32 [out, in] or [out, in, k,
  /// k]
  at::Tensor (*delta)(const at::Tensor& base, const AdapterFactors& factors, double strength);
  /// Adds the change to `base` in place, with fewer ways through memory; null where there is no shorter way than
  /// `delta`. False when these factors have none.                                   // base contiguous, as above
  bool (*addTo)(const at::Tensor& base, const AdapterFactors& factors, double strength) = nullptr;
};

extern const AdapterAlgorithm kLowRank;         ///< LoRA, LoCon
extern const AdapterAlgorithm kHadamard;        ///< LoHa
extern const AdapterAlgorithm kKronecker;       ///< LoKr
extern const AdapterAlgorithm kFullDifference;  ///< full/diff, norm
extern const AdapterAlgorithm kOrthogonal;      ///< OFT
extern const AdapterAlgorithm kButterfly;       ///< BOFT
extern const AdapterAlgorithm kGeneralized;     ///< GLoRA
extern const AdapterAlgorithm kScaledOutputs;   ///< IA3

/// The algorithm whose factors these are; null when there are none of any.
const AdapterAlgorithm* algorithmOf(const FactorShapes& shapes);

/// True when a layer with this weight can take the change.
bool admits(const AdapterExtent& extent, const Shape& layer);

/// The weight with the change applied, magnitudes of DoRA included. `base` fp32 -> fp32 of the same shape.
at::Tensor changedWeight(const at::Tensor& base, const AdapterAlgorithm& algorithm, const AdapterFactors& factors,
                         double strength);

/// The same; `base`, which must be contiguous, may be overwritten and be the answer.
at::Tensor changeWeight(const at::Tensor& base, const AdapterAlgorithm& algorithm, const AdapterFactors& factors,
                        double strength);

/// Product of a shape's sides; 0 when it would not fit 63 bits.
std::int64_t elementsOf(const Shape& shape);
/// Product of all sides but the first.
std::int64_t columnsOf(const Shape& shape);

}  // namespace studio::engine
