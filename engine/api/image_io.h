#pragma once

#include "engine/api/engine_error.h"
#include "engine/api/generation_request.h"
#include "engine/api/image.h"
#include "engine/api/picture_info.h"

#include <filesystem>
#include <string>
#include <vector>

namespace studio::engine {

/// What is written into a picture so that it can be made again. Of files only the names are written: a picture that
/// is passed on tells nothing about the folders of the person who made it.
struct PictureMetadata {
  GenerationRequest request;  ///< with the seed of this very picture and batch 1 × 1
  int batchSize = 1;          ///< as submitted
  int batchCount = 1;
  int index = 0;                      ///< of this picture in its job
  std::string modelName;              ///< file stem
  std::string modelHash;              ///< first ten hex digits of the file's SHA-256, as A1111 writes it; may be empty
  std::vector<NamedHash> loraHashes;  ///< of those in use, also by the prompt: 12 digits, as A1111 writes them
  std::vector<NamedHash> embeddingHashes;  ///< of those that the prompts name, likewise
  std::string precision;                   ///< "fp32", …
  std::vector<std::string> rungs;          ///< what was done when memory ran out, a sentence each
  std::string engineVersion;
};

/// A1111's `parameters` text of a picture, UTF-8.
std::string parametersText(const PictureMetadata& metadata);
/// Understands what parametersText, A1111 and Forge write. Never fails: unknown parts are left out.
PictureInfo parseParametersText(const std::string& text);

/// The request as JSON (one object, the ids of request_fields.h) and back; fields that are absent stay absent.
std::string requestJson(const GenerationRequest& request);
Result<RequestPatch> requestFromJson(const std::string& json);

/// Copies the fields named in `patch.present` into `request`.
void applyPatch(const RequestPatch& patch, GenerationRequest& request);

/// Writes a picture: to a temporary name in the same folder, synced, then renamed to `path` unless that exists, in
/// which case the next free suffix is taken. Returns the path used. The extension decides the format.
Result<std::filesystem::path> writePicture(const Image& image, const PictureMetadata& metadata,
                                           const std::filesystem::path& path, int quality = 92);

/// Reads the metadata of every program in the table of engine/image/dialects, and the size; also what a kept latent
/// (OutputOptions::keepLatents) is to become. Pixels are looked at only
/// when the file has no text that says anything: some programs hide theirs in the lowest bits.
Result<PictureInfo> readPictureInfo(const std::filesystem::path& path);

/// Decodes PNG, JPEG, WebP to RGB or RGBA; at most 16384 × 16384.
Result<Image> readImage(const std::filesystem::path& path);

/// File name for picture `index` of `pictures` from an OutputOptions pattern: {index} {seed} {date} {model};
/// `date` is "2026-11-21-153042". Path separators inside values become '_'.
std::filesystem::path outputPath(const std::string& pattern, int index, int pictures, Seed seed,
                                 const std::string& model, const std::string& date);

}  // namespace studio::engine
