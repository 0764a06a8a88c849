#include "engine/api/picture_info.h"

namespace studio::engine {
namespace {

std::string withValue(const PictureNote& note) {
  return note.value.empty() ? note.name : note.name + ": " + note.value;
}

}  // namespace

Sentence noteSentence(const PictureNote& note) {
  switch (note.kind) {
    case NoteKind::Sampler:
      return sentence("The sampler “%1” is unknown here; %2 is used instead.", note.value, note.name);
    case NoteKind::Schedule:
      return sentence("The scheduler “%1” is unknown here; %2 is used instead.", note.value, note.name);
    case NoteKind::Setting:
      return sentence("Not carried out: %1.", withValue(note));
    case NoteKind::OutOfRange:
      return sentence("Outside the range that is possible here: %1.", withValue(note));
    case NoteKind::PromptPart:
      return sentence("This part of the prompt has no exact counterpart: %1", note.value);
    case NoteKind::OtherPass:
      return sentence("A further pass is not carried out: %1.", withValue(note));
    case NoteKind::StartPicture:
      return note.value.empty()
                 ? sentence("The work began from another picture, which is not in the file.")
                 : sentence("The work began from another picture (%1), which is not in the file.", note.value);
    case NoteKind::Node:
      return sentence("The step “%1” of the graph is not carried out.", note.name);
    case NoteKind::GpuNoise:
      return sentence(
          "The noise came from a graphics card that the picture does not name. Up to 512 × 512 pixels and a little "
          "more "
          "all cards draw the same; for larger pictures say how many GPU threads that card has (--gpu-threads).");
    case NoteKind::Version:
      return sentence("The picture does not say which version of the program made it; %1 is assumed.", note.value);
    case NoteKind::Nearest:
      return sentence("%1 is reproduced by the rules of %2, the nearest: the picture may be a similar one.", note.name,
                      note.value);
    case NoteKind::NearestChoice:
      return sentence("“%1” is not known here; %2, the nearest, takes its place: the picture may be a similar one.",
                      note.name, note.value);
    case NoteKind::OfBatch:
      return sentence("The picture is one of a batch of %1, which can only be made again together.", note.value);
    case NoteKind::CutShort:
      return sentence("The picture file is cut short; what stood behind the cut is lost.");
    case NoteKind::Noise:
      return sentence("The noise was drawn in another way (%1): the picture will be a similar one.", note.value);
  }
  return {};
}

}  // namespace studio::engine
