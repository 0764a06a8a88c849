#include "engine/api/engine_error.h"
#include "engine/weights/file_kind.h"
#include "engine/weights/pickle_reader.h"
#include "engine/weights/tensor_file.h"
#include "engine/weights/torch_pickle_file.h"
#include "engine/weights/zip_archive.h"
#include "tests/support/safetensors_writer.h"
#include "tests/support/test_data.h"

#include <ATen/ops/arange.h>
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>

namespace studio::engine {
namespace {

using namespace std::string_view_literals;

const std::filesystem::path kPickles = "tests/data/pickles";

std::string bytesOf(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::string refusalOf(const std::filesystem::path& path) {
  try {
    openTensorFile(path);
  } catch (const EngineException& error) {
    EXPECT_EQ(error.error().kind, ErrorKind::BadFile);
    return error.error().message;
  }
  return "accepted";
}

PickleDocument unpickled(std::string_view bytes) {
  std::size_t consumed = 0;
  return readPickle(bytes, consumed);
}

std::string pickleRefusal(std::string_view bytes) {
  try {
    unpickled(bytes);
  } catch (const EngineException& error) {
    return error.error().message;
  } catch (const PickleTruncated&) {
    return "truncated";
  }
  return "accepted";
}

TEST(TorchPickle, givesTheTensorsOfBothLayoutsAsTorchWroteThem) {
  const auto expected = openTensorFile(kPickles / "expected.safetensors");
  for (const char* name : {"zip.ckpt", "legacy.ckpt"}) {
    SCOPED_TRACE(name);
    const auto file = openTensorFile(kPickles / name);
    ASSERT_EQ(file->tensors().size(), expected->tensors().size());
    for (const auto& [key, info] : expected->tensors()) {
      ASSERT_TRUE(file->tensors().contains(key)) << key;
      EXPECT_EQ(file->tensors().at(key).type, info.type) << key;
      EXPECT_EQ(file->tensors().at(key).bytes, info.bytes) << key;
      const at::Tensor got = file->load(key);
      EXPECT_TRUE(got.is_contiguous()) << key;
      EXPECT_TRUE(got.equal(expected->load(key))) << key;
    }
    EXPECT_EQ(file->metadata().at("global_step"), "840000");
  }
}

TEST(TorchPickle, executesNothing) {
  const std::filesystem::path trace = "kiln-studio-was-here";
  ASSERT_FALSE(std::filesystem::exists(trace));
  const TorchPickleFile file(kPickles / "zip.ckpt");
  EXPECT_FALSE(std::filesystem::exists(trace));
  const PickleDocument& document = file.reader().document();
  const auto trap = document.find(document.root, "trap");
  ASSERT_TRUE(trap);
  const auto* object = document.as<PickleObject>(*trap);
  ASSERT_NE(object, nullptr);
  EXPECT_EQ(document.as<PickleGlobal>(object->callable)->name, "system");
}

TEST(TorchPickle, understandsNumpyScalars) {
  const TorchPickleFile file(kPickles / "zip.ckpt");
  const PickleDocument& document = file.reader().document();
  EXPECT_EQ(*document.as<double>(*document.find(document.root, "loss")), 0.25);
}

TEST(TorchPickle, knowsNumberFormatsThatHaveNoStorageClass) {
  const auto file = openTensorFile(kPickles / "fp8.pt");
  ASSERT_EQ(file->tensors().at("w").type, ElementType::F8E4M3);
  EXPECT_TRUE(file->load("w").to(at::kFloat).equal(at::arange(4).to(at::kFloat)));
}

TEST(TorchPickle, givesEmbeddingsUnderDottedNames) {
  const at::Tensor vectors = openTensorFile(kPickles / "embedding.safetensors")->load("vectors");
  for (const char* name : {"embedding.pt", "embedding_module.pt"})
    EXPECT_TRUE(openTensorFile(kPickles / name)->load("string_to_param.*").equal(vectors)) << name;
  EXPECT_EQ(openTensorFile(kPickles / "embedding.pt")->metadata().at("name"), "kiln-glow");
  EXPECT_TRUE(openTensorFile(kPickles / "learned_embeds.bin")->load("<kiln-glow>").equal(vectors[0]));
}

TEST(TorchPickle, givesThePairsOfHypernetworksNumbers) {
  const auto file = openTensorFile("tests/data/pickles/hypernetwork.pt");
  EXPECT_EQ(file->tensors().size(), 4U);
  EXPECT_TRUE(file->tensors().contains("768.0.linear.0.weight"));
  EXPECT_TRUE(file->tensors().contains("768.1.linear.0.bias"));
  EXPECT_EQ(file->metadata().at("name"), "kiln");
  EXPECT_EQ(recogniseFile(file->header()).kind, FileKind::Hypernetwork);
}

TEST(TorchPickle, readsFilesThatPeopleHave) {
  STUDIO_NEED_TEST_DATA("embeddings/bad-hands-5.pt");
  const auto file = openTensorFile(tests::testData("embeddings/bad-hands-5.pt"));
  EXPECT_EQ(file->tensors().at("string_to_param.*").shape.back(), 768);
  const auto decoder = openTensorFile(tests::testData("preview/taef2_decoder.pth"));
  for (const auto& [key, info] : decoder->tensors()) EXPECT_EQ(decoder->load(key).nbytes(), info.bytes) << key;
}

TEST(TorchPickle, refusesEveryTruncation) {
  const tests::TemporaryFolder folder;
  for (const char* name : {"zip.ckpt", "legacy.ckpt"}) {
    const std::string whole = bytesOf(kPickles / name);
    for (std::size_t cut = 0; cut < whole.size(); cut += 101)
      EXPECT_NE(refusalOf(folder.write(name, whole.substr(0, cut))), "accepted") << name << " " << cut;
  }
}

TEST(TorchPickle, survivesEveryChangedByte) {
  const tests::TemporaryFolder folder;
  for (const char* name : {"zip.ckpt", "legacy.ckpt"}) {
    const std::string whole = bytesOf(kPickles / name);
    for (std::size_t at = 0; at < whole.size(); at += 13) {
      std::string changed = whole;
      changed[at] = static_cast<char>(changed[at] ^ (1 << at % 8));
      try {
        const auto file = openTensorFile(folder.write(name, changed));
        for (const auto& [key, info] : file->tensors()) ASSERT_EQ(file->load(key).nbytes(), info.bytes);
      } catch (const EngineException&) {
        continue;
      }
    }
  }
}

TEST(TorchPickle, reportsAFileThatShrinksWhileInUse) {
  const tests::TemporaryFolder folder;
  const auto path = folder.write("a.ckpt", bytesOf(kPickles / "legacy.ckpt"));
  const auto file = openTensorFile(path);
  std::filesystem::resize_file(path, file->tensors().at("plain.weight").offset + 8);
  EXPECT_THROW(file->load("plain.weight"), EngineException);
}

TEST(PickleReader, readsTheValuesOfEveryProtocol) {
  for (const std::string_view bytes : {"(lp0\nI7\naF2.5\naS'a'\nap1\n."sv, "\x80\x02]q\0(K\7G@\x04\0\0\0\0\0\0U\1ae."sv,
                                       "\x80\x04\x95\x13\0\0\0\0\0\0\0]\x94(K\7G@\x04\0\0\0\0\0\0\x8c\1ae."sv}) {
    const PickleDocument document = unpickled(bytes);
    const auto* list = document.as<PickleList>(document.root);
    ASSERT_NE(list, nullptr);
    ASSERT_EQ(list->items.size(), 3U);
    EXPECT_EQ(*document.as<std::int64_t>(list->items[0]), 7);
    EXPECT_EQ(*document.as<double>(list->items[1]), 2.5);
    EXPECT_EQ(*document.as<std::string>(list->items[2]), "a");
  }
  const PickleDocument number = unpickled("\x8a\x02\xff\x7f."sv);
  EXPECT_EQ(*number.as<std::int64_t>(number.root), 32767);
  const PickleDocument negative = unpickled("\x8a\x01\xfe."sv);
  EXPECT_EQ(*negative.as<std::int64_t>(negative.root), -2);
}

TEST(PickleReader, refusesBrokenPrograms) {
  EXPECT_EQ(pickleRefusal("."), "The file's list of tensors is damaged.");
  EXPECT_EQ(pickleRefusal("]t."), "The file's list of tensors is damaged.");
  EXPECT_EQ(pickleRefusal("h\x05."), "The file's list of tensors is damaged.");
  EXPECT_EQ(pickleRefusal("(]0s."), "The file's list of tensors is damaged.");
  EXPECT_EQ(pickleRefusal("\xff."), "The file's list of tensors uses an unknown instruction.");
  EXPECT_EQ(pickleRefusal("\x80\x09."), "The file's list of tensors is of a newer kind.");
  EXPECT_EQ(pickleRefusal("X\xff\xff\xff\x7fzzz."), "truncated");
  EXPECT_EQ(pickleRefusal(""), "truncated");
}

TEST(PickleReader, boundsWhatASmallPickleCanBuild) {
  EXPECT_EQ(pickleRefusal(std::string(2'000'000, ']') + "."), "The file's list of tensors is too long.");
  EXPECT_EQ(pickleRefusal(std::string(2'000'000, '(') + "N."), "The file's list of tensors is nested too deeply.");
  // One list of 60,000 items copied again and again.
  std::string copies = "(" + std::string(60'000, 'N') + "lp0\n0";
  for (int i = 0; i < 5'000; ++i) copies += "c__builtin__\nlist\ng0\n\x85R0";
  EXPECT_EQ(pickleRefusal(copies + "N."), "The file's list of tensors is too long.");
}

TEST(PickleReader, copesWithLoopsAndDepth) {
  // A list that contains itself, and a tuple in a tuple in a tuple …
  const PickleDocument loop = unpickled("]q\0h\0a."sv);
  EXPECT_EQ(loop.as<PickleList>(loop.root)->items.at(0), loop.root);
  EXPECT_EQ(pickleRefusal("N" + std::string(500'000, '\x85') + "."), "accepted");
}

TEST(ZipArchive, refusesCompressedEntries) {
  const tests::TemporaryFolder folder;
  std::string bytes = bytesOf(kPickles / "learned_embeds.bin");
  for (std::size_t at = bytes.find("PK\1\2"); at != std::string::npos; at = bytes.find("PK\1\2", at + 1))
    bytes[at + 10] = 8;
  EXPECT_NE(refusalOf(folder.write("a.pt", bytes)).find("compressed"), std::string::npos);
}

TEST(ZipArchive, refusesEntriesThatOverlapOrLieOutside) {
  const tests::TemporaryFolder folder;
  const std::string whole = bytesOf(kPickles / "learned_embeds.bin");
  std::size_t last = whole.rfind("PK\1\2");
  std::string outside = whole;
  outside[last + 45] = 0x7f;
  EXPECT_NE(refusalOf(folder.write("a.pt", outside)).find("outside"), std::string::npos);
  const std::size_t first = whole.find("PK\1\2");
  std::string larger = whole;
  for (const std::size_t field : {20, 24}) larger[first + field + 1] = static_cast<char>(larger[first + field + 1] + 1);
  EXPECT_NE(refusalOf(folder.write("b.pt", larger)).find("overlap"), std::string::npos);
}

TEST(ZipArchive, thatIsNoTorchFileIsNamed) {
  const tests::TemporaryFolder folder;
  std::string bytes = bytesOf(kPickles / "learned_embeds.bin");
  for (std::size_t at = bytes.find("data.pkl"); at != std::string::npos; at = bytes.find("data.pkl")) bytes[at] = 'D';
  EXPECT_NE(refusalOf(folder.write("a.pt", bytes)).find("not a PyTorch file"), std::string::npos);
}

}  // namespace
}  // namespace studio::engine
