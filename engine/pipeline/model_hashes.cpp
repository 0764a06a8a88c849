#include "engine/pipeline/model_hashes.h"

#include "engine/api/cancelled.h"
#include "engine/pipeline/digests.h"
#include "engine/pipeline/hash_cache.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <fstream>
#include <system_error>

namespace studio::engine {
namespace {

constexpr std::uint64_t kMostRead = 32ULL << 30;
constexpr std::size_t kReadPiece = 1U << 20;
constexpr std::uint64_t kLongestHeader = 100ULL << 20;
constexpr std::size_t kSearchedHeader = 4U << 20;  ///< where the file's own hash is looked for
constexpr std::size_t kFullDigits = 64;
constexpr std::size_t kAutoV1Digits = 8;

bool isHex(char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); }

/// Length of a safetensors file's header with its length field; 0 for other files.
std::uint64_t headerBytes(std::ifstream& in, std::uint64_t fileBytes) {
  std::array<char, 9> start{};
  in.read(start.data(), start.size());
  if (in.gcount() != static_cast<std::streamsize>(start.size()) || start[8] != '{') return 0;
  std::uint64_t length = 0;
  for (std::size_t i = 8; i-- > 0;) length = length << 8 | static_cast<unsigned char>(start[i]);
  return length > kLongestHeader || length + 8 > fileBytes ? 0 : length + 8;
}

std::uint64_t sizeOf(const std::filesystem::path& file) {
  std::error_code failed;
  const auto size = std::filesystem::file_size(file, failed);
  return failed ? 0 : size;
}

/// The hashes that training programs write into the header themselves; either may be empty.
struct OwnHashes {
  std::string data;    ///< SHA-256 of the data in full
  std::string legacy;  ///< eight digits of an older rule
};

std::string hexValueOf(const std::string& text, std::string_view key, std::size_t digits) {
  std::size_t at = text.find(key);
  if (at == std::string::npos) return {};
  at = text.find('"', at + key.size());
  const std::string hash = at == std::string::npos ? std::string() : text.substr(at + 1, digits);
  return hash.size() == digits && std::all_of(hash.begin(), hash.end(), isHex) ? hash : std::string();
}

OwnHashes hashesInHeader(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  const std::uint64_t header = headerBytes(in, sizeOf(file));
  if (header == 0) return {};
  std::string text(static_cast<std::size_t>(std::min<std::uint64_t>(header, kSearchedHeader)), '\0');
  in.seekg(0);
  in.read(text.data(), static_cast<std::streamsize>(text.size()));
  return {hexValueOf(text, "\"sshs_model_hash\"", kFullDigits),
          hexValueOf(text, "\"sshs_legacy_hash\"", kAutoV1Digits)};
}

std::string autoV1(const std::filesystem::path& file) {
  constexpr std::streamoff kStart = 0x100000;
  std::string piece(0x10000, '\0');
  std::ifstream in(file, std::ios::binary);
  in.seekg(kStart);
  in.read(piece.data(), static_cast<std::streamsize>(piece.size()));
  piece.resize(static_cast<std::size_t>(std::max<std::streamsize>(in.gcount(), 0)));
  Sha256 sha;
  sha.add(piece);
  return sha.digits().substr(0, kAutoV1Digits);
}

/// The hashes that need all of a file.
struct FullHashes {
  std::string file;
  std::string data;    ///< of other files than safetensors the same as `file`
  std::string blake3;  ///< only when asked for
};

FullHashes hashesOf(const std::filesystem::path& file, const std::stop_token& stop, bool withBlake3 = false,
                    const std::function<void(std::size_t bytes)>& onRead = {}) {
  std::ifstream in(file, std::ios::binary);
  std::uint64_t header = headerBytes(in, sizeOf(file));
  const bool safetensors = header > 0;
  in.clear();
  in.seekg(0);
  Sha256 whole, data;
  Blake3 blake3;
  std::string buffer(kReadPiece, '\0');
  while (in) {
    throwIfStopped(stop);
    in.read(buffer.data(), static_cast<std::streamsize>(buffer.size()));
    const std::string_view piece(buffer.data(), static_cast<std::size_t>(in.gcount()));
    if (onRead) onRead(piece.size());
    whole.add(piece);
    if (withBlake3) blake3.add(piece);
    const auto skipped = static_cast<std::size_t>(std::min<std::uint64_t>(header, piece.size()));
    header -= skipped;
    if (safetensors) data.add(piece.substr(skipped));
  }
  if (in.bad() || !in.eof()) return {};
  FullHashes hashes{whole.digits(), {}, withBlake3 ? blake3.digits() : std::string()};
  hashes.data = safetensors ? data.digits() : hashes.file;
  return hashes;
}

/// What is kept of each kind.
struct Caches {
  explicit Caches(const std::filesystem::path& folder)
      : whole(folder, "model-hashes.txt"), data(folder, "weight-hashes.txt"), blake3(folder, "blake3-hashes.txt") {}
  FullHashes of(const std::filesystem::path& file) const {
    return {whole.hashOf(file), data.hashOf(file), blake3.hashOf(file)};
  }
  void keep(const std::filesystem::path& file, const FullHashes& known, const FullHashes& made) const {
    if (known.file.empty()) whole.keep(file, made.file);
    if (known.data.empty()) data.keep(file, made.data);
    if (known.blake3.empty()) blake3.keep(file, made.blake3);
  }
  HashCache whole, data, blake3;
};

bool isFile(const std::filesystem::path& file) {
  std::error_code failed;
  return std::filesystem::is_regular_file(file, failed);
}

bool matches(const std::string& known, const std::string& wanted) {
  return !known.empty() && known.starts_with(wanted);
}

}  // namespace

