#include "engine/pipeline/local_converter.h"

#include "engine/api/cancelled.h"
#include "engine/pipeline/conversion_plan.h"
#include "engine/pipeline/error_translation.h"
#include "engine/weights/block_quantise.h"
#include "engine/weights/model_family.h"

#include <ATen/Parallel.h>
#include <ATen/TensorOperators.h>
#include <ATen/ops/clamp.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/isfinite.h>

#include <cmath>
#include <map>
#include <system_error>

namespace studio::engine {
namespace {

constexpr std::int64_t kNumbersPerTask = 1 << 16;
constexpr double kLargestHalf = 65504, kLargestFloat8 = 448;

std::span<const std::byte> bytesOfTensor(const at::Tensor& tensor) {
  return {static_cast<const std::byte*>(tensor.const_data_ptr()), tensor.nbytes()};
}

/// FNV-1a over words of eight bytes: tells whether what is read back is what was written.
std::uint64_t checksum(std::span<const std::byte> bytes) {
  std::uint64_t sum = 0xcbf29ce484222325;
  for (std::size_t at = 0; at < bytes.size(); at += 8) {
    std::uint64_t word = 0;
    std::memcpy(&word, bytes.data() + at, std::min<std::size_t>(8, bytes.size() - at));
    sum = (sum ^ word) * 0x100000001b3;
  }
  return sum;
}

at::Tensor quantised(const at::Tensor& numbers, const TensorInfo& info) {
  const ElementBlock block = blockOf(info.type);
  at::Tensor stored = at::empty({static_cast<std::int64_t>(info.bytes)}, at::kByte);
  const auto* from = numbers.const_data_ptr<float>();
  auto* to = static_cast<std::byte*>(stored.data_ptr());
  at::parallel_for(
      0, numbers.numel() / block.elements, kNumbersPerTask / block.elements, [&](std::int64_t begin, std::int64_t end) {
        quantiseBlocks(info.type,
                       {from + begin * block.elements, static_cast<std::size_t>((end - begin) * block.elements)},
                       {to + begin * block.bytes, static_cast<std::size_t>((end - begin) * block.bytes)});
      });
  return stored;
}

/// The tensor in the planned format; numbers beyond a narrow format's range become its largest.
at::Tensor storedForm(const at::Tensor& tensor, const TensorInfo& info, const std::string& key) {
  if (!isFloating(info.type)) return tensor.to(scalarTypeOf(info.type)).contiguous();
  const at::Tensor numbers = tensor.to(at::kFloat).contiguous();
  if (isBlockFormat(info.type)) {
    if (at::isfinite(numbers).all().item<bool>()) return quantised(numbers, info);
    throw EngineException(ErrorKind::BadFile,
                          "The file has numbers that are not finite; they cannot be stored in blocks.", key);
  }
  if (info.type == ElementType::F8E4M3)
    return at::clamp(numbers, -kLargestFloat8, kLargestFloat8).to(at::kFloat8_e4m3fn);
  if (info.type == ElementType::F16) return at::clamp(numbers, -kLargestHalf, kLargestHalf).to(at::kHalf);
  return numbers.to(scalarTypeOf(info.type));
}

/// One conversion on its way.
class Conversion {
 public:
  Conversion(const ConversionRequest& request, std::stop_token stop, const std::function<void(Bytes, Bytes)>& progress)
      : request_(request), stop_(std::move(stop)), progress_(progress), input_(openTensorFile(request.input)) {}

