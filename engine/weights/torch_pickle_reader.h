#pragma once

#include "engine/weights/pickle_tensors.h"
#include "engine/weights/random_access_file.h"
#include "engine/weights/tensor_info.h"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <span>
#include <string>

namespace studio::engine {

/// A file that torch.save wrote (.ckpt, .pt, .pth, .bin): the zip archive of torch 1.6 and later, or the plain
/// sequence of pickles before it. Nothing in it is executed. Const members may be called from several threads.
class TorchPickleReader {
 public:
  /// Reads the pickle and finds every tensor's bytes. Throws EngineException: MissingFile, BadFile.
  explicit TorchPickleReader(const std::filesystem::path& path);

  const std::filesystem::path& path() const { return file_.path(); }
  std::uint64_t fileBytes() const { return file_.bytes(); }
  /// Offsets are those of each tensor's first element.
  const TensorFileHeader& header() const { return header_; }
  /// The whole tree, for what is not a tensor.
  const PickleDocument& document() const { return document_; }
  /// How a tensor of the header lies in its storage.
  const PickleTensor& view(const std::string& key) const { return tensors_.at(key); }

  /// Copies the stored bytes from a tensor's first element on: extentOf(view(key)) elements.
  /// Throws EngineException(BadFile).
  void read(const std::string& key, std::span<std::byte> to) const;

 private:
  struct Extent {
    std::uint64_t offset = 0, bytes = 0;
  };
  void readArchive();
  void readLegacy();
  void placeTensors(const std::map<std::string, Extent>& storages);

  RandomAccessFile file_;
  PickleDocument document_;
  std::map<std::string, PickleTensor> tensors_;
  TensorFileHeader header_;
};

/// Whether a file beginning with these bytes is for TorchPickleReader.
bool isTorchArchive(std::string_view start);
bool isLegacyTorchFile(std::string_view start);

}  // namespace studio::engine
