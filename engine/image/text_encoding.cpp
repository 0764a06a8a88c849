#include "engine/image/text_encoding.h"

namespace studio::engine {
namespace {

constexpr char32_t kReplacement = 0xFFFD;
constexpr char32_t kInvalid = 0xFFFFFFFF;

/// Length of a sequence by its first byte, 0 for a byte that cannot be first.
std::size_t sequenceLength(unsigned char first) {
  if (first < 0x80) return 1;
  if (first >= 0xC2 && first < 0xE0) return 2;
  if (first >= 0xE0 && first < 0xF0) return 3;
  if (first >= 0xF0 && first < 0xF5) return 4;
  return 0;
}

/// Reads one code point and moves `at` behind it; kInvalid and one byte when there is none.
char32_t nextCodePoint(std::string_view text, std::size_t& at) {
  const auto first = static_cast<unsigned char>(text[at]);
  const std::size_t length = sequenceLength(first);
  if (length == 0 || length > text.size() - at) {
    ++at;
    return kInvalid;
  }
  char32_t value = length == 1 ? first : first & (0xFFU >> (length + 1));
  for (std::size_t i = 1; i < length; ++i) {
    const auto next = static_cast<unsigned char>(text[at + i]);
    if ((next & 0xC0) != 0x80) {
      ++at;
      return kInvalid;
    }
    value = value << 6 | (next & 0x3F);
  }
  const bool overlong = (length == 3 && value < 0x800) || (length == 4 && value < 0x10000);
  const bool surrogate = value >= 0xD800 && value < 0xE000;
  if (overlong || surrogate || value > 0x10FFFF) {
    ++at;
    return kInvalid;
  }
  at += length;
  return value;
}

void append(std::string& text, char32_t value) {
  if (value < 0x80) {
    text += static_cast<char>(value);
  } else if (value < 0x800) {
    text += static_cast<char>(0xC0 | value >> 6);
    text += static_cast<char>(0x80 | (value & 0x3F));
  } else if (value < 0x10000) {
    text += static_cast<char>(0xE0 | value >> 12);
    text += static_cast<char>(0x80 | (value >> 6 & 0x3F));
    text += static_cast<char>(0x80 | (value & 0x3F));
  } else {
    text += static_cast<char>(0xF0 | value >> 18);
    text += static_cast<char>(0x80 | (value >> 12 & 0x3F));
    text += static_cast<char>(0x80 | (value >> 6 & 0x3F));
    text += static_cast<char>(0x80 | (value & 0x3F));
  }
}

void appendUnit(ByteVector& bytes, char32_t unit) {
  bytes.push_back(static_cast<std::uint8_t>(unit >> 8));
  bytes.push_back(static_cast<std::uint8_t>(unit & 0xFF));
}

}  // namespace

bool isUtf8(std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    if (nextCodePoint(text, at) == kInvalid) return false;
  }
  return true;
}

std::string repairedUtf8(std::string_view text) {
  std::string repaired;
  repaired.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    const char32_t value = nextCodePoint(text, at);
    append(repaired, value == kInvalid ? kReplacement : value);
  }
  return repaired;
}

std::string utf8FromLatin1(std::string_view text) {
  std::string utf8;
  utf8.reserve(text.size());
  for (const char c : text) append(utf8, static_cast<unsigned char>(c));
  return utf8;
}

std::optional<std::string> latin1FromUtf8(std::string_view text) {
  std::string latin1;
  latin1.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    const char32_t value = nextCodePoint(text, at);
    const bool printable = (value >= 0x20 && value < 0x7F) || (value >= 0xA0 && value <= 0xFF);
    if (!printable && value != '\n' && value != '\t') return std::nullopt;
    latin1 += static_cast<char>(value);
  }
  return latin1;
}

std::string utf8FromUtf16(ByteSpan bytes, bool bigEndian) {
  const auto unitAt = [&](std::size_t at) -> char32_t {
    return bigEndian ? bigEndian16(bytes, at) : littleEndian16(bytes, at);
  };
  std::string text;
  text.reserve(bytes.size() / 2);
  for (std::size_t at = 0; at + 1 < bytes.size(); at += 2) {
    const char32_t unit = unitAt(at);
    if (unit < 0xD800 || unit >= 0xE000) {
      append(text, unit);
      continue;
    }
    const char32_t low = at + 3 < bytes.size() ? unitAt(at + 2) : 0;
    if (unit < 0xDC00 && low >= 0xDC00 && low < 0xE000) {
      append(text, 0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00));
      at += 2;
    } else {
      append(text, kReplacement);
    }
  }
  return text;
}

ByteVector utf16BigEndianFromUtf8(std::string_view text) {
  ByteVector bytes;
  bytes.reserve(text.size() * 2);
  for (std::size_t at = 0; at < text.size();) {
    char32_t value = nextCodePoint(text, at);
    if (value == kInvalid) value = kReplacement;
    if (value >= 0x10000) {
      appendUnit(bytes, 0xD800 + ((value - 0x10000) >> 10));
      appendUnit(bytes, 0xDC00 + ((value - 0x10000) & 0x3FF));
    } else {
      appendUnit(bytes, value);
    }
  }
  return bytes;
}

std::string utf8FromUnknown(std::string_view text) {
  text = text.substr(0, text.find('\0'));
  return isUtf8(text) ? std::string(text) : utf8FromLatin1(text);
}

std::string withoutControls(std::string text) {
  for (char& c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if ((byte < 0x20 && c != '\n' && c != '\t') || byte == 0x7F) c = ' ';
  }
  return text;
}

}  // namespace studio::engine
