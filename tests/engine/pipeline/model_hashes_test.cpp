#include "engine/pipeline/model_hashes.h"

#include "engine/pipeline/digests.h"

#include <gtest/gtest.h>

#include <fstream>

namespace studio::engine {
namespace {

// SHA-256 of "abc" and of "abd" (FIPS 180-4 and coreutils).
const std::string kAbc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
const std::string kAbd = "a52d159f262b2c6ddb724a61840befc36eb30c88877a4030b65cbe86298449c9";

class ModelHashesTest : public testing::Test {
 protected:
  ModelHashesTest() {
    std::string name = (std::filesystem::temp_directory_path() / "kiln-test-XXXXXX").string();
    folder_ = mkdtemp(name.data());
  }
  ~ModelHashesTest() override { std::filesystem::remove_all(folder_); }

  std::filesystem::path add(const std::string& name, const std::string& content) {
    std::ofstream(folder_ / name, std::ios::binary) << content;
    files_.push_back(folder_ / name);
    return folder_ / name;
  }
  static std::string safetensors(const std::string& header, const std::string& data) {
    return std::string(1, static_cast<char>(header.size())) + std::string(7, '\0') + header + data;
  }
  std::filesystem::path find(const std::string& hash) const {
    return ModelHashes(folder_ / "cache").find(hash, files_, {});
  }

