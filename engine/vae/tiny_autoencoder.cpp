#include "engine/vae/tiny_autoencoder.h"

#include "engine/api/engine_error.h"
#include "engine/ops/ops.h"

#include <ATen/TensorOperators.h>

#include <optional>
#include <utility>

namespace studio::engine {
namespace {

constexpr int kMostListLayers = 64;
constexpr double kLatentLimit = 3;
constexpr std::int64_t kColours = 3;

const std::vector<std::int64_t>& convolutionShape(const TensorSource& source, const std::string& name) {
  const auto* shape = source.shapeOf(name + ".weight");
  if (shape == nullptr || shape->size() != 4 || (*shape)[0] < 1 || (*shape)[1] < 1) {
    throw EngineException(ErrorKind::BadFile, "The file's small VAE is incomplete.", name);
  }
  return *shape;
}

[[noreturn]] void misfit(const std::string& layer) {
  throw EngineException(ErrorKind::BadFile, "The layers of the file's small VAE do not fit together.", layer);
}

}  // namespace

TinyAutoencoder::TinyAutoencoder(const TensorSource& source) {
  decoder_ = build(source, "decoder.");
  if (decoder_.table.entries().empty()) throw EngineException(ErrorKind::BadFile, "The file has no decoder.");
  encoder_ = build(source, "encoder.");
  const bool hasEncoder = !encoder_.table.entries().empty();
  if (decoder_.channels.out != kColours || (hasEncoder && encoder_.channels.in != kColours))
    throw EngineException(ErrorKind::BadFile, "The file's small VAE does not make pictures of three colours.");
  if (hasEncoder && (encoder_.channels.out != decoder_.channels.in || encoder_.scale != decoder_.scale))
    throw EngineException(ErrorKind::BadFile, "The encoder and the decoder of the file's small VAE do not agree.");
}

/// A gap in the numbers is a layer without weights. Decoder: the first is the clamp, the one after the first
/// convolution its ReLU, all others enlarge. Encoder: there are none, and a convolution without bias halves.
TinyAutoencoder::Half TinyAutoencoder::build(const TensorSource& source, const std::string& side) {
  const bool encoder = side == "encoder.";
  Half half;
  int last = -1;
  for (int n = 0; n < kMostListLayers; ++n) {
    const std::string name = side + std::to_string(n);
    if (source.has(name + ".weight") || source.has(name + ".conv.0.weight")) last = n;
  }
  for (int n = 0; n <= last; ++n) {
    const std::string name = side + std::to_string(n);
    if (source.has(name + ".conv.0.weight")) {
      addBlock(half, source, name);
    } else if (source.has(name + ".weight")) {
      addConv(half, source, name, encoder);
    } else if (encoder) {
      misfit(name);
    } else if (n == 0) {
      addPlain(half, [](const ops::Tensor& x) { return ops::tanhClamp(x, kLatentLimit); });
    } else if (n == 2) {
      addPlain(half, ops::relu);
    } else {
      addPlain(half, ops::upsampleNearest);
      half.rescale();
    }
  }
  return half;
}

/// A layer without weights, in which no pixel looks at its neighbours.
void TinyAutoencoder::addPlain(Half& half, const std::function<ops::Tensor(const ops::Tensor&)>& function) {
  half.layers.push_back({-1, [function](const WeightLease*, const ops::Tensor& x) { return function(x); },
                         [function](const WeightLease*, ops::StripedImage x) {
                           return std::move(x).mapped([&](const ops::Strip& strip) { return function(strip.inner()); });
                         }});
}

void TinyAutoencoder::Half::rescale() {
  scale *= 2;
  if (scale > kLargestScaleFactor)
    throw EngineException(ErrorKind::BadFile, "The file's VAE shrinks pictures more than this program can use.");
}

void TinyAutoencoder::Channels::join(std::int64_t layerIn, std::int64_t layerOut, const std::string& name) {
  if (in == 0) {
    in = layerIn;
  } else if (layerIn != out) {
    misfit(name);
  }
  out = layerOut;
}

void TinyAutoencoder::addConv(Half& half, const TensorSource& source, const std::string& name, bool encoder) {
  const auto& shape = convolutionShape(source, name);
  const bool bias = source.has(name + ".bias");
  const bool halves = encoder && !bias;
  half.channels.join(shape[1], shape[0], name);
  if (halves) half.rescale();
  const int block = half.table.beginBlock(name);
  const ConvRef conv = half.table.conv(
      name, {.out = shape[0], .in = shape[1], .kernel = 3, .stride = halves ? 2 : 1, .padding = 1}, bias);
  half.layers.push_back({block, [=](const WeightLease* w, const ops::Tensor& x) { return ops::conv2d(x, (*w)[conv]); },
                         [=](const WeightLease* w, ops::StripedImage x) {
                           return std::move(x).mapped(
                               [&](const ops::Strip& strip) { return ops::convStrip(strip, (*w)[conv]); });
                         }});
}

/// relu(conv relu conv relu conv x + skip x).
void TinyAutoencoder::addBlock(Half& half, const TensorSource& source, const std::string& name) {
  const int block = half.table.beginBlock(name);
  const auto conv = [&](Channels& way, const std::string& layer, std::int64_t kernel, bool bias) {
    const auto& shape = convolutionShape(source, name + layer);
    way.join(shape[1], shape[0], name + layer);
    return half.table.conv(name + layer, {.out = shape[0], .in = shape[1], .kernel = kernel, .padding = kernel / 2},
                           bias);
  };
  Channels main, side;
  const ConvRef conv_0 = conv(main, ".conv.0", 3, true), conv_2 = conv(main, ".conv.2", 3, true),
                conv_4 = conv(main, ".conv.4", 3, true);
  std::optional<ConvRef> skip;
  if (source.has(name + ".skip.weight")) {
    skip = conv(side, ".skip", 1, source.has(name + ".skip.bias"));
  } else {
    side.join(main.in, main.in, name);
  }
  if (main != side) misfit(name);
  half.channels.join(main.in, main.out, name);
  const auto whole = [=](const WeightLease* w, const ops::Tensor& x) {
    const ops::Tensor a = ops::relu(ops::conv2d(x, (*w)[conv_0]));
    const ops::Tensor b = ops::relu(ops::conv2d(a, (*w)[conv_2]));
    return ops::relu(ops::conv2d(b, (*w)[conv_4], {.residual = skip ? ops::conv2d(x, (*w)[*skip]) : x}));
  };
  const auto strips = [=](const WeightLease* w, ops::StripedImage x) {
    ops::StripedImage a(x.cut()), out(x.cut());
    for (const auto& rows : x.strips()) a.append(ops::relu(ops::convStrip(x.read(rows), (*w)[conv_0])));
    ops::StripedImage b =
        std::move(a).mapped([&](const ops::Strip& strip) { return ops::relu(ops::convStrip(strip, (*w)[conv_2])); });
    for (const auto& rows : b.strips()) {
      const ops::Tensor own = x.takeRows(rows);
      out.append(ops::relu(
          ops::convStrip(b.take(rows), (*w)[conv_4], {.residual = skip ? ops::conv2d(own, (*w)[*skip]) : own})));
    }
    return out;
  };
  half.layers.push_back({block, whole, strips});
}

ops::Tensor TinyAutoencoder::run(const Half& half, BlockRunner& runner, ops::Tensor x) {
  for (const Layer& layer : half.layers) {
    if (layer.weights >= 0) {
      runner.run(layer.weights, [&](const WeightLease& w) { x = layer.run(&w, x); });
    } else {
      runner.runBetween([&] { x = layer.run(nullptr, x); });
    }
  }
  return x;
}

ops::Tensor TinyAutoencoder::decodeStrips(BlockRunner& runner, const ops::Tensor& latent, std::int64_t rows,
                                          std::shared_ptr<ops::NormBook> /*norms*/) const {
  const auto cut =
      std::make_shared<ops::StripCut>(ops::StripCut{rows, [&runner] { runner.throwIfCancelled(); }, nullptr});
  ops::StripedImage x(latent, cut);
  for (const Layer& layer : decoder_.layers) {
    if (layer.weights >= 0) {
      runner.run(layer.weights, [&](const WeightLease& w) { x = layer.runStrips(&w, std::move(x)); });
    } else {
      runner.runBetween([&] { x = layer.runStrips(nullptr, std::move(x)); });
    }
  }
  return x.takeWhole() * 2 - 1;
}

ops::Tensor TinyAutoencoder::decodeWhole(BlockRunner& runner, const ops::Tensor& latent) const {
  return run(decoder_, runner, latent) * 2 - 1;  // the layout's pixels are 0 … 1
}

ops::Tensor TinyAutoencoder::encode(BlockRunner& runner, const ops::Tensor& pixels) const {
  return run(encoder_, runner, (pixels + 1) / 2);
}

}  // namespace studio::engine
