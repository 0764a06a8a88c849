#include "engine/memory/weight_stream.h"

#include "engine/memory/weight_placing.h"
#include "engine/ops/weight_pieces.h"

#include <ATen/ops/empty.h>

#include <algorithm>
#include <deque>
#include <utility>

namespace studio::engine {
namespace {

constexpr std::uint64_t kNoLastPass = std::uint64_t{1} << 40;  // as many as are wanted

}  // namespace

/// Turns the ring's numbers of blocks into addresses on the host, and keeps what lies there until its use is over.
class WeightStream::Feeder final : public CopyEngine {
 public:
  Feeder(HostBlocks& host, CopyEngine& engine) : host_(host), engine_(engine) {}

  void copyAfter(Event computed) override { engine_.copyAfter(computed); }
  void copy(std::uint64_t source, std::int64_t offset, std::int64_t bytes) override {
    auto block = host_.get(static_cast<int>(source));
    const auto exact = static_cast<std::int64_t>(block->memory.nbytes());
    TORCH_INTERNAL_ASSERT(exact <= bytes, "a block of ", exact, " bytes for a slot of ", bytes);
    held_.push_back(block);
    try {
      engine_.copy(reinterpret_cast<std::uintptr_t>(block->memory.const_data_ptr()), offset, exact);
    } catch (...) {
      held_.pop_back();
      throw;
    }
  }
  Event recordCopied() override { return engine_.recordCopied(); }
  void computeAfter(Event copied) override { engine_.computeAfter(copied); }
  Event recordComputed() override { return engine_.recordComputed(); }
  void drain() noexcept override {
    engine_.drain();
    held_.clear();
  }

  const HostBlock& acquired() const { return *held_.front(); }
  void release() { held_.pop_front(); }

 private:
  HostBlocks& host_;
  CopyEngine& engine_;
  std::deque<std::shared_ptr<const HostBlock>> held_;  ///< of the ring's uses that are not over, in their order
};

WeightStream::WeightStream(HostBlocks& host, StreamOrder order, at::Device device, MakeCopyEngine makeEngine)
    : host_(host), order_(std::move(order)), device_(device), makeEngine_(std::move(makeEngine)) {
  TORCH_INTERNAL_ASSERT(!order_.passing.empty(), "a stream of nothing");
}

WeightStream::~WeightStream() { close(); }

void WeightStream::open() {
  std::vector<CopyRing::Use> pass;
  for (const int block : order_.passing) pass.push_back({static_cast<std::uint64_t>(block), host_.stretchFor(block)});
  const std::int64_t bytes = order_.ring.count / ops::kPieceAlignment * ops::kPieceAlignment;
  try {
    memory_ = at::empty({bytes}, at::TensorOptions().device(device_).dtype(at::kByte));
    engine_ = makeEngine_(memory_);
    feeder_ = std::make_unique<Feeder>(host_, *engine_);
    ring_ = std::make_unique<CopyRing>(*feeder_, bytes, std::move(pass), kNoLastPass);
  } catch (...) {
    close();
    throw;
  }
}

void WeightStream::close() noexcept {
  ring_.reset();
  feeder_.reset();
  engine_.reset();
  memory_ = at::Tensor();
}

std::shared_ptr<const PlacedBlock> WeightStream::acquire(int block) {
  if (std::find(order_.passing.begin(), order_.passing.end(), block) == order_.passing.end()) return nullptr;
  if (ring_ == nullptr) open();
  if (!isNext(block) && place() > 0) ring_->restartPass();
  if (!isNext(block)) return nullptr;
  const std::int64_t offset = ring_->acquire();
  try {
    // The deleter owns nothing that could fail: a lease ends while exceptions pass, too.
    return {blockAt(offset, feeder_->acquired()).release(), [this](const PlacedBlock* placed) {
              delete placed;
              finish();
            }};
  } catch (...) {
    ring_->restart();
    throw;
  }
}

std::unique_ptr<PlacedBlock> WeightStream::blockAt(std::int64_t offset, const HostBlock& host) const {
  auto placed = std::make_unique<PlacedBlock>();
  placed->first = host.first;
  const auto* begin = static_cast<const std::byte*>(host.memory.const_data_ptr());
  std::vector<at::Tensor> pieces;
  for (const PlacedWeight& weight : host.weights) {
    pieces.clear();
    for (const at::Tensor& piece : piecesOf(weight)) {
      const auto distance = static_cast<const std::byte*>(piece.const_data_ptr()) - begin;
      pieces.push_back(ops::pieceIn(memory_, offset + distance, piece));
    }
    placed->weights.push_back(over(weight, pieces));
  }
  placed->bytes = static_cast<std::int64_t>(host.memory.nbytes());
  return placed;
}

void WeightStream::finish() noexcept {
  if (ring_ == nullptr) return;
  try {
    ring_->release();
    feeder_->release();
  } catch (...) {
    close();  // what the device could not note down is not to be overwritten: all begins anew
  }
}

}  // namespace studio::engine
