#include "app/commands/picture_request.h"

#include "app/commands/interrupt_watcher.h"
#include "engine/api/image_io.h"
#include "engine/api/model_catalog.h"
#include "engine/api/needed_files.h"

#include <ostream>

namespace studio::app {
namespace {

using engine::utf8FromPath;

/// Where the request names a file of this kind by this name, it gets its path.
void place(engine::GenerationRequest& request, const engine::NeededFile& file) {
  const auto is = [&file](const std::filesystem::path& named) { return utf8FromPath(named) == file.name; };
  const auto replace = [&](const char* kind, std::filesystem::path& target) {
    if (file.kind == kind) target = file.found;
  };
  // One that is not here keeps its name, so that whoever loads it can say so.
  if (file.kind == "model") request.model = file.found.empty() ? engine::pathFromUtf8(file.name) : file.found;
  replace("refiner", request.refiner);
  replace("vae", request.vae);
  replace("text_encoder", request.textEncoder);
  for (engine::LoraUse& lora : request.loras) {
    if (file.kind == "lora" && is(lora.file)) lora.file = file.found;
  }
  std::erase_if(request.loras, [](const engine::LoraUse& lora) { return lora.file.empty(); });
}

/// A sampler or schedule that is not here changes the picture altogether; a flag for it settles the matter.
void tell(const engine::PictureNote& note, bool strict, const IsGiven& given, CommandEnvironment& environment) {
  const bool sampler = note.kind == engine::NoteKind::Sampler;
  if (sampler || note.kind == engine::NoteKind::Schedule) {
    const std::string field = sampler ? "sampler" : "scheduler";
    if (given(field)) return;
    if (strict) {
      throw engine::EngineException(engine::ErrorKind::BadRequest,
                                    "The picture needs the " + field + " \"" + note.value +
                                        "\", which is unknown here (--no-strict uses " + note.name + ").");
    }
  }
  environment.error << engine::noteSentence(note).text() << "\n";
}

}  // namespace

engine::GenerationRequest requestFromPicture(const std::filesystem::path& picture, bool strict, const IsGiven& given,
                                             CommandEnvironment& environment) {
  const engine::Result<engine::PictureInfo> read = engine::readPictureInfo(picture);
  if (!read) throw engine::EngineException(read.error().kind, read.error().message, read.error().detail);
  return requestFromInfo(read.value(), picture, strict, given, environment);
}

engine::GenerationRequest requestFromInfo(const engine::PictureInfo& info, const std::filesystem::path& picture,
                                          bool strict, const IsGiven& given, CommandEnvironment& environment) {
  if (info.request.present.empty()) {
    throw engine::EngineException(engine::ErrorKind::BadRequest,
                                  utf8FromPath(picture.filename()) + " holds no settings that can be read.");
  }
  engine::GenerationRequest request;
  engine::applyPatch(info.request, request);
  const InterruptWatcher watcher(environment.interrupted);  // looking for a hash may read gigabytes
  for (const engine::NeededFile& file : engine::findNeededFiles(info, engine::findModelFiles(environment.searchFolders),
                                                                *environment.makeInspector(), watcher.token())) {
    if (file.found.empty() && file.kind != "embedding" && file.kind != "model") {
      const std::string missing = "The picture needs the " + file.kind + " \"" + file.name + "\", which is not here";
      if (strict)
        throw engine::EngineException(engine::ErrorKind::MissingFile, missing + " (--no-strict leaves it out).");
      environment.error << missing << "; it is left out.\n";
    }
    place(request, file);
  }
  for (const engine::PictureNote& note : info.notes) tell(note, strict, given, environment);
  return request;
}

}  // namespace studio::app
