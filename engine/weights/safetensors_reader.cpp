#include "engine/weights/safetensors_reader.h"

#include "engine/api/engine_error.h"
#include "engine/api/units.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <optional>
#include <utility>
#include <vector>

namespace studio::engine {
namespace {

// The reference implementation refuses larger headers; real ones stay below 2 MB.
constexpr std::uint64_t kLargestHeader = 100'000'000;
constexpr std::size_t kMostTensors = 1'000'000;
constexpr std::size_t kMostDimensions = 8;
constexpr std::uint64_t kLargestCount = INT64_MAX;  // sizes are signed from here on

[[noreturn]] void refuse(const std::string& message, const std::string& detail = {}) {
  throw EngineException(ErrorKind::BadFile, message, detail);
}

std::optional<ElementType> elementTypeFrom(std::string_view name) {
  static constexpr std::array kTypes{ElementType::F64,    ElementType::F32,    ElementType::F16, ElementType::BF16,
                                     ElementType::F8E4M3, ElementType::F8E5M2, ElementType::I64, ElementType::I32,
                                     ElementType::I16,    ElementType::I8,     ElementType::U8,  ElementType::Bool};
  for (const ElementType type : kTypes) {
    if (name == elementTypeName(type)) return type;
  }
  return std::nullopt;
}

/// Takes the header apart as it is parsed, so that hostile JSON never becomes a tree in memory.
/// Depth 1 is the list of tensors, depth 2 one tensor or __metadata__, depth 3 a shape or an extent.
class HeaderHandler : public nlohmann::json_sax<nlohmann::json> {
 public:
  HeaderHandler(SafetensorsHeader& header, std::uint64_t dataStart, std::uint64_t fileBytes)
      : header_(header), dataStart_(dataStart), dataBytes_(fileBytes - dataStart) {}

  bool null() override { return unexpected(); }
  bool boolean(bool) override { return unexpected(); }
  bool number_integer(number_integer_t) override { return unexpected(); }
  bool number_float(number_float_t, const string_t&) override { return unexpected(); }
  bool binary(binary_t&) override { return unexpected(); }

  bool number_unsigned(number_unsigned_t value) override {
    if (depth_ != 3 || list_ == nullptr) return unexpected();
    if (list_->size() >= kMostDimensions) refuse("A tensor in the file has too many dimensions.", tensor_);
    list_->push_back(value);
    return true;
  }

  bool string(string_t& value) override {
    if (depth_ != 2) return unexpected();
    if (inMetadata_) {
      header_.metadata.emplace(field_, value);
      return true;
    }
    if (field_ != "dtype") return unexpected();
    type_ = elementTypeFrom(value);
    if (!type_)
      refuse("The file uses a number format that this program does not know.", tensor_ + ": " + value.substr(0, 40));
    return true;
  }

  bool start_object(std::size_t) override {
    if (++depth_ > 2) return unexpected();
    if (depth_ == 2) {
      type_.reset();
      shape_.clear();
      extent_.clear();
      hasShape_ = false;
    }
    return true;
  }

  bool key(string_t& name) override {
    if (depth_ == 1) {
      tensor_ = name;
      inMetadata_ = name == "__metadata__";
    } else {
      field_ = name;
    }
    return true;
  }

  bool end_object() override {
    if (depth_-- == 2 && !inMetadata_) finishTensor();
    return true;
  }

  bool start_array(std::size_t) override {
    if (++depth_ != 3 || inMetadata_) return unexpected();
    list_ = field_ == "shape" ? &shape_ : field_ == "data_offsets" ? &extent_ : nullptr;
    if (list_ == nullptr) return unexpected();
    list_->clear();
    hasShape_ |= list_ == &shape_;
    return true;
  }

  bool end_array() override {
    --depth_;
    list_ = nullptr;
    return true;
  }

  bool parse_error(std::size_t position, const std::string&, const nlohmann::json::exception&) override {
    refuse("The file's header is not valid JSON.", "at byte " + std::to_string(position));
  }

 private:
  bool unexpected() { refuse("The file's header is not a safetensors header.", tensor_.substr(0, 200)); }

