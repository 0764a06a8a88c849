#pragma once

#include "app/commands/command.h"
#include "engine/api/generation_request.h"
#include "engine/api/picture_info.h"

#include <filesystem>
#include <functional>
#include <string>

namespace studio::app {

/// Whether the command line has a flag for the request's field of this id.
using IsGiven = std::function<bool(const std::string& field)>;

/// The request that a picture's metadata holds, with its files found in the model folders, by name or by hash. What
/// cannot be honoured exactly is told on the error stream, one line each. A file that is not here fails with
/// MissingFile; when `strict` is false it is told, too, and left out, but for the model, which stays as named.
/// A sampler or schedule that this studio does not know and no flag is `given` for fails with BadRequest; when `strict`
/// is false it is told what is used instead.
/// Throws what reading the picture throws, and BadRequest for a picture without settings.
engine::GenerationRequest requestFromPicture(const std::filesystem::path& picture, bool strict, const IsGiven& given,
                                             CommandEnvironment& environment);

/// The same from what was read of it already.
engine::GenerationRequest requestFromInfo(const engine::PictureInfo& info, const std::filesystem::path& picture,
                                          bool strict, const IsGiven& given, CommandEnvironment& environment);

}  // namespace studio::app
