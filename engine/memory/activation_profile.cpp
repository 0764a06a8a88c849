#include "engine/memory/activation_profile.h"

#include "engine/memory/residency.h"

#include <iterator>
#include <numeric>
#include <set>
#include <utility>

namespace studio::engine {

std::vector<std::int64_t> ActivationProfile::blockWeights() const {
  std::vector<std::int64_t> weights(tableSize, 0);
  for (const BlockProfile& block : blocks) weights[block.block] = block.weightBytes;
  return weights;
}

std::int64_t ActivationProfile::weightBytes() const {
  const std::vector<std::int64_t> weights = blockWeights();
  return std::accumulate(weights.begin(), weights.end(), std::int64_t{0});
}

double ActivationProfile::work() const {
  double work = 0;
  for (const BlockProfile& block : blocks) work += block.once ? 0 : block.work;
  return work;
}

void ProfileRecorder::finishBlock(const Residency& residency, int block) {
  const ops::LiveBytes peak = memory_.takePeak();
  const auto number = static_cast<std::size_t>(block);
  profile_.tableSize = residency.table().blocks().size();
  const Residency::BlockBytes bytes = residency.blockBytes(block);
  profile_.blocks.push_back({residency.table().blocks()[number].name, number, bytes.lasting, bytes.expanded,
                             bytes.prepared, peak.total, peak.scratch, memory_.takeWork(), false, bytes.stretch});
}

void ProfileRecorder::beginAgain() {
  std::move(profile_.blocks.begin(), profile_.blocks.end(), std::back_inserter(before_));
  profile_.blocks.clear();
}

ActivationProfile ProfileRecorder::take() {
  std::set<std::size_t> run;
  for (const BlockProfile& block : profile_.blocks) run.insert(block.block);
  for (BlockProfile& block : before_) {
    if (run.contains(block.block)) continue;
    block.once = true;
    profile_.blocks.push_back(std::move(block));
  }
  return std::move(profile_);
}

}  // namespace studio::engine
