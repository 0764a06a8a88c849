// Build tool: turns CLIP's vocabulary file (gzip; a title line, then one merge a line) into a C++ table.
//   make_clip_merges bpe_simple_vocab_16e6.txt.gz clip_merges.cpp

#include "engine/text/tokens/clip_bytes.h"
#include "engine/text/tokens/clip_merges.h"
#include "engine/text/tokens/unicode_text.h"

#include <zlib.h>

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <string>
#include <unordered_map>
#include <vector>

namespace studio::engine {
namespace {

std::string readGzip(const char* path) {
  const gzFile file = gzopen(path, "rb");
  if (!file) throw std::runtime_error("cannot open the vocabulary");
  std::string text;
  std::vector<char> buffer(1 << 16);
  int count = 0;
  while ((count = gzread(file, buffer.data(), static_cast<unsigned>(buffer.size()))) > 0)
    text.append(buffer.data(), count);
  gzclose(file);
  if (count < 0) throw std::runtime_error("the vocabulary is no sound gzip file");
  return text;
}

/// The file writes a byte that does not print as a code point from U+0100 on, in order.
std::unordered_map<std::string, std::uint32_t> byteTokens() {
  std::unordered_map<std::string, std::uint32_t> ids;
  char32_t next = 0x100;
  for (int byte = 0; byte < 256; ++byte) {
    std::string spelling;
    unicode::appendUtf8(spelling, printsInLatin1(byte) ? static_cast<char32_t>(byte) : next++);
    ids[spelling] = kClipByteIds[byte];
    ids[spelling + "</w>"] = kClipByteIds[byte] + kClipWordEnd;
  }
  return ids;
}

std::vector<ClipMerge> readMerges(const std::string& text) {
  std::istringstream lines(text);
  std::string title;
  std::getline(lines, title);
  auto ids = byteTokens();
  std::vector<ClipMerge> merges;
  std::string left, right;
  while (merges.size() < kClipMergeCount && lines >> left >> right) {
    if (!ids.count(left) || !ids.count(right))
      throw std::runtime_error("a merge of unknown tokens: " + left + " " + right);
    const auto rank = static_cast<std::uint16_t>(merges.size());
    merges.push_back({ids[left] << 16 | ids[right], rank});
    if (!ids.emplace(left + right, kClipFirstMerged + rank).second)
      throw std::runtime_error("a token made twice: " + left + right);
  }
  if (merges.size() != kClipMergeCount) throw std::runtime_error("the vocabulary is too short");
  std::sort(merges.begin(), merges.end(), [](const ClipMerge& a, const ClipMerge& b) { return a.pair < b.pair; });
  return merges;
}

void write(const std::vector<ClipMerge>& merges, const char* path) {
  std::ofstream out(path);
  out << "#include \"engine/text/tokens/clip_merges.h\"\n\nnamespace studio::engine {\n\n"
      << "const ClipMerge kClipMerges[kClipMergeCount] = {\n";
  for (const ClipMerge& merge : merges) out << "{" << merge.pair << "u," << merge.rank << "},\n";
  out << "};\n\n}  // namespace studio::engine\n";
  if (!out.flush()) throw std::runtime_error("cannot write the table");
}

}  // namespace
}  // namespace studio::engine

int main(int argc, char** argv) {
  if (argc != 3) {
    std::fprintf(stderr, "usage: make_clip_merges VOCABULARY.txt.gz OUT.cpp\n");
    return 2;
  }
  try {
    studio::engine::write(studio::engine::readMerges(studio::engine::readGzip(argv[1])), argv[2]);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "make_clip_merges: %s: %s\n", argv[1], error.what());
    return 1;
  }
  return 0;
}
