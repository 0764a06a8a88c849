#include "engine/api/sigma_list.h"

#include <charconv>
#include <cmath>
#include <cstddef>

namespace studio::engine {

std::optional<std::vector<float>> sigmasFromText(std::string_view text) {
  constexpr std::size_t kMostSigmas = 1001;
  constexpr float kLargest = 1e5F;
  constexpr std::string_view kBetween = ", \t\r\n";
  std::vector<float> sigmas;
  for (std::size_t at = text.find_first_not_of(kBetween); at != std::string_view::npos;) {
    float sigma = 0;
    const char* end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data() + at, end, sigma);
    if (error != std::errc{} || (stop != end && kBetween.find(*stop) == std::string_view::npos)) return std::nullopt;
    if (!std::isfinite(sigma) || sigma < 0 || sigma > kLargest) return std::nullopt;
    if (!sigmas.empty() && sigma >= sigmas.back()) return std::nullopt;
    sigmas.push_back(sigma);
    if (sigmas.size() > kMostSigmas) return std::nullopt;
    at = text.find_first_not_of(kBetween, static_cast<std::size_t>(stop - text.data()));
  }
  if (!sigmas.empty() && sigmas.back() > 0) sigmas.push_back(0);
  if (sigmas.size() < 2 || sigmas.size() > kMostSigmas) return std::nullopt;
  return sigmas;
}

}  // namespace studio::engine
