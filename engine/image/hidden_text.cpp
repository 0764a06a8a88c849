#include "engine/image/hidden_text.h"

#include "engine/image/byte_source.h"

#include <zlib.h>

#include <array>
#include <string_view>

namespace studio::engine {
namespace {

constexpr std::size_t kMarkBytes = 15;
constexpr std::size_t kLongestText = 4U << 20;

/// A mark, and where and how the text behind it is kept.
struct Form {
  std::string_view mark;
  bool alpha;       ///< one bit for each pixel in alpha; else three, in red, green and blue
  bool compressed;  ///< gzip
};
constexpr std::array<Form, 4> kForms{{{"stealth_pnginfo", true, false},
                                      {"stealth_pngcomp", true, true},
                                      {"stealth_rgbinfo", false, false},
                                      {"stealth_rgbcomp", false, true}}};

/// Reads lowest bits down the columns, from left to right, the highest bit of a byte first.
class BitReader {
 public:
  /// `height` is that of the whole picture; `image` may hold only its top.
  BitReader(const Image& image, int height, bool alpha)
      : image_(image), height_(static_cast<std::size_t>(height)), alpha_(alpha) {}

  /// Nothing behind the end.
  std::optional<std::uint8_t> byte() {
    unsigned value = 0;
    for (int i = 0; i < 8; ++i) {
      const auto bit = next();
      if (!bit) return std::nullopt;
      value = value << 1 | *bit;
    }
    return static_cast<std::uint8_t>(value);
  }

  std::optional<std::string> bytes(std::size_t count) {
    std::string text;
    for (std::size_t i = 0; i < count; ++i) {
      const auto value = byte();
      if (!value) return std::nullopt;
      text += static_cast<char>(*value);
    }
    return text;
  }

 private:
  std::optional<unsigned> next() {
    const std::size_t pixel = alpha_ ? at_ : at_ / 3;
    const std::size_t channel = alpha_ ? 3 : at_ % 3;
    const std::size_t x = pixel / height_;
    const std::size_t y = pixel % height_;
    const auto width = static_cast<std::size_t>(image_.size.width);
    if (x >= width || y >= static_cast<std::size_t>(image_.size.height)) return std::nullopt;
    ++at_;
    return (*image_.pixels)[(y * width + x) * static_cast<std::size_t>(image_.channels) + channel] & 1U;
  }

  const Image& image_;
  std::size_t height_;
  bool alpha_;
  std::size_t at_ = 0;
};

const Form* formOf(const Image& image, int height) {
  if (image.empty() || height <= 0 || image.channels < 3) return nullptr;
  for (const Form& form : kForms) {
    if (form.alpha && image.channels < 4) continue;
    if (BitReader(image, height, form.alpha).bytes(kMarkBytes) == form.mark) return &form;
  }
  return nullptr;
}

std::optional<std::string> unpacked(const std::string& packed) {
  constexpr int kGzip = 15 + 16;
  z_stream stream{};
  if (inflateInit2(&stream, kGzip) != Z_OK) return std::nullopt;
  std::string source = packed;
  stream.next_in = reinterpret_cast<Bytef*>(source.data());
  stream.avail_in = static_cast<uInt>(source.size());
  std::string text;
  std::array<char, 16384> part{};
  int state = Z_OK;
  while (state == Z_OK && text.size() <= kLongestText) {
    stream.next_out = reinterpret_cast<Bytef*>(part.data());
    stream.avail_out = static_cast<uInt>(part.size());
    state = inflate(&stream, Z_NO_FLUSH);
    text.append(part.data(), part.size() - stream.avail_out);
  }
  inflateEnd(&stream);
  return state == Z_STREAM_END && text.size() <= kLongestText ? std::optional(text) : std::nullopt;
}

}  // namespace

bool startsHiddenText(const Image& top, int height) { return formOf(top, height) != nullptr; }

std::optional<std::string> hiddenText(const Image& image) {
  const Form* form = formOf(image, image.size.height);
  if (form == nullptr) return std::nullopt;
  BitReader reader(image, image.size.height, form->alpha);
  reader.bytes(kMarkBytes);
  const auto head = reader.bytes(4);
  if (!head) return std::nullopt;
  const std::size_t bits = bigEndian32(ByteSpan(reinterpret_cast<const std::uint8_t*>(head->data()), 4), 0);
  if (bits / 8 > kLongestText) return std::nullopt;
  const auto text = reader.bytes(bits / 8);
  return text && form->compressed ? unpacked(*text) : text;
}

std::optional<std::string> hiddenTextOf(const std::filesystem::path& path, PixelFormat format, PixelSize size) {
  if (!startsHiddenText(decodeTopRows(path, format, kHiddenMarkRows), size.height)) return std::nullopt;
  return hiddenText(decodePixels(path, format));
}

}  // namespace studio::engine
