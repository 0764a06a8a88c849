#pragma once

#include "engine/api/generation_request.h"
#include "engine/api/sentence.h"
#include "engine/api/units.h"

#include <string>
#include <vector>

namespace studio::engine {

/// Why something a picture says cannot be honoured exactly here. `name` and `value` of the note fill the sentence.
enum class NoteKind {
  Sampler,        ///< `value` is a sampler this studio does not have; `name` stands in the request instead
  Schedule,       ///< the same for a scheduler
  Setting,        ///< the setting `name` with `value` is not carried out
  OutOfRange,     ///< the setting `name` with `value` is outside what is possible here
  PromptPart,     ///< `value`, a part of the prompt, has no counterpart
  OtherPass,      ///< a further pass over the picture, `name`, with settings `value`
  StartPicture,   ///< the work began from another picture; `value` is its name if known
  Node,           ///< `name` is a step of a node graph that is not understood
  Noise,          ///< the noise was drawn on `value` ("GPU") and will be other noise here
  GpuNoise,       ///< the noise was drawn on a card of unknown size
  Version,        ///< the version that made it is not said; `value` is assumed
  Nearest,        ///< the program `name` is not followed itself; `value` is the nearest
  NearestChoice,  ///< the sampler or scheduler `name` is not here; `value` takes its place
  OfBatch,        ///< it is one of `value` pictures of a batch that can only be made together
  CutShort,       ///< the file ends early: settings behind the cut are lost
};

struct PictureNote {
  NoteKind kind = NoteKind::Setting;
  std::string name;
  std::string value;
  bool operator==(const PictureNote&) const = default;
};

/// The note for people.
Sentence noteSentence(const PictureNote& note);

/// A prompt that was rewritten from another program's grammar into ours; the new text is in the request.
struct PromptChange {
  std::string field;  ///< "prompt" or "negative_prompt"
  std::string original;
  std::string translated;
};

/// A file a picture was made with, as the picture names it.
struct NamedHash {
  std::string name;
  std::string hash;                ///< empty where only the name is known
  std::string kind = "embedding";  ///< of files that the request does not name, see NeededFile
  bool operator==(const NamedHash&) const = default;
};

/// What could be read out of a picture's metadata.
struct PictureInfo {
  PixelSize size;
  std::string source;             ///< for people: "Kiln Studio", "Forge", …; empty when nothing was understood
  std::string sourceId = "none";  ///< "studio", "a1111", "comfyui", …
  RequestPatch request;           ///< files are bare names, never paths: see findByName of model_catalog.h
  std::string modelName;
  std::string modelHash;
  std::vector<NamedHash> fileHashes;  ///< of LoRAs, embeddings and the VAE, where the picture says them
  std::string parameters;             ///< the raw text
  std::vector<PromptChange> promptChanges;
  std::vector<PictureNote> notes;
};

}  // namespace studio::engine
