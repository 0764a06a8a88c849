#include "engine/api/converter.h"

#include "engine/api/engine_factory.h"
#include "engine/weights/file_tensor_source.h"
#include "engine/weights/tensor_file.h"
#include "tests/support/tiny_model.h"

#include <ATen/TensorOperators.h>
#include <gtest/gtest.h>

#include <sys/resource.h>

#include <algorithm>
#include <csignal>
#include <iterator>
#include <tuple>

namespace studio::engine {
namespace {

class ConverterTest : public testing::Test {
 protected:
  Result<ConversionReport> convert(const std::string& output, StorageFormat format, bool replace = false,
                                   std::stop_token stop = {}) const {
    return makeConverter()->convert({input_, folder_ / output, format, replace}, stop, progress_);
  }
  ConversionReport converted(const std::string& output, StorageFormat format) const {
    const auto result = convert(output, format);
    EXPECT_TRUE(result) << result.error().message << " " << result.error().detail;
    return result ? result.value() : ConversionReport{};
  }
  std::string refusal(const std::string& output, StorageFormat format) const {
    const auto result = convert(output, format);
    return result ? "accepted" : result.error().message;
  }
  /// Nothing but what the test put there.
  std::size_t filesInFolder() const {
    return static_cast<std::size_t>(std::distance(std::filesystem::directory_iterator(folder_.path()), {}));
  }