  void finishTensor() {
    if (!type_ || !hasShape_ || extent_.size() != 2)
      refuse("The file's header describes a tensor incompletely.", tensor_);
    if (header_.tensors.size() >= kMostTensors) refuse("The file lists too many tensors.");
    TensorInfo info{*type_, {}, dataStart_ + extent_[0], 0};
    if (extent_[0] > extent_[1] || extent_[1] > dataBytes_)
      refuse("The file is shorter than its header says; it may be truncated.", tensor_);
    info.bytes = extent_[1] - extent_[0];
    info.shape = checkedShape(info.bytes);
    if (!header_.tensors.emplace(tensor_, std::move(info)).second) refuse("The file names a tensor twice.", tensor_);
  }

  /// The shape, after its product times the element size was found equal to the bytes stored.
  std::vector<std::int64_t> checkedShape(std::uint64_t bytes) const {
    std::uint64_t product = static_cast<std::uint64_t>(elementBytes(*type_));
    bool empty = false;
    for (const std::uint64_t side : shape_) {
      empty = empty || side == 0;
      // Sides of an empty tensor are multiplied too: whoever allocates one does the same.
      if (side > kLargestCount || (side > 0 && __builtin_mul_overflow(product, side, &product)) ||
          product > kLargestCount)
        refuse("A tensor's shape in the file is impossible.", tensor_);
    }
    if ((empty ? 0 : product) != bytes) refuse("A tensor's shape does not match the bytes stored for it.", tensor_);
    return {shape_.begin(), shape_.end()};
  }

  SafetensorsHeader& header_;
  std::uint64_t dataStart_, dataBytes_;
  int depth_ = 0;
  bool inMetadata_ = false, hasShape_ = false;
  std::string tensor_, field_;
  std::optional<ElementType> type_;
  std::vector<std::uint64_t> shape_, extent_;
  std::vector<std::uint64_t>* list_ = nullptr;
};

void checkOverlaps(const SafetensorsHeader& header) {
  std::vector<std::pair<const TensorInfo*, const std::string*>> order;
  for (const auto& [name, info] : header.tensors) {
    if (info.bytes > 0) order.emplace_back(&info, &name);
  }
  std::sort(order.begin(), order.end(), [](const auto& a, const auto& b) { return a.first->offset < b.first->offset; });
  for (std::size_t i = 1; i < order.size(); ++i) {
    const TensorInfo& before = *order[i - 1].first;
    if (before.offset + before.bytes > order[i].first->offset) {
      refuse("Two tensors in the file overlap.", *order[i - 1].second + " and " + *order[i].second);
    }
  }
}

}  // namespace

SafetensorsHeader parseSafetensorsHeader(std::string_view json, std::uint64_t dataStart, std::uint64_t fileBytes) {
  if (dataStart > fileBytes) refuse("The file's header is larger than the file.");
  SafetensorsHeader header;
  HeaderHandler handler(header, dataStart, fileBytes);
  if (json.empty() || json.front() != '{') refuse("The file's header is not a safetensors header.");
  nlohmann::json::sax_parse(json.begin(), json.end(), &handler);
  checkOverlaps(header);
  return header;
}

SafetensorsReader::SafetensorsReader(const std::filesystem::path& path) : file_(path) {
  if (fileBytes() < 10) refuse("The file is too short to be a safetensors file.", utf8FromPath(path));
  std::array<unsigned char, 8> prefix{};
  file_.read(0, std::as_writable_bytes(std::span(prefix)));
  std::uint64_t length = 0;
  for (int i = 7; i >= 0; --i) length = length << 8 | prefix[static_cast<std::size_t>(i)];
  if (length > kLargestHeader)
    refuse("This is not a safetensors file, or its header is damaged.", "header length " + std::to_string(length));
  if (length > fileBytes() - 8)
    refuse("The file's header is larger than the file; it may be truncated.", utf8FromPath(path));
  header_ = parseSafetensorsHeader(file_.readText(8, length), 8 + length, fileBytes());
}

void SafetensorsReader::read(const TensorInfo& info, std::span<std::byte> to) const {
  if (to.size() != info.bytes)
    throw EngineException(ErrorKind::Internal, "A tensor was read into memory of another size.");
  file_.read(info.offset, to);
}

}  // namespace studio::engine
