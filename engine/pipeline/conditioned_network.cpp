#include "engine/pipeline/conditioned_network.h"

#include "engine/ops/ops.h"

#include <ATen/TensorOperators.h>
#include <ATen/ops/cat.h>

#include <algorithm>
#include <utility>

namespace studio::engine {
namespace {

/// Each conditioning `pictures` times, one after the other, placed for the network, with a place for what it makes of
/// them.
UNetConditioning stacked(const std::vector<const Conditioning*>& conditionings, std::int64_t pictures,
                         const Residency& residency) {
  const auto rows = [&](at::Tensor Conditioning::*part) {
    std::vector<at::Tensor> parts;
    for (const Conditioning* conditioning : conditionings) {
      const at::Tensor& one = conditioning->*part;
      if (!one.defined()) return at::Tensor();
      std::vector<std::int64_t> sizes = one.sizes().vec();
      sizes[0] = pictures;
      parts.push_back(one.expand(sizes));
    }
    return at::cat(parts);
  };
  const auto placed = [&](const at::Tensor& x) {
    return x.defined() ? ops::place(x, residency.format(), residency.device()) : x;
  };
  return {placed(rows(&Conditioning::context)), placed(rows(&Conditioning::pooled)), rows(&Conditioning::numbers),
          std::make_shared<std::vector<KeysValues>>()};
}

}  // namespace

at::Tensor callUNet(const LoadedNetwork<UNet>& unet, std::stop_token stop, const at::Tensor& x,
                    const at::Tensor& timesteps, const UNetConditioning& conditioning) {
  BlockRunner runner = unet.runner(std::move(stop));
  return ops::readBack(
      unet.module->forward(runner, ops::place(x, runner.format(), runner.device()), timesteps, conditioning));
}

UNetConditioning guidedConditioning(const Conditioning& prompt, const Conditioning& negative, std::int64_t pictures,
                                    bool usesNegative, const Residency& residency) {
  std::vector<const Conditioning*> conditionings{&prompt};
  if (usesNegative) conditionings.push_back(&negative);
  return stacked(conditionings, pictures, residency);
}

ConditionedNetwork::ConditionedNetwork(PromptConditions conditions, std::int64_t pictures, CallRows rows,
                                       const Residency& residency, BareNetwork bare)
    : conditions_(std::move(conditions)),
      pictures_(pictures),
      rows_(rows),
      residency_(residency),
      bare_(std::move(bare)) {}

at::Tensor ConditionedNetwork::operator()(const at::Tensor& x, const at::Tensor& timesteps) {
  const int call = call_++;
  std::vector<std::size_t> texts;
  for (const PromptConditions::Prompt& prompt : conditions_.prompts) texts.push_back(prompt.at(call));
  const bool joins = texts.size() > 1 || conditions_.prompts.front().weight != 1;
  if (joins || x.size(0) > pictures_) texts.push_back(conditions_.negative.at(call));
  const std::vector<UNetConditioning>& conditionings = conditioningFor(std::move(texts));
  if (rows_ == CallRows::All || pictures_ == 1) return answerFor(x, timesteps, joins, conditionings, pictures_);
  const std::int64_t groups = x.size(0) / pictures_;  // prompt, and negative prompt where it counts
  std::vector<at::Tensor> parts(static_cast<std::size_t>(x.size(0)));
  for (std::int64_t picture = 0; picture < pictures_; ++picture) {
    std::vector<at::Tensor> own;
    for (std::int64_t group = 0; group < groups; ++group) own.push_back(x.narrow(0, group * pictures_ + picture, 1));
    const at::Tensor answer = answerFor(at::cat(own), timesteps.narrow(0, 0, groups), joins, conditionings, 1);
    for (std::int64_t group = 0; group < groups; ++group)
      parts[static_cast<std::size_t>(group * pictures_ + picture)] = answer.narrow(0, group, 1);
  }
  return at::cat(parts);
}

at::Tensor ConditionedNetwork::answerFor(const at::Tensor& x, const at::Tensor& timesteps, bool joins,
                                         const std::vector<UNetConditioning>& conditionings,
                                         std::int64_t pictures) const {
  return joins ? joined(x, timesteps, conditionings, pictures) : answers(x, timesteps, conditionings, pictures);
}

const std::vector<UNetConditioning>& ConditionedNetwork::conditioningFor(std::vector<std::size_t> texts) {
  if (texts == placedTexts_) return placed_;
  std::vector<const Conditioning*> conditionings;
  conditionings.reserve(texts.size());
  for (const std::size_t text : texts) conditionings.push_back(&conditions_.texts[text]);
  const std::int64_t length = conditionings.front()->context.size(1);
  const bool alike = rows_ != CallRows::One &&
                     std::all_of(conditionings.begin(), conditionings.end(),
                                 [length](const Conditioning* one) { return one->context.size(1) == length; });
  const std::int64_t pictures = rows_ == CallRows::All ? pictures_ : 1;
  dropPlaced();
  if (alike) placed_.push_back(stacked(conditionings, pictures, residency_));
  for (std::size_t i = 0; !alike && i < conditionings.size(); ++i)
    placed_.push_back(stacked({conditionings[i]}, pictures, residency_));
  placedTexts_ = std::move(texts);
  return placed_;
}

void ConditionedNetwork::dropPlaced() {
  placedTexts_.clear();
  placed_.clear();
}

at::Tensor ConditionedNetwork::answers(const at::Tensor& x, const at::Tensor& timesteps,
                                       const std::vector<UNetConditioning>& conditionings,
                                       std::int64_t pictures) const {
  if (conditionings.size() == 1) return bare_(x, timesteps, conditionings.front());
  std::vector<at::Tensor> parts;
  for (std::size_t i = 0; i < conditionings.size(); ++i) {
    const std::int64_t first = static_cast<std::int64_t>(i) * pictures;
    parts.push_back(bare_(x.narrow(0, first, pictures), timesteps.narrow(0, first, pictures), conditionings[i]));
  }
  return at::cat(parts);
}

at::Tensor ConditionedNetwork::joined(const at::Tensor& x, const at::Tensor& timesteps,
                                      const std::vector<UNetConditioning>& conditionings, std::int64_t pictures) const {
  const auto count = static_cast<std::int64_t>(conditions_.prompts.size());
  const std::vector<at::Tensor> same(static_cast<std::size_t>(count) + 1, x.narrow(0, 0, pictures));
  const std::vector<at::Tensor> times(same.size(), timesteps.narrow(0, 0, pictures));
  const at::Tensor all = answers(at::cat(same), at::cat(times), conditionings, pictures).to(at::kFloat);
  const at::Tensor negative = all.narrow(0, count * pictures, pictures);
  at::Tensor prompt = negative;
  for (std::int64_t i = 0; i < count; ++i) {
    const double weight = conditions_.prompts[static_cast<std::size_t>(i)].weight;
    prompt = prompt + (all.narrow(0, i * pictures, pictures) - negative) * weight;
  }
  return x.size(0) > pictures ? at::cat({prompt, negative}) : prompt;
}

}  // namespace studio::engine
