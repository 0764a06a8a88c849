#include "engine/memory/residency.h"

#include "engine/api/cancelled.h"
#include "engine/ops/ops.h"

#include <ATen/ops/empty.h>

#include <algorithm>
#include <string_view>
#include <utility>

namespace studio::engine {
namespace {

/// What a file gives lies on the host until it is placed. In the shape run no weight is read: meta tensors of the
/// entry's shape stand in.
at::Tensor rawTensor(const TensorSource& source, const std::string& name, const std::vector<std::int64_t>& shape,
                     at::Device device) {
  if (device.is_meta()) return at::empty(shape, at::TensorOptions().device(at::kMeta).dtype(at::kFloat));
  const PoolScope pool(MemoryPool::Host);
  return source.load(name).view(shape);
}

std::int64_t bytesOf(const PlacedWeight& weight) {
  struct Count {
    std::int64_t operator()(const ops::Conv2dWeights& w) const { return w.prepared->bytes(); }
    std::int64_t operator()(const ops::LinearWeights& w) const { return w.prepared->bytes(); }
    std::int64_t operator()(const ops::NormWeights& w) const {
      return static_cast<std::int64_t>(w.scale.nbytes() + w.shift.nbytes());
    }
    std::int64_t operator()(const ops::EmbeddingWeights& w) const {
      return static_cast<std::int64_t>(w.table.nbytes());
    }
  };
  return std::visit(Count{}, weight);
}

PlacedWeight placeEntry(const WeightEntry& entry, const TensorSource& source, ops::ComputeFormat format,
                        at::Device device) {
  const at::Tensor weight = rawTensor(source, entry.name + ".weight", entry.shape, device);
  std::optional<at::Tensor> bias;
  if (entry.bias) bias = rawTensor(source, entry.name + ".bias", {entry.shape.front()}, device);
  switch (entry.role) {
    case WeightRole::Conv:
      return ops::prepareConv2d(weight, bias, entry.conv, format, device);
    case WeightRole::Linear:
      return ops::prepareLinear(weight, bias, format, device);
    case WeightRole::Norm:
      return ops::prepareNorm(weight, *bias, entry.groups, entry.epsilon, device);
    case WeightRole::Embedding:
      return ops::prepareEmbedding(weight, format, device);
  }
  TORCH_INTERNAL_ASSERT(false, "unknown weight role");
}

}  // namespace

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

Residency Residency::forShapes(const Residency& real, at::Device device) {
  Residency shapes(*real.table_, real.source_, real.format_, at::kMeta);
  shapes.keepsCompact_ = device.is_cpu();
  return shapes;
}

void Residency::workOn(at::Device device, MemoryPool pool) {
  if (device == device_ && pool == pool_) return;
  dropAll();
  device_ = device;
  pool_ = pool;
  keepsCompact_ = device.is_cpu();
}

WeightLease Residency::acquire(int block) {
  const PoolScope pool(pool_);
  auto& slot = placed_.at(static_cast<std::size_t>(block));
  if (slot != nullptr && !slot->stale.empty()) slot = refreshed(*slot);
  if (slot != nullptr && slot->expanded.empty()) return WeightLease(slot);
  const WeightBlock& wanted = table_->blocks()[static_cast<std::size_t>(block)];
  const bool stays = stays_[static_cast<std::size_t>(block)];
  const std::shared_ptr<const PlacedBlock> lasting = slot != nullptr ? slot : placeLasting(wanted, stays);
  if (stays) slot = lasting;
  return WeightLease(lasting->expanded.empty() ? lasting : withExpanded(*lasting));
}

bool Residency::staysCompact(const WeightEntry& entry) const {
  return keepsCompact_ && source_ != nullptr && source_->isCompact(entry.name + ".weight");
}

void Residency::placeAll(const std::stop_token& stop) {
  for (std::size_t block = 0; block < placed_.size(); ++block) {
    throwIfStopped(stop);
    if (stays_[block]) acquire(static_cast<int>(block));
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
      placed.weights.push_back(placeEntry(entry, *source_, format_, device_));
      placed.bytes += bytesOf(placed.weights.back());
    }
  }
}

std::shared_ptr<const PlacedBlock> Residency::withExpanded(const PlacedBlock& lasting) const {
  auto placed = std::make_shared<PlacedBlock>(lasting);
  for (const std::size_t place : lasting.expanded) {
    const WeightEntry& entry = table_->entries()[static_cast<std::size_t>(lasting.first) + place];
    placed->weights[place] = placeEntry(entry, *source_, format_, device_);
  }
  return placed;
}

void Residency::replaceSource(std::shared_ptr<const TensorSource> source,
                              const std::function<bool(const std::string&)>& changed) {
  source_ = std::move(source);
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
    fresh->weights[place] = placeEntry(entry, *source_, format_, device_);
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
  for (std::size_t block = 0; block < placed_.size(); ++block) drop(block);
}

Residency::BlockBytes Residency::blockBytes(int block) const {
  TORCH_INTERNAL_ASSERT(device_.is_meta(), "sizes are asked of a shape run");
  const WeightBlock& wanted = table_->blocks().at(static_cast<std::size_t>(block));
  const auto lasting = placeLasting(wanted, true);
  BlockBytes bytes{lasting->bytes, placeLasting(wanted, false)->bytes, 0};
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
  format_ = format;
}

std::int64_t Residency::residentBytes() const {
  std::int64_t bytes = 0;
  for (const auto& block : placed_) bytes += block == nullptr ? 0 : block->bytes;
  return bytes;
}

int Residency::residentBlocks() const {
  return static_cast<int>(
      std::count_if(placed_.begin(), placed_.end(), [](const auto& block) { return block != nullptr; }));
}

}  // namespace studio::engine
