#include "engine/weights/tensor_file.h"

#include "engine/weights/random_access_file.h"
#include "engine/weights/safetensors_reader.h"
#include "engine/weights/torch_pickle_file.h"
#include "engine/weights/torch_pickle_reader.h"

#include <ATen/ops/empty.h>

#include <algorithm>
#include <span>

namespace studio::engine {
namespace {

constexpr std::uint64_t kMagicBytes = 32;

class SafetensorsFile final : public TensorFile {
 public:
  explicit SafetensorsFile(const std::filesystem::path& path) : reader_(path) {}

  const std::filesystem::path& path() const override { return reader_.path(); }
  std::uint64_t fileBytes() const override { return reader_.fileBytes(); }
  const TensorFileHeader& header() const override { return reader_.header(); }

  at::Tensor load(const std::string& key) const override {
    const TensorInfo& info = header().tensors.at(key);
    at::Tensor tensor = at::empty(info.shape, at::TensorOptions().dtype(scalarTypeOf(info.type)));
    reader_.read(info, std::span(static_cast<std::byte*>(tensor.data_ptr()), info.bytes));
    return tensor;
  }

 private:
  SafetensorsReader reader_;
};

}  // namespace

std::shared_ptr<const TensorFile> openTensorFile(const std::filesystem::path& path) {
  const RandomAccessFile file(path);
  const std::string start = file.readText(0, std::min<std::uint64_t>(file.bytes(), kMagicBytes));
  if (isTorchArchive(start) || isLegacyTorchFile(start)) return std::make_shared<TorchPickleFile>(path);
  return std::make_shared<SafetensorsFile>(path);
}

at::ScalarType scalarTypeOf(ElementType type) {
  switch (type) {
    case ElementType::F64:
      return at::kDouble;
    case ElementType::F32:
      return at::kFloat;
    case ElementType::F16:
      return at::kHalf;
    case ElementType::BF16:
      return at::kBFloat16;
    case ElementType::F8E4M3:
      return at::kFloat8_e4m3fn;
    case ElementType::F8E5M2:
      return at::kFloat8_e5m2;
    case ElementType::I64:
      return at::kLong;
    case ElementType::I32:
      return at::kInt;
    case ElementType::I16:
      return at::kShort;
    case ElementType::I8:
      return at::kChar;
    case ElementType::U8:
      return at::kByte;
    case ElementType::Bool:
      return at::kBool;
  }
  return at::kFloat;
}

}  // namespace studio::engine
