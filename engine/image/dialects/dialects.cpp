#include "engine/image/dialects/dialects.h"

#include "engine/image/text_encoding.h"

#include <array>

namespace studio::engine {
namespace {

using Reader = std::optional<PictureInfo> (*)(const PictureTexts&);
constexpr std::size_t kLongestShown = 4U << 20;

/// The order of recognition. Our own JSON says everything, so it comes first; those with marks of their own precede
/// the plain text that many programs write; the ones known only by common words come last.
constexpr std::array<Reader, 11> kReaders{readStudio,        readFooocus,    readSwarmUi,  readInvokeAi,
                                          readNovelAi,       readDrawThings, readCivitai,  readA1111,
                                          readEasyDiffusion, readComfyUi,    readDiffusers};

/// What a person would want to see when asking for the raw text.
std::string rawText(const PictureTexts& texts) {
  if (const std::string* parameters = texts.parameters()) return *parameters;
  for (const char* keyword : {"prompt", "workflow", "invokeai_metadata", "sd-metadata", "Dream", "Comment"}) {
    if (const std::string* text = texts.find(keyword)) return *text;
  }
  return {};
}

}  // namespace

PictureInfo readDialects(const PictureTexts& texts) {
  PictureInfo info;
  for (const Reader reader : kReaders) {
    if (auto read = reader(texts)) {
      info = std::move(*read);
      break;
    }
  }
  if (info.parameters.empty())
    info.parameters = repairedUtf8(std::string_view(rawText(texts)).substr(0, kLongestShown));
  return info;
}

}  // namespace studio::engine
