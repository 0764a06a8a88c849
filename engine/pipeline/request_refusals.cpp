#include "engine/pipeline/request_refusals.h"

#include "engine/api/engine_error.h"
#include "engine/api/request_fields.h"
#include "engine/text/tokens/clip_token_counter.h"

#include <string>
#include <utility>

namespace studio::engine {
namespace {

void refuseTooLong(const char* wording, const std::string& prompt, PromptSide side) {
  const TokenCount count = ClipTokenCounter().count(prompt, side);
  if (count.chunks <= kMostChunks) return;
  throw EngineException(ErrorKind::BadRequest, sentence(wording, count.tokens, count.chunks, kMostChunks));
}

}  // namespace

void refuseWrong(const GenerationRequest& request) {
  if (auto wrong = checkRequest(request)) throw EngineException(std::move(*wrong));
}

void refuseLongPrompts(const GenerationRequest& request) {
  refuseTooLong("The prompt has %1 tokens in %2 chunks of 75; at most %3 chunks are possible.", request.prompt,
                PromptSide::Prompt);
  refuseTooLong("The negative prompt has %1 tokens in %2 chunks of 75; at most %3 chunks are possible.",
                request.negativePrompt, PromptSide::Negative);
}

void refuseBrokenCells(PixelSize size, std::int64_t cell) {
  const auto refuse = [cell](const char* wording, int side) {
    if (side % cell != 0) throw EngineException(ErrorKind::BadRequest, sentence(wording, side, cell));
  };
  refuse("The width is %1; with this model's VAE it must be a multiple of %2.", size.width);
  refuse("The height is %1; with this model's VAE it must be a multiple of %2.", size.height);
}

}  // namespace studio::engine
