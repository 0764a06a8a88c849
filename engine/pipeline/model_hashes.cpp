#include "engine/pipeline/model_hashes.h"

#include "engine/api/cancelled.h"
#include "engine/api/units.h"

#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <map>
#include <memory>
#include <system_error>

namespace studio::engine {
namespace {

constexpr std::uint64_t kMostRead = 32ULL << 30;
constexpr std::size_t kReadPiece = 1U << 20;
constexpr std::uint64_t kLongestHeader = 100ULL << 20;
constexpr std::size_t kSearchedHeader = 4U << 20;  ///< where the file's own hash is looked for
constexpr std::size_t kFullDigits = 64;
constexpr std::size_t kAutoV1Digits = 8;

class Sha256 {
 public:
  Sha256() : context_(EVP_MD_CTX_new(), EVP_MD_CTX_free) {
    good_ = context_ != nullptr && EVP_DigestInit_ex(context_.get(), EVP_sha256(), nullptr) == 1;
  }
  void add(std::string_view bytes) {
    good_ = good_ && EVP_DigestUpdate(context_.get(), bytes.data(), bytes.size()) == 1;
  }

  /// Small hex digits; empty when the library failed.
  std::string digits() {
    static constexpr char kHex[] = "0123456789abcdef";
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned int length = 0;
    if (!good_ || EVP_DigestFinal_ex(context_.get(), digest.data(), &length) != 1) return {};
    std::string text;
    for (unsigned int i = 0; i < length; ++i) text += {kHex[digest[i] >> 4], kHex[digest[i] & 15]};
    return text;
  }

 private:
  std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context_;
  bool good_ = false;
};

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

/// The hash that training programs write into the header themselves.
std::string hashInHeader(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  const std::uint64_t header = headerBytes(in, sizeOf(file));
  if (header == 0) return {};
  std::string text(static_cast<std::size_t>(std::min<std::uint64_t>(header, kSearchedHeader)), '\0');
  in.seekg(0);
  in.read(text.data(), static_cast<std::streamsize>(text.size()));
  constexpr std::string_view kKey = "\"sshs_model_hash\"";
  std::size_t at = text.find(kKey);
  if (at == std::string::npos) return {};
  at = text.find('"', at + kKey.size());
  const std::string hash = at == std::string::npos ? std::string() : text.substr(at + 1, kFullDigits);
  return hash.size() == kFullDigits && std::all_of(hash.begin(), hash.end(), isHex) ? hash : std::string();
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

/// Both hashes that need all of a file.
struct FullHashes {
  std::string file;
  std::string data;  ///< empty when it is no safetensors file
};

FullHashes hashesOf(const std::filesystem::path& file, const std::stop_token& stop) {
  std::ifstream in(file, std::ios::binary);
  std::uint64_t header = headerBytes(in, sizeOf(file));
  const bool safetensors = header > 0;
  in.clear();
  in.seekg(0);
  Sha256 whole;
  Sha256 data;
  std::string buffer(kReadPiece, '\0');
  while (in) {
    throwIfStopped(stop);
    in.read(buffer.data(), static_cast<std::streamsize>(buffer.size()));
    const std::string_view piece(buffer.data(), static_cast<std::size_t>(in.gcount()));
    whole.add(piece);
    const auto skipped = static_cast<std::size_t>(std::min<std::uint64_t>(header, piece.size()));
    header -= skipped;
    data.add(piece.substr(skipped));
  }
  if (in.bad()) return {};
  return {whole.digits(), safetensors ? data.digits() : std::string()};
}

/// Lines "hash size time path", as modelHash writes them.
class HashCache {
 public:
  HashCache(const std::filesystem::path& folder, const char* name) : file_(folder.empty() ? folder : folder / name) {
    std::ifstream lines(file_);
    for (std::string line; std::getline(lines, line);) {
      if (line.size() > kFullDigits + 1) known_[line.substr(kFullDigits + 1)] = line.substr(0, kFullDigits);
    }
  }

  std::string hashOf(const std::filesystem::path& file) const {
    const auto found = known_.find(identity(file));
    return found == known_.end() ? std::string() : found->second;
  }

  void keep(const std::filesystem::path& file, const std::string& hash) const {
    if (file_.empty() || hash.size() != kFullDigits) return;
    std::error_code failed;
    std::filesystem::create_directories(file_.parent_path(), failed);
    std::ofstream(file_, std::ios::app) << hash + " " + identity(file) + "\n";
  }

 private:
  static std::string identity(const std::filesystem::path& file) {
    std::error_code failed;
    const auto size = std::filesystem::file_size(file, failed);
    const auto time = std::filesystem::last_write_time(file, failed).time_since_epoch().count();
    return std::to_string(size) + " " + std::to_string(time) + " " +
           utf8FromPath(std::filesystem::absolute(file, failed));
  }

  std::filesystem::path file_;
  std::map<std::string, std::string> known_;
};

bool matches(const std::string& known, const std::string& wanted) {
  return !known.empty() && known.starts_with(wanted);
}

}  // namespace

std::string plainHash(std::string_view written) {
  std::string hash;
  for (const char c : written) hash += c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  for (const std::string_view prefix : {"sha256:", "0x"}) {
    if (hash.starts_with(prefix)) hash.erase(0, prefix.size());
  }
  const bool usable = hash.size() >= kAutoV1Digits && hash.size() <= kFullDigits;
  return usable && std::all_of(hash.begin(), hash.end(), isHex) ? hash : std::string();
}

std::filesystem::path ModelHashes::find(const std::string& hash, const std::vector<std::filesystem::path>& files,
                                        const std::stop_token& stop) const {
  const std::string wanted = plainHash(hash);
  if (wanted.empty()) return {};
  const HashCache whole(cacheFolder_, "model-hashes.txt");
  const HashCache data(cacheFolder_, "weight-hashes.txt");
  std::vector<std::filesystem::path> unknown;
  std::error_code failed;
  for (const std::filesystem::path& file : files) {
    throwIfStopped(stop);
    if (!std::filesystem::is_regular_file(file, failed)) continue;
    const bool first = wanted.size() == kAutoV1Digits && autoV1(file) == wanted;
    if (first || matches(whole.hashOf(file), wanted) || matches(data.hashOf(file), wanted) ||
        matches(hashInHeader(file), wanted))
      return file;
    if (whole.hashOf(file).empty() || data.hashOf(file).empty()) unknown.push_back(file);
  }
  if (wanted.size() == kAutoV1Digits) return {};
  std::uint64_t read = 0;
  for (const std::filesystem::path& file : unknown) {
    read += sizeOf(file);
    if (read > kMostRead) return {};
    const FullHashes full = hashesOf(file, stop);
    whole.keep(file, full.file);
    // Of other files the data is the whole: so that they are not read again.
    data.keep(file, full.data.empty() ? full.file : full.data);
    if (matches(full.file, wanted) || matches(full.data, wanted)) return file;
  }
  return {};
}

}  // namespace studio::engine
