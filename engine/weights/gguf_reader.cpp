#include "engine/weights/gguf_reader.h"

#include "engine/api/engine_error.h"
#include "engine/api/units.h"
#include "engine/weights/gguf_types.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstdlib>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace studio::engine {
namespace {

constexpr std::uint64_t kLargestGgufHeader = 64 << 20;
constexpr std::uint64_t kMostGgufTensors = 200'000;
constexpr std::uint64_t kMostKeyValues = 100'000;
constexpr std::uint64_t kLongestGgufName = 2'000;
constexpr std::uint64_t kLongestKeptText = 1 << 20;
constexpr std::uint32_t kMostGgufDimensions = 8;
constexpr std::uint64_t kDefaultAlignment = 32;
constexpr int kDeepestArray = 4;
constexpr std::string_view kOriginalShape = "comfy.gguf.orig_shape.";

[[noreturn]] void refuseGguf(const std::string& message, const std::string& detail = {}) {
  throw EngineException(ErrorKind::BadFile, message, detail.substr(0, 200));
}

/// Takes the header from front to back, a piece of the file at a time.
class GgufStream {
 public:
  explicit GgufStream(const RandomAccessFile& file) : file_(file) {}

  std::uint64_t position() const { return position_; }

  void skip(std::uint64_t count) {
    if (count > file_.bytes() - position_)
      refuseGguf("The file's header is larger than the file; it may be truncated.");
    position_ += count;
    if (position_ > kLargestGgufHeader) refuseGguf("The file's header is too long.");
  }

  std::string text(std::uint64_t count) {
    const std::uint64_t from = position_;
    skip(count);
    if (from < start_ || position_ > start_ + buffer_.size()) {
      start_ = from;
      buffer_ = file_.readText(from, std::min(std::max<std::uint64_t>(count, kPiece), file_.bytes() - from));
    }
    return buffer_.substr(from - start_, count);
  }

  template <class Number>
  Number number() {
    const std::string bytes = text(sizeof(Number));
    std::uint64_t bits = 0;
    for (std::size_t i = sizeof(Number); i-- > 0;) bits = bits << 8 | static_cast<unsigned char>(bytes[i]);
    return static_cast<Number>(bits);
  }

  /// A length and so many bytes. `longest`: beyond it the text is passed over and nothing comes back.
  std::string lengthText(std::uint64_t longest) {
    const auto count = number<std::uint64_t>();
    if (count <= longest) return text(count);
    skip(count);
    return {};
  }

 private:
  static constexpr std::uint64_t kPiece = 256 << 10;
  const RandomAccessFile& file_;
  std::uint64_t position_ = 0, start_ = 0;
  std::string buffer_;
};

/// Numbers of the types that a key's value may have.
enum GgufValue : std::uint32_t {
  kGgufU8,
  kGgufI8,
  kGgufU16,
  kGgufI16,
  kGgufU32,
  kGgufI32,
  kGgufF32,
  kGgufTruth,
  kGgufText,
  kGgufArray,
  kGgufU64,
  kGgufI64,
  kGgufF64
};

std::uint64_t widthOf(std::uint32_t type) {
  static constexpr std::array<std::uint64_t, 13> kWidths{1, 1, 2, 2, 4, 4, 4, 1, 0, 0, 8, 8, 8};
  if (type >= kWidths.size()) refuseGguf("The file's header uses a type that this program does not know.");
  return kWidths[type];
}

class GgufHeaderParser {
 public:
  explicit GgufHeaderParser(const RandomAccessFile& file) : file_(file), stream_(file) {}

  TensorFileHeader run() {
    if (stream_.text(4) != "GGUF") refuseGguf("This is not a GGUF file.", utf8FromPath(file_.path()));
    const auto version = stream_.number<std::uint32_t>();
    if (version != 2 && version != 3) {
      refuseGguf("This GGUF file is of version " + std::to_string(version) + "; versions 2 and 3 can be read.",
                 utf8FromPath(file_.path()));
    }
    const auto tensors = stream_.number<std::uint64_t>(), keyValues = stream_.number<std::uint64_t>();
    if (tensors > kMostGgufTensors || keyValues > kMostKeyValues) refuseGguf("The file lists too many tensors.");
    for (std::uint64_t i = 0; i < keyValues; ++i) readKeyValue();
    for (std::uint64_t i = 0; i < tensors; ++i) readTensor();
    placeTensors();
    return std::move(header_);
  }

 private:
  void readKeyValue() {
    const std::string key = stream_.lengthText(kLongestGgufName);
    const auto type = stream_.number<std::uint32_t>();
    if (type == kGgufArray) return readArray(key, 1);
    std::string value = type == kGgufText ? stream_.lengthText(kLongestKeptText) : plainValue(type);
    if (key == "general.alignment") alignment_ = std::strtoull(value.c_str(), nullptr, 10);
    header_.metadata.insert_or_assign(key, std::move(value));
  }

  std::string plainValue(std::uint32_t type) {
    switch (type) {
      case kGgufU8:
        return std::to_string(stream_.number<std::uint8_t>());
      case kGgufI8:
        return std::to_string(stream_.number<std::int8_t>());
      case kGgufU16:
        return std::to_string(stream_.number<std::uint16_t>());
      case kGgufI16:
        return std::to_string(stream_.number<std::int16_t>());
      case kGgufU32:
        return std::to_string(stream_.number<std::uint32_t>());
      case kGgufI32:
        return std::to_string(stream_.number<std::int32_t>());
      case kGgufU64:
        return std::to_string(stream_.number<std::uint64_t>());
      case kGgufI64:
        return std::to_string(stream_.number<std::int64_t>());
      case kGgufF32:
        return std::to_string(std::bit_cast<float>(stream_.number<std::uint32_t>()));
      case kGgufF64:
        return std::to_string(std::bit_cast<double>(stream_.number<std::uint64_t>()));
      case kGgufTruth:
        return stream_.number<std::uint8_t>() != 0 ? "true" : "false";
      default:
        refuseGguf("The file's header uses a type that this program does not know.");
    }
  }

