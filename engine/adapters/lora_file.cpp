#include "engine/adapters/lora_file.h"

#include "engine/adapters/lora_metadata.h"
#include "engine/adapters/peft_config.h"
#include "engine/api/engine_error.h"
#include "engine/api/units.h"

#include <ATen/ops/scalar_tensor.h>

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
  return info;
}

}  // namespace studio::engine