  const tests::TemporaryFolder folder_;
  const std::filesystem::path input_ = tests::writeSingleFile(folder_ / "in.safetensors", {.type = "F32"});
  std::function<void(Bytes, Bytes)> progress_;
};

double worstError(const TensorFile& made, const TensorFile& given) {
  double worst = 0;
  for (const auto& [key, info] : given.tensors()) {
    if (!isFloating(info.type)) continue;
    const at::Tensor want = given.load(key).to(at::kFloat);
    worst = std::max(worst, tests::relativeError(made.load(key).to(at::kFloat).view(want.sizes()), want));
  }
  return worst;
}

TEST_F(ConverterTest, keepsEveryNumberWithinWhatTheFormatCanHold) {
  const auto given = openTensorFile(input_);
  const std::vector<std::tuple<std::string, StorageFormat, double>> formats{
      {"a.safetensors", StorageFormat::Float32, 0},
      {"b.safetensors", StorageFormat::Float16, 1e-3},
      {"c.safetensors", StorageFormat::BFloat16, 4e-3},
      {"d.safetensors", StorageFormat::Float8, 6e-2},
      {"e.gguf", StorageFormat::Float32, 0},
      {"f.gguf", StorageFormat::Float16, 1e-3},
      {"g.gguf", StorageFormat::Q8_0, 1.5e-2},
      {"h.gguf", StorageFormat::Q5_0, 0.1},
      {"i.gguf", StorageFormat::Q4_0, 0.2},
      {"j.gguf", StorageFormat::BFloat16, 4e-3}};
  for (const auto& [name, format, tolerance] : formats) {
    SCOPED_TRACE(name);
    const ConversionReport report = converted(name, format);
    const auto made = openTensorFile(folder_ / name);
    EXPECT_EQ(made->tensors().size(), given->tensors().size());
    EXPECT_LE(worstError(*made, *given), tolerance);
    EXPECT_LE(report.relativeError, tolerance);
    EXPECT_GT(report.converted, 0);
    EXPECT_EQ(report.outputBytes.count, static_cast<std::int64_t>(made->fileBytes()));
  }
}

TEST_F(ConverterTest, leavesVectorsWideAndListsRowsThatDoNotFit) {
  const ConversionReport report = converted("a.gguf", StorageFormat::Q8_0);
  const auto made = openTensorFile(folder_ / "a.gguf");
  const std::string convolution = "model.diffusion_model.input_blocks.0.0.weight";
  EXPECT_NE(std::find(report.fallenBack.begin(), report.fallenBack.end(), convolution), report.fallenBack.end());
  EXPECT_EQ(made->tensors().at(convolution).type, ElementType::F16);
  EXPECT_EQ(made->tensors().at("model.diffusion_model.input_blocks.0.0.bias").type, ElementType::F32);
  const std::string layer = "model.diffusion_model.input_blocks.1.1.transformer_blocks.0.attn1.to_q.weight";
  EXPECT_EQ(made->tensors().at(layer).type, ElementType::Q8_0);
  EXPECT_EQ(made->metadata().at("general.architecture"), "sd1");
}

TEST_F(ConverterTest, givesAModelThatOpensAsBefore) {
  converted("a.gguf", StorageFormat::Q4_0);
  const ModelTensors before = openModel(input_), after = openModel(folder_ / "a.gguf");
  EXPECT_EQ(after.unknown, before.unknown);
  for (const Part part : {Part::UNet, Part::TextEncoder, Part::Vae}) {
    ASSERT_NE(after.part(part), nullptr);
    EXPECT_EQ(after.part(part)->names(), before.part(part)->names());
  }
  EXPECT_EQ(after.part(Part::UNet)->precision(), "Q4_0");
}

TEST_F(ConverterTest, keepsTheNumbersThatSayWhatAModelIs) {
  tests::writeSingleFile(input_, tests::playgroundStyle());
  const ModelTensors before = openModel(input_);
  converted("a.safetensors", StorageFormat::Float8);
  EXPECT_EQ(before.markers.size(), 2U);
  EXPECT_EQ(openModel(folder_ / "a.safetensors").markers, before.markers);
}

TEST_F(ConverterTest, refusesWhatDoesNotGoTogetherAndLeavesNothing) {
  EXPECT_NE(refusal("a.safetensors", StorageFormat::Q8_0).find(".gguf"), std::string::npos);
  EXPECT_NE(refusal("a.gguf", StorageFormat::Float8).find("fp8"), std::string::npos);
  EXPECT_NE(refusal("a.png", StorageFormat::Float16).find("end with"), std::string::npos);
  EXPECT_NE(refusal("in.safetensors", StorageFormat::Float16).find("same file"), std::string::npos);
  EXPECT_NE(refusal("nowhere/a.gguf", StorageFormat::Float16).find("not there"), std::string::npos);
  EXPECT_EQ(filesInFolder(), 1U);
}

TEST_F(ConverterTest, replacesAFileOnlyWhenToldTo) {
  folder_.write("a.gguf", "precious");
  const auto refused = convert("a.gguf", StorageFormat::Q8_0);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, ErrorKind::CannotWrite);
  EXPECT_EQ(std::filesystem::file_size(folder_ / "a.gguf"), 8U);
  EXPECT_TRUE(convert("a.gguf", StorageFormat::Q8_0, true));
  EXPECT_GT(std::filesystem::file_size(folder_ / "a.gguf"), 8U);
  EXPECT_EQ(filesInFolder(), 2U);
}

TEST_F(ConverterTest, leavesNothingWhenStopped) {
  std::stop_source source;
  progress_ = [&source](Bytes done, Bytes of) {
    if (done.count > of.count / 4) source.request_stop();
  };
  EXPECT_FALSE(convert("a.gguf", StorageFormat::Q8_0, false, source.get_token()));
  EXPECT_EQ(filesInFolder(), 1U);
}

TEST_F(ConverterTest, reportsADiskThatTakesNoMoreAndLeavesNothing) {
  rlimit before{};
  ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &before), 0);
  const auto handler = std::signal(SIGXFSZ, SIG_IGN);
  const rlimit small{100'000, before.rlim_max};
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &small), 0);
  const auto result = convert("a.gguf", StorageFormat::Q8_0);
  ::setrlimit(RLIMIT_FSIZE, &before);
  std::signal(SIGXFSZ, handler);
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().kind, ErrorKind::CannotWrite);
  EXPECT_EQ(filesInFolder(), 1U);
}

TEST_F(ConverterTest, saysBytesWrittenAndReadBack) {
  std::vector<std::int64_t> heard;
  std::int64_t total = 0;
  progress_ = [&](Bytes done, Bytes of) {
    heard.push_back(done.count);
    total = of.count;
  };
  converted("a.gguf", StorageFormat::Q8_0);
  EXPECT_TRUE(std::is_sorted(heard.begin(), heard.end()));
  EXPECT_EQ(heard.back(), total);
}

}  // namespace
}  // namespace studio::engine
