#include "engine/weights/gguf_reader.h"

#include "engine/api/engine_error.h"
#include "engine/weights/file_tensor_source.h"
#include "engine/weights/tensor_file.h"
#include "tests/support/safetensors_writer.h"
#include "tests/support/test_data.h"

#include <ATen/TensorOperators.h>
#include <ATen/ops/abs.h>
#include <gtest/gtest.h>

namespace studio::engine {
namespace {

const std::filesystem::path kGguf = "tests/data/gguf";

template <class Number>
std::string little(Number value) {
  std::string bytes;
  for (std::size_t i = 0; i < sizeof(Number); ++i)
    bytes += static_cast<char>(static_cast<std::uint64_t>(value) >> 8 * i);
  return bytes;
}

std::string ggufText(const std::string& text) { return little(std::uint64_t{text.size()}) + text; }

struct TableEntry {
  std::string name;
  std::vector<std::uint64_t> sides;  ///< fastest first, as in the file
  std::uint32_t type = 0;
  std::uint64_t offset = 0;
};

std::string ggufBytes(const std::vector<TableEntry>& entries, const std::string& data,
                      const std::vector<std::string>& keyValues = {}, std::uint32_t version = 3) {
  std::string bytes =
      "GGUF" + little(version) + little(std::uint64_t{entries.size()}) + little(std::uint64_t{keyValues.size()});
  for (const std::string& keyValue : keyValues) bytes += keyValue;
  for (const TableEntry& entry : entries) {
    bytes += ggufText(entry.name) + little(static_cast<std::uint32_t>(entry.sides.size()));
    for (const std::uint64_t side : entry.sides) bytes += little(side);
    bytes += little(entry.type) + little(entry.offset);
  }
  bytes.resize((bytes.size() + 31) / 32 * 32);
  return bytes + data;
}

std::string ggufRefusal(const std::string& bytes) {
  const tests::TemporaryFolder folder;
  try {
    const GgufReader reader(folder.write("a.gguf", bytes));
  } catch (const EngineException& error) {
    EXPECT_EQ(error.error().kind, ErrorKind::BadFile);
    return error.error().message;
  }
  return "accepted";
}

TEST(GgufReader, expandsEveryFormatExactlyAsTheReferenceDoes) {
  const auto expected = openTensorFile(kGguf / "expected.safetensors");
  const auto file = openTensorFile(kGguf / "formats.gguf");
  ASSERT_EQ(file->tensors().size(), expected->tensors().size());
  for (const auto& [name, info] : expected->tensors()) {
    ASSERT_TRUE(file->tensors().contains(name)) << name;
    const at::Tensor got = file->load(name).to(at::kFloat), want = expected->load(name);
    ASSERT_EQ(got.sizes(), want.sizes()) << name;
    // The formats are exact; only the order of two multiplications may differ by one rounding.
    const at::Tensor error = (got - want).abs() - want.abs() * 2.4e-7;
    EXPECT_LE(error.max().item<float>(), 0) << name;
  }
}

TEST(GgufReader, tellsTypesNamesAndTheShapesThatWritersFolded) {
  const auto file = openTensorFile(kGguf / "formats.gguf");
  EXPECT_STREQ(elementTypeName(file->tensors().at("Q4_K").type), "Q4_K");
  EXPECT_EQ(file->tensors().at("conv.weight").shape, (std::vector<std::int64_t>{8, 4, 4, 4}));
  EXPECT_EQ(file->metadata().at("general.architecture"), "sd1");
  EXPECT_EQ(file->metadata().at("general.name"), "kiln formats");
  EXPECT_EQ(file->metadata().at("general.file_type"), "7");
}

TEST(GgufReader, readsVersionTwoAndGivesTheSlowestSideFirst) {
  const tests::TemporaryFolder folder;
  const GgufReader reader(folder.write("a.gguf", ggufBytes({{"a", {3, 2}, 0, 0}}, std::string(24, 'x'), {}, 2)));
  EXPECT_EQ(reader.header().tensors.at("a").shape, (std::vector<std::int64_t>{2, 3}));
}

TEST(GgufReader, namesTypesThatItCannotRead) {
  EXPECT_NE(ggufRefusal(ggufBytes({{"a", {256}, 16, 0}}, std::string(256, 'x'))).find("IQ2_XXS"), std::string::npos);
  EXPECT_NE(ggufRefusal(ggufBytes({{"a", {256}, 99, 0}}, std::string(256, 'x'))).find("type 99"), std::string::npos);
  EXPECT_NE(ggufRefusal(ggufBytes({}, "", {}, 1)).find("version 1"), std::string::npos);
}

TEST(GgufReader, refusesATensorBeyondTheEndOfTheFile) {
  EXPECT_NE(ggufRefusal(ggufBytes({{"a", {6}, 0, 0}}, std::string(23, 'x'))).find("truncated"), std::string::npos);
  EXPECT_NE(ggufRefusal(ggufBytes({{"a", {6}, 0, UINT64_MAX - 8}}, std::string(24, 'x'))).find("truncated"),
            std::string::npos);
}

TEST(GgufReader, refusesImpossibleTables) {
  const std::string data(64, 'x');
  EXPECT_NE(ggufRefusal(ggufBytes({{"a", {1ULL << 62, 4}, 0, 0}}, data)).find("impossible"), std::string::npos);
  EXPECT_NE(ggufRefusal(ggufBytes({{"a", {UINT64_MAX}, 0, 0}}, data)).find("impossible"), std::string::npos);
  EXPECT_NE(ggufRefusal(ggufBytes({{"a", {31}, 8, 0}}, data)).find("whole blocks"), std::string::npos);
  EXPECT_NE(ggufRefusal(ggufBytes({{"a", {4}, 0, 0}, {"a", {4}, 0, 32}}, data)).find("twice"), std::string::npos);
  EXPECT_NE(ggufRefusal(ggufBytes({{"a", {4}, 0, 0}, {"b", {4}, 0, 8}}, data)).find("overlap"), std::string::npos);
  const std::string counts = "GGUF" + little(std::uint32_t{3}) + little(UINT64_MAX) + little(std::uint64_t{0});
  EXPECT_NE(ggufRefusal(counts + data).find("too many"), std::string::npos);
}

TEST(GgufReader, refusesFoldedShapesOfAnotherSize) {
  const std::string shape = ggufText("comfy.gguf.orig_shape.a") + little(std::uint32_t{9}) + little(std::uint32_t{5}) +
                            little(std::uint64_t{2}) + little(std::int32_t{3}) + little(std::int32_t{3});
  EXPECT_NE(ggufRefusal(ggufBytes({{"a", {8}, 0, 0}}, std::string(32, 'x'), {shape})).find("does not match"),
            std::string::npos);
}

TEST(GgufReader, refusesHostileKeyValuesWithoutAllocatingForThem) {
  const auto start = [](std::uint32_t type) { return ggufText("k") + little(type); };
  EXPECT_NE(ggufRefusal(ggufBytes({}, "", {start(8) + little(UINT64_MAX)})), "accepted");
  EXPECT_NE(ggufRefusal(ggufBytes({}, "", {start(9) + little(std::uint32_t{12}) + little(UINT64_MAX)})), "accepted");
  EXPECT_NE(ggufRefusal(ggufBytes({}, "", {start(9) + little(std::uint32_t{8}) + little(UINT64_MAX)})), "accepted");
  EXPECT_NE(ggufRefusal(ggufBytes({}, "", {start(77)})), "accepted");
  std::string nested = start(9);
  for (int i = 0; i < 10; ++i) nested += little(std::uint32_t{9}) + little(std::uint64_t{1});
  EXPECT_NE(ggufRefusal(ggufBytes({}, "", {nested})).find("nested"), std::string::npos);
}

TEST(GgufReader, refusesEveryTruncation) {
  const tests::TemporaryFolder folder;
  std::string whole(7520, '\0');
  GgufReader(kGguf / "formats.gguf").header();
  RandomAccessFile(kGguf / "formats.gguf").read(0, std::as_writable_bytes(std::span(whole)));
  for (std::size_t cut = 0; cut < whole.size() - 32; cut += 97)
    EXPECT_NE(ggufRefusal(whole.substr(0, cut)), "accepted") << cut;
}

TEST(GgufReader, readsAFileOfStableDiffusionCpp) {
  STUDIO_NEED_TEST_DATA("preview/taesd-decoder.gguf");
  const auto file = openTensorFile(tests::testData("preview/taesd-decoder.gguf"));
  EXPECT_EQ(file->tensors().at("first_stage_model.decoder.1.weight").shape, (std::vector<std::int64_t>{64, 4, 3, 3}));
  for (const auto& [key, info] : file->tensors()) EXPECT_EQ(file->load(key).sizes().vec(), info.shape) << key;
  const ModelTensors model = openModel(file->path());
  EXPECT_EQ(model.unknown, 0);
  ASSERT_NE(model.part(Part::TinyVae), nullptr);
  EXPECT_TRUE(model.part(Part::TinyVae)->has("decoder.1.weight"));
}

}  // namespace
}  // namespace studio::engine
