#pragma once

namespace studio::engine {

/// The x at which the beta distribution with shapes a and b (both positive, at most about 100) has gathered the
/// probability p in 0 … 1. Accurate to about 1e-12.
double betaQuantile(double p, double a, double b);

}  // namespace studio::engine
