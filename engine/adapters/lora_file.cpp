#include "engine/adapters/lora_file.h"

#include "engine/adapters/lora_metadata.h"
#include "engine/adapters/peft_config.h"
#include "engine/api/engine_error.h"
#include "engine/api/units.h"

#include <ATen/ops/scalar_tensor.h>

#include <cmath>

namespace studio::engine {

LoraFile::LoraFile(const std::filesystem::path& path)
    : file_(openTensorFile(path)), keys_(sortAdapterKeys(file_->header())) {
  applyPeftConfig(path, file_->header(), keys_);
  if (keys_.modules.empty())
    throw EngineException(ErrorKind::BadFile, sentence("%1 is not a LoRA file.", utf8FromPath(path.filename())));
}

at::Tensor LoraFile::loadTensor(const std::string& key) const {
  const TensorInfo& info = file_->tensors().at(key);
  // Marks and alphas may be whole numbers or truth values.
  if (isFloating(info.type) || info.elements() == 1) return file_->load(key).to(at::kFloat);
  throw EngineException(
      ErrorKind::BadFile,
      sentence("The LoRA stores its numbers as %1, which is not supported.", elementTypeName(info.type)), key);
}

AdapterFactors LoraFile::load(const AdapterModule& module) const {
  if (!module.algorithm->extent(module.shapes)) {
    throw EngineException(ErrorKind::BadFile, "A layer of the LoRA does not fit together.",
                          module.keys.begin()->second);
  }
  AdapterFactors factors;
  for (const auto& [factor, key] : module.keys) factors.add(factor, loadTensor(key));
  if (module.alpha > 0) factors.add(Factor::Alpha, at::scalar_tensor(module.alpha));
  return factors;
}

namespace {

/// The first layer's alpha, one number of the file; 0 when layers have none.
double alphaInTensors(const TensorFile& file, const AdapterKeys& keys) {
  for (const auto& [name, module] : keys.modules) {
    const auto alpha = module.keys.find(Factor::Alpha);
    if (alpha == module.keys.end() || file.tensors().at(alpha->second).elements() != 1) continue;
    const double value = file.load(alpha->second).to(at::kDouble).item<double>();
    return std::isfinite(value) ? value : 0;
  }
  return 0;
}

}  // namespace

LoraInfo inspectLora(const std::filesystem::path& path) { return inspectLora(*openTensorFile(path)); }

LoraInfo inspectLora(const TensorFile& file) {
  const std::filesystem::path& path = file.path();
  LoraInfo info;
  info.path = path;
  info.name = utf8FromPath(path.stem());
  info.fileBytes = Bytes{static_cast<std::int64_t>(file.fileBytes())};
  info.metadata.assign(file.metadata().begin(), file.metadata().end());
  AdapterKeys keys = sortAdapterKeys(file.header());
  applyPeftConfig(path, file.header(), keys);
  describeLora(file.header(), keys, info);
  if (info.alpha == 0) info.alpha = alphaInTensors(file, keys);
  return info;
}

}  // namespace studio::engine
