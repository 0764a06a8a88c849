#include "engine/weights/torch_pickle_file.h"

#include <ATen/ops/empty.h>

#include <span>

namespace studio::engine {

at::Tensor TorchPickleFile::load(const std::string& key) const {
  const TensorInfo& info = header().tensors.at(key);
  const PickleTensor& view = reader_.view(key);
  const auto options = at::TensorOptions().dtype(scalarTypeOf(info.type));
  if (info.bytes == 0) return at::empty(info.shape, options);
  const at::Tensor run = at::empty({extentOf(view)}, options);
  reader_.read(key, std::span(static_cast<std::byte*>(run.data_ptr()), run.nbytes()));
  if (isContiguous(view)) return run.view(info.shape);
  return run.as_strided(view.shape, view.strides).contiguous();
}

}  // namespace studio::engine
