// The tokenizer must take any bytes; ids and places must stay inside the vocabulary and the text.

#include "engine/text/tokens/clip_tokenizer.h"

#include <cstdint>
#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace studio::engine;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  std::size_t last = 0;
  for (const Token& token : ClipTokenizer().encode(text)) {
    if (token.id < 0 || token.id > kClipEndToken) std::abort();
    if (token.offset < last || token.offset >= size) std::abort();
    last = token.offset;
  }
  return 0;
}
