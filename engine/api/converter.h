#pragma once

#include "engine/api/engine_error.h"
#include "engine/api/units.h"

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

namespace studio::engine {

/// How a converted file stores its weights. The last three exist in GGUF only, fp8 in safetensors only.
enum class StorageFormat { Float32, Float16, BFloat16, Float8, Q8_0, Q5_0, Q4_0 };

/// "f32", "f16", "bf16", "fp8", "q8_0", "q5_0", "q4_0".
std::string_view storageFormatName(StorageFormat format);
std::optional<StorageFormat> storageFormatFrom(std::string_view name);

struct ConversionRequest {
  std::filesystem::path input;
  std::filesystem::path output;  ///< .safetensors or .gguf
  StorageFormat format = StorageFormat::Float16;
  bool replace = false;  ///< an existing output is replaced, else it is an error
};

struct ConversionReport {
  Bytes inputBytes, outputBytes;
  std::int64_t tensors = 0;
  std::int64_t converted = 0;           ///< of them in the format asked for
  std::vector<std::string> fallenBack;  ///< rows that are no whole blocks: stored as fp16 instead
  double relativeError = 0;             ///< root of Σ(stored - given)² / Σ given², over all converted numbers
};

/// Writes the tensors of a model file in another format. Runs on the calling thread, which must not be the GUI's.
class Converter {
 public:
  virtual ~Converter() = default;

  /// `progress` hears bytes of the output, written and then read back: `of` is twice the file's size.
  /// Fails with BadRequest, MissingFile, BadFile, CannotWrite; then nothing is left on disk.
  virtual Result<ConversionReport> convert(const ConversionRequest& request, std::stop_token stop,
                                           const std::function<void(Bytes done, Bytes of)>& progress) const = 0;
};

}  // namespace studio::engine
