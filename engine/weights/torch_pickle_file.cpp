#include "engine/weights/torch_pickle_file.h"

#include <ATen/ops/empty.h>

#include <span>

namespace studio::engine {

at::Tensor TorchPickleFile::loadStored(const std::string& key) const {
  const TensorInfo& info = header().tensors.at(key);
  const PickleTensor& view = reader_.view(key);
  if (info.bytes == 0) return at::empty({0}, at::kByte);
  const at::Tensor run = at::empty({extentOf(view)}, at::TensorOptions().dtype(scalarTypeOf(info.type)));
  reader_.read(key, std::span(static_cast<std::byte*>(run.data_ptr()), run.nbytes()));
  if (isContiguous(view)) return run.view(at::kByte);
  return run.as_strided(view.shape, view.strides).contiguous().view(-1).view(at::kByte);
}

}  // namespace studio::engine
