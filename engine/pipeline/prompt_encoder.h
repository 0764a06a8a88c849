#pragma once

#include "engine/api/reproduction_profile.h"
#include "engine/pipeline/loaded_model.h"
#include "engine/text/emphasis.h"
#include "engine/text/tokens/known_embeddings.h"
#include "engine/text/tokens/prompt_plan.h"

#include <stop_token>
#include <string>
#include <utility>
#include <vector>

namespace studio::engine {

/// What the prompts of a request condition on, and when. A value; tensors are shared.
struct PromptConditions {
  /// One prompt in the course of a picture.
  struct Prompt {
    double weight = 1;
    std::vector<std::pair<int, std::size_t>> schedule;  ///< until which call (see textAt), which of `texts`
    /// Which of `texts` stands at the n-th call of the network, counted from 0.
    std::size_t at(int call) const;
  };
  std::vector<Prompt> prompts;  ///< joined by AND; never empty
  Prompt negative;
  std::vector<Conditioning> texts;      ///< contexts of equal length, but the negative prompt's may have another
  int callsPerStep = 1;                 ///< of the network
  std::vector<std::size_t> embeddings;  ///< textual inversions that are named, in the order of KnownEmbeddings, once
};

/// How much a request's prompts ask of the networks.
struct PromptShape {
  std::int64_t chunks = 1;   ///< of the longest text
  std::int64_t prompts = 1;  ///< joined by AND
  std::int64_t texts = 2;    ///< different ones that are not in the cache, the negative prompt's included
  bool joined = false;       ///< the network sees prompts and negative prompt as one batch whatever the guidance is
};

/// Makes the conditionings of a request's prompts: plans them, encodes each different text once (see PromptCache),
/// applies the weights. Engine thread only.
class PromptEncoder {
 public:
  PromptEncoder(LoadedModel& model, const GenerationRequest& request, std::stop_token stop,
                KnownEmbeddings embeddings = {});

  /// For a walk of `steps` steps that call the network `callsPerStep` times each. As in A1111 the numbers in
  /// `[a:b:when]` count calls then.
  /// Throws EngineException (BadRequest for prompts that are too much), Cancelled.
  PromptConditions encode(int steps, int callsPerStep);

  /// The same without the text encoders.
  PromptShape shape(int steps, int callsPerStep);

  /// How many tokens of its longest text encode() left out.
  int tokensLeftOut() const { return leftOut_; }

 private:
  /// The different texts of one prompt, in chunks.
  struct Texts {
    std::vector<std::string> texts;
    std::vector<std::vector<PromptChunk>> chunks;
    std::vector<int> times;             ///< how often each stands in the schedule
    std::vector<std::size_t> schedule;  ///< for each entry, which text
  };
  /// The prompts and behind them the negative one.
  struct Planned {
    std::vector<PlannedPrompt> prompts;
    std::vector<Texts> texts;
    std::vector<std::size_t> chunks;  ///< that each is encoded in
    std::size_t count = 0;            ///< of all texts
    std::size_t mostChunks() const;
  };
  Planned planned(int calls);
  int clipSkipOf(bool negative) const;
  PromptCache::Key keyOf(const std::string& text, std::size_t chunks, int clipSkip) const;
  static std::vector<std::size_t> embeddingsIn(const std::vector<Texts>& all);
  Texts textsOf(const PlannedPrompt& prompt);
  std::vector<Conditioning> encodeTexts(Texts& texts, std::size_t chunks, int clipSkip);
  Conditioning encodeText(const std::string& text, const std::vector<PromptChunk>& chunks, int clipSkip);
  PromptConditions::Prompt add(const PlannedPrompt& prompt, Texts& texts, std::size_t chunks, bool negative,
                               PromptConditions& conditions);

  LoadedModel& model_;
  const GenerationRequest& request_;
  ReproductionProfile rows_;
  std::stop_token stop_;
  KnownEmbeddings embeddings_;
  ClipTokenizer tokenizer_;
  int leftOut_ = 0;
};

}  // namespace studio::engine
