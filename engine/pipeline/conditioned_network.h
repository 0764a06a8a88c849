#pragma once

#include "engine/memory/oom_ladder.h"
#include "engine/pipeline/prompt_encoder.h"
#include "engine/sampling/denoiser.h"

#include <memory>
#include <vector>

namespace studio::engine {

/// The UNet with its conditioning bound, as samplers want it: latents and answers fp32 on the host.
at::Tensor callUNet(const LoadedNetwork<UNet>& unet, std::stop_token stop, const at::Tensor& x,
                    const at::Tensor& timesteps, const UNetConditioning& conditioning);

/// Conditioning in the order of guidance: `pictures` rows of the prompt, then as many of the negative prompt, which is
/// left out without guidance; placed for the network.
UNetConditioning guidedConditioning(const Conditioning& prompt, const Conditioning& negative, std::int64_t pictures,
                                    bool usesNegative, const Residency& residency);

/// `bare`'s input and conditioning.
using BareNetwork =
    std::function<at::Tensor(const at::Tensor& x, const at::Tensor& timesteps, const UNetConditioning& conditioning)>;

/// Chooses what stands in the prompts at each call and joins prompts (Liu et al. 2022, "Compositional Visual Generation
/// with Composable Diffusion Models"): negative + Σ weightᵢ · (promptᵢ − negative) stands for the prompt's answer,
/// which guidance then scales, as in A1111. Called with the rows of guidance: B of the prompt, or these and B of the
/// negative prompt. A single prompt of weight 1 calls `bare` with just these rows. Texts of unequal lengths are asked
/// for one after the other. Fewer rows at once give the same answers but for rounding. Engine thread only; holds
/// references to nothing but the residency.
class ConditionedNetwork {
 public:
  ConditionedNetwork(PromptConditions conditions, std::int64_t pictures, CallRows rows, const Residency& residency,
                     BareNetwork bare);

  /// The next call is the first of this step, counted from 0.
  void beginStep(int step) { call_ = step * conditions_.callsPerStep; }

  /// What was placed for calls is needed no more, or made anew.
  void dropPlaced();

  at::Tensor operator()(const at::Tensor& x, const at::Tensor& timesteps);  // [B or 2B, C, h, w] -> the same, fp32

 private:
  /// The answer for `pictures` of them.
  at::Tensor answerFor(const at::Tensor& x, const at::Tensor& timesteps, bool joins,
                       const std::vector<UNetConditioning>& conditionings, std::int64_t pictures) const;
  /// One conditioning for all rows of a call, or one for each text where calls are for one text.
  const std::vector<UNetConditioning>& conditioningFor(std::vector<std::size_t> texts);
  at::Tensor answers(const at::Tensor& x, const at::Tensor& timesteps,
                     const std::vector<UNetConditioning>& conditionings, std::int64_t pictures) const;
  at::Tensor joined(const at::Tensor& x, const at::Tensor& timesteps,
                    const std::vector<UNetConditioning>& conditionings, std::int64_t pictures) const;

  PromptConditions conditions_;
  std::int64_t pictures_;
  CallRows rows_;
  const Residency& residency_;
  BareNetwork bare_;
  int call_ = 0;
  std::vector<std::size_t> placedTexts_;  ///< what `placed_` holds
  std::vector<UNetConditioning> placed_;
};

}  // namespace studio::engine
