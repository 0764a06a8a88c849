#include "engine/pipeline/companion_files.h"

#include "engine/api/units.h"

#include <system_error>

namespace studio::engine {
namespace {

std::filesystem::path ifThere(const std::filesystem::path& path) {
  std::error_code failed;
  return std::filesystem::is_regular_file(path, failed) ? path : std::filesystem::path();
}

std::filesystem::path beside(const std::filesystem::path& model, const char* ending) {
  return ifThere(model.parent_path() / pathFromUtf8(utf8FromPath(model.stem()) + ending));
}

}  // namespace

std::string modelNameOf(const std::filesystem::path& model) {
  std::error_code failed;
  if (!std::filesystem::is_directory(model, failed)) return utf8FromPath(model.stem());
  return utf8FromPath(model.has_filename() ? model.filename() : model.parent_path().filename());
}

std::filesystem::path vaeBeside(const std::filesystem::path& model) {
  for (const char* ending : {".vae.safetensors", ".vae.pt", ".vae.ckpt"}) {
    const std::filesystem::path found = beside(model, ending);
    if (!found.empty()) return found;
  }
  return {};
}

std::filesystem::path previewDecoderBeside(const std::filesystem::path& model) {
  return beside(model, "-preview.safetensors");
}

}  // namespace studio::engine
