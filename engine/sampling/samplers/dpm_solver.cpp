#include "engine/sampling/samplers/dpm_solver.h"

#include "engine/sampling/samplers/arithmetic.h"

#include <cmath>
#include <utility>

namespace studio::engine {

DpmSolverStep::DpmSolverStep(const DenoiseFunction& denoise, at::Tensor x, double lambda, double nextLambda)
    : denoise_(denoise), x_(std::move(x)), lambda_(lambda), h_(nextLambda - lambda) {}

at::Tensor DpmSolverStep::noiseAt(const at::Tensor& x, double lambda) const {
  const double sigma = std::exp(-lambda);
  return odeSlope(x, denoise_(x, static_cast<float>(sigma)).denoised, sigma);
}

const at::Tensor& DpmSolverStep::noiseHere() {
  if (!here_.defined()) here_ = noiseAt(x_, lambda_);
  return here_;
}

const at::Tensor& DpmSolverStep::noiseAfter(double r1) {
  if (!after_.defined()) {
    const double there = lambda_ + r1 * h_;
    after_ = noiseAt(x_ - noiseHere() * (std::exp(-there) * std::expm1(r1 * h_)), there);
  }
  return after_;
}

at::Tensor DpmSolverStep::first() { return x_ - noiseHere() * (std::exp(-lambda_ - h_) * std::expm1(h_)); }

at::Tensor DpmSolverStep::second(double r1) {
  const double weight = std::exp(-lambda_ - h_) * std::expm1(h_);
  return x_ - noiseHere() * weight - (noiseAfter(r1) - noiseHere()) * (weight / (2 * r1));
}

at::Tensor DpmSolverStep::third() {
  constexpr double kR1 = 1.0 / 3, kR2 = 2.0 / 3;
  const double there = lambda_ + kR2 * h_, sigma = std::exp(-there), next = std::exp(-lambda_ - h_);
  const at::Tensor change = noiseAfter(kR1) - noiseHere();
  const double bend = std::expm1(kR2 * h_) / (kR2 * h_) - 1;
  const at::Tensor probe = x_ - noiseHere() * (sigma * std::expm1(kR2 * h_)) - change * (sigma * (kR2 / kR1) * bend);
  const at::Tensor changeThere = noiseAt(probe, there) - noiseHere();
  return x_ - noiseHere() * (next * std::expm1(h_)) - changeThere * (next / kR2 * (std::expm1(h_) / h_ - 1));
}

LambdaRange lambdaRange(std::span<const float> sigmas, double smallest) {
  double last = sigmas.back();
  if (last == 0 && sigmas.size() > 2) last = sigmas[sigmas.size() - 2];
  if (last == 0) last = smallest;
  return {logSignalToNoise(sigmas.front()), logSignalToNoise(last)};
}

}  // namespace studio::engine
