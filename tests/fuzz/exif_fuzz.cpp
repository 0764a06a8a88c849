// Any bytes may be EXIF data, a JPEG or a WebP: nothing outside of them is read, comments are valid UTF-8, and what is
// written into a file that could be read is found there again.

#include "engine/api/engine_error.h"
#include "engine/image/exif.h"
#include "engine/image/jpeg_container.h"
#include "engine/image/text_encoding.h"
#include "engine/image/webp_container.h"

#include <cstdlib>

namespace {

using namespace studio::engine;

void require(bool holds) {
  if (!holds) std::abort();
}

void tryExif(ByteSpan bytes) {
  const auto comment = exifUserComment(withoutExifMarker(bytes));
  require(!comment || isUtf8(*comment));
}

void tryJpeg(ByteSpan bytes) try {
  const JpegDescription before = scanJpeg(MemorySource(bytes));
  const auto written = withExif(bytes, exifWithUserComment("duck"));
  if (!written) return;
  const JpegDescription after = scanJpeg(MemorySource(*written));
  require(after.size == before.size && after.comment == "duck");
} catch (const EngineException& refused) {
  require(!refused.error().message.empty());
}

void tryWebP(ByteSpan bytes) try {
  const WebPDescription before = scanWebP(MemorySource(bytes));
  if (!hasWebPSignature(bytes)) return;
  const ByteVector written = webpWithExif(bytes, exifWithUserComment("duck"));
  const WebPDescription after = scanWebP(MemorySource(written));
  require(after.size == before.size && after.comment == "duck");
} catch (const EngineException& refused) {
  require(!refused.error().message.empty());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  tryExif({data, size});
  tryJpeg({data, size});
  tryWebP({data, size});
  return 0;
}
