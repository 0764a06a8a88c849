#pragma once

#include "engine/weights/tensor_file.h"
#include "engine/weights/torch_pickle_reader.h"

namespace studio::engine {

/// A file of torch.save as a TensorFile. Text and numbers beside the tensors are its metadata; who needs the whole
/// tree asks reader().document().
class TorchPickleFile final : public TensorFile {
 public:
  explicit TorchPickleFile(const std::filesystem::path& path) : reader_(path) {}

  const std::filesystem::path& path() const override { return reader_.path(); }
  std::uint64_t fileBytes() const override { return reader_.fileBytes(); }
  const TensorFileHeader& header() const override { return reader_.header(); }
  at::Tensor loadStored(const std::string& key) const override;

  const TorchPickleReader& reader() const { return reader_; }

 private:
  TorchPickleReader reader_;
};

}  // namespace studio::engine
