#include "engine/pipeline/digests.h"

#include <openssl/evp.h>

#include <algorithm>
#include <bit>
#include <cstring>

namespace studio::engine {
namespace {

std::string hexDigits(const unsigned char* bytes, std::size_t count) {
  static constexpr char kHex[] = "0123456789abcdef";
  std::string text;
  for (std::size_t i = 0; i < count; ++i) text += {kHex[bytes[i] >> 4], kHex[bytes[i] & 15]};
  return text;
}

// BLAKE3, table 2 and section 2.2.
constexpr std::size_t kBlockBytes = 64;
constexpr std::uint32_t kChunkStart = 1, kChunkEnd = 2, kParent = 4, kRoot = 8;
constexpr std::array<std::uint32_t, 8> kInitial{0x6A09E667, 0xBB67AE85, 0x3C6EF372, 0xA54FF53A,
                                                0x510E527F, 0x9B05688C, 0x1F83D9AB, 0x5BE0CD19};
constexpr std::array<std::size_t, 16> kPermutation{2, 6, 3, 10, 7, 0, 4, 13, 1, 11, 12, 5, 9, 14, 15, 8};
constexpr int kRounds = 7;

using Words = std::array<std::uint32_t, 16>;

struct Node {
  std::array<std::uint32_t, 8> value{};  ///< chaining value that goes in
  Words block{};
  std::uint64_t counter = 0;
  std::uint32_t bytes = kBlockBytes, flags = 0;
};

inline void mix(Words& v, std::size_t a, std::size_t b, std::size_t c, std::size_t d, std::uint32_t x,
                std::uint32_t y) {
  v[a] += v[b] + x;
  v[d] = std::rotr(v[d] ^ v[a], 16);
  v[c] += v[d];
  v[b] = std::rotr(v[b] ^ v[c], 12);
  v[a] += v[b] + y;
  v[d] = std::rotr(v[d] ^ v[a], 8);
  v[c] += v[d];
  v[b] = std::rotr(v[b] ^ v[c], 7);
}

/// The compression function, section 2.2, cut to the eight words that a 32-byte digest needs.
std::array<std::uint32_t, 8> compressed(const Node& node) {
  Words v{};
  std::copy(node.value.begin(), node.value.end(), v.begin());
  std::copy(kInitial.begin(), kInitial.begin() + 4, v.begin() + 8);
  v[12] = static_cast<std::uint32_t>(node.counter);
  v[13] = static_cast<std::uint32_t>(node.counter >> 32);
  v[14] = node.bytes;
  v[15] = node.flags;
  Words m = node.block;
  for (int round = 0; round < kRounds; ++round) {
    for (std::size_t i = 0; i < 4; ++i) mix(v, i, 4 + i, 8 + i, 12 + i, m[2 * i], m[2 * i + 1]);
    for (std::size_t i = 0; i < 4; ++i)
      mix(v, i, 4 + (i + 1) % 4, 8 + (i + 2) % 4, 12 + (i + 3) % 4, m[8 + 2 * i], m[9 + 2 * i]);
    Words next{};
    for (std::size_t i = 0; i < next.size(); ++i) next[i] = m[kPermutation[i]];
    m = next;
  }
  std::array<std::uint32_t, 8> result{};
  for (std::size_t i = 0; i < result.size(); ++i) result[i] = v[i] ^ v[i + 8];
  return result;
}

/// The machine is little-endian, as every other reader of weights here takes for granted.
Words wordsOf(const unsigned char* bytes, std::size_t count) {
  Words words{};
  std::memcpy(words.data(), bytes, count);
  return words;
}

/// A chunk's last block, still to be compressed: as the root it has a flag more.
Node lastBlockOf(const unsigned char* bytes, std::size_t count, std::uint64_t counter) {
  Node node{kInitial, {}, counter, kBlockBytes, kChunkStart};
  for (; count > kBlockBytes; bytes += kBlockBytes, count -= kBlockBytes) {
    node.block = wordsOf(bytes, kBlockBytes);
    node.value = compressed(node);
    node.flags = 0;
  }
  node.block = wordsOf(bytes, count);
  node.bytes = static_cast<std::uint32_t>(count);
  node.flags |= kChunkEnd;
  return node;
}

Node parentOf(const std::array<std::uint32_t, 8>& left, const std::array<std::uint32_t, 8>& right) {
  Node node{kInitial, {}, 0, kBlockBytes, kParent};
  std::copy(left.begin(), left.end(), node.block.begin());
  std::copy(right.begin(), right.end(), node.block.begin() + 8);
  return node;
}

}  // namespace

struct Sha256::State {
  std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context{EVP_MD_CTX_new(), EVP_MD_CTX_free};
  bool good = false;
};

Sha256::Sha256() : state_(std::make_unique<State>()) {
  state_->good = state_->context != nullptr && EVP_DigestInit_ex(state_->context.get(), EVP_sha256(), nullptr) == 1;
}

Sha256::~Sha256() = default;

void Sha256::add(std::string_view bytes) {
  state_->good = state_->good && EVP_DigestUpdate(state_->context.get(), bytes.data(), bytes.size()) == 1;
}

std::string Sha256::digits() {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int length = 0;
  if (!state_->good || EVP_DigestFinal_ex(state_->context.get(), digest.data(), &length) != 1) return {};
  return hexDigits(digest.data(), length);
}

void Blake3::add(std::string_view bytes) {
  while (!bytes.empty()) {
    // Only now is it known that the full chunk is not the last one, which may be the root.
    if (filled_ == kChunkBytes) {
      Value value = compressed(lastBlockOf(chunk_.data(), filled_, chunks_++));
      for (std::uint64_t complete = chunks_; (complete & 1) == 0; complete >>= 1) {
        value = compressed(parentOf(stack_.back(), value));
        stack_.pop_back();
      }
      stack_.push_back(value);
      filled_ = 0;
    }
    const std::size_t taken = std::min(bytes.size(), kChunkBytes - filled_);
    std::memcpy(chunk_.data() + filled_, bytes.data(), taken);
    filled_ += taken;
    bytes.remove_prefix(taken);
  }
}

std::string Blake3::digits() const {
  Node node = lastBlockOf(chunk_.data(), filled_, chunks_);
  for (std::size_t i = stack_.size(); i-- > 0;) node = parentOf(stack_[i], compressed(node));
  node.flags |= kRoot;
  node.counter = 0;
  const Value root = compressed(node);
  std::array<unsigned char, 32> digest{};
  std::memcpy(digest.data(), root.data(), digest.size());
  return hexDigits(digest.data(), digest.size());
}

}  // namespace studio::engine