std::string plainHash(std::string_view written) {
  std::string hash;
  for (const char c : written) hash += c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  for (const std::string_view prefix : {"sha256:", "blake3:", "0x"}) {
    if (hash.starts_with(prefix)) hash.erase(0, prefix.size());
  }
  const bool usable = hash.size() >= kAutoV1Digits && hash.size() <= kFullDigits;
  return usable && std::all_of(hash.begin(), hash.end(), isHex) ? hash : std::string();
}

namespace {

/// One of a file's hashes: from the cache, else both are computed and kept.
std::string cachedHash(std::string FullHashes::*wanted, const std::filesystem::path& file,
                       const std::filesystem::path& cacheFolder, const std::stop_token& stop) {
  const Caches caches(cacheFolder);
  const FullHashes known = caches.of(file);
  if (!(known.*wanted).empty()) return known.*wanted;
  const FullHashes made = hashesOf(file, stop);
  caches.keep(file, known, made);
  return made.*wanted;
}

}  // namespace

std::string wholeFileHash(const std::filesystem::path& file, const std::filesystem::path& cacheFolder,
                          const std::stop_token& stop) {
  return isFile(file) ? cachedHash(&FullHashes::file, file, cacheFolder, stop) : std::string();
}

std::string weightDataHash(const std::filesystem::path& file, const std::filesystem::path& cacheFolder,
                           const std::stop_token& stop) {
  if (!isFile(file)) return {};
  const std::string own = hashesInHeader(file).data;
  return own.empty() ? cachedHash(&FullHashes::data, file, cacheFolder, stop) : own;
}

std::filesystem::path ModelHashes::find(const std::string& hash, const std::vector<std::filesystem::path>& files,
                                        const std::stop_token& stop, const HashProgress& progress) const {
  const std::string wanted = plainHash(hash);
  if (wanted.empty()) return {};
  const bool onlyBlake3 =
      hash.size() > wanted.size() && (hash[0] == 'b' || hash[0] == 'B') && hash.find(':') != std::string::npos;
  const bool mayBeBlake3 = onlyBlake3 || wanted.size() == kFullDigits;
  const bool short8 = !onlyBlake3 && wanted.size() == kAutoV1Digits;
  const Caches caches(cacheFolder_);
  const auto fits = [&](const FullHashes& hashes) {
    if (onlyBlake3) return matches(hashes.blake3, wanted);
    return matches(hashes.file, wanted) || matches(hashes.data, wanted) || matches(hashes.blake3, wanted);
  };
  std::vector<std::filesystem::path> unknown;
  for (const std::filesystem::path& file : files) {
    throwIfStopped(stop);
    if (!isFile(file)) continue;
    const OwnHashes own = hashesInHeader(file);
    const FullHashes known = caches.of(file);
    if (fits(known) || (!onlyBlake3 && matches(own.data, wanted)) ||
        (short8 && (own.legacy == wanted || autoV1(file) == wanted)))
      return file;
    if (known.file.empty() || known.data.empty() || (mayBeBlake3 && known.blake3.empty())) unknown.push_back(file);
  }
  if (short8) return {};
  std::uint64_t all = 0;
  for (const std::filesystem::path& file : unknown) all += sizeOf(file);
  std::uint64_t planned = 0, read = 0;
  const auto onRead = [&](std::size_t bytes) {
    read += bytes;
    if (progress) progress({static_cast<std::int64_t>(read)}, {static_cast<std::int64_t>(std::min(all, kMostRead))});
  };
  for (const std::filesystem::path& file : unknown) {
    planned += sizeOf(file);
    if (planned > kMostRead) return {};
    const FullHashes made = hashesOf(file, stop, mayBeBlake3, onRead);
    caches.keep(file, caches.of(file), made);
    if (fits(made)) return file;
  }
  return {};
}

}  // namespace studio::engine
