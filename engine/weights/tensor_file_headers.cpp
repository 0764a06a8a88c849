#include "engine/weights/gguf_types.h"
#include "engine/weights/tensor_file_writer.h"

#include <nlohmann/json.hpp>

namespace studio::engine {
namespace {

constexpr std::uint64_t kGgufAlignment = 32;
constexpr std::uint64_t kSafetensorsAlignment = 8;
constexpr std::uint32_t kGgufUint32 = 4, kGgufInt32 = 5, kGgufString = 8, kGgufArrayOf = 9;

std::uint64_t roundedUp(std::uint64_t value, std::uint64_t to) { return (value + to - 1) / to * to; }

std::uint64_t storedBytes(const TensorInfo& info) {
  const ElementBlock block = blockOf(info.type);
  return static_cast<std::uint64_t>(info.elements() / block.elements * block.bytes);
}

template <class Number>
void putNumber(std::string& to, Number value) {
  for (std::size_t i = 0; i < sizeof(Number); ++i) to += static_cast<char>(static_cast<std::uint64_t>(value) >> 8 * i);
}

void putText(std::string& to, const std::string& text) {
  putNumber(to, std::uint64_t{text.size()});
  to += text;
}

/// Offsets from the start of the data on; answers with where the data ends.
std::uint64_t layOut(FileContents& contents, std::uint64_t alignment) {
  std::uint64_t end = 0;
  for (auto& [key, info] : contents.header.tensors) {
    info.bytes = storedBytes(info);
    info.offset = roundedUp(end, alignment);
    end = info.offset + info.bytes;
  }
  return end;
}

void putKeyValues(std::string& to, const FileContents& contents) {
  for (const auto& [key, value] : contents.header.metadata) {
    putText(to, key);
    putNumber(to, kGgufString);
    putText(to, value);
  }
  for (const auto& [key, value] : contents.numbers) {
    putText(to, key);
    putNumber(to, kGgufUint32);
    putNumber(to, value);
  }
  for (const auto& [key, shape] : contents.originalShapes) {
    putText(to, "comfy.gguf.orig_shape." + key);
    putNumber(to, kGgufArrayOf);
    putNumber(to, kGgufInt32);
    putNumber(to, std::uint64_t{shape.size()});
    for (const std::int64_t side : shape) putNumber(to, static_cast<std::int32_t>(side));
  }
}

}  // namespace

std::string safetensorsHeaderBytes(FileContents& contents) {
  layOut(contents, 1);
  nlohmann::json json = nlohmann::json::object();
  if (!contents.header.metadata.empty()) json["__metadata__"] = contents.header.metadata;
  for (const auto& [key, info] : contents.header.tensors) {
    json[key] = {{"dtype", elementTypeName(info.type)},
                 {"shape", info.shape},
                 {"data_offsets", {info.offset, info.offset + info.bytes}}};
  }
  std::string text = json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
  text.resize(roundedUp(text.size(), kSafetensorsAlignment), ' ');
  std::string bytes;
  putNumber(bytes, std::uint64_t{text.size()});
  bytes += text;
  for (auto& entry : contents.header.tensors) entry.second.offset += bytes.size();
  return bytes;
}

std::string ggufHeaderBytes(FileContents& contents) {
  layOut(contents, kGgufAlignment);
  std::string bytes = "GGUF";
  putNumber(bytes, std::uint32_t{3});
  putNumber(bytes, std::uint64_t{contents.header.tensors.size()});
  putNumber(bytes,
            std::uint64_t{contents.header.metadata.size() + contents.numbers.size() + contents.originalShapes.size()});
  putKeyValues(bytes, contents);
  for (const auto& [key, info] : contents.header.tensors) {
    putText(bytes, key);
    putNumber(bytes, static_cast<std::uint32_t>(info.shape.size()));
    for (auto side = info.shape.rbegin(); side != info.shape.rend(); ++side)
      putNumber(bytes, static_cast<std::uint64_t>(*side));
    putNumber(bytes, ggufNumberOf(info.type).value());
    putNumber(bytes, info.offset);
  }
  bytes.resize(roundedUp(bytes.size(), kGgufAlignment));
  for (auto& entry : contents.header.tensors) entry.second.offset += bytes.size();
  return bytes;
}

}  // namespace studio::engine
