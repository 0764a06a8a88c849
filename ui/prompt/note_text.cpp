#include "ui/prompt/note_text.h"

#include "ui/bridge/text.h"

#include <QCoreApplication>

namespace studio::ui {
namespace {

/// Names the translators' context.
class NoteText {
  Q_DECLARE_TR_FUNCTIONS(NoteText)
};

}  // namespace

QString noteText(const engine::PromptNote& note) {
  using Kind = engine::PromptNoteKind;
  const QString subject = toQString(note.subject);
  switch (note.kind) {
    case Kind::UnbalancedBracket:
      return subject == u"(" || subject == u"["
                 ? NoteText::tr("“%1” is never closed: it reaches to the end.").arg(subject)
                 : NoteText::tr("“%1” closes nothing.").arg(subject);
    case Kind::WeightIsNoNumber:
      return NoteText::tr("“%1” is no weight; write it like 1.2.").arg(subject);
    case Kind::LargeWeight:
      return NoteText::tr("A weight of %1 is very large; 0.5 to 1.5 is usual.").arg(subject);
    case Kind::UnknownLora:
      return NoteText::tr("There is no LoRA named “%1” in your folders.").arg(subject);
    case Kind::UnfitLora:
      return NoteText::tr("The LoRA “%1” was made for another kind of model than the chosen one.").arg(subject);
    case Kind::UnknownEmbedding:
      return note.hasFix ? NoteText::tr("Embeddings are named without a prefix: “%1”.").arg(toQString(note.replacement))
                         : NoteText::tr("There is no embedding named “%1”; its name is read as words.").arg(subject);
    case Kind::UnusedTag:
      return NoteText::tr("“%1” is not used here.").arg(subject);
    case Kind::EditingIsText:
      return NoteText::tr("A “|” outside of [a|b] makes plain text of all prompt editing.");
    case Kind::FillerWord:
      return NoteText::tr("“%1” often has little effect. Compare with and without it, same seed.").arg(subject);
  }
  return {};
}

QString fixText(const engine::PromptNote& note) {
  if (!note.hasFix) return {};
  return note.replacement.empty() ? NoteText::tr("Remove") : NoteText::tr("Use “%1”").arg(toQString(note.replacement));
}

bool isHint(const engine::PromptNote& note) { return note.kind == engine::PromptNoteKind::FillerWord; }

QString promptHelp(engine::ModelFamily family, engine::PromptStyle style) {
  if (style == engine::PromptStyle::Tags) {
    return NoteText::tr(
        "Tags with commas between them, the most important first.\n"
        "Example: 1girl, silver hair, night city, rain, masterpiece");
  }
  if (family == engine::ModelFamily::StableDiffusionXl) {
    return NoteText::tr(
        "What the picture shows, in plain English sentences: subject, place, light, style.\n"
        "Example: A red fox sits in fresh snow, low morning light, watercolour");
  }
  return NoteText::tr(
      "What the picture shows, in English: subject, place, light, style, with commas.\n"
      "Example: red fox, fresh snow, morning light, watercolour");
}

QString negativePromptHelp(engine::ModelFamily family, engine::PromptStyle style, double guidanceScale) {
  if (guidanceScale == 1) return NoteText::tr("Not used while guidance is 1.");
  if (style == engine::PromptStyle::Tags) return NoteText::tr("Example: worst quality, low quality, bad anatomy, text");
  if (family == engine::ModelFamily::StableDiffusionXl) {
    return NoteText::tr("What to keep away. Often it can stay empty.\nExample: text, frame");
  }
  return NoteText::tr("What to keep away, as words without “no”.\nExample: blurry, text, frame");
}

}  // namespace studio::ui
