#include "engine/weights/safetensors_reader.h"

#include "engine/api/engine_error.h"
#include "tests/support/safetensors_writer.h"

#include <gtest/gtest.h>

#include <array>
#include <filesystem>

namespace studio::engine {
namespace {

using tests::TemporaryFolder;
using tests::withHeader;

/// The error that opening a file of these bytes ends with; Internal when it opens.
EngineError openingError(std::string_view bytes) {
  const TemporaryFolder folder;
  try {
    const SafetensorsReader reader(folder.write("x.safetensors", bytes));
  } catch (const EngineException& error) {
    return error.error();
  }
  return {ErrorKind::Internal, "the file was accepted", {}};
}

std::string tensorJson(const std::string& name, const std::string& type, const std::string& shape,
                       const std::string& extent) {
  return "\"" + name + "\":{\"dtype\":\"" + type + "\",\"shape\":" + shape + ",\"data_offsets\":" + extent + "}";
}

/// Expects a refusal as a bad file whose sentence contains `part`.
void expectRefused(std::string_view bytes, const std::string& part) {
  const EngineError error = openingError(bytes);
  EXPECT_EQ(error.kind, ErrorKind::BadFile) << error.message;
  EXPECT_NE(error.message.find(part), std::string::npos) << error.message;
}

void expectHeaderRefused(const std::string& header, const std::string& part, std::size_t dataBytes = 16) {
  SCOPED_TRACE(header.substr(0, 200));
  expectRefused(withHeader(header, std::string(dataBytes, '\0')), part);
}

TEST(SafetensorsReader, readsTensorsAndMetadata) {
  const TemporaryFolder folder;
  const auto path =
      folder.write("x.safetensors",
                   tests::safetensorsBytes(
                       {{"b", {"F32", {2}, "abcdefgh"}}, {"a", {"U8", {3, 1}, "xyz"}}, {"none", {"F16", {0, 4}, ""}}},
                       {{"title", "猫"}}));
  const SafetensorsReader reader(path);
  ASSERT_EQ(reader.header().tensors.size(), 3U);
  EXPECT_EQ(reader.header().metadata.at("title"), "猫");
  const TensorInfo& a = reader.header().tensors.at("a");
  EXPECT_EQ(a.type, ElementType::U8);
  EXPECT_EQ(a.shape, (std::vector<std::int64_t>{3, 1}));
  std::array<char, 8> bytes{};
  reader.read(reader.header().tensors.at("b"), std::as_writable_bytes(std::span(bytes)));
  EXPECT_EQ(std::string(bytes.data(), 8), "abcdefgh");
}

TEST(SafetensorsReader, knowsEveryFormatThatModelsAreStoredIn) {
  const std::array<std::pair<const char*, int>, 12> formats{{{"F64", 8},
                                                             {"F32", 4},
                                                             {"F16", 2},
                                                             {"BF16", 2},
                                                             {"F8_E4M3", 1},
                                                             {"F8_E5M2", 1},
                                                             {"I64", 8},
                                                             {"I32", 4},
                                                             {"I16", 2},
                                                             {"I8", 1},
                                                             {"U8", 1},
                                                             {"BOOL", 1}}};
  for (const auto& [name, bytes] : formats) {
    const auto header = parseSafetensorsHeader(
        "{" + tensorJson("x", name, "[3]", "[0," + std::to_string(3 * bytes) + "]") + "}", 100, 200);
    EXPECT_STREQ(elementTypeName(header.tensors.at("x").type), name);
  }
}

TEST(SafetensorsReader, refusesATruncatedFile) {
  const std::string whole = tests::safetensorsBytes({{"a", {"F32", {4}, std::string(16, 'x')}}});
  ASSERT_EQ(openingError(whole).kind, ErrorKind::Internal);
  for (const std::size_t cut : {whole.size() - 1, whole.size() - 15, std::size_t{40}, std::size_t{9}, std::size_t{8},
                                std::size_t{7}, std::size_t{0}}) {
    EXPECT_EQ(openingError(whole.substr(0, cut)).kind, ErrorKind::BadFile) << cut;
  }
  expectRefused(whole.substr(0, whole.size() - 1), "truncated");
}

TEST(SafetensorsReader, refusesAHeaderLargerThanTheFile) {
  expectRefused(std::string("\x00\x10\x00\x00\x00\x00\x00\x00{}", 10), "larger than the file");
  expectRefused(std::string(8, '\xFF') + "{}", "not a safetensors file");
}

TEST(SafetensorsReader, refusesOverlappingTensors) {
  expectHeaderRefused(
      "{" + tensorJson("a", "F32", "[2]", "[0,8]") + "," + tensorJson("b", "F32", "[2]", "[4,12]") + "}", "overlap");
}

TEST(SafetensorsReader, refusesATensorNamedTwice) {
  expectHeaderRefused(
      "{" + tensorJson("a", "F32", "[2]", "[0,8]") + "," + tensorJson("a", "F32", "[2]", "[8,16]") + "}", "twice");
}

TEST(SafetensorsReader, refusesUnknownFormats) {
  expectHeaderRefused("{" + tensorJson("a", "Q4_K", "[2]", "[0,8]") + "}", "number format");
}

TEST(SafetensorsReader, refusesShapesThatDoNotFitTheirBytes) {
  expectHeaderRefused("{" + tensorJson("a", "F32", "[3]", "[0,8]") + "}", "does not match");
  expectHeaderRefused("{" + tensorJson("a", "F32", "[]", "[0,8]") + "}", "does not match");
  expectHeaderRefused("{" + tensorJson("a", "F32", "[0]", "[0,8]") + "}", "does not match");
  expectHeaderRefused("{" + tensorJson("a", "F32", "[4]", "[8,24]") + "}", "shorter");
  expectHeaderRefused("{" + tensorJson("a", "F32", "[2]", "[8,0]") + "}", "shorter");
}

TEST(SafetensorsReader, refusesShapesWhoseProductOverflows) {
  expectHeaderRefused("{" + tensorJson("a", "F32", "[4611686018427387904,4]", "[0,0]") + "}", "impossible");
  expectHeaderRefused("{" + tensorJson("a", "U8", "[18446744073709551615]", "[0,8]") + "}", "impossible");
  expectHeaderRefused("{" + tensorJson("a", "F32", "[4294967296,4294967296,0,9223372036854775808]", "[0,0]") + "}",
                      "impossible");
  expectHeaderRefused("{" + tensorJson("a", "F32", "[4294967296,4294967296,0]", "[0,0]") + "}", "impossible");
  expectHeaderRefused("{" + tensorJson("a", "U8", "[8]", "[18446744073709551608,18446744073709551616]") + "}",
                      "safetensors header");
  expectHeaderRefused("{" + tensorJson("a", "U8", "[1,1,1,1,1,1,1,1,1]", "[0,1]") + "}", "too many dimensions");
}

TEST(SafetensorsReader, refusesHeadersThatAreSomethingElse) {
  for (const char* header :
       {"[]", "null", "{\"a\":1}", "{\"a\":[]}", "{\"a\":{\"dtype\":5}}", "{\"a\":{\"shape\":[-1]}}",
        "{\"a\":{\"shape\":[1.5]}}", "{\"a\":{\"shape\":[\"2\"]}}", "{\"a\":{\"extra\":{}}}",
        "{\"__metadata__\":{\"a\":1}}", "{\"__metadata__\":{\"a\":[1]}}", "{\"a\":{\"dtype\":true}}", "\"text\""}) {
    expectHeaderRefused(header, "not a safetensors header");
  }
  for (const char* header : {"{", "{\"a\":NaN}", "{}x", "{\"a\":{\"shape\":[1,]}}", "{'a':1}", "{\"a\xFF\":{}}"})
    expectHeaderRefused(header, "header");
  for (const char* header :
       {"{\"a\":{}}", "{\"a\":{\"dtype\":\"F32\",\"shape\":[1]}}", "{\"a\":{\"dtype\":\"F32\",\"data_offsets\":[0,4]}}",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0]}}"}) {
    expectHeaderRefused(header, "incompletely");
  }
}