  ConversionReport run() {
    ConversionPlan plan = planConversion(request_, *input_, recogniseModel(openModel(request_.input)).family);
    if (input_->tensors().empty()) throw EngineException(ErrorKind::BadFile, "The file holds no tensors.");
    report_.tensors = static_cast<std::int64_t>(input_->tensors().size());
    report_.converted = static_cast<std::int64_t>(plan.converted.size());
    report_.fallenBack = std::move(plan.fallenBack);
    report_.inputBytes = Bytes{static_cast<std::int64_t>(input_->fileBytes())};
    TensorFileWriter writer(request_.output, plan.format, std::move(plan.contents));
    for (const auto& entry : writer.tensors()) total_ += entry.second.bytes;
    for (const auto& [key, info] : writer.tensors()) writeTensor(writer, key, info, plan.converted.contains(key));
    writer.sync();
    verify(writer.temporaryPath(), writer.tensors());
    writer.finish(request_.replace);
    std::error_code ignored;
    report_.outputBytes = Bytes{static_cast<std::int64_t>(std::filesystem::file_size(request_.output, ignored))};
    report_.relativeError = givenSquares_ > 0 ? std::sqrt(errorSquares_ / givenSquares_) : 0;
    return std::move(report_);
  }

 private:
  void writeTensor(TensorFileWriter& writer, const std::string& key, const TensorInfo& info, bool measured) {
    throwIfStopped(stop_);
    const at::Tensor given = input_->load(key);
    const at::Tensor stored = storedForm(given, info, key);
    writer.write(key, bytesOfTensor(stored));
    sums_[key] = checksum(bytesOfTensor(stored));
    if (measured) measure(given, tensorFromStored(info, stored.view(-1).view(at::kByte)));
    advance(info.bytes);
  }

  void measure(const at::Tensor& given, const at::Tensor& made) {
    const at::Tensor numbers = given.to(at::kFloat).view(-1);
    const at::Tensor error = made.to(at::kFloat).view(-1) - numbers;
    errorSquares_ += (error * error).sum(at::kDouble).item<double>();
    givenSquares_ += (numbers * numbers).sum(at::kDouble).item<double>();
  }

  void verify(const std::filesystem::path& path, const std::map<std::string, TensorInfo>& planned) {
    const auto written = openTensorFile(path);
    bool same = written->tensors().size() == planned.size();
    for (const auto& [key, info] : planned) {
      throwIfStopped(stop_);
      const auto found = written->tensors().find(key);
      same = same && found != written->tensors().end() && found->second.type == info.type &&
             checksum(bytesOfTensor(written->loadStored(key))) == sums_.at(key);
      if (!same)
        throw EngineException(ErrorKind::CannotWrite,
                              "What was written does not read back the same; the disk may be failing.", key);
      advance(info.bytes);
    }
  }

  void advance(std::uint64_t bytes) {
    done_ += bytes;
    if (progress_) progress_(Bytes{static_cast<std::int64_t>(done_)}, Bytes{static_cast<std::int64_t>(2 * total_)});
  }

  const ConversionRequest& request_;
  std::stop_token stop_;
  const std::function<void(Bytes, Bytes)>& progress_;
  std::shared_ptr<const TensorFile> input_;
  ConversionReport report_;
  std::map<std::string, std::uint64_t> sums_;
  std::uint64_t total_ = 0, done_ = 0;
  double errorSquares_ = 0, givenSquares_ = 0;
};

void checkPlaces(const ConversionRequest& request) {
  std::error_code ignored;
  if (std::filesystem::is_directory(request.input, ignored)) {
    throw EngineException(ErrorKind::BadRequest, "A folder cannot be converted; name one of its files.",
                          utf8FromPath(request.input));
  }
  if (std::filesystem::equivalent(request.input, request.output, ignored))
    throw EngineException(ErrorKind::BadRequest, "Input and output are the same file.", utf8FromPath(request.input));
  if (!request.replace && std::filesystem::exists(request.output, ignored)) {
    throw EngineException(ErrorKind::CannotWrite, sentence("There is already a file \"%1\"; --force replaces it.",
                                                           utf8FromPath(request.output)));
  }
}

}  // namespace

Result<ConversionReport> LocalConverter::convert(const ConversionRequest& request, std::stop_token stop,
                                                 const std::function<void(Bytes done, Bytes of)>& progress) const {
  try {
    checkPlaces(request);
    return Conversion(request, std::move(stop), progress).run();
  } catch (...) {
    return translateCurrentException();
  }
}

}  // namespace studio::engine
