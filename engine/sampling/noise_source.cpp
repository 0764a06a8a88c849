#include "engine/sampling/noise_source.h"

#include "engine/api/engine_error.h"
#include "engine/sampling/philox.h"

#include <ATen/CPUGeneratorImpl.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/randn.h>
#include <ATen/ops/stack.h>
#include <c10/util/Exception.h>

#include <algorithm>
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

at::Tensor philoxDraw(std::uint64_t seed, std::uint32_t call, at::IntArrayRef shape, const NoiseRule& rule) {
  at::Tensor noise = at::empty(shape, at::kFloat);
  const std::vector<float> numbers = philoxNormals(seed, call, noise.numel(), rule.threads);
  if (!numbers.empty()) std::memcpy(noise.mutable_data_ptr(), numbers.data(), noise.nbytes());
  return noise;
}

}  // namespace

at::Tensor seededNoise(std::uint64_t seed, at::IntArrayRef shape, const NoiseRule& rule) {
  if (rule.philox) return philoxDraw(seed, 0, shape, rule);
  return at::randn(shape, at::detail::createCPUGenerator(seed), at::kFloat);
}

NoiseSource::NoiseSource(Seed first, int pictures, NoiseRule rule) : rule_(rule) {
  for (int i = 0; i < pictures; ++i) {
    seeds_.push_back(first.value + static_cast<std::uint64_t>(i));
    if (!rule_.philox) generators_.push_back(at::detail::createCPUGenerator(seeds_.back()));
  }
}

NoiseSource::NoiseSource(const NoiseSource& other) { *this = other; }

NoiseSource& NoiseSource::operator=(const NoiseSource& other) {
  if (this == &other) return *this;
  seeds_ = other.seeds_;
  rule_ = other.rule_;
  calls_ = other.calls_;
  generators_.clear();  // at::Generator copies by reference: clone
  for (const at::Generator& generator : other.generators_) generators_.push_back(generator.clone());
  return *this;
}

at::Tensor NoiseSource::draw(at::IntArrayRef pictureShape) {
  std::vector<at::Tensor> draws;
  if (rule_.philox) {
    for (const std::uint64_t seed : seeds_) draws.push_back(philoxDraw(seed, calls_, pictureShape, rule_));
    calls_ += philoxCalls(draws.front().numel(), rule_.threads);
  } else {
    for (const at::Generator& generator : generators_) draws.push_back(at::randn(pictureShape, generator, at::kFloat));
  }
  return at::stack(draws);
}

std::vector<NoiseSource::PictureState> NoiseSource::states() const {
  std::vector<PictureState> states;
  for (std::size_t i = 0; i < seeds_.size(); ++i) {
    if (rule_.philox) {
      const PhiloxState state{rule_.threads, calls_};
      states.push_back({seeds_[i], std::string(reinterpret_cast<const char*>(&state), sizeof state)});
    } else {
      const at::Tensor bytes = generators_[i].get_state();
      states.push_back({seeds_[i], std::string(static_cast<const char*>(bytes.const_data_ptr()),
                                               static_cast<std::size_t>(bytes.numel()))});
    }
  }
  return states;
}

NoiseSource NoiseSource::fromStates(const std::vector<PictureState>& states) {
  NoiseSource source;
  for (const auto& [seed, generator] : states) {
    source.seeds_.push_back(seed);
    if (generator.size() == sizeof(PhiloxState)) {
      PhiloxState state;
      std::memcpy(&state, generator.data(), sizeof state);
      source.rule_ = {true, std::max<std::int64_t>(state.threads, 0)};
      source.calls_ = static_cast<std::uint32_t>(state.calls);
    } else {
      source.generators_.push_back(generatorFrom(generator));
    }
  }
  if (!source.generators_.empty() && source.generators_.size() != source.seeds_.size()) refuseNoise("mixed kinds");
  return source;
}

}  // namespace studio::engine
