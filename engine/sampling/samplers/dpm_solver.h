#pragma once

#include "engine/sampling/denoiser.h"

#include <optional>
#include <span>

namespace studio::engine {

/// DPM-Solver of orders 1 to 3, single step, in noise prediction (Lu et al. 2022, "DPM-Solver: A Fast ODE Solver for
/// Diffusion Probabilistic Model Sampling in Around 10 Steps", algorithms 1 and 2 with r1 = 1/3, r2 = 2/3 for the third
/// order). Time is lambda = −log sigma. An object is one step from one latent: orders share their network calls.
class DpmSolverStep {
 public:
  DpmSolverStep(const DenoiseFunction& denoise, at::Tensor x, double lambda, double nextLambda);

  at::Tensor first();                      ///< 1 network call
  at::Tensor second(double r1 = 1.0 / 2);  ///< 2 network calls, 1 of them shared with `first`
  at::Tensor third();                      ///< 3 network calls, shared with `second(1.0 / 3)`

 private:
  at::Tensor noiseAt(const at::Tensor& x, double lambda) const;
  const at::Tensor& noiseHere();
  const at::Tensor& noiseAfter(double r1);

  const DenoiseFunction& denoise_;
  at::Tensor x_;
  double lambda_, h_;
  at::Tensor here_, after_;
};

/// The lambdas between which DPM fast and DPM adaptive walk: those of the first and the last positive sigma; where
/// there is but one, to `smallest`.
struct LambdaRange {
  double start, end;
};
LambdaRange lambdaRange(std::span<const float> sigmas, double smallest);

}  // namespace studio::engine
