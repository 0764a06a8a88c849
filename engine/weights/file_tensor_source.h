#pragma once

#include "engine/weights/key_map.h"
#include "engine/weights/tensor_file.h"
#include "engine/weights/tensor_source.h"

#include <map>
#include <memory>

namespace studio::engine {

/// One part of a model (UNet, text encoder, VAE) whose tensors lie in one or several files.
class FileTensorSource final : public TensorSource {
 public:
  /// Adds the tensor `key` of `file`, or the piece of it that is meant, under its canonical name. The file is shared,
  /// not copied.
  void add(const std::string& name, std::shared_ptr<const TensorFile> file, const std::string& key,
           TensorPick pick = TensorPick::Whole);

  const std::vector<std::int64_t>* shapeOf(const std::string& name) const override;
  at::Tensor load(const std::string& name) const override;
  bool isCompact(const std::string& name) const override;
  void hold(const std::string& name) const override;
  void release(const std::string& name) const override;
  std::int64_t storedBytes(const std::string& name) const override;
  std::vector<std::string> names() const override;

  std::int64_t parameters() const;
  /// "fp16", "fp32", "Q8_0", … as most of the numbers are stored, or "mixed".
  std::string precision() const;
  bool empty() const { return places_.empty(); }

 private:
  struct Place {
    std::shared_ptr<const TensorFile> file;
    std::string key;
    const TensorInfo* info = nullptr;
    TensorPick pick = TensorPick::Whole;
    std::vector<std::int64_t> shape;  ///< of the piece
  };
  at::Tensor loadWhole(const Place& place) const;

  std::map<std::string, Place> places_;
  mutable std::map<const TensorInfo*, at::Tensor> held_;  ///< stored bytes, by the tensor in the file
};

/// A model's tensors sorted into parts; a part that is not in the files is empty.
struct ModelTensors {
  std::map<Part, std::shared_ptr<FileTensorSource>> parts;
  std::string layout;  ///< "single file" or "diffusers folder"
  std::uint64_t fileBytes = 0;
  std::int64_t ignored = 0;
  std::int64_t unknown = 0;
  std::map<std::string, std::string> metadata;
  std::vector<std::string> keys;                       ///< original keys, for recognising the family
  std::string schedulerConfig;                         ///< a diffusers folder's scheduler_config.json, as text
  std::string vaeConfig;                               ///< its VAE's config.json, likewise
  std::string yaml;                                    ///< the configuration beside a single file, as text
  std::map<std::string, std::vector<double>> markers;  ///< numbers in tensors `edm_…`, by original key

  /// Null when the part is absent.
  std::shared_ptr<FileTensorSource> part(Part which) const;
};

/// Opens a model file of any known format or a diffusers folder and reads headers only.
/// Throws EngineException: MissingFile, BadFile.
ModelTensors openModel(const std::filesystem::path& path);
/// A single file that is open already.
ModelTensors openModel(const std::shared_ptr<const TensorFile>& file);

}  // namespace studio::engine
