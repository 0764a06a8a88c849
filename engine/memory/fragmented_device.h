#pragma once

#include "engine/api/units.h"
#include "engine/memory/address_range.h"

#include <cstdint>
#include <mutex>
#include <optional>

namespace studio::engine {

/// Free memory that does not lie together.
struct FreePieces {
  Bytes total, largest;
};

/// For tests: a device whose memory is one range of addresses in which nothing moves, so that what is free may lie in
/// pieces that are too small. While there is none, everything has a place. Thread-safe.
class FragmentedDevice {
 public:
  /// Where a block lies; by itself nowhere.
  struct Place {
    std::int64_t offset = 0;
    std::uint64_t device = 0;  ///< which one it was
  };

  /// A new one, empty; what lies in the one before stays valid. Zero: none.
  void replace(Bytes size);

  /// Nothing when no piece is large enough.
  std::optional<Place> take(std::int64_t bytes);
  void give(const Place& place);

  /// What is free; nothing while there is no such device.
  std::optional<FreePieces> pieces() const;

 private:
  mutable std::mutex mutex_;
  std::optional<AddressRange> range_;
  std::uint64_t device_ = 0;
};

}  // namespace studio::engine
