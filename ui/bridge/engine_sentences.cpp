#include <QtGlobal>

// The patterns of the engine's sentences, for translators' tools: the engine knows no Qt, so they are named here once
// more. A test compares this list with the engine's sources.

// clang-format off
[[maybe_unused]] static const char* const kEngineSentences[] = {
    QT_TRANSLATE_NOOP("Engine", "No model is chosen."),
    QT_TRANSLATE_NOOP("Engine", "The prompt joins %1 prompts by AND; at most %2 are possible."),
    QT_TRANSLATE_NOOP("Engine", "The prompt becomes %1 different texts in the course of the steps; at most %2 are possible."),
    QT_TRANSLATE_NOOP("Engine", "The sampler “%1” is unknown here."),
    QT_TRANSLATE_NOOP("Engine", "The scheduler “%1” is unknown here."),
    QT_TRANSLATE_NOOP("Engine", "Not carried out: %1."),
    QT_TRANSLATE_NOOP("Engine", "Outside the range that is possible here: %1."),
    QT_TRANSLATE_NOOP("Engine", "This part of the prompt has no exact counterpart: %1"),
    QT_TRANSLATE_NOOP("Engine", "A further pass is not carried out: %1."),
    QT_TRANSLATE_NOOP("Engine", "The work began from another picture, which is not in the file."),
    QT_TRANSLATE_NOOP("Engine", "The work began from another picture (%1), which is not in the file."),
    QT_TRANSLATE_NOOP("Engine", "The step “%1” of the graph is not carried out."),
    QT_TRANSLATE_NOOP("Engine", "The noise was drawn in another way (%1): the picture will be a similar one."),
    QT_TRANSLATE_NOOP("Engine", "The width is %1; with this model's VAE it must be a multiple of %2."),
    QT_TRANSLATE_NOOP("Engine", "The height is %1; with this model's VAE it must be a multiple of %2."),
    QT_TRANSLATE_NOOP("Engine", "The prompt has %1 tokens in %2 chunks of 75; at most %3 chunks are possible."),
    QT_TRANSLATE_NOOP("Engine", "The negative prompt has %1 tokens in %2 chunks of 75; at most %3 chunks are possible."),
    QT_TRANSLATE_NOOP("Engine", "The folder for the pictures cannot be written to: %1."),
    QT_TRANSLATE_NOOP("Engine", "The picture could not be written to its folder; it was saved as %1."),
    QT_TRANSLATE_NOOP("Engine", "%1 pictures could not be written to their folder; they were saved in %2."),
    QT_TRANSLATE_NOOP("Engine", "The file for previews %1 cannot be used: %2"),
};
// clang-format on
