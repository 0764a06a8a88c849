#include "engine/api/converter.h"

#include <array>
#include <utility>

namespace studio::engine {
namespace {

constexpr std::array<std::pair<std::string_view, StorageFormat>, 7> kNames{{{"f32", StorageFormat::Float32},
                                                                            {"f16", StorageFormat::Float16},
                                                                            {"bf16", StorageFormat::BFloat16},
                                                                            {"fp8", StorageFormat::Float8},
                                                                            {"q8_0", StorageFormat::Q8_0},
                                                                            {"q5_0", StorageFormat::Q5_0},
                                                                            {"q4_0", StorageFormat::Q4_0}}};

}  // namespace

std::string_view storageFormatName(StorageFormat format) { return kNames.at(static_cast<std::size_t>(format)).first; }

std::optional<StorageFormat> storageFormatFrom(std::string_view name) {
  for (const auto& [known, format] : kNames) {
    if (known == name) return format;
  }
  return std::nullopt;
}

}  // namespace studio::engine
