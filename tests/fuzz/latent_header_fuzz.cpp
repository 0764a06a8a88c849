// Any bytes are a kept latent's file: what is accepted lies inside them.

#include "engine/image/latent_header.h"

#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace studio::engine;
  const auto header = readLatentHeader(MemorySource(ByteSpan(data, size)));
  if (!header) return 0;
  std::uint64_t bytes = sizeof(float);
  for (const std::int64_t side : header->shape) bytes *= static_cast<std::uint64_t>(side);
  if (header->dataStart + bytes != size) std::abort();
  return 0;
}
