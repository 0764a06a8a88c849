#include <QtGlobal>

// The patterns of the engine's sentences, for translators' tools: the engine knows no Qt, so they are named here once
// more. A test compares this list with the engine's sources.

// clang-format off
[[maybe_unused]] static const char* const kEngineSentences[] = {
    QT_TRANSLATE_NOOP("Engine", "No model is chosen."),
};
// clang-format on
