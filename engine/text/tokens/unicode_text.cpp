#include "engine/text/tokens/unicode_text.h"

#include "engine/text/tokens/unicode_tables.h"

#include <algorithm>
#include <cstdint>
#include <iterator>

namespace studio::engine::unicode {
namespace {

constexpr char32_t kReplacement = 0xFFFD;

unsigned char byteAt(std::string_view text, std::size_t position) { return static_cast<unsigned char>(text[position]); }

/// The row whose range holds `value`, or nothing.
template <class Row>
const Row* rowOf(const Row* rows, std::size_t count, char32_t value) {
  const Row* end = rows + count;
  const Row* row = std::partition_point(rows, end, [value](const Row& r) { return r.last < value; });
  return row != end && row->first <= value ? row : nullptr;
}

/// How a lead byte begins: number of bytes, its payload, and the bounds of the second byte (Unicode, table 3-7).
struct LeadByte {
  int length = 0;
  char32_t payload = 0;
  unsigned char low = 0x80, high = 0xBF;
};

LeadByte leadByte(unsigned char byte) {
  if (byte < 0x80) return {1, byte};
  if (byte >= 0xC2 && byte <= 0xDF) return {2, byte & 0x1Fu};
  if (byte == 0xE0) return {3, 0, 0xA0, 0xBF};
  if (byte == 0xED) return {3, 0xD, 0x80, 0x9F};
  if (byte >= 0xE1 && byte <= 0xEF) return {3, byte & 0xFu};
  if (byte == 0xF0) return {4, 0, 0x90, 0xBF};
  if (byte == 0xF4) return {4, 4, 0x80, 0x8F};
  if (byte >= 0xF1 && byte <= 0xF3) return {4, byte & 7u};
  return {};
}

// Hangul syllables are composed by arithmetic (Unicode, section 3.12).
constexpr char32_t kHangulS = 0xAC00, kHangulL = 0x1100, kHangulV = 0x1161, kHangulT = 0x11A7;
constexpr char32_t kCountL = 19, kCountV = 21, kCountT = 28, kCountS = kCountL * kCountV * kCountT;

std::uint8_t combiningClass(char32_t value) {
  if (value < 0x300) return 0;
  const ClassRange* row = rowOf(kCombiningClasses, kCombiningClassesCount, value);
  return row ? row->combiningClass : 0;
}

void decompose(SourceChar c, std::vector<SourceChar>& out) {
  if (c.value >= kHangulS && c.value < kHangulS + kCountS) {
    const char32_t index = c.value - kHangulS;
    out.push_back({kHangulL + index / (kCountV * kCountT), c.offset});
    out.push_back({kHangulV + index % (kCountV * kCountT) / kCountT, c.offset});
    if (index % kCountT != 0) out.push_back({kHangulT + index % kCountT, c.offset});
    return;
  }
  const Decomposition* end = kDecompositions + kDecompositionsCount;
  const Decomposition* row = std::lower_bound(kDecompositions, end, c.value,
                                              [](const Decomposition& r, char32_t v) { return r.composed < v; });
  if (row == end || row->composed != c.value) {
    out.push_back(c);
    return;
  }
  decompose({row->first, c.offset}, out);  // at most four levels deep
  if (row->second != 0) out.push_back({row->second, c.offset});
}

/// Marks that follow a base are put into the order of their classes.
void orderMarks(std::vector<SourceChar>& text) {
  const auto isBase = [](const SourceChar& c) { return combiningClass(c.value) == 0; };
  auto run = text.begin();
  while (run != text.end()) {
    run = std::find_if_not(run, text.end(), isBase);
    const auto end = std::find_if(run, text.end(), isBase);
    std::stable_sort(run, end, [](const SourceChar& a, const SourceChar& b) {
      return combiningClass(a.value) < combiningClass(b.value);
    });
    run = end;
  }
}

/// The composed code point, or 0 when the two do not compose.
char32_t composed(char32_t first, char32_t second) {
  if (first >= kHangulL && first < kHangulL + kCountL && second >= kHangulV && second < kHangulV + kCountV) {
    return kHangulS + ((first - kHangulL) * kCountV + (second - kHangulV)) * kCountT;
  }
  const bool openSyllable = first >= kHangulS && first < kHangulS + kCountS && (first - kHangulS) % kCountT == 0;
  if (openSyllable && second > kHangulT && second < kHangulT + kCountT) return first + (second - kHangulT);

  const Composition* end = kCompositions + kCompositionsCount;
  const Composition* row = std::lower_bound(kCompositions, end, Composition{first, second, 0},
                                            [](const Composition& a, const Composition& b) {
                                              return a.first != b.first ? a.first < b.first : a.second < b.second;
                                            });
  return row != end && row->first == first && row->second == second ? row->composed : 0;
}

}  // namespace

char32_t decodeUtf8(std::string_view text, std::size_t& position) {
  const LeadByte lead = leadByte(byteAt(text, position++));
  if (lead.length == 0) return kReplacement;
  char32_t value = lead.payload;
  for (int i = 1; i < lead.length; ++i) {
    const unsigned char low = i == 1 ? lead.low : 0x80, high = i == 1 ? lead.high : 0xBF;
    if (position >= text.size() || byteAt(text, position) < low || byteAt(text, position) > high) return kReplacement;
    value = value << 6 | (byteAt(text, position++) & 0x3Fu);
  }
  return value;
}

char32_t codePointBefore(std::string_view text, std::size_t position) {
  std::size_t start = position - 1;
  while (start > 0 && position - start < 4 && (byteAt(text, start) & 0xC0u) == 0x80) --start;
  std::size_t end = start;
  const char32_t value = decodeUtf8(text, end);
  return end == position ? value : kReplacement;
}

std::vector<SourceChar> decodeAll(std::string_view text, std::size_t base) {
  std::vector<SourceChar> out;
  out.reserve(text.size());
  for (std::size_t position = 0; position < text.size();) {
    const std::size_t offset = base + position;
    out.push_back({decodeUtf8(text, position), offset});
  }
  return out;
}

void appendUtf8(std::string& text, char32_t value) {
  const auto add = [&text](char32_t byte) { text.push_back(static_cast<char>(byte)); };
  const auto addTail = [&add, value](int shift) { add(0x80 | (value >> shift & 0x3F)); };
  if (value < 0x80) {
    add(value);
  } else if (value < 0x800) {
    add(0xC0 | value >> 6);
    addTail(0);
  } else if (value < 0x10000) {
    add(0xE0 | value >> 12);
    addTail(6);
    addTail(0);
  } else {
    add(0xF0 | value >> 18);
    addTail(12);
    addTail(6);
    addTail(0);
  }
}

bool isLetter(char32_t value) { return rowOf(kLetters, kLettersCount, value) != nullptr; }

bool isNumber(char32_t value) { return rowOf(kNumbers, kNumbersCount, value) != nullptr; }

bool isWhiteSpace(char32_t value) {
  return (value >= 0x9 && value <= 0xD) || value == 0x20 || value == 0x85 || value == 0xA0 || value == 0x1680 ||
         (value >= 0x2000 && value <= 0x200A) || value == 0x2028 || value == 0x2029 || value == 0x202F ||
         value == 0x205F || value == 0x3000;
}

std::string_view withoutLeadingSpace(std::string_view text) {
  std::size_t position = 0;
  while (position < text.size()) {
    std::size_t next = position;
    if (!isWhiteSpace(decodeUtf8(text, next))) break;
    position = next;
  }
  return text.substr(position);
}

std::string_view withoutTrailingSpace(std::string_view text) {
  while (!text.empty()) {
    const char32_t last = codePointBefore(text, text.size());
    if (!isWhiteSpace(last)) break;
    text.remove_suffix(last < 0x80 ? 1 : last < 0x800 ? 2 : 3);
  }
  return text;
}

std::string_view trimmed(std::string_view text) { return withoutTrailingSpace(withoutLeadingSpace(text)); }

bool isWordCharacter(char32_t value) { return value == U'_' || isLetter(value) || isNumber(value); }

bool standsAlone(std::string_view text, std::size_t begin, std::size_t end) {
  if (begin > 0 && isWordCharacter(codePointBefore(text, begin))) return false;
  std::size_t next = end;
  return end == text.size() || !isWordCharacter(decodeUtf8(text, next));
}

std::vector<SourceChar> normaliseC(std::vector<SourceChar> text) {
  // Below U+0300 nothing decomposes differently and nothing composes.
  if (std::all_of(text.begin(), text.end(), [](const SourceChar& c) { return c.value < 0x300; })) return text;
  std::vector<SourceChar> out;
  out.reserve(text.size());
  for (const SourceChar& c : text) decompose(c, out);
  orderMarks(out);

  std::size_t length = 0;
  std::ptrdiff_t starter = -1;
  int lastClass = -1;  // of what stands between starter and the current mark; -1: nothing
  for (const SourceChar& c : out) {
    const int currentClass = combiningClass(c.value);
    if (starter >= 0 && lastClass < currentClass) {
      if (const char32_t together = composed(out[starter].value, c.value)) {
        out[starter].value = together;
        continue;
      }
    }
    if (currentClass == 0) {
      starter = static_cast<std::ptrdiff_t>(length);
      lastClass = -1;
    } else {
      lastClass = currentClass;
    }
    out[length++] = c;
  }
  out.resize(length);
  return out;
}

std::vector<SourceChar> lowerCase(const std::vector<SourceChar>& text) {
  std::vector<SourceChar> out;
  out.reserve(text.size());
  for (const SourceChar& c : text) {
    if (c.value == 0x130) {  // İ, the one letter whose lower case is two code points
      out.push_back({U'i', c.offset});
      out.push_back({0x307, c.offset});
      continue;
    }
    const LowerCaseRow* row = rowOf(kLowerCase, kLowerCaseCount, c.value);
    const bool upper = row && (c.value - row->first) % row->stride == 0;
    out.push_back({upper ? static_cast<char32_t>(static_cast<std::int64_t>(c.value) + row->delta) : c.value, c.offset});
  }
  return out;
}

}  // namespace studio::engine::unicode
