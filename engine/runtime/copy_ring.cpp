#include "engine/runtime/copy_ring.h"

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace studio::engine {

CopyRing::CopyRing(CopyEngine& engine, std::int64_t capacity, std::vector<Use> pass, std::uint64_t passes)
    : engine_(engine), capacity_(capacity), pass_(std::move(pass)), count_(pass_.size() * passes) {
  const bool fits = std::all_of(pass_.begin(), pass_.end(),
                                [capacity](const Use& use) { return use.bytes > 0 && use.bytes <= capacity; });
  if (pass_.empty() || !fits) throw std::invalid_argument("a copy ring needs room for each of its uses");
}

CopyRing::~CopyRing() { engine_.drain(); }

std::int64_t CopyRing::acquire() {
  if (acquired_ || released_ == count_) throw std::logic_error("nothing can be acquired from the copy ring");
  copyAhead();
  if (slots_.empty()) std::rethrow_exception(std::exchange(failure_, nullptr));
  try {
    engine_.computeAfter(slots_.front().event);
  } catch (...) {
    beginAgain();  // what lies there is not what was asked for
    throw;
  }
  acquired_ = true;
  return slots_.front().begin;
}

void CopyRing::release() {
  if (!acquired_) throw std::logic_error("nothing was acquired from the copy ring");
  Slot slot = slots_.front();
  slot.event = engine_.recordComputed();
  slots_.pop_front();
  left_.push_back(slot);
  acquired_ = false;
  ++released_;
}

void CopyRing::restart() { beginAgain(); }

void CopyRing::restartPass() {
  beginAgain();
  asked_ = released_ = released_ - released_ % pass_.size();
}

/// What has been asked of the compute stream may still read the slots, or what was there before a copy that is given
/// up.
void CopyRing::beginAgain() {
  engine_.drain();
  const CopyEngine::Event computed = slots_.empty() ? 0 : engine_.recordComputed();
  for (Slot& slot : slots_) {
    slot.event = computed;
    left_.push_back(slot);
  }
  slots_.clear();
  asked_ = released_;
  acquired_ = false;
  failure_ = nullptr;
}

void CopyRing::copyAhead() {
  while (asked_ < count_ && !failure_) {
    const Use& next = use(asked_);
    const std::int64_t offset = placeFor(next.bytes);
    if (offset < 0) return;
    try {
      copy(next, offset);
    } catch (...) {
      failure_ = std::current_exception();  // whoever asks for that use is told
      return;
    }
    ++asked_;
  }
}

std::int64_t CopyRing::placeFor(std::int64_t bytes) const {
  if (slots_.empty()) return left_.empty() || left_.back().end + bytes > capacity_ ? 0 : left_.back().end;
  const std::int64_t first = slots_.front().begin, last = slots_.back().end;
  const bool goesRound = slots_.back().begin < first;
  if (goesRound) return last + bytes <= first ? last : -1;
  if (last + bytes <= capacity_) return last;
  return bytes <= first ? 0 : -1;
}

void CopyRing::copy(const Use& use, std::int64_t offset) {
  const std::int64_t end = offset + use.bytes;
  const auto overlaps = [&](const Slot& slot) { return slot.begin < end && slot.end > offset; };
  // Work ends in its order: the last of those that read here ends last.
  const auto reader = std::find_if(left_.rbegin(), left_.rend(), overlaps);
  if (reader != left_.rend()) engine_.copyAfter(reader->event);
  engine_.copy(use.source, offset, use.bytes);
  slots_.push_back({offset, end, engine_.recordCopied()});
  std::erase_if(left_, overlaps);
}

}  // namespace studio::engine
