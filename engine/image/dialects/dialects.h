#pragma once

#include "engine/api/picture_info.h"
#include "engine/image/dialects/picture_texts.h"

#include <optional>

namespace studio::engine {

// One reader for each program: what its texts say, or nothing when the texts are not its own. They never throw for
// what is in the texts, apart from std::bad_alloc.
std::optional<PictureInfo> readStudio(const PictureTexts& texts);
std::optional<PictureInfo> readFooocus(const PictureTexts& texts);
std::optional<PictureInfo> readSwarmUi(const PictureTexts& texts);
std::optional<PictureInfo> readInvokeAi(const PictureTexts& texts);
std::optional<PictureInfo> readNovelAi(const PictureTexts& texts);
std::optional<PictureInfo> readDrawThings(const PictureTexts& texts);
std::optional<PictureInfo> readCivitai(const PictureTexts& texts);
std::optional<PictureInfo> readA1111(const PictureTexts& texts);
std::optional<PictureInfo> readComfyUi(const PictureTexts& texts);
std::optional<PictureInfo> readEasyDiffusion(const PictureTexts& texts);
std::optional<PictureInfo> readDiffusers(const PictureTexts& texts);

/// Asks them in order; an info with source "none" when no program is recognised. `parameters` gets the raw text.
PictureInfo readDialects(const PictureTexts& texts);

}  // namespace studio::engine
