#pragma once

#include "engine/api/converter.h"

namespace studio::engine {

/// Converts on the CPU, one tensor at a time, and reads back what it wrote.
class LocalConverter final : public Converter {
 public:
  Result<ConversionReport> convert(const ConversionRequest& request, std::stop_token stop,
                                   const std::function<void(Bytes done, Bytes of)>& progress) const override;
};

}  // namespace studio::engine
