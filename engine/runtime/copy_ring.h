#pragma once

#include "engine/runtime/copy_engine.h"

#include <cstddef>
#include <deque>
#include <exception>
#include <vector>

namespace studio::engine {

/// Weights that pass through a ring of memory on a device, copied ahead of the work as far as there is room, into the
/// next pass too. Slots are as long as what lies in them, and follow one another round the ring in the order of use; a
/// slot is written again only after the work that read it has ended. The host never waits here. One thread; the engine
/// must outlive it.
class CopyRing {
 public:
  /// One use in a pass: what is copied for it.
  struct Use {
    std::uint64_t source = 0;
    std::int64_t bytes = 0;
  };

  /// `pass` is repeated `passes` times. Throws std::invalid_argument when it is empty or a use is empty or larger than
  /// the ring.
  CopyRing(CopyEngine& engine, std::int64_t capacity, std::vector<Use> pass, std::uint64_t passes);
  /// Returns when nothing writes to the ring any more.
  ~CopyRing();
  CopyRing(const CopyRing&) = delete;
  CopyRing& operator=(const CopyRing&) = delete;

  /// The next use: work that is asked for from here on finds it at this offset. Throws what its copy threw; the same
  /// use can be asked for again then. Throws std::logic_error behind the last use and before the release of another.
  std::int64_t acquire();
  /// The work on what was acquired has been asked for.
  void release();

  /// Gives up what was copied ahead and what was acquired; the next acquire begins again with the use that was not
  /// released. For a network that stops half-way.
  void restart();
  /// The same, but with the first use of the pass it was in.
  void restartPass();

  std::uint64_t released() const { return released_; }
  /// Uses whose copies have been asked for and that are not released.
  std::size_t ahead() const { return slots_.size(); }

 private:
  struct Slot {
    std::int64_t begin = 0, end = 0;
    CopyEngine::Event event = 0;  ///< copied, and once it is released: computed
  };
  const Use& use(std::uint64_t number) const { return pass_[number % pass_.size()]; }
  void copyAhead();
  /// Where the use can be written without touching what is not released; -1: nowhere now.
  std::int64_t placeFor(std::int64_t bytes) const;
  void copy(const Use& use, std::int64_t offset);
  void beginAgain();

  CopyEngine& engine_;
  std::int64_t capacity_;
  std::vector<Use> pass_;
  std::uint64_t count_;      ///< uses of all passes
  std::deque<Slot> slots_;   ///< copied or being copied, not released; the first may be acquired
  std::deque<Slot> left_;    ///< released, and not written again
  std::uint64_t asked_ = 0;  ///< uses whose copies were asked for
  std::uint64_t released_ = 0;
  bool acquired_ = false;
  std::exception_ptr failure_;  ///< of the copy of use number asked_
};

}  // namespace studio::engine
