#include "engine/memory/placement.h"

#include <algorithm>
#include <numeric>

namespace studio::engine {

Placement::Placement(const ActivationProfile& profile, WorkPlace place, std::int64_t ring)
    : profile_(profile),
      place_(place),
      usualRing_(ring),
      weights_(profile.blockWeights()),
      stays_(profile.tableSize, true),
      once_(profile.tableSize, false) {
  for (const BlockProfile& block : profile.blocks) once_[block.block] = block.once;
}

void Placement::dropNeededOnce() {
  for (std::size_t i = 0; i < stays_.size(); ++i) stays_[i] = stays_[i] && !once_[i];
}

std::int64_t Placement::resident() const {
  std::int64_t bytes = 0;
  for (std::size_t i = 0; i < stays_.size(); ++i) bytes += stays_[i] ? weights_[i] : 0;
  return bytes;
}

std::int64_t Placement::streamed() const {
  std::int64_t bytes = 0;
  for (std::size_t i = 0; i < stays_.size(); ++i) bytes += stays_[i] || once_[i] ? 0 : weights_[i];
  return bytes;
}

bool Placement::passesRing(const BlockProfile& block) const {
  return usualRing_ > 0 && !stays_[block.block] && !block.once && block.stretchBytes > 0;
}

std::int64_t Placement::ring() const {
  std::int64_t largest = 0, all = 0;
  for (const BlockProfile& block : profile_.blocks) {
    if (!passesRing(block)) continue;
    largest = std::max(largest, block.stretchBytes);
    all += block.stretchBytes;
  }
  return std::max(largest, std::min({std::max(usualRing_, largest * 11 / 5), all, mostRing_}));
}

Placement::Moment Placement::worst() const {
  Moment worst;
  for (const BlockProfile& block : profile_.blocks) {
    const std::int64_t passing = passesRing(block) ? 0 : block.passingBytes;
    const Moment now{block.activationBytes, block.scratchBytes, stays_[block.block] ? block.expandedBytes : passing};
    if (now.total() > worst.total()) worst = now;
  }
  return worst;
}

std::vector<StreamedRun> Placement::runs() const {
  std::vector<StreamedRun> runs;
  for (const BlockProfile& block : profile_.blocks) {
    if (!block.once) runs.push_back({block.block, block.passingBytes, block.work});
  }
  return runs;
}

NetworkPlacement Placement::value() const {
  const std::int64_t all = std::accumulate(weights_.begin(), weights_.end(), std::int64_t{0});
  std::vector<int> passing;
  for (const BlockProfile& block : profile_.blocks) {
    if (passesRing(block)) passing.push_back(static_cast<int>(block.block));
  }
  return {profile_.network,  stays_, {resident()}, {streamed()}, place_, {all - resident() - streamed()}, {ring()},
          std::move(passing)};
}

}  // namespace studio::engine