  /// Arrays are passed over, except the shapes that a writer noted.
  void readArray(const std::string& key, int depth) {
    const auto type = stream_.number<std::uint32_t>();
    const auto count = stream_.number<std::uint64_t>();
    if (depth > kDeepestArray) refuseGguf("The file's header is nested too deeply.");
    if (key.starts_with(kOriginalShape) && (type == kGgufI32 || type == kGgufU32) && count <= kMostGgufDimensions) {
      std::vector<std::int64_t>& shape = originalShapes_[key.substr(kOriginalShape.size())];
      shape.clear();
      for (std::uint64_t i = 0; i < count; ++i) shape.push_back(stream_.number<std::int32_t>());
      return;
    }
    if (type == kGgufText) {
      for (std::uint64_t i = 0; i < count; ++i) stream_.lengthText(0);
    } else if (type == kGgufArray) {
      for (std::uint64_t i = 0; i < count; ++i) readArray({}, depth + 1);
    } else {
      std::uint64_t bytes = 0;
      if (__builtin_mul_overflow(count, widthOf(type), &bytes)) refuseGguf("The file's header is too long.");
      stream_.skip(bytes);
    }
  }

  void readTensor() {
    std::string name = stream_.lengthText(kLongestGgufName);
    const auto dimensions = stream_.number<std::uint32_t>();
    if (dimensions > kMostGgufDimensions) refuseGguf("A tensor in the file has too many dimensions.", name);
    std::vector<std::int64_t> shape(dimensions);
    for (std::size_t i = dimensions; i-- > 0;) {
      const auto side = stream_.number<std::uint64_t>();
      if (side > INT64_MAX) refuseGguf("A tensor's shape in the file is impossible.", name);
      shape[i] = static_cast<std::int64_t>(side);
    }
    const auto number = stream_.number<std::uint32_t>();
    const auto type = elementTypeOfGguf(number);
    if (!type)
      refuseGguf("The file stores numbers as " + ggufTypeName(number) + ", which this program cannot read.", name);
    TensorInfo info{*type, std::move(shape), stream_.number<std::uint64_t>(), 0};
    info.bytes = bytesOf(info, name);
    if (!header_.tensors.emplace(name, std::move(info)).second) refuseGguf("The file names a tensor twice.", name);
  }

  static std::int64_t checkedProduct(const std::vector<std::int64_t>& shape, const std::string& name) {
    std::int64_t product = 1;
    bool empty = false;
    for (const std::int64_t side : shape) {
      empty = empty || side == 0;
      if (side < 0 || __builtin_mul_overflow(product, std::max<std::int64_t>(side, 1), &product))
        refuseGguf("A tensor's shape in the file is impossible.", name);
    }
    return empty ? 0 : product;
  }

  static std::uint64_t bytesOf(const TensorInfo& info, const std::string& name) {
    const ElementBlock block = blockOf(info.type);
    const std::int64_t elements = checkedProduct(info.shape, name);
    const std::int64_t row = info.shape.empty() ? 1 : info.shape.back();
    if (row % block.elements != 0) refuseGguf("A tensor's rows in the file are no whole blocks.", name);
    std::int64_t bytes = 0;
    if (__builtin_mul_overflow(elements / block.elements, block.bytes, &bytes))
      refuseGguf("A tensor's shape in the file is impossible.", name);
    return static_cast<std::uint64_t>(bytes);
  }

  /// Offsets count from the aligned end of the table on.
  void placeTensors() {
    if (alignment_ == 0 || alignment_ > (1 << 20) || !std::has_single_bit(alignment_))
      refuseGguf("The file's header is not a GGUF header.", "general.alignment");
    const std::uint64_t start = (stream_.position() + alignment_ - 1) / alignment_ * alignment_;
    std::vector<std::pair<std::uint64_t, std::uint64_t>> extents;
    for (auto& [name, info] : header_.tensors) {
      if (start > file_.bytes() || info.offset > file_.bytes() - start ||
          info.bytes > file_.bytes() - start - info.offset)
        refuseGguf("The file is shorter than its header says; it may be truncated.", name);
      info.offset += start;
      if (info.bytes > 0) extents.emplace_back(info.offset, info.offset + info.bytes);
      restoreShape(name, info);
    }
    std::sort(extents.begin(), extents.end());
    for (std::size_t i = 1; i < extents.size(); ++i) {
      if (extents[i - 1].second > extents[i].first) refuseGguf("Two tensors in the file overlap.");
    }
  }

  void restoreShape(const std::string& name, TensorInfo& info) const {
    const auto original = originalShapes_.find(name);
    if (original == originalShapes_.end()) return;
    if (checkedProduct(original->second, name) != info.elements())
      refuseGguf("A tensor's shape does not match the bytes stored for it.", name);
    info.shape = original->second;
  }

  const RandomAccessFile& file_;
  GgufStream stream_;
  TensorFileHeader header_;
  std::map<std::string, std::vector<std::int64_t>> originalShapes_;
  std::uint64_t alignment_ = kDefaultAlignment;
};

}  // namespace

GgufReader::GgufReader(const std::filesystem::path& path) : file_(path), header_(GgufHeaderParser(file_).run()) {}

}  // namespace studio::engine
