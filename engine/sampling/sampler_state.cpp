#include "engine/sampling/sampler_state.h"

#include "engine/api/engine_error.h"

#include <ATen/TensorOperators.h>
#include <ATen/ops/empty.h>

#include <bit>
#include <cstring>
#include <utility>

namespace studio::engine {
namespace {

static_assert(std::endian::native == std::endian::little, "states are written little endian");

constexpr std::string_view kStateMagic = "KSSAMP03";
constexpr std::uint32_t kMostDimensions = 8;
constexpr std::uint32_t kMostHistory = 16;
constexpr std::uint32_t kMostNumbers = 64;
constexpr std::uint32_t kMostPictures = 4096;

[[noreturn]] void refuseState(const char* detail) {
  throw EngineException(ErrorKind::BadFile, "The saved sampling state is broken.", detail);
}

template <class Number>
void putNumber(std::string& bytes, Number value) {
  bytes.append(reinterpret_cast<const char*>(&value), sizeof value);
}

void putTensor(std::string& bytes, const at::Tensor& tensor) {
  const at::Tensor plain = tensor.to(at::kCPU, at::kFloat).contiguous();
  putNumber(bytes, static_cast<std::uint32_t>(plain.dim()));
  for (const std::int64_t size : plain.sizes()) putNumber(bytes, size);
  bytes.append(static_cast<const char*>(plain.const_data_ptr()), plain.nbytes());
}

/// Walks over the bytes and refuses whatever they do not hold.
class StateReader {
 public:
  explicit StateReader(std::string_view bytes) : bytes_(bytes) {}

  std::string_view take(std::uint64_t count) {
    if (count > bytes_.size()) refuseState("it ends too early");
    const std::string_view taken = bytes_.substr(0, count);
    bytes_.remove_prefix(count);
    return taken;
  }

  template <class Number>
  Number number() {
    Number value;
    std::memcpy(&value, take(sizeof value).data(), sizeof value);
    return value;
  }

  std::uint32_t count(std::uint32_t most) {
    const auto value = number<std::uint32_t>();
    if (value > most) refuseState("a count is too large");
    return value;
  }

  at::Tensor tensor() {
    std::vector<std::int64_t> sizes(count(kMostDimensions));
    std::uint64_t values = 1;
    for (std::int64_t& size : sizes) {
      size = number<std::int64_t>();
      if (size < 0 || static_cast<std::uint64_t>(size) > bytes_.size())
        refuseState("a tensor is larger than the state");
      values *= static_cast<std::uint64_t>(size);
      if (values > bytes_.size()) refuseState("a tensor is larger than the state");
    }
    const std::string_view data = take(values * sizeof(float));
    const at::Tensor tensor = at::empty(sizes, at::kFloat);
    if (!data.empty()) std::memcpy(tensor.mutable_data_ptr(), data.data(), data.size());
    return tensor;
  }

  bool atEnd() const { return bytes_.empty(); }

 private:
  std::string_view bytes_;
};

}  // namespace

SamplerState startFromNoise(NoiseSource noise, at::IntArrayRef pictureShape, float sigmaMax) {
  SamplerState state;
  state.noise = std::move(noise);
  state.x = state.noise.draw(pictureShape) * sigmaMax;
  return state;
}

std::string serialise(const SamplerState& state) {
  std::string bytes(kStateMagic);
  putNumber(bytes, static_cast<std::int32_t>(state.step));
  putTensor(bytes, state.x);
  putNumber(bytes, static_cast<std::uint32_t>(state.history.size()));
  for (const at::Tensor& tensor : state.history) putTensor(bytes, tensor);
  putNumber(bytes, static_cast<std::uint32_t>(state.numbers.size()));
  for (const double number : state.numbers) putNumber(bytes, number);
  const NoiseSource::State noise = state.noise.state();
  putNumber(bytes, noise.pictures);
  putNumber(bytes, noise.format);
  putNumber(bytes, static_cast<std::uint32_t>(noise.generators.size()));
  for (const auto& [seed, generator] : noise.generators) {
    putNumber(bytes, seed);
    putNumber(bytes, static_cast<std::uint64_t>(generator.size()));
    bytes += generator;
  }
  return bytes;
}

SamplerState deserialise(std::string_view bytes) {
  StateReader reader(bytes);
  if (reader.take(kStateMagic.size()) != kStateMagic) refuseState("it is of another kind or version");
  SamplerState state;
  state.step = reader.number<std::int32_t>();
  if (state.step < 0) refuseState("its step is negative");
  state.x = reader.tensor();
  state.history.resize(reader.count(kMostHistory));
  for (at::Tensor& tensor : state.history) tensor = reader.tensor();
  state.numbers.resize(reader.count(kMostNumbers));
  for (double& number : state.numbers) number = reader.number<double>();
  NoiseSource::State noise{reader.count(kMostPictures), reader.number<std::uint32_t>(), {}};
  noise.generators.resize(reader.count(kMostPictures));
  for (auto& [seed, generator] : noise.generators) {
    seed = reader.number<std::uint64_t>();
    generator = reader.take(reader.number<std::uint64_t>());
  }
  state.noise = NoiseSource::fromState(noise);
  if (!reader.atEnd()) refuseState("it is longer than it should be");
  return state;
}

}  // namespace studio::engine
