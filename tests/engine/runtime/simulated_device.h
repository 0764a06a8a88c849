#pragma once

#include "engine/runtime/copy_engine.h"

#include <algorithm>
#include <stdexcept>
#include <vector>

namespace studio::tests {

/// Two streams over a virtual clock, which is told of every read and write and counts those that come in each other's
/// way. Seconds are as long as the test says.
class SimulatedDevice final : public engine::CopyEngine {
 public:
  explicit SimulatedDevice(double bytesPerSecond) : bytesPerSecond_(bytesPerSecond) {}

  void copyAfter(Event computed) override {
    if (!ignoresWaits) copyClock_ = std::max(copyClock_, timeOf(computed));
  }
  void copy(std::uint64_t source, std::int64_t offset, std::int64_t bytes) override {
    if (failsIn-- == 0) throw std::runtime_error("the copy failed");
    const Access write{source, offset, offset + bytes, copyClock_,
                       copyClock_ + static_cast<double>(bytes) / bytesPerSecond_};
    for (const Access& read : reads_) races += overlap(read, write) && read.end > write.start ? 1 : 0;
    copyClock_ = write.end;
    writes_.push_back(write);
    copied.push_back(source);
  }
  Event recordCopied() override { return at(copyClock_); }
  void computeAfter(Event ready) override {
    if (!ignoresWaits) computeClock_ = std::max(computeClock_, timeOf(ready));
  }
  Event recordComputed() override { return at(computeClock_); }
  void drain() noexcept override { ++drains; }

  /// Work that reads what was copied there.
  void compute(std::uint64_t source, std::int64_t offset, std::int64_t bytes, double seconds) {
    const Access read{source, offset, offset + bytes, computeClock_, computeClock_ + seconds};
    bool covered = false;
    for (auto write = writes_.rbegin(); write != writes_.rend() && !covered; ++write) {
      if (!overlap(*write, read)) continue;
      covered = true;  // one copy filled the whole slot, or something else was written into it since
      if (write->source != source || write->begin != read.begin || write->endsAt != read.endsAt ||
          write->end > read.start)
        ++races;
    }
    races += covered ? 0 : 1;
    computeClock_ = read.end;
    reads_.push_back(read);
  }
  double computed() const { return computeClock_; }

  bool ignoresWaits = false;
  int failsIn = -1;  ///< that many copies succeed before one does not
  int races = 0, drains = 0;
  std::vector<std::uint64_t> copied;

 private:
  struct Access {
    std::uint64_t source;
    std::int64_t begin, endsAt;
    double start, end;
  };
  static bool overlap(const Access& a, const Access& b) { return a.begin < b.endsAt && b.begin < a.endsAt; }
  Event at(double time) {
    times_.push_back(time);
    return times_.size();
  }
  double timeOf(Event event) const { return event == 0 ? 0 : times_.at(event - 1); }

  double bytesPerSecond_;
  double copyClock_ = 0, computeClock_ = 0;
  std::vector<double> times_;
  std::vector<Access> writes_, reads_;
};

}  // namespace studio::tests
