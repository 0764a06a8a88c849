#pragma once

#include "engine/api/converter.h"
#include "engine/api/inspector.h"
#include "engine/weights/tensor_file.h"
#include "engine/weights/tensor_file_writer.h"

#include <set>
#include <string>
#include <vector>

namespace studio::engine {

/// What a conversion will write, worked out from headers alone.
struct ConversionPlan {
  FileFormat format = FileFormat::Safetensors;
  FileContents contents;
  std::set<std::string> converted;      ///< stored in the format asked for
  std::vector<std::string> fallenBack;  ///< stored as fp16 because their rows are no whole blocks
};

/// Weights of two and more dimensions get the format asked for; norms, biases and other vectors stay in a format of
/// 16 or 32 bits, whole numbers stay as they are. `family` names the architecture for readers of GGUF.
/// Throws EngineException(BadRequest) when the output's ending and the format do not go together.
ConversionPlan planConversion(const ConversionRequest& request, const TensorFile& input, ModelFamily family);

}  // namespace studio::engine
