#include "engine/pipeline/latent_file.h"

#include "engine/api/engine_error.h"
#include "engine/api/units.h"
#include "engine/image/latent_header.h"
#include "engine/image/new_file.h"

#include <ATen/ops/empty.h>
#include <nlohmann/json.hpp>

#include <cstring>

namespace studio::engine {

std::filesystem::path writeLatent(const at::Tensor& latent, const std::string& studioJson,
                                  const std::filesystem::path& path) {
  const at::Tensor numbers = latent.to(at::kCPU, at::kFloat).contiguous();
  const nlohmann::json header = {
      {"__metadata__", {{"studio", studioJson}}},
      {"latent",
       {{"dtype", "F32"}, {"shape", numbers.sizes().vec()}, {"data_offsets", {std::size_t{0}, numbers.nbytes()}}}}};
  const std::string text = header.dump();
  ByteVector bytes(sizeof(std::uint64_t) + text.size() + numbers.nbytes());
  const std::uint64_t length = text.size();
  std::memcpy(bytes.data(), &length, sizeof(length));
  std::memcpy(bytes.data() + sizeof(length), text.data(), text.size());
  std::memcpy(bytes.data() + sizeof(length) + text.size(), numbers.const_data_ptr(), numbers.nbytes());
  return writeNewFile(path, bytes);
}

at::Tensor readLatent(const std::filesystem::path& path) {
  const FileSource source(path);
  const auto header = readLatentHeader(source);
  const auto refuse = [&path](const char* pattern) {
    throw EngineException(ErrorKind::BadFile, sentence(pattern, utf8FromPath(path.filename())), utf8FromPath(path));
  };
  if (!header) refuse("%1 is no latent that this studio has kept, or it is damaged.");
  const at::Tensor latent = at::empty(header->shape, at::kFloat);
  std::span<std::uint8_t> bytes(static_cast<std::uint8_t*>(latent.mutable_data_ptr()), latent.nbytes());
  if (source.read(header->dataStart, bytes) != bytes.size()) refuse("%1 was cut off while it was read.");
  return latent;
}

}  // namespace studio::engine
