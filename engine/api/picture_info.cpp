#include "engine/api/picture_info.h"

namespace studio::engine {
namespace {

std::string withValue(const PictureNote& note) {
  return note.value.empty() ? note.name : note.name + ": " + note.value;
}

}  // namespace

std::string noteText(const PictureNote& note) {
  switch (note.kind) {
    case NoteKind::Sampler:
      return "The sampler \"" + note.value + "\" is unknown here; choose another.";
    case NoteKind::Schedule:
      return "The scheduler \"" + note.value + "\" is unknown here; choose another.";
    case NoteKind::Setting:
      return "Not carried out: " + withValue(note) + ".";
    case NoteKind::OutOfRange:
      return "Outside the range of this studio: " + withValue(note) + ".";
    case NoteKind::PromptPart:
      return "This part of the prompt has no counterpart here: " + note.value;
    case NoteKind::OtherPass:
      return "A further pass is not carried out: " + withValue(note) + ".";
    case NoteKind::StartPicture:
      return "The work began from another picture" + (note.value.empty() ? "" : " (" + note.value + ")") +
             ", which is not in the file.";
    case NoteKind::Node:
      return "The step \"" + note.name + "\" of the graph is not understood.";
    case NoteKind::Noise:
      return "The noise was drawn on the " + note.value + "; here it is other noise.";
  }
  return {};
}

}  // namespace studio::engine
