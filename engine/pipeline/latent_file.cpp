#include "engine/pipeline/latent_file.h"

#include "engine/image/new_file.h"

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

}  // namespace studio::engine
