#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace studio::engine {

/// SHA-256 of bytes that come in pieces.
class Sha256 {
 public:
  Sha256();
  ~Sha256();
  Sha256(const Sha256&) = delete;
  Sha256& operator=(const Sha256&) = delete;

  void add(std::string_view bytes);
  /// 64 small hex digits; empty when the library failed. To be called once.
  std::string digits();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// BLAKE3 of bytes that come in pieces (O'Connor, Aumasson, Neves and Wilcox-O'Hearn 2021, "BLAKE3: one function, fast
/// everywhere", sections 2 and 5.1.2), unkeyed, 32 bytes long.
class Blake3 {
 public:
  void add(std::string_view bytes);
  /// 64 small hex digits.
  std::string digits() const;

 private:
  static constexpr std::size_t kChunkBytes = 1024;
  using Value = std::array<std::uint32_t, 8>;  ///< chaining value

  std::vector<Value> stack_;  ///< of the complete subtrees to the left, largest first
  std::array<unsigned char, kChunkBytes> chunk_{};
  std::size_t filled_ = 0;
  std::uint64_t chunks_ = 0;  ///< complete ones, each with a successor
};

}  // namespace studio::engine
