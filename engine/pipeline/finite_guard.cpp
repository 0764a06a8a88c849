#include "engine/pipeline/finite_guard.h"

#include "engine/pipeline/job_journal.h"

#include <ATen/ops/isfinite.h>

#include <algorithm>

namespace studio::engine {
namespace {

/// In the middle of a sentence.
const char* networkWords(Part part) {
  switch (part) {
    case Part::UNet:
      return "UNet";
    case Part::Vae:
    case Part::TinyVae:
      return "VAE";
    default:
      return "text encoder";
  }
}

[[noreturn]] void refuse(LoadedModel& model, Part part) {
  const std::string file = utf8FromPath(model.path().filename());
  if (const auto tensor = model.damagedTensor(part)) {
    throw EngineException(
        ErrorKind::BadFile,
        sentence("The %1 of %2 holds numbers that are not finite; the file is damaged.", networkWords(part), file),
        *tensor);
  }
  throw EngineException(ErrorKind::Device,
                        sentence("The %1 of %2 gives numbers that are not finite, also in fp32; there is no picture "
                                 "in them.",
                                 networkWords(part), file));
}

}  // namespace

bool FiniteGuard::isFinite(const at::Tensor& numbers) {
  return !numbers.defined() || at::isfinite(numbers).all().item<bool>();
}

bool FiniteGuard::isFinite(const PromptConditions& prompts) {
  return std::all_of(prompts.texts.begin(), prompts.texts.end(),
                     [](const Conditioning& text) { return isFinite(text.context) && isFinite(text.pooled); });
}

void FiniteGuard::widen(LoadedModel& model, Part part) {
  if (const auto lora = model.damagedLora(part)) {
    throw EngineException(ErrorKind::BadFile,
                          sentence("The LoRA %1 makes numbers that are not finite of the %2's weights; take it out.",
                                   utf8FromPath(lora->filename()), networkWords(part)));
  }
  const auto narrow = model.widen(part);
  if (!narrow) refuse(model, part);
  const Sentence why = sentence("The %1 gave numbers that are not finite in %2; it computes in fp32 from here on.",
                                networkWords(part), std::string(idOf(precisionOf(*narrow))));
  context_.journal->keepWidening({part, &model == refiner_, why});
  recovery_.planAnew(why);
}

}  // namespace studio::engine
