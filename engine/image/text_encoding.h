#pragma once

#include "engine/image/byte_source.h"

#include <optional>
#include <string>
#include <string_view>

namespace studio::engine {

bool isUtf8(std::string_view text);

/// The text with every invalid sequence replaced by U+FFFD.
std::string repairedUtf8(std::string_view text);

std::string utf8FromLatin1(std::string_view text);

/// Nothing when a character is not a printable one of Latin-1 (tab and line feed are allowed).
std::optional<std::string> latin1FromUtf8(std::string_view text);

/// UTF-16 without a byte order mark; lone surrogates become U+FFFD, an odd last byte is ignored.
std::string utf8FromUtf16(ByteSpan bytes, bool bigEndian);
ByteVector utf16BigEndianFromUtf8(std::string_view text);

/// Text of unknown origin: UTF-8 if it is that, else Latin-1. Ends at the first NUL.
std::string utf8FromUnknown(std::string_view text);

/// Control characters except tab and line feed become spaces: text chunks must not hold them.
std::string withoutControls(std::string text);

}  // namespace studio::engine
