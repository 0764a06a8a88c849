#include <QtGlobal>

// The patterns of the engine's sentences, for translators' tools: the engine knows no Qt, so they are named here once
// more. A test compares this list with the engine's sources.

// clang-format off
[[maybe_unused]] static const char* const kEngineSentences[] = {
    QT_TRANSLATE_NOOP("Engine", "No model is chosen."),
    QT_TRANSLATE_NOOP("Engine", "The prompt joins %1 prompts by AND; at most %2 are possible."),
    QT_TRANSLATE_NOOP("Engine", "The prompt becomes %1 different texts in the course of the steps; at most %2 are possible."),
};
// clang-format on
