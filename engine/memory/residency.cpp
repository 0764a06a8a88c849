#include "engine/memory/residency.h"

#include "engine/api/cancelled.h"
#include "engine/memory/host_blocks.h"
#include "engine/memory/weight_placing.h"
#include "engine/memory/weight_stream.h"

#include <algorithm>
#include <string_view>
#include <utility>

namespace studio::engine {

MemoryPool poolOf(WorkPlace place) { return place == WorkPlace::Host ? MemoryPool::Host : MemoryPool::Device; }

Residency::Residency(const WeightTable& table, std::shared_ptr<const TensorSource> source, ops::ComputeFormat format,
                     at::Device device)
    : table_(&table),
      source_(std::move(source)),
      format_(format),
      device_(device),
      keepsCompact_(device.is_cpu()),
      placed_(table.blocks().size()),
      stays_(table.blocks().size(), true) {}

Residency::Residency(Residency&&) noexcept = default;
Residency::~Residency() = default;

Residency Residency::forShapes(const Residency& real, at::Device device) {
  Residency shapes(*real.table_, real.source_, real.format_, at::kMeta);
  shapes.keepsCompact_ = device.is_cpu();
  return shapes;
}

void Residency::workOn(at::Device device, MemoryPool pool) {
  if (device == device_ && pool == pool_) return;
  dropAll();
  endStream();
  device_ = device;
  pool_ = pool;
  account_ = BlockAccount();
  keepsCompact_ = device.is_cpu();
}

void Residency::rest() {
  if (stream_ != nullptr) stream_->close();
  if (!device_.is_cpu()) dropAll();
  account_.moveTo(MemoryPool::Idle);
}

void Residency::wake() { account_.moveTo(pool_); }

WeightLease Residency::acquire(int block) {
  const PoolScope pool(pool_, account_);
  if (auto passing = acquirePassing(block)) return WeightLease(std::move(passing));
  auto& slot = placed_.at(static_cast<std::size_t>(block));
  if (slot != nullptr && !slot->stale.empty()) slot = refreshed(*slot);
  if (slot != nullptr && slot->expanded.empty()) return WeightLease(slot);
  const WeightBlock& wanted = table_->blocks()[static_cast<std::size_t>(block)];
  const bool stays = stays_[static_cast<std::size_t>(block)];
  const std::shared_ptr<const PlacedBlock> lasting = slot != nullptr ? slot : placeLasting(wanted, stays);
  if (stays) slot = lasting;
  return WeightLease(lasting->expanded.empty() ? lasting : withExpanded(*lasting));
}

std::shared_ptr<const PlacedBlock> Residency::acquirePassing(int block) {
  const bool passes = stream_ != nullptr && !stays_.at(static_cast<std::size_t>(block));
  return passes ? stream_->acquire(block) : nullptr;
}

void Residency::stream(const StreamOrder& order, const HostRoom& room, const StreamDevice& device) {
  if (order.passing.empty()) return endStream();
  if (hostBlocks_ == nullptr)
    hostBlocks_ = std::make_unique<HostBlocks>(*table_, source_, format_, device_, device.pinned);
  hostBlocks_->keepOnly(order.passing);
  hostBlocks_->setRoom(room);
  if (stream_ == nullptr || stream_->order() != order)
    stream_ = std::make_unique<WeightStream>(*hostBlocks_, order, device_, device.makeEngine);
}

void Residency::endStream() {
  stream_.reset();
  hostBlocks_.reset();
}

bool Residency::staysCompact(const WeightEntry& entry) const {
  return keepsCompact_ && source_ != nullptr && source_->isCompact(entry.name + ".weight");
}

void Residency::placeAll(const std::stop_token& stop) {
  for (std::size_t block = 0; block < placed_.size(); ++block) {
    throwIfStopped(stop);
    if (stays_[block]) acquire(static_cast<int>(block));
  }
  if (stream_ == nullptr) return;
  for (const int block : stream_->order().passing) {
    throwIfStopped(stop);
    if (hostBlocks_->hasRoomFor(block)) hostBlocks_->get(block);
  }
}

std::shared_ptr<const PlacedBlock> Residency::placeLasting(const WeightBlock& block, bool stays) const {
  auto placed = std::make_shared<PlacedBlock>();
  placed->first = block.first;
  try {
    fill(*placed, block, stays);
  } catch (...) {
    if (stays) release(*placed);
    throw;
  }
  return placed;
}

void Residency::fill(PlacedBlock& placed, const WeightBlock& block, bool stays) const {
  for (int i = block.first; i < block.first + block.count; ++i) {
    const WeightEntry& entry = table_->entries()[static_cast<std::size_t>(i)];
    if (staysCompact(entry)) {
      placed.expanded.push_back(placed.weights.size());
      for (const char* part : {".weight", ".bias"}) {
        if (!stays || (!entry.bias && part == std::string_view(".bias"))) continue;
        if (!device_.is_meta()) source_->hold(entry.name + part);
        placed.bytes += source_->storedBytes(entry.name + part);
      }
      placed.weights.emplace_back();
    } else {
      placed.weights.push_back(placeWeight(entry, *source_, format_, device_));
      placed.bytes += bytesOf(placed.weights.back());
    }
  }
}

std::shared_ptr<const PlacedBlock> Residency::withExpanded(const PlacedBlock& lasting) const {
  auto placed = std::make_shared<PlacedBlock>(lasting);
  for (const std::size_t place : lasting.expanded) {
    const WeightEntry& entry = table_->entries()[static_cast<std::size_t>(lasting.first) + place];
    placed->weights[place] = placeWeight(entry, *source_, format_, device_);
  }
  return placed;
}

void Residency::replaceSource(std::shared_ptr<const TensorSource> source,
                              const std::function<bool(const std::string&)>& changed) {
  source_ = std::move(source);
  if (stream_ != nullptr) {
    stream_->close();  // what was copied ahead is of the other source
    hostBlocks_->replaceSource(source_, changed);
  }
  for (std::size_t b = 0; b < placed_.size(); ++b) {
    if (placed_[b] != nullptr) placed_[b] = withoutChanged(std::move(placed_[b]), table_->blocks()[b].count, changed);
  }
}

std::shared_ptr<const PlacedBlock> Residency::withoutChanged(
    std::shared_ptr<const PlacedBlock> placed, int count,
    const std::function<bool(const std::string&)>& changed) const {
  const auto contains = [](const std::vector<std::size_t>& places, std::size_t place) {
    return std::find(places.begin(), places.end(), place) != places.end();
  };
  std::shared_ptr<PlacedBlock> copy;
  for (std::size_t place = 0; place < static_cast<std::size_t>(count); ++place) {
    const WeightEntry& entry = table_->entries()[static_cast<std::size_t>(placed->first) + place];
    const bool touched = changed(entry.name + ".weight") || (entry.bias && changed(entry.name + ".bias"));
    if (!touched || contains(placed->expanded, place) || contains(placed->stale, place)) continue;
    if (copy == nullptr) copy = std::make_shared<PlacedBlock>(*placed);
    copy->bytes -= bytesOf(copy->weights[place]);
    copy->weights[place] = {};
    copy->stale.push_back(place);
  }
  return copy == nullptr ? placed : copy;
}

std::shared_ptr<const PlacedBlock> Residency::refreshed(const PlacedBlock& placed) const {
  auto fresh = std::make_shared<PlacedBlock>(placed);
  fresh->stale.clear();
  for (const std::size_t place : placed.stale) {
    const WeightEntry& entry = table_->entries()[static_cast<std::size_t>(placed.first) + place];
    fresh->weights[place] = placeWeight(entry, *source_, format_, device_);
    fresh->bytes += bytesOf(fresh->weights[place]);
  }
  return fresh;
}

void Residency::keepOnly(std::vector<bool> stays) {
  TORCH_INTERNAL_ASSERT(stays.size() == placed_.size(), stays.size(), " values for ", placed_.size(), " blocks");
  stays_ = std::move(stays);
  for (std::size_t block = 0; block < placed_.size(); ++block) {
    if (!stays_[block]) drop(block);
  }
}

void Residency::drop(std::size_t block) {
  if (placed_[block] == nullptr) return;
  release(*placed_[block]);
  placed_[block] = nullptr;
}

void Residency::release(const PlacedBlock& placed) const {
  if (device_.is_meta()) return;
  for (const std::size_t place : placed.expanded) {
    const WeightEntry& entry = table_->entries()[static_cast<std::size_t>(placed.first) + place];
    source_->release(entry.name + ".weight");
    if (entry.bias) source_->release(entry.name + ".bias");
  }
}

void Residency::dropAll() {
  if (stream_ != nullptr) stream_->close();
  for (std::size_t block = 0; block < placed_.size(); ++block) drop(block);
}

Residency::BlockBytes Residency::blockBytes(int block) const {
  TORCH_INTERNAL_ASSERT(device_.is_meta(), "sizes are asked of a shape run");
  const WeightBlock& wanted = table_->blocks().at(static_cast<std::size_t>(block));
  const auto lasting = placeLasting(wanted, true);
  BlockBytes bytes{lasting->bytes, placeLasting(wanted, false)->bytes, 0, 0};
  // Compact weights are made anew for each lease, and what oneDNN packs in 16 bits only oneDNN can read.
  const bool inPieces = lasting->expanded.empty() && (!keepsCompact_ || format_ == ops::ComputeFormat::Float32);
  if (inPieces) bytes.stretch = stretchFor(*table_, block, format_, ops::FootprintScope::current());
  if (!lasting->expanded.empty()) {
    const auto whole = withExpanded(*lasting);
    for (const std::size_t place : lasting->expanded) bytes.expanded += bytesOf(whole->weights[place]);
  }
  bytes.prepared += bytes.expanded;
  return bytes;
}

void Residency::setFormat(ops::ComputeFormat format) {
  if (format == format_) return;
  dropAll();
  endStream();
  format_ = format;
}

std::int64_t Residency::residentBytes() const {
  std::int64_t bytes = stream_ == nullptr ? 0 : stream_->bytes().count;
  for (const auto& block : placed_) bytes += block == nullptr ? 0 : block->bytes;
  return bytes;
}

Bytes Residency::hostBytes() const { return hostBlocks_ == nullptr ? Bytes() : hostBlocks_->bytes(); }

bool Residency::wasRefusedPinned() const { return hostBlocks_ != nullptr && hostBlocks_->wasRefusedPinned(); }

void Residency::dropHostBlocks() {
  if (stream_ != nullptr) stream_->close();
  if (hostBlocks_ != nullptr) hostBlocks_->keepOnly({});
}

int Residency::residentBlocks() const {
  return static_cast<int>(
      std::count_if(placed_.begin(), placed_.end(), [](const auto& block) { return block != nullptr; }));
}

}  // namespace studio::engine
