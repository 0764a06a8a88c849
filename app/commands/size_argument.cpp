#include "app/commands/size_argument.h"

#include "app/commands/command_failure.h"

#include <array>
#include <cctype>
#include <charconv>
#include <optional>
#include <string_view>

namespace studio::app {
namespace {

constexpr double kLargest = 1e15;

std::optional<double> factorOf(std::string_view unit) {
  while (unit.starts_with(' ')) unit.remove_prefix(1);
  if (unit.empty() || unit == "B" || unit == "b") return 1.0;
  constexpr std::string_view kSteps = "KMGT";
  const std::size_t step = kSteps.find(static_cast<char>(std::toupper(static_cast<unsigned char>(unit.front()))));
  const std::string_view rest = unit.substr(1);
  if (step == std::string_view::npos || !(rest.empty() || rest == "iB" || rest == "ib" || rest == "B" || rest == "b"))
    return std::nullopt;
  double factor = 1;
  for (std::size_t i = 0; i <= step; ++i) factor *= 1024;
  return factor;
}

}  // namespace

engine::Bytes sizeFrom(const std::string& text, const char* flag) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  const auto factor = factorOf(std::string_view(end, static_cast<std::size_t>(text.data() + text.size() - end)));
  if (error != std::errc() || !factor || !(value > 0) || value * *factor > kLargest)
    refuseArguments("The size is \"" + text + "\"; it must be like 512MiB or 2GiB (" + flag + ").");
  return {static_cast<std::int64_t>(value * *factor)};
}

}  // namespace studio::app
