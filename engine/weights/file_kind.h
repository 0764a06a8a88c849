#pragma once

#include "engine/api/inspector.h"
#include "engine/weights/tensor_file.h"

#include <string>

namespace studio::engine {

/// What a file is that holds no UNet of a known layout.
struct RecognisedFile {
  FileKind kind = FileKind::Unknown;
  ModelFamily family = ModelFamily::Unknown;  ///< of control networks and embeddings, as their widths tell
  std::string architecture;                   ///< of upscalers
  int scale = 0;                              ///< of upscalers; 0: not told by the shapes
  int vectors = 0;                            ///< of embeddings
};

/// By names and shapes; control networks, which share names with UNets, embeddings, upscalers, foreign text encoders.
RecognisedFile recogniseFile(const TensorFileHeader& header);

}  // namespace studio::engine
