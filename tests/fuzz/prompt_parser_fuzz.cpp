// Any bytes are a prompt: weights stay bounded, nothing is invented, every byte leads back into the prompt, and the
// plan covers every step.

#include "engine/api/engine_error.h"
#include "engine/text/tokens/clip_token_counter.h"
#include "engine/text/tokens/comfyui_weights.h"
#include "engine/text/tokens/grammar_linter.h"
#include "engine/text/tokens/prompt_plan.h"

#include <cmath>
#include <cstdint>
#include <cstdlib>

namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

/// Every step has a text, and every byte of it stands in the prompt.
void checkPlan(std::string_view prompt) {
  using namespace studio::engine;
  constexpr int kSteps = 9;
  try {
    for (const PlannedPrompt& planned : planPrompt(prompt, kSteps).prompts) {
      require(std::abs(planned.weight) <= kLargestWeight);
      require(!planned.schedule.empty() && planned.schedule.size() <= kSteps);
      require(planned.schedule.back().untilStep == kSteps);
      int before = 0;
      for (const auto& [untilStep, text] : planned.schedule) {
        require(untilStep > before);
        before = untilStep;
        for (std::size_t i = 0; i < text.text.size(); ++i) require(text.text[i] == prompt.at(text.promptOffset(i)));
      }
    }
  } catch (const EngineException& error) {
    require(error.error().kind == ErrorKind::BadRequest);
  }
}

/// ComfyUI's brackets: the same promises.
void checkComfyUi(std::string_view prompt) {
  using namespace studio::engine;
  const auto parts = parseComfyUiWeights(SourceText::of(prompt));
  require(!parts.empty());
  for (const WeightedText& part : parts) {
    require(std::abs(part.weight) <= kLargestWeight);
    for (std::size_t i = 0; i < part.text.size(); ++i) require(part.text[i] == prompt.at(part.promptOffset(i)));
  }
  for (const ChunkRule rule : {ChunkRule::Words, ChunkRule::FirstOnly}) {
    const auto chunks = chunkText(ClipTokenizer(), parts, kClipEndToken, {}, rule);
    for (const PromptChunk& chunk : chunks) require(chunk.ids[chunk.tokens + 1] == kClipEndToken);
  }
}

/// Notes stand in the prompt.
void checkNotes(std::string_view prompt) {
  using namespace studio::engine;
  const PromptContext context{PromptStyle::Sentences, false, true, {"film", "ink look"}, {"easynegative"}};
  const auto notes = GrammarLinter().check(prompt, context);
  require(notes.size() <= kMostPromptNotes);
  std::size_t before = 0;
  for (const PromptNote& note : notes) {
    require(note.begin >= before && note.begin < note.end && note.end <= prompt.size());
    before = note.begin;
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace studio::engine;
  const std::string_view prompt(reinterpret_cast<const char*>(data), size);
  const ParsedPrompt parsed = parsePrompt(prompt);
  require(!parsed.parts.empty());
  std::size_t bytes = 0;
  for (const WeightedText& part : parsed.parts) {
    require(std::abs(part.weight) <= kLargestWeight);
    bytes += part.text.size();
    for (std::size_t i = 0; i < part.text.size(); ++i) require(part.text[i] == prompt.at(part.promptOffset(i)));
  }
  require(bytes <= size);

  const auto chunks = chunkPrompt(ClipTokenizer(), parsed);
  for (const PromptChunk& chunk : chunks) {
    require(chunk.ids[0] == kClipStartToken && chunk.ids[chunk.tokens + 1] == kClipEndToken);
    require(chunk.promptOffset <= size);
  }
  checkPlan(prompt);
  checkComfyUi(prompt);
  checkNotes(prompt);
  const TokenCount count = ClipTokenCounter().count(prompt);
  require(count.chunks >= 1 && count.borders.size() + 1 == static_cast<std::size_t>(count.chunks));
  return 0;
}
