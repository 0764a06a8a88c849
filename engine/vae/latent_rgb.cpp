#include "engine/vae/latent_rgb.h"

#include <ATen/TensorOperators.h>
#include <ATen/ops/avg_pool2d.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/eye.h>
#include <ATen/ops/linalg_solve.h>
#include <ATen/ops/matmul.h>
#include <ATen/ops/ones.h>
#include <nlohmann/json.hpp>

#include <cmath>

namespace studio::engine {
namespace {

constexpr double kRidge = 1e-3;
constexpr double kLargestFactor = 1e6;  // real ones are near 1
constexpr std::size_t kLongestText = 1 << 16;

/// [B, C, h, w] -> [B*h*w, C]
at::Tensor rows(const at::Tensor& x) { return x.permute({0, 2, 3, 1}).reshape({-1, x.size(1)}); }

/// The numbers of a JSON list, or nothing when it is another length or holds other things.
std::optional<std::vector<float>> numbers(const nlohmann::json& list, std::size_t count) {
  if (!list.is_array() || list.size() != count) return std::nullopt;
  std::vector<float> values;
  for (const auto& value : list) {
    if (!value.is_number() || std::abs(value.get<double>()) > kLargestFactor) return std::nullopt;
    values.push_back(value.get<float>());
  }
  return values;
}

}  // namespace

at::Tensor LatentRgb::apply(const at::Tensor& latent) const {
  const at::Tensor colours = at::matmul(rows(latent), factors) + bias;
  return colours.view({latent.size(0), latent.size(2), latent.size(3), 3}).permute({0, 3, 1, 2});
}

LatentRgb fitLatentRgb(const at::Tensor& latent, const at::Tensor& pixels) {
  const std::int64_t scale = pixels.size(2) / latent.size(2);
  const at::Tensor cells = rows(latent).to(at::kDouble);
  const at::Tensor x = at::cat({cells, at::ones({cells.size(0), 1}, at::kDouble)}, 1);  // [N, C + 1]
  const at::Tensor y = rows(at::avg_pool2d(pixels, {scale, scale})).to(at::kDouble);    // [N, 3]
  const at::Tensor normal =
      at::matmul(x.t(), x) + at::eye(x.size(1), at::kDouble) * (kRidge * static_cast<double>(x.size(0)));
  const at::Tensor solution = at::linalg_solve(normal, at::matmul(x.t(), y)).to(at::kFloat);  // [C + 1, 3]
  return {solution.narrow(0, 0, cells.size(1)).contiguous(), solution.select(0, cells.size(1)).contiguous()};
}

std::optional<LatentRgb> latentRgbFromText(const std::string& text, std::int64_t latentChannels) {
  if (text.size() > kLongestText) return std::nullopt;
  const auto json = nlohmann::json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (!json.is_object() || !json.contains("factors") || !json.contains("bias")) return std::nullopt;
  const auto& factors = json["factors"];
  const auto bias = numbers(json["bias"], 3);
  if (!bias || !factors.is_array() || factors.size() != static_cast<std::size_t>(latentChannels)) return std::nullopt;

  LatentRgb fit{at::empty({latentChannels, 3}, at::kFloat), at::empty({3}, at::kFloat)};
  std::copy(bias->begin(), bias->end(), fit.bias.data_ptr<float>());
  float* row = fit.factors.data_ptr<float>();
  for (const auto& channel : factors) {
    const auto values = numbers(channel, 3);
    if (!values) return std::nullopt;
    row = std::copy(values->begin(), values->end(), row);
  }
  const auto range = json.contains("range") ? numbers(json["range"], 2) : std::nullopt;
  if (range && (*range)[0] == 0.0F && (*range)[1] == 1.0F) return LatentRgb{fit.factors * 2, fit.bias * 2 - 1};
  return fit;
}

std::string latentRgbText(const LatentRgb& fit) {
  const auto list = [](const at::Tensor& row) {
    const float* first = row.data_ptr<float>();
    return nlohmann::json(std::vector<float>(first, first + row.numel()));
  };
  nlohmann::json factors = nlohmann::json::array();
  for (std::int64_t channel = 0; channel < fit.factors.size(0); ++channel) {
    factors.push_back(list(fit.factors.select(0, channel)));
  }
  return nlohmann::json{{"factors", factors}, {"bias", list(fit.bias)}}.dump();
}

}  // namespace studio::engine