TEST(SafetensorsReader, refusesDeepNestingWithoutUsingTheStack) {
  std::string header = "{\"a\":";
  for (int i = 0; i < 1'000'000; ++i) header += i % 2 == 0 ? "[" : "{\"a\":";
  expectHeaderRefused(header, "not a safetensors header");
}

TEST(SafetensorsReader, saysThatAFileIsMissing) {
  try {
    const SafetensorsReader reader("/nowhere/at/all.safetensors");
    FAIL();
  } catch (const EngineException& error) {
    EXPECT_EQ(error.error().kind, ErrorKind::MissingFile);
    EXPECT_NE(error.error().message.find("all.safetensors"), std::string::npos);
  }
}

TEST(SafetensorsReader, refusesFoldersAndDevices) {
  const TemporaryFolder folder;
  for (const std::filesystem::path& path : {folder.path(), std::filesystem::path("/dev/zero")}) {
    try {
      const SafetensorsReader reader(path);
      FAIL() << path;
    } catch (const EngineException& error) {
      EXPECT_EQ(error.error().kind, ErrorKind::BadFile);
      EXPECT_NE(error.error().message.find("not a file"), std::string::npos);
    }
  }
}

TEST(SafetensorsReader, reportsAFileThatShrinksWhileInUse) {
  const TemporaryFolder folder;
  const auto path = folder.write("x.safetensors", tests::safetensorsBytes({{"a", {"U8", {64}, std::string(64, 'x')}}}));
  const SafetensorsReader reader(path);
  std::filesystem::resize_file(path, reader.fileBytes() - 32);
  std::array<std::byte, 64> bytes{};
  EXPECT_THROW(reader.read(reader.header().tensors.at("a"), bytes), EngineException);
}

}  // namespace
}  // namespace studio::engine
