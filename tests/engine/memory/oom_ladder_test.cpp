#include "engine/memory/oom_ladder.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>

namespace studio::engine {
namespace {

/// Phases' peaks that fall with every smaller way, each by its own share.
MemoryPlan planOf(const Execution& execution) {
  std::int64_t weights = 100, activations = 80 << 20;
  if (execution.mode != MemoryMode::HighVram) weights = 90;
  if (execution.mode > MemoryMode::HighVram) weights = 60;
  if (execution.mode >= MemoryMode::LowVram) weights = 30;
  if (execution.mode == MemoryMode::Streaming) weights = 10;
  if (execution.rows == CallRows::OnePicture) activations = 20 << 20;
  if (execution.rows == CallRows::One) activations = 10 << 20;
  std::int64_t resident = weights << 20;
  if (execution.budget.count > 0)
    resident = std::clamp(execution.budget.count - activations, std::int64_t{10} << 20, resident);
  MemoryPlan plan{.mode = execution.mode, .budget = execution.budget};
  plan.phases.push_back({.phase = Phase::Encode, .weights = {std::int64_t{20} << 20}});
  plan.phases.push_back({.phase = Phase::Denoise, .weights = {resident}, .activations = {activations}});
  plan.phases.push_back({.phase = Phase::Decode, .weights = {std::int64_t{30} << 20}});
  if (execution.decode == DecodeMode::Strips) plan.phases.back().weights = {std::int64_t{20} << 20};
  if (execution.decode == DecodeMode::Tiles) plan.phases.back().weights = {std::int64_t{10} << 20};
  plan.decode.mode = execution.decode == DecodeMode::Automatic ? DecodeMode::Whole : execution.decode;
  for (PhaseMemory& phase : plan.phases) {
    const bool denoises = phase.phase == Phase::Denoise;
    if (execution.host == HostShare::Everybody || (execution.host == HostShare::AllButDenoising && !denoises))
      phase = {.phase = phase.phase, .host = phase.peak()};
  }
  return plan;
}

std::string wordOf(const Sentence& what) {
  for (const char* word :
       {"hybrid", "caches", "cells", "batch", "text encoders", "medvram", "lowvram", "no more than", "streaming",
        "negative", "strips", "tiles", "cpu", "smaller picture", "kept for later", "pinned", "disk"}) {
    if (what.pattern.find(word) != std::string::npos) return word;
  }
  return what.pattern;
}

using Words = std::vector<std::string>;

/// What is done when everything fails again and again.
Words descentOf(Execution now, const Ladder& ladder, const MemoryShortage& shortage = {.missing = {1 << 20}}) {
  Words words;
  while (const auto rung = nextRung(now, shortage, ladder, planOf)) {
    words.push_back(wordOf(rung->what));
    now = rung->execution;
  }
  return words;
}

/// What a later feature may register.
RungKind smallerPicture() {
  return {true, [](const Execution& now, const MemoryShortage&, Bytes) -> std::optional<Rung> {
            if (now.rows == CallRows::One) return std::nullopt;
            Rung rung{now, sentence("A smaller picture.")};
            rung.execution.rows = CallRows::One;
            return rung;
          }};
}

TEST(OomLadder, triesWhatLeavesThePictureAsItIsFirst) {
  EXPECT_EQ(descentOf({.mode = MemoryMode::HighVram}, ladderOf(OomPolicy::Lossless)),
            (Words{"caches", "batch", "text encoders", "medvram", "no more than", "no more than", "no more than",
                   "streaming", "negative", "cpu"}));
}

TEST(OomLadder, followsTheClassicOrderWhenAskedTo) {
  EXPECT_EQ(descentOf({}, ladderOf(OomPolicy::Classic)),
            (Words{"caches", "batch", "medvram", "lowvram", "no more than", "no more than", "no more than", "streaming",
                   "negative", "cpu"}));
}

TEST(OomLadder, hasNoRungWhenItIsOff) { EXPECT_TRUE(descentOf({}, ladderOf(OomPolicy::Off)).empty()); }

TEST(OomLadder, passesOverWhatWouldNotHelpThePhaseThatFailed) {
  // Encoding takes the same whatever is done on the device.
  EXPECT_EQ(descentOf({}, ladderOf(OomPolicy::Lossless), {.phase = Phase::Encode}), (Words{"caches", "hybrid"}));
  EXPECT_EQ(descentOf({.mode = MemoryMode::Streaming, .rows = CallRows::One}, ladderOf(OomPolicy::Lossless)),
            (Words{"caches", "cpu"}));
  EXPECT_EQ(descentOf({}, ladderOf(OomPolicy::Lossless), {.phase = Phase::Decode}),
            (Words{"caches", "strips", "hybrid"}));
  EXPECT_EQ(descentOf({}, ladderOf(OomPolicy::Classic), {.phase = Phase::Decode}),
            (Words{"caches", "strips", "hybrid"}));
}

TEST(OomLadder, movesNothingToAHostThatIsShortItself) {
  const MemoryShortage host{.pool = MemoryPool::Host, .missing = {1 << 20}, .oneMemory = true};
  const Words words = descentOf({}, ladderOf(OomPolicy::Lossless), host);
  EXPECT_EQ(words.back(), "negative");
}

/// The same with a network of which less stays in smaller modes, and which passes by from the host's memory.
MemoryPlan planWithCopies(const Execution& execution) {
  MemoryPlan plan = planOf(execution);
  NetworkPlacement unet{.network = "unet"};
  unet.streamed = {plan.phases[1].weights.count < (std::int64_t{60} << 20) ? std::int64_t{50} << 20 : 0};
  plan.networks = {unet};
  return plan;
}

TEST(OomLadder, unpinsAndThenReadsFromTheDiskWhereTheHostIsShort) {
  const auto descent = [](Execution now, bool oneMemory, Bytes idle = {}) {
    const MemoryShortage host{.pool = MemoryPool::Host, .missing = {1 << 20}, .oneMemory = oneMemory, .idle = idle};
    Words words;
    while (const auto rung = nextRung(now, host, ladderOf(OomPolicy::Lossless), planWithCopies)) {
      words.push_back(wordOf(rung->what));
      now = rung->execution;
    }
    return words;
  };
  const Execution streams{.mode = MemoryMode::Streaming};
  EXPECT_EQ(descent(streams, false), (Words{"caches", "pinned", "disk"}));
  EXPECT_EQ(descent(streams, false, {5}), (Words{"kept for later", "caches", "pinned", "disk"}));
  EXPECT_EQ(descent({.mode = MemoryMode::Streaming, .copies = HostCopies::Pageable}, false), (Words{"caches", "disk"}));
  EXPECT_EQ(descent({.mode = MemoryMode::HighVram}, false), Words{"caches"}) << "nothing passes by";
  for (const std::string& word : descent(streams, true)) EXPECT_TRUE(word != "pinned" && word != "disk") << word;
}

TEST(OomLadder, hasNoCopiesToGiveUpWhereTheDeviceIsShort) {
  const MemoryShortage device{.missing = {1 << 20}, .idle = {7}};
  Execution now{.mode = MemoryMode::Streaming};
  while (const auto rung = nextRung(now, device, ladderOf(OomPolicy::Lossless), planWithCopies)) now = rung->execution;
  EXPECT_EQ(now.copies, HostCopies::Pinned);
  EXPECT_FALSE(now.alone) << "the host's models are not in the device's way";
}

TEST(OomLadder, hasIdleModelsLeaveMainMemoryFirst) {
  const MemoryShortage one{.pool = MemoryPool::Host, .missing = {1 << 20}, .oneMemory = true, .idle = {7}};
  const Words words = descentOf({}, ladderOf(OomPolicy::Lossless), one);
  ASSERT_GE(words.size(), 2U);
  EXPECT_EQ(words[0], "kept for later");
  EXPECT_EQ(words[1], "caches");
  EXPECT_EQ(std::count(words.begin(), words.end(), "kept for later"), 1);
  const MemoryShortage budget{.missing = {1 << 20}, .available = {1 << 20}, .oneMemory = true, .idle = {7}};
  EXPECT_EQ(descentOf({}, ladderOf(OomPolicy::Lossless), budget)[0], "caches") << "no budget counts them";
}

TEST(OomLadder, pinsUnlessTheOptionsSayNo) {
  EXPECT_EQ(executionOf({}).copies, HostCopies::Pinned);
  EXPECT_EQ(executionOf({.pinned = PinnedMemory::On}).copies, HostCopies::Pinned);
  EXPECT_EQ(executionOf({.pinned = PinnedMemory::Off}).copies, HostCopies::Pageable);
}

TEST(OomLadder, movesNothingToAHostThatCannotHoldIt) {
  const auto movedWith = [](Bytes machine, bool oneMemory) {
    const MemoryShortage shortage{.missing = {1 << 20}, .machine = machine, .oneMemory = oneMemory};
    const Words words = descentOf({}, ladderOf(OomPolicy::Lossless), shortage);
    return std::count(words.begin(), words.end(), "hybrid") + std::count(words.begin(), words.end(), "cpu");
  };
  EXPECT_GT(movedWith({std::int64_t{200} << 20}, false), 0);
  EXPECT_EQ(movedWith({std::int64_t{5} << 20}, false), 0);
  MemoryPlan both;
  both.phases.push_back({.phase = Phase::Denoise, .weights = {20}, .host = {30}});
  EXPECT_TRUE(hasHostRoom(both, {.machine = {40}}));
  EXPECT_FALSE(hasHostRoom(both, {.machine = {40}, .oneMemory = true}));
  both.phases.back().host = {};
  EXPECT_TRUE(hasHostRoom(both, {.machine = {10}, .oneMemory = true})) << "what is on the device is not its matter";
}

TEST(OomLadder, keepsItsLastRungForTheProcessor) {
  for (const OomPolicy policy : {OomPolicy::Lossless, OomPolicy::Classic}) {
    const auto rung =
        nextRung({.retried = true, .rungs = kMostRungs - 1}, {.missing = {1 << 20}}, ladderOf(policy), planOf);
    ASSERT_TRUE(rung);
    EXPECT_EQ(wordOf(rung->what), "cpu");
    EXPECT_EQ(planOf(rung->execution).peak().count, 0);
  }
}

TEST(OomLadder, readsTheModesOfTheHostAsPlaces) {
  EXPECT_EQ(executionOf({.memoryMode = MemoryMode::Hybrid}), (Execution{.host = HostShare::AllButDenoising}));
  EXPECT_EQ(executionOf({.memoryMode = MemoryMode::Cpu}), (Execution{.host = HostShare::Everybody}));
  EXPECT_EQ(executionOf({.memoryMode = MemoryMode::LowVram}), (Execution{.mode = MemoryMode::LowVram}));
}

TEST(OomLadder, doesNotRetryWhatHasNotRun) {
  const MemoryShortage unfit{.ran = false, .available = {std::int64_t{60} << 20}};
  EXPECT_EQ(descentOf({.budget = unfit.available}, ladderOf(OomPolicy::Lossless), unfit).front(), "batch");
}

TEST(OomLadder, takesTheRoomThereIsWhereItIsKnown) {
  const MemoryShortage tight{.missing = {1 << 20}, .available = {std::int64_t{75} << 20}};
  const Execution retried{.rows = CallRows::OnePicture, .retried = true};
  const auto rungs = descend(
      retried, tight,
      [](const Execution& now, const MemoryShortage& shortage, const PlanOf& plans) {
        return nextRung(now, shortage, ladderOf(OomPolicy::Lossless), plans);
      },
      planOf);
  ASSERT_EQ(rungs.size(), 2U) << "one network at a time is not enough";
  EXPECT_EQ(wordOf(rungs[0].what), "medvram");
  EXPECT_EQ(rungs[1].execution.budget, tight.available);
  EXPECT_EQ(rungs[1].what.values, (std::vector<std::string>{"1", "75"}));
  EXPECT_LE(planOf(rungs[1].execution).peak(), tight.available);
}

TEST(OomLadder, changesThePictureOnlyWithConsent) {
  const auto withFake = [](OomPolicy policy, Consent ask) {
    Ladder ladder = ladderOf(policy, std::move(ask));
    ladder.kinds.push_back(smallerPicture());
    std::erase_if(ladder.kinds, [](const RungKind& kind) {
      const auto rung = kind.take({}, {}, {});
      return rung && (wordOf(rung->what) == "negative" || wordOf(rung->what) == "cpu");
    });
    return ladder;
  };
  const Execution last{.mode = MemoryMode::Streaming, .rows = CallRows::OnePicture, .retried = true};
  int asked = 0;
  const auto answering = [&asked](bool answer) {
    return [&asked, answer](const Sentence&) {
      ++asked;
      return answer;
    };
  };
  EXPECT_TRUE(descentOf(last, withFake(OomPolicy::Ask, {})).empty()) << "nobody is there to ask";
  EXPECT_TRUE(descentOf(last, withFake(OomPolicy::Lossless, answering(true))).empty());
  EXPECT_EQ(asked, 0);
  EXPECT_TRUE(descentOf(last, withFake(OomPolicy::Ask, answering(false))).empty());
  EXPECT_EQ(descentOf(last, withFake(OomPolicy::Ask, answering(true))).size(), 1U);
  EXPECT_EQ(asked, 2);
  EXPECT_EQ(descentOf(last, withFake(OomPolicy::Classic, {})).size(), 1U) << "the classic order is a standing consent";
}

TEST(OomLadder, takesTilesForAChangeWhereverTheyComeFrom) {
  const PlanOf withTiles = [](const Execution& execution) {
    MemoryPlan plan = planOf(execution);
    if (execution.budget.count > 0) plan.decode.mode = DecodeMode::Tiles;
    return plan;
  };
  const auto rung = nextRung({.mode = MemoryMode::MediumVram, .rows = CallRows::One, .retried = true},
                             {.missing = {1 << 20}}, ladderOf(OomPolicy::Lossless), withTiles);
  ASSERT_TRUE(rung);
  EXPECT_EQ(wordOf(rung->what), "streaming") << "a smaller budget would have been next";
}

TEST(OomLadder, isAPureFunction) {
  const MemoryShortage shortage{.missing = {5}, .available = {std::int64_t{50} << 20}};
  const Ladder ladder = ladderOf(OomPolicy::Lossless);
  const auto first = nextRung({}, shortage, ladder, planOf), second = nextRung({}, shortage, ladder, planOf);
  ASSERT_TRUE(first && second);
  EXPECT_EQ(first->execution, second->execution);
  EXPECT_EQ(first->what, second->what);
}

/// Plans out of thin air: any peak for any execution, but always the same for the same one.
PlanOf wildPlans(std::uint32_t seed) {
  return [seed](const Execution& execution) {
    std::seed_seq mixed{seed,
                        static_cast<std::uint32_t>(execution.mode),
                        static_cast<std::uint32_t>(execution.rows),
                        static_cast<std::uint32_t>(execution.budget.count),
                        std::uint32_t{execution.decodesPreviews},
                        static_cast<std::uint32_t>(execution.host)};
    std::mt19937 random(mixed);
    MemoryPlan plan{.budget = execution.budget};
    for (const Phase phase : {Phase::Encode, Phase::Denoise, Phase::Decode})
      plan.phases.push_back({.phase = phase, .weights = {static_cast<std::int64_t>(random() % 1000) + 1}});
    return plan;
  };
}

TEST(OomLadder, endsFromEveryStartAndEachRungIsSmaller) {
  std::mt19937 random(7);
  for (int trial = 0; trial < 3000; ++trial) {
    Execution now{.mode = static_cast<MemoryMode>(random() % 5),
                  .host = static_cast<HostShare>(random() % 3),
                  .budget = {static_cast<std::int64_t>(random() % 3) * 400},
                  .rows = static_cast<CallRows>(random() % 3),
                  .decodesPreviews = random() % 2 == 0};
    Ladder ladder = ladderOf(static_cast<OomPolicy>(random() % 4), [](const Sentence&) { return true; });
    // A kind that never ends by itself.
    ladder.kinds.push_back({true, [](const Execution& at, const MemoryShortage&, Bytes) {
                              Rung rung{at, sentence("Again.")};
                              rung.execution.budget.count = at.budget.count * 31 % 997 + 1;
                              return std::optional(rung);
                            }});
    const PlanOf plans = wildPlans(random());
    int rungs = 0;
    while (true) {
      const MemoryShortage shortage{.phase = random() % 2 == 0 ? Phase::Denoise : Phase::Decode,
                                    .ran = random() % 4 != 0,
                                    .pool = random() % 4 == 0 ? MemoryPool::Host : MemoryPool::Device,
                                    .missing = {10},
                                    .available = {static_cast<std::int64_t>(random() % 3) * 250},
                                    .oneMemory = random() % 2 == 0,
                                    .idle = {static_cast<std::int64_t>(random() % 2)}};
      const auto rung = nextRung(now, shortage, ladder, plans);
      if (!rung) break;
      ASSERT_LE(++rungs, kMostRungs);
      const auto peak = [&](const Execution& execution) { return plans(execution).phaseOf(shortage.phase)->peak(); };
      const bool sameAgain = now.retried != rung->execution.retried || now.alone != rung->execution.alone;
      const bool host = shortage.pool == MemoryPool::Host && !shortage.oneMemory;
      EXPECT_TRUE(sameAgain || host || shortage.available.count > 0 || peak(rung->execution) < peak(now));
      now = rung->execution;
    }
    EXPECT_LE(now.rungs, kMostRungs);
  }
}

}  // namespace
}  // namespace studio::engine
