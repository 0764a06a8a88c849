#include "engine/pipeline/conversion_plan.h"

#include <algorithm>
#include <array>
#include <numeric>

namespace studio::engine {
namespace {

ElementType elementTypeOf(StorageFormat format) {
  static constexpr std::array kTypes{ElementType::F32,  ElementType::F16,  ElementType::BF16, ElementType::F8E4M3,
                                     ElementType::Q8_0, ElementType::Q5_0, ElementType::Q4_0};
  return kTypes.at(static_cast<std::size_t>(format));
}

/// The numbers that stable-diffusion.cpp and llama.cpp write as general.file_type.
std::uint32_t ggufFileType(StorageFormat format) {
  static constexpr std::array<std::uint32_t, 7> kNumbers{0, 1, 32, 1, 7, 8, 2};
  return kNumbers.at(static_cast<std::size_t>(format));
}

bool isHalfOrFull(ElementType type) {
  return type == ElementType::F32 || type == ElementType::F16 || type == ElementType::BF16;
}

FileFormat fileFormatOf(const ConversionRequest& request) {
  std::string ending = utf8FromPath(request.output.extension());
  std::transform(ending.begin(), ending.end(), ending.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  const bool blocks = isBlockFormat(elementTypeOf(request.format));
  if (ending == ".gguf") {
    if (request.format != StorageFormat::Float8) return FileFormat::Gguf;
    throw EngineException(ErrorKind::BadRequest, "GGUF files cannot store fp8; choose q8_0, or a .safetensors file.");
  }
  if (ending == ".safetensors") {
    if (!blocks) return FileFormat::Safetensors;
    throw EngineException(ErrorKind::BadRequest,
                          sentence("The format %1 is stored in .gguf files only.", storageFormatName(request.format)));
  }
  throw EngineException(ErrorKind::BadRequest, "The output's name must end with .safetensors or .gguf.");
}

/// Vectors: wide enough to be exact where they were, never narrower than 16 bits.
ElementType vectorType(ElementType given, ElementType wanted) {
  if (isHalfOrFull(wanted)) return wanted;
  if (isHalfOrFull(given)) return given;
  return given == ElementType::F64 ? ElementType::F32 : ElementType::F16;
}

/// Vectors, and tensors of a few numbers that say something about the model.
bool isSmall(const std::vector<std::int64_t>& shape) {
  constexpr std::int64_t kFew = 16;
  return shape.size() < 2 || std::accumulate(shape.begin(), shape.end(), std::int64_t{1}, [](auto product, auto side) {
                               return std::min(product * std::clamp<std::int64_t>(side, 0, kFew + 1), kFew + 1);
                             }) <= kFew;
}

/// GGUF has no unsigned bytes and no truth values.
ElementType wholeNumberType(ElementType given, FileFormat format) {
  const bool missing = given == ElementType::U8 || given == ElementType::Bool;
  return format == FileFormat::Gguf && missing ? ElementType::I32 : given;
}

/// Without the ones at the end: a 1×1 convolution has rows like a linear layer's.
std::vector<std::int64_t> squeezed(std::vector<std::int64_t> shape) {
  while (shape.size() > 2 && shape.back() == 1) shape.pop_back();
  return shape;
}

class Planner {
 public:
  Planner(FileFormat format, ElementType wanted) : wanted_(wanted) { plan_.format = format; }

  void add(const std::string& key, const TensorInfo& given) {
    TensorInfo info{wanted_, given.shape, 0, 0};
    if (!isFloating(given.type)) {
      info.type = wholeNumberType(given.type, plan_.format);
    } else if (isSmall(given.shape)) {
      info.type = vectorType(given.type, wanted_);
    } else if (isBlockFormat(wanted_)) {
      chooseBlocks(key, info);
    }
    if (info.type == wanted_) plan_.converted.insert(key);
    if (plan_.format == FileFormat::Gguf && info.shape.empty()) info.shape = {1};
    plan_.contents.header.tensors.emplace(key, std::move(info));
  }

  ConversionPlan take() { return std::move(plan_); }

 private:
  void chooseBlocks(const std::string& key, TensorInfo& info) {
    std::vector<std::int64_t> rows = squeezed(info.shape);
    if (rows.back() % blockOf(wanted_).elements != 0) {
      info.type = ElementType::F16;
      plan_.fallenBack.push_back(key);
    } else if (rows != info.shape) {
      plan_.contents.originalShapes[key] = info.shape;
      info.shape = std::move(rows);
    }
  }

  ElementType wanted_;
  ConversionPlan plan_;
};

void addGgufMetadata(FileContents& contents, StorageFormat format, ModelFamily family) {
  std::erase_if(contents.header.metadata, [](const auto& entry) {
    return entry.first.starts_with("general.") || entry.first.starts_with("comfy.gguf.");
  });
  if (family == ModelFamily::StableDiffusion1) contents.header.metadata["general.architecture"] = "sd1";
  if (family == ModelFamily::StableDiffusionXl) contents.header.metadata["general.architecture"] = "sdxl";
  contents.numbers = {{"general.file_type", ggufFileType(format)}, {"general.quantization_version", 2}};
}

}  // namespace

ConversionPlan planConversion(const ConversionRequest& request, const TensorFile& input, ModelFamily family) {
  const FileFormat format = fileFormatOf(request);
  Planner planner(format, elementTypeOf(request.format));
  for (const auto& [key, info] : input.tensors()) planner.add(key, info);
  ConversionPlan plan = planner.take();
  plan.contents.header.metadata = input.metadata();
  if (format == FileFormat::Gguf) addGgufMetadata(plan.contents, request.format, family);
  return plan;
}

}  // namespace studio::engine