  std::filesystem::path folder_;
  std::vector<std::filesystem::path> files_;
};

TEST_F(ModelHashesTest, findsFilesByTheirShaInEveryLength) {
  add("other.ckpt", "xyz");
  const auto wanted = add("wanted.ckpt", "abc");
  EXPECT_EQ(find(kAbc), wanted);
  EXPECT_EQ(find(kAbc.substr(0, 10)), wanted);
  EXPECT_EQ(find("sha256:BA7816BF8F"), wanted);
  EXPECT_EQ(find(kAbd), "");
}

TEST_F(ModelHashesTest, findsSafetensorsByTheHashOfTheirData) {
  add("other.safetensors", safetensors("{}", "abd"));
  const auto wanted = add("wanted.safetensors", safetensors("{ }", "abc"));
  EXPECT_EQ(find(kAbc.substr(0, 12)), wanted);
  EXPECT_EQ(find("0x" + kAbc), wanted);
}

TEST_F(ModelHashesTest, believesTheHashInAHeaderWithoutReadingTheRest) {
  const auto wanted =
      add("a.safetensors", safetensors("{\"__metadata__\":{\"sshs_model_hash\": \"" + kAbd + "\"}}", "no"));
  EXPECT_EQ(find(kAbd.substr(0, 12)), wanted);
  EXPECT_FALSE(std::filesystem::exists(folder_ / "cache"));
}

TEST_F(ModelHashesTest, makesTheHashThatPicturesNameALoraBy) {
  const auto plain = add("plain.safetensors", safetensors("{}", "abc"));
  const auto own =
      add("own.safetensors", safetensors("{\"__metadata__\":{\"sshs_model_hash\":\"" + kAbd + "\"}}", "no"));
  EXPECT_EQ(weightDataHash(plain, folder_ / "cache", {}), kAbc);
  EXPECT_EQ(weightDataHash(own, folder_ / "cache", {}), kAbd);
  EXPECT_EQ(weightDataHash(add("old.pt", "abc"), folder_ / "cache", {}), kAbc);
  EXPECT_EQ(weightDataHash(folder_ / "gone", folder_ / "cache", {}), "");
  EXPECT_EQ(wholeFileHash(folder_ / "old.pt", {}, {}), kAbc);
  EXPECT_EQ(wholeFileHash(folder_, {}, {}), "");
}

// BLAKE3 of "abc".
const std::string kBlakeAbc = "6437b3ac38465133ffb63b75273a8db548c558465d79db03fd359c6cd5bd9d85";

TEST_F(ModelHashesTest, findsFilesByTheirBlake3) {
  add("other.ckpt", "xyz");
  const auto wanted = add("wanted.ckpt", "abc");
  EXPECT_EQ(find("blake3:" + kBlakeAbc), wanted);
  EXPECT_EQ(find(kBlakeAbc), wanted);
  EXPECT_EQ(find("blake3:" + kBlakeAbc.substr(0, 16)), wanted);
}

TEST_F(ModelHashesTest, believesTheOldHashInAHeader) {
  const auto wanted = add("a.safetensors", safetensors("{\"__metadata__\":{\"sshs_legacy_hash\":\"0badcafe\"}}", "no"));
  EXPECT_EQ(find("0badcafe"), wanted);
}

/// The algorithm's published test vectors: bytes 0, 1, … 250, 0, … of these lengths.
TEST(Blake3, givesThePublishedDigests) {
  const std::pair<std::size_t, const char*> cases[] = {
      {0, "af1349b9f5f9a1a6a0404dea36dcc9499bcb25c9adc112b7cc9a93cae41f3262"},
      {1, "2d3adedff11b61f14c886e35afa036736dcd87a74d27b5c1510225d0f592e213"},
      {64, "4eed7141ea4a5cd4b788606bd23f46e212af9cacebacdc7d1f4c6dc7f2511b98"},
      {65, "de1e5fa0be70df6d2be8fffd0e99ceaa8eb6e8c93a63f2d8d1c30ecb6b263dee"},
      {1023, "10108970eeda3eb932baac1428c7a2163b0e924c9a9e25b35bba72b28f70bd11"},
      {1024, "42214739f095a406f3fc83deb889744ac00df831c10daa55189b5d121c855af7"},
      {1025, "d00278ae47eb27b34faecf67b4fe263f82d5412916c1ffd97c8cb7fb814b8444"},
      {2048, "e776b6028c7cd22a4d0ba182a8bf62205d2ef576467e838ed6f2529b85fba24a"},
      {2049, "5f4d72f40d7a5f82b15ca2b2e44b1de3c2ef86c426c95c1af0b6879522563030"},
      {3073, "7124b49501012f81cc7f11ca069ec9226cecb8a2c850cfe644e327d22d3e1cd3"},
      {5120, "9cadc15fed8b5d854562b26a9536d9707cadeda9b143978f319ab34230535833"},
      {31744, "62b6960e1a44bcc1eb1a611a8d6235b6b4b78f32e7abc4fb4c6cdcce94895c47"},
      {102400, "bc3e3d41a1146b069abffad3c0d44860cf664390afce4d9661f7902e7943e085"}};
  for (const auto& [length, digest] : cases) {
    std::string bytes(length, '\0');
    for (std::size_t i = 0; i < length; ++i) bytes[i] = static_cast<char>(i % 251);
    Blake3 whole, pieces;
    whole.add(bytes);
    for (std::size_t at = 0; at < length; at += 700) pieces.add(std::string_view(bytes).substr(at, 700));
    EXPECT_EQ(whole.digits(), digest) << length;
    EXPECT_EQ(pieces.digits(), digest) << length;
  }
}

TEST_F(ModelHashesTest, findsFilesByTheOldShortHash) {
  add("small.ckpt", "abc");
  const auto wanted = add("large.ckpt", std::string(0x100000, 'x') + "abc");
  EXPECT_EQ(find(kAbc.substr(0, 8)), wanted);
}

TEST_F(ModelHashesTest, readsEachFileOnceUntilItChanges) {
  const auto file = add("a.ckpt", "abc");
  EXPECT_EQ(find("0123456789"), "");
  const auto time = std::filesystem::last_write_time(file);
  std::ofstream(file, std::ios::binary) << "abd";
  std::filesystem::last_write_time(file, time);
  EXPECT_EQ(find(kAbc), file) << "same size and time: the kept hash counts";
  std::filesystem::last_write_time(file, time + std::chrono::seconds(5));
  EXPECT_EQ(find(kAbc), "");
  EXPECT_EQ(find(kAbd), file);
}

TEST_F(ModelHashesTest, understandsNoHashOfAnotherKind) {
  add("a.ckpt", "abc");
  for (const char* hash : {"", "ba78", "None", "blake3:ba7816bf8f", "ba7816bf8g"}) EXPECT_EQ(find(hash), "") << hash;
}

}  // namespace
}  // namespace studio::engine
