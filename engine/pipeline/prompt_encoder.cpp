#include "engine/pipeline/prompt_encoder.h"

#include "engine/api/engine_error.h"
#include "engine/text/tokens/comfyui_weights.h"

#include <ATen/ops/cat.h>

#include <algorithm>
#include <set>

namespace studio::engine {
namespace {

std::vector<WeightedText> partsOf(const SourceText& text, const ReproductionProfile& rows) {
  if (rows.grammar == PromptGrammar::ComfyUi) return parseComfyUiWeights(text);
  if (rows.grammar == PromptGrammar::A1111 && rows.emphasis != Emphasis::None) return parseWeights(text);
  return {{text, 1.0F, false}};
}

PromptRules rulesOf(const ReproductionProfile& rows, bool splitsAtAnd) {
  const bool old = rows.editing == PromptEditing::BelowOneIsShare;
  return {splitsAtAnd, old ? PromptTimeline::SharesBelow1 : PromptTimeline::Steps,
          rows.grammar == PromptGrammar::A1111};
}

std::size_t longest(const std::vector<std::vector<PromptChunk>>& texts) {
  std::size_t chunks = 1;
  for (const auto& one : texts) chunks = std::max(chunks, one.size());
  return chunks;
}

/// As A1111 makes contexts equally long: those of prompts joined by AND, and before 1.6 the negative prompt's. Cut
/// off, or the last vector again and again.
at::Tensor withLength(const at::Tensor& context, std::int64_t length) {
  const std::int64_t own = context.size(1);
  if (own >= length) return context.narrow(1, 0, length);
  return at::cat({context, context.narrow(1, own - 1, 1).expand({-1, length - own, -1})}, 1);
}

/// All embeddings of a request are kept at once; a chunk of XL takes 0.6 MiB. Two texts always have room.
void checkRoom(std::size_t texts, std::size_t chunks) {
  constexpr std::size_t kMostChunks = 1024;
  const std::size_t most = std::max<std::size_t>(2, kMostChunks / chunks);
  if (texts <= most) return;
  throw EngineException(
      ErrorKind::BadRequest,
      sentence("The prompt becomes %1 different texts in the course of the steps; at most %2 are possible.", texts,
               most));
}

}  // namespace

std::size_t PromptConditions::Prompt::at(int call) const {
  const auto found =
      std::find_if(schedule.begin(), schedule.end(), [call](const auto& entry) { return call <= entry.first; });
  return found == schedule.end() ? schedule.back().second : found->second;
}

PromptEncoder::PromptEncoder(LoadedModel& model, const GenerationRequest& request, std::stop_token stop,
                             KnownEmbeddings embeddings)
    : model_(model),
      request_(request),
      rows_(reproductionProfile(request)),
      stop_(std::move(stop)),
      embeddings_(std::move(embeddings)) {}

PromptEncoder::Planned PromptEncoder::planned(int calls) {
  Planned all;
  all.prompts = planPrompt(request_.prompt, calls, rulesOf(rows_, true)).prompts;
  all.prompts.push_back(planPrompt(request_.negativePrompt, calls, rulesOf(rows_, false)).prompts.front());
  for (const PlannedPrompt& prompt : all.prompts) {
    all.texts.push_back(textsOf(prompt));
    all.count += all.texts.back().texts.size();
    all.chunks.push_back(longest(all.texts.back().chunks));
  }
  if (rows_.unequalLengths == UnequalLengths::EmptyChunks)
    std::fill(all.chunks.begin(), all.chunks.end(), all.mostChunks());
  return all;
}

std::size_t PromptEncoder::Planned::mostChunks() const { return *std::max_element(chunks.begin(), chunks.end()); }

PromptConditions PromptEncoder::encode(int steps, int callsPerStep) {
  Planned all = planned(steps * callsPerStep);
  checkRoom(all.count, all.mostChunks());
  PromptConditions conditions;
  conditions.embeddings = embeddingsIn(all.texts);
  conditions.callsPerStep = callsPerStep;
  const std::size_t negative = all.prompts.size() - 1;
  for (std::size_t i = 0; i < negative; ++i)
    conditions.prompts.push_back(add(all.prompts[i], all.texts[i], all.chunks[i], false, conditions));
  const std::size_t first = conditions.texts.size();
  conditions.negative = add(all.prompts[negative], all.texts[negative], all.chunks[negative], true, conditions);
  const std::size_t most = *std::max_element(all.chunks.begin(), all.chunks.end() - 1);
  const std::size_t end = rows_.unequalLengths == UnequalLengths::LastVector ? conditions.texts.size() : first;
  for (std::size_t i = 0; i < end; ++i) {
    at::Tensor& context = conditions.texts[i].context;
    context = withLength(context, static_cast<std::int64_t>(most) * kChunkLength);
  }
  return conditions;
}

PromptShape PromptEncoder::shape(int steps, int callsPerStep) {
  const Planned all = planned(steps * callsPerStep);
  std::int64_t unknown = 0;
  for (std::size_t i = 0; i < all.texts.size(); ++i) {
    const bool negative = i + 1 == all.texts.size();
    for (const std::string& text : all.texts[i].texts)
      unknown += model_.prompts().find(keyOf(text, all.chunks[i], clipSkipOf(negative))) ? 0 : 1;
  }
  const auto prompts = static_cast<std::int64_t>(all.prompts.size()) - 1;
  return {static_cast<std::int64_t>(all.mostChunks()), prompts, unknown,
          prompts > 1 || all.prompts.front().weight != 1};
}

int PromptEncoder::clipSkipOf(bool negative) const {
  return negative && rows_.clipSkip == ClipSkipRule::OnTop ? 1 : request_.clipSkip;
}

PromptCache::Key PromptEncoder::keyOf(const std::string& text, std::size_t chunks, int clipSkip) const {
  return {text, chunks, clipSkip, rows_.grammar, rows_.emphasis != Emphasis::None, rows_.chunks, rows_.clipSkip};
}

std::vector<std::size_t> PromptEncoder::embeddingsIn(const std::vector<Texts>& all) {
  std::set<std::size_t> used;
  for (const Texts& texts : all) {
    for (const auto& chunks : texts.chunks) {
      for (const PromptChunk& chunk : chunks) {
        for (const EmbeddingSlot& slot : chunk.embeddings) used.insert(slot.index);
      }
    }
  }
  return {used.begin(), used.end()};
}

PromptEncoder::Texts PromptEncoder::textsOf(const PlannedPrompt& prompt) {
  Texts result;
  for (const ScheduledText& at : prompt.schedule) {
    const auto known = std::find(result.texts.begin(), result.texts.end(), at.text.text);
    const auto index = static_cast<std::size_t>(known - result.texts.begin());
    result.schedule.push_back(index);
    if (known != result.texts.end()) {
      ++result.times[index];
      continue;
    }
    result.texts.push_back(at.text.text);
    result.times.push_back(1);
    result.chunks.push_back(chunkText(tokenizer_, partsOf(at.text, rows_), kClipEndToken, embeddings_, rows_.chunks));
    if (rows_.chunks == ChunkRule::FirstOnly) leftOut_ = std::max(leftOut_, keepFirst(result.chunks.back()));
  }
  return result;
}

PromptConditions::Prompt PromptEncoder::add(const PlannedPrompt& prompt, Texts& texts, std::size_t chunks,
                                            bool negative, PromptConditions& conditions) {
  const FamilyTraits& traits = model_.recognition().traits();
  const std::size_t first = conditions.texts.size();
  for (Conditioning& conditioning : encodeTexts(texts, chunks, clipSkipOf(negative))) {
    const bool empty = negative && texts.texts[conditions.texts.size() - first].empty();
    const bool zero = empty && traits.emptyNegativeIsZero && rows_.emptyNegative == EmptyNegative::Zeros;
    conditions.texts.push_back(zero ? zeroed(conditioning) : conditioning);
    conditions.texts.back().numbers = conditionNumbers(traits, {.size = request_.size, .negative = negative});
  }
  PromptConditions::Prompt result{prompt.weight, {}};
  for (std::size_t i = 0; i < prompt.schedule.size(); ++i) {
    result.schedule.emplace_back(prompt.schedule[i].untilStep, first + texts.schedule[i]);
  }
  return result;
}

std::vector<Conditioning> PromptEncoder::encodeTexts(Texts& texts, std::size_t chunks, int clipSkip) {
  std::vector<Conditioning> conditionings;
  std::vector<EncodedText> encoded;
  bool weighs = false;
  for (std::size_t i = 0; i < texts.texts.size(); ++i) {
    padChunks(texts.chunks[i], chunks);
    weighs = weighs || hasWeights(texts.chunks[i]);
    conditionings.push_back(encodeText(texts.texts[i], texts.chunks[i], clipSkip));
    encoded.push_back({conditionings.back().context, texts.chunks[i], texts.times[i]});
  }
  at::Tensor empty;
  if (weighs && rows_.emphasis == Emphasis::ComfyUi)
    empty = encodeText({}, chunkText(tokenizer_, {}), clipSkip).context;
  const auto contexts = emphasised(encoded, rows_.emphasis, empty, model_.conditioner().encoderWidths());
  for (std::size_t i = 0; i < contexts.size(); ++i) conditionings[i].context = contexts[i];
  return conditionings;
}

Conditioning PromptEncoder::encodeText(const std::string& text, const std::vector<PromptChunk>& chunks, int clipSkip) {
  const PromptCache::Key key = keyOf(text, chunks.size(), clipSkip);
  if (const auto known = model_.prompts().find(key)) return *known;
  Conditioning conditioning = model_.conditioner().encodeUnweighted(chunks, clipSkip, rows_.clipSkip, stop_);
  model_.prompts().add(key, conditioning);
  return conditioning;
}

}  // namespace studio::engine
