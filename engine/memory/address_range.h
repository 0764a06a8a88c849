#pragma once

#include <cstdint>
#include <map>
#include <optional>

namespace studio::engine {

/// The addresses of a memory that cannot move what lies in it, as a device hands them out: best fit, gaps that touch
/// become one. Counts only; there is no memory behind it. Not thread-safe.
class AddressRange {
 public:
  explicit AddressRange(std::int64_t bytes);

  /// The lowest of the smallest gaps that are large enough; nothing when there is none, though all gaps together may
  /// hold as much. `bytes` is at least 1.
  std::optional<std::int64_t> take(std::int64_t bytes);
  /// Gives back what take() answered with.
  void give(std::int64_t offset);

  std::int64_t free() const { return free_; }
  std::int64_t largestGap() const;

 private:
  using Pieces = std::map<std::int64_t, std::int64_t>;  ///< bytes by offset
  void addGap(std::int64_t offset, std::int64_t bytes);

  Pieces gaps_, blocks_;
  std::int64_t free_ = 0;
};

}  // namespace studio::engine
