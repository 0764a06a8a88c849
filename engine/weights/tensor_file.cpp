#include "engine/weights/tensor_file.h"

#include "engine/api/engine_error.h"
#include "engine/api/units.h"
#include "engine/weights/block_formats.h"
#include "engine/weights/gguf_reader.h"
#include "engine/weights/mistaken_file.h"
#include "engine/weights/random_access_file.h"
#include "engine/weights/safetensors_reader.h"
#include "engine/weights/scaled_tensor_file.h"
#include "engine/weights/torch_pickle_file.h"
#include "engine/weights/torch_pickle_reader.h"

#include <ATen/Parallel.h>
#include <ATen/ops/empty.h>

#include <algorithm>
#include <span>
#include <utility>

namespace studio::engine {
namespace {

constexpr std::int64_t kBlocksPerTask = 2048;

/// Formats whose tensors lie in the file in one piece each.
template <class Reader>
class PlainTensorFile final : public TensorFile {
 public:
  explicit PlainTensorFile(const std::filesystem::path& path) : reader_(path) {}

  const std::filesystem::path& path() const override { return reader_.path(); }
  std::uint64_t fileBytes() const override { return reader_.fileBytes(); }
  const TensorFileHeader& header() const override { return reader_.header(); }

  at::Tensor loadStored(const std::string& key) const override {
    const TensorInfo& info = header().tensors.at(key);
    at::Tensor stored = at::empty({static_cast<std::int64_t>(info.bytes)}, at::kByte);
    reader_.read(info, std::span(static_cast<std::byte*>(stored.data_ptr()), info.bytes));
    return stored;
  }

 private:
  Reader reader_;
};

}  // namespace

std::shared_ptr<const TensorFile> openTensorFile(const std::filesystem::path& path) {
  const RandomAccessFile file(path);
  const std::string start = file.readText(0, std::min<std::uint64_t>(file.bytes(), kMistakenFileBytes));
  if (isTorchArchive(start) || isLegacyTorchFile(start)) return std::make_shared<TorchPickleFile>(path);
  if (start.starts_with("GGUF")) return std::make_shared<PlainTensorFile<GgufReader>>(path);
  if (const auto mistaken = mistakenFile(utf8FromPath(path.filename()), start))
    throw EngineException(ErrorKind::BadFile, *mistaken, utf8FromPath(path));
  auto plain = std::make_shared<PlainTensorFile<SafetensorsReader>>(path);
  if (hasScaledWeights(plain->header())) return std::make_shared<ScaledTensorFile>(std::move(plain));
  return plain;
}

at::Tensor TensorFile::expand(const std::string& key, const at::Tensor& stored) const {
  return tensorFromStored(tensors().at(key), stored);
}

at::Tensor tensorFromStored(const TensorInfo& info, const at::Tensor& stored) {
  if (!isBlockFormat(info.type)) return stored.view(scalarTypeOf(info.type)).view(info.shape);
  const ElementBlock layout = blockOf(info.type);
  at::Tensor expanded = at::empty(info.shape, at::kFloat);
  const auto* from = static_cast<const std::byte*>(stored.const_data_ptr());
  auto* to = expanded.data_ptr<float>();
  at::parallel_for(0, info.elements() / layout.elements, kBlocksPerTask, [&](std::int64_t begin, std::int64_t end) {
    const auto count = static_cast<std::size_t>(end - begin);
    expandBlocks(info.type, {from + begin * layout.bytes, count * static_cast<std::size_t>(layout.bytes)},
                 {to + begin * layout.elements, count * static_cast<std::size_t>(layout.elements)});
  });
  return expanded;
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
    default:
      return at::kFloat;
  }
}

}  // namespace studio::engine
