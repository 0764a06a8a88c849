#include "engine/sampling/noise_source.h"

#include "engine/api/engine_error.h"
#include "engine/sampling/philox.h"

#include <ATen/CPUGeneratorImpl.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/randn.h>
#include <ATen/ops/stack.h>
#include <c10/util/Exception.h>

#include <algorithm>
#include <array>
#include <cstring>

namespace studio::engine {
namespace {

/// What is kept of a Philox source; told from a CPU generator's state by its length.
struct PhiloxState {
  std::int64_t threads = 0;
  std::int64_t calls = 0;
};

[[noreturn]] void refuseNoise(const std::string& detail) {
  throw EngineException(ErrorKind::BadFile, "The saved state of the noise is broken.", detail);
}

at::Generator generatorFrom(const std::string& state) {
  at::Generator generator = at::detail::createCPUGenerator();
  const at::Tensor bytes = at::empty({static_cast<std::int64_t>(state.size())}, at::kByte);
  if (!state.empty()) std::memcpy(bytes.mutable_data_ptr(), state.data(), state.size());
  try {
    generator.set_state(bytes);
  } catch (const c10::Error& error) {
    refuseNoise(error.what_without_backtrace());
  }
  return generator;
}

constexpr std::array<at::ScalarType, 3> kFormats{at::kFloat, at::kHalf, at::kBFloat16};

/// A card draws in fp32 and rounds.
at::Tensor philoxDraw(std::uint64_t seed, std::uint32_t call, at::IntArrayRef shape, const NoiseRule& rule) {
  at::Tensor noise = at::empty(shape, at::kFloat);
  const std::vector<float> numbers = philoxNormals(seed, call, noise.numel(), rule.threads);
  if (!numbers.empty()) std::memcpy(noise.mutable_data_ptr(), numbers.data(), noise.nbytes());
  return noise.to(rule.drawnAs).to(at::kFloat);
}

/// What one generator draws at once.
std::vector<std::int64_t> drawShape(const NoiseRule& rule, int pictures, at::IntArrayRef pictureShape) {
  std::vector<std::int64_t> shape = pictureShape.vec();
  if (rule.ofBatch) shape.insert(shape.begin(), pictures);
  return shape;
}

}  // namespace

at::Tensor seededNoise(std::uint64_t seed, at::IntArrayRef shape, const NoiseRule& rule) {
  if (rule.philox) return philoxDraw(seed, 0, shape, rule);
  return at::randn(shape, at::detail::createCPUGenerator(seed), at::kFloat);
}

NoiseSource::NoiseSource(Seed first, int pictures, NoiseRule rule) : pictures_(pictures), rule_(rule) {
  for (int i = 0; i < (rule.ofBatch ? 1 : pictures); ++i) {
    seeds_.push_back(first.value + static_cast<std::uint64_t>(i));
    if (!rule_.philox) generators_.push_back(at::detail::createCPUGenerator(seeds_.back()));
  }
}

NoiseSource::NoiseSource(const NoiseSource& other) { *this = other; }

NoiseSource& NoiseSource::operator=(const NoiseSource& other) {
  if (this == &other) return *this;
  pictures_ = other.pictures_;
  seeds_ = other.seeds_;
  rule_ = other.rule_;
  calls_ = other.calls_;
  generators_.clear();  // at::Generator copies by reference: clone
  for (const at::Generator& generator : other.generators_) generators_.push_back(generator.clone());
  return *this;
}

at::Tensor NoiseSource::draw(at::IntArrayRef pictureShape) {
  const std::vector<std::int64_t> shape = drawShape(rule_, pictures_, pictureShape);
  std::vector<at::Tensor> draws;
  if (rule_.philox) {
    for (const std::uint64_t seed : seeds_) draws.push_back(philoxDraw(seed, calls_, shape, rule_));
    calls_ += philoxCalls(draws.front().numel(), rule_.threads);
  } else {
    for (const at::Generator& generator : generators_)
      draws.push_back(at::randn(shape, generator, rule_.drawnAs).to(at::kFloat));
  }
  return rule_.ofBatch ? draws.front() : at::stack(draws);
}

NoiseSource::State NoiseSource::state() const {
  const auto format = std::find(kFormats.begin(), kFormats.end(), rule_.drawnAs) - kFormats.begin();
  State state{static_cast<std::uint32_t>(pictures_), static_cast<std::uint32_t>(format), {}};
  for (std::size_t i = 0; i < seeds_.size(); ++i) {
    if (rule_.philox) {
      const PhiloxState philox{rule_.threads, calls_};
      state.generators.push_back({seeds_[i], std::string(reinterpret_cast<const char*>(&philox), sizeof philox)});
    } else {
      const at::Tensor bytes = generators_[i].get_state();
      state.generators.push_back({seeds_[i], std::string(static_cast<const char*>(bytes.const_data_ptr()),
                                                         static_cast<std::size_t>(bytes.numel()))});
    }
  }
  return state;
}

NoiseSource NoiseSource::fromState(const State& state) {
  NoiseSource source;
  if (state.format >= kFormats.size()) refuseNoise("unknown number format");
  const std::size_t generators = state.generators.size();
  if (generators != state.pictures && !(generators == 1 && state.pictures > 1)) refuseNoise("too few generators");
  source.pictures_ = static_cast<int>(state.pictures);
  for (const auto& [seed, generator] : state.generators) {
    source.seeds_.push_back(seed);
    if (generator.size() == sizeof(PhiloxState)) {
      PhiloxState philox;
      std::memcpy(&philox, generator.data(), sizeof philox);
      source.rule_ = {.philox = true, .threads = std::max<std::int64_t>(philox.threads, 0)};
      source.calls_ = static_cast<std::uint32_t>(philox.calls);
    } else {
      source.generators_.push_back(generatorFrom(generator));
    }
  }
  if (!source.generators_.empty() && source.generators_.size() != source.seeds_.size()) refuseNoise("mixed kinds");
  source.rule_.ofBatch = generators < state.pictures;
  source.rule_.drawnAs = kFormats[state.format];
  return source;
}

}  // namespace studio::engine
