#include "engine/sampling/beta_distribution.h"

#include <cmath>
#include <initializer_list>

namespace studio::engine {
namespace {

/// The continued fraction of the incomplete beta function (DLMF 8.17.22), by Lentz's method.
double incompleteBetaFraction(double x, double a, double b) {
  constexpr double kTiny = 1e-300, kEnough = 1e-15;
  constexpr int kMostTerms = 500;
  double c = 1;
  double d = 1 / (1 - (a + b) * x / (a + 1));
  double result = d;
  for (int m = 1; m < kMostTerms; ++m) {
    const double even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
    const double odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
    double change = 1;
    for (const double term : {even, odd}) {
      d = 1 / (std::abs(1 + term * d) < kTiny ? kTiny : 1 + term * d);
      c = std::abs(1 + term / c) < kTiny ? kTiny : 1 + term / c;
      change = c * d;
      result *= change;
    }
    if (std::abs(change - 1) < kEnough) break;
  }
  return result;
}

/// The regularised incomplete beta function I_x(a, b), DLMF 8.17.
double incompleteBeta(double x, double a, double b) {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  const double front =
      std::exp(std::lgamma(a + b) - std::lgamma(a) - std::lgamma(b) + a * std::log(x) + b * std::log1p(-x));
  if (x < (a + 1) / (a + b + 2)) return front * incompleteBetaFraction(x, a, b) / a;
  return 1 - front * incompleteBetaFraction(1 - x, b, a) / b;
}

}  // namespace

double betaQuantile(double p, double a, double b) {
  if (p <= 0) return 0;
  if (p >= 1) return 1;
  double low = 0, high = 1;
  for (int i = 0; i < 100 && high - low > 1e-16 * high; ++i) {
    const double middle = (low + high) / 2;
    (incompleteBeta(middle, a, b) < p ? low : high) = middle;
  }
  return (low + high) / 2;
}

}  // namespace studio::engine
