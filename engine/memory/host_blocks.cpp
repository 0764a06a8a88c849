#include "engine/memory/host_blocks.h"

#include "engine/memory/budget_allocator.h"
#include "engine/memory/weight_placing.h"
#include "engine/ops/weight_pieces.h"

#include <ATen/ops/empty.h>

#include <algorithm>
#include <utility>

namespace studio::engine {
namespace {

std::int64_t aligned(const at::Tensor& piece) {
  return ops::alignedToPieces(static_cast<std::int64_t>(piece.nbytes()));
}

/// Where a block's weights lie one behind the other.
PlacedWeight copiedTo(const at::Tensor& memory, std::int64_t& offset, const PlacedWeight& weight) {
  std::vector<at::Tensor> copies;
  for (const at::Tensor& piece : piecesOf(weight)) {
    copies.push_back(ops::pieceIn(memory, offset, piece));
    copies.back().copy_(piece);
    offset += aligned(piece);
  }
  return over(weight, copies);
}

}  // namespace

HostBlocks::HostBlocks(const WeightTable& table, std::shared_ptr<const TensorSource> source, ops::ComputeFormat format,
                       at::Device works, PinnedBytes pinned)
    : table_(&table), source_(std::move(source)), format_(format), works_(works), pinned_(std::move(pinned)) {}

void HostBlocks::setRoom(const HostRoom& room) {
  room_ = room;
  dropIf([this](const HostBlock& block) { return block.pinned && pinnedBytes_ > room_.pinned.count; });
  dropIf([this](const HostBlock&) { return bytes_ > room_.most.count; });
}

bool HostBlocks::hasRoomFor(int block) const {
  return kept_.contains(block) || bytes_ + stretchFor(block) <= room_.most.count;
}

std::int64_t HostBlocks::stretchFor(int block) const {
  return engine::stretchFor(*table_, block, format_, works_.is_cpu() ? ops::cpuFootprints() : ops::gpuFootprints());
}

std::shared_ptr<const HostBlock> HostBlocks::get(int block) {
  if (const auto kept = kept_.find(block); kept != kept_.end()) return kept->second;
  const bool stays = hasRoomFor(block);
  auto made = prepare(block);
  if (stays) {
    kept_[block] = made;
    bytes_ += static_cast<std::int64_t>(made->memory.nbytes());
    if (made->pinned) pinnedBytes_ += static_cast<std::int64_t>(made->memory.nbytes());
  }
  return made;
}

std::shared_ptr<const HostBlock> HostBlocks::prepare(int block) {
  const PoolScope pool(MemoryPool::Host);
  const WeightBlock& wanted = table_->blocks().at(static_cast<std::size_t>(block));
  std::vector<PlacedWeight> weights;
  std::int64_t bytes = 0;
  for (int i = wanted.first; i < wanted.first + wanted.count; ++i) {
    weights.push_back(
        placeWeight(table_->entries()[static_cast<std::size_t>(i)], *source_, format_, ops::Home::onHost(works_)));
    for (const at::Tensor& piece : piecesOf(weights.back())) bytes += aligned(piece);
  }
  TORCH_INTERNAL_ASSERT(bytes <= stretchFor(block), "block ", wanted.name, " takes ", bytes, " bytes, not ",
                        stretchFor(block));
  auto made = std::make_shared<HostBlock>();
  made->first = wanted.first;
  made->number = block;
  allocate(*made, bytes);
  std::int64_t offset = 0;
  for (PlacedWeight& weight : weights) weight = copiedTo(made->memory, offset, weight);
  made->weights = std::move(weights);
  return made;
}

void HostBlocks::allocate(HostBlock& block, std::int64_t bytes) {
  const bool pinned =
      pinned_ && !refusedPinned_ && hasRoomFor(block.number) && pinnedBytes_ + bytes <= room_.pinned.count;
  if (pinned) {
    block.memory = pinned_(bytes);
    block.pinned = block.memory.defined();
    refusedPinned_ = !block.pinned;
  }
  if (!block.pinned) block.memory = at::empty({bytes}, at::kByte);
}

void HostBlocks::replaceSource(std::shared_ptr<const TensorSource> source,
                               const std::function<bool(const std::string&)>& changed) {
  source_ = std::move(source);
  dropIf([&](const HostBlock& block) { return isChanged(block.number, changed); });
}

bool HostBlocks::isChanged(int block, const std::function<bool(const std::string&)>& changed) const {
  const WeightBlock& wanted = table_->blocks().at(static_cast<std::size_t>(block));
  const auto first = table_->entries().begin() + wanted.first;
  return std::any_of(first, first + wanted.count, [&](const WeightEntry& entry) {
    return changed(entry.name + ".weight") || (entry.bias && changed(entry.name + ".bias"));
  });
}

void HostBlocks::keepOnly(const std::vector<int>& blocks) {
  dropIf([&](const HostBlock& block) { return std::find(blocks.begin(), blocks.end(), block.number) == blocks.end(); });
}

/// From the last one on: the first blocks are the first that are waited for.
template <class Condition>
void HostBlocks::dropIf(const Condition& condition) {
  for (auto next = kept_.end(); next != kept_.begin();) {
    const HostBlock& block = *(--next)->second;
    if (!condition(block)) continue;
    const auto bytes = static_cast<std::int64_t>(block.memory.nbytes());
    bytes_ -= bytes;
    if (block.pinned) pinnedBytes_ -= bytes;
    next = kept_.erase(next);
  }
}

}  // namespace studio::engine
