#include "engine/pipeline/model_hash.h"

#include "engine/api/cancelled.h"
#include "engine/api/units.h"

#include <openssl/evp.h>

#include <array>
#include <chrono>
#include <exception>
#include <fstream>
#include <memory>
#include <system_error>
#include <utility>
#include <vector>

namespace studio::engine {
namespace {

constexpr std::size_t kShownDigits = 10;
constexpr std::size_t kReadBytes = 1 << 20;
constexpr std::chrono::milliseconds kStopInterval{50};

std::string hexadecimal(const unsigned char* bytes, std::size_t count) {
  static constexpr char kDigits[] = "0123456789abcdef";
  std::string text;
  for (std::size_t i = 0; i < count; ++i) {
    text += kDigits[bytes[i] >> 4];
    text += kDigits[bytes[i] & 15];
  }
  return text;
}

std::string sha256(const std::filesystem::path& file, const std::stop_token& stop) {
  const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(), EVP_MD_CTX_free);
  std::ifstream in(file, std::ios::binary);
  if (!in || context == nullptr || EVP_DigestInit_ex(context.get(), EVP_sha256(), nullptr) != 1) return {};
  std::vector<char> buffer(kReadBytes);
  while (in) {
    throwIfStopped(stop);
    in.read(buffer.data(), static_cast<std::streamsize>(buffer.size()));
    if (EVP_DigestUpdate(context.get(), buffer.data(), static_cast<std::size_t>(in.gcount())) != 1) return {};
  }
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int length = 0;
  if (in.bad() || EVP_DigestFinal_ex(context.get(), digest.data(), &length) != 1) return {};
  return hexadecimal(digest.data(), length);
}

/// One line of the cache: hash, then what identifies the file's state.
std::string identity(const std::filesystem::path& file, std::error_code& failed) {
  const auto size = std::filesystem::file_size(file, failed);
  const auto time = std::filesystem::last_write_time(file, failed).time_since_epoch().count();
  return std::to_string(size) + " " + std::to_string(time) + " " +
         utf8FromPath(std::filesystem::absolute(file, failed));
}

}  // namespace

std::string modelHash(const std::filesystem::path& file, const std::filesystem::path& cacheFolder,
                      const std::stop_token& stop) {
  std::error_code failed;
  if (!std::filesystem::is_regular_file(file, failed)) return {};
  const std::string wanted = identity(file, failed);
  const std::filesystem::path cache = cacheFolder / "model-hashes.txt";
  if (!cacheFolder.empty()) {
    std::ifstream lines(cache);
    for (std::string line; std::getline(lines, line);) {
      if (line.size() > 65 && line.substr(65) == wanted) return line.substr(0, kShownDigits);
    }
  }
  const std::string hash = sha256(file, stop);
  if (!cacheFolder.empty() && hash.size() == 64) {
    std::filesystem::create_directories(cacheFolder, failed);
    std::ofstream(cache, std::ios::app) << hash << ' ' << wanted << '\n';
  }
  return hash.substr(0, kShownDigits);
}

BackgroundModelHash::BackgroundModelHash(std::filesystem::path file, std::filesystem::path cacheFolder) {
  std::promise<std::string> promise;
  hash_ = promise.get_future().share();
  thread_ = std::jthread([file = std::move(file), cacheFolder = std::move(cacheFolder),
                          promise = std::move(promise)](const std::stop_token& stop) mutable {
    try {
      promise.set_value(modelHash(file, cacheFolder, stop));
    } catch (...) {
      promise.set_exception(std::current_exception());
    }
  });
}

std::string BackgroundModelHash::get(const std::stop_token& stop) const {
  while (hash_.wait_for(kStopInterval) != std::future_status::ready) throwIfStopped(stop);
  return hash_.get();
}

}  // namespace studio::engine
