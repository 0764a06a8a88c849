#pragma once

#include "engine/api/generation_request.h"
#include "engine/api/sentence.h"
#include "engine/diffusion/unet.h"
#include "engine/memory/stream_simulator.h"
#include "engine/pipeline/effective_model.h"
#include "engine/pipeline/loaded_network.h"
#include "engine/pipeline/model_embeddings.h"
#include "engine/pipeline/numeric_recipe.h"
#include "engine/pipeline/prompt_cache.h"
#include "engine/text/conditioner.h"
#include "engine/vae/latent_rgb.h"
#include "engine/vae/vae.h"
#include "engine/weights/model_family.h"

#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace studio::engine {

/// A checkpoint ready to work with: its networks, checked, with the LoRAs of the current request. Weights are read
/// block by block when they are first used. Engine thread only.
class LoadedModel {
 public:
  /// Opens the request's model, VAE and text encoder. Throws EngineException: MissingFile, BadFile, MissingPart,
  /// WrongFamily.
  LoadedModel(const GenerationRequest& request, const NumericRecipe& recipe);

  /// True when the request needs the same files in the same state and the same recipe.
  bool serves(const GenerationRequest& request, const NumericRecipe& recipe) const;

  /// Makes exactly these LoRAs apply; only layers they touch, now or before, are read again. Answers with those that
  /// cannot be used; when `strict` they throw instead. Throws EngineException; then those from before still apply.
  const LoraReport& applyLoras(const std::vector<LoraUse>& loras, bool strict);

  /// Of all its networks.
  std::vector<Residency*> residencies() const;

  /// The part computes in fp32 from now on: answers with what it did in before, or nothing when that was fp32 already.
  std::optional<ops::ComputeFormat> widen(Part part);
  /// All parts compute again as the recipe says.
  void narrow();
  /// Which tensor of the part's file, and which LoRA, holds numbers that are not finite. Reads whole files: only for
  /// when something went wrong.
  std::optional<std::string> damagedTensor(Part part) const;
  std::optional<std::filesystem::path> damagedLora(Part part) const;

  const Recognition& recognition() const { return recognition_; }
  const NumericRecipe& recipe() const { return recipe_; }
  /// How fast weights come to the device and are used there; not known at first, as on the processor always: there is
  /// no other memory they could wait in.
  const StreamRates& streamRates() const { return streamRates_; }
  void setStreamRates(const StreamRates& rates) { streamRates_ = rates; }
  /// What people should know about the files although they can be used.
  const std::vector<Sentence>& remarks() const { return remarks_; }
  std::string name() const;
  const std::filesystem::path& path() const { return path_; }

  const Conditioner& conditioner() const { return conditioner_; }
  /// Makes the textual inversions in these folders known to prompts, as far as this model can use them.
  void useEmbeddings(const std::vector<std::filesystem::path>& folders);
  /// Files of the LoRAs applied last, without those left out.
  std::vector<std::filesystem::path> lorasInUse() const;
  const std::vector<EmbeddingName>& embeddingNames() const { return embeddings_.names(); }
  const std::vector<std::filesystem::path>& embeddingFiles() const { return embeddings_.files(); }
  const LoadedNetwork<UNet>& unet() const { return unet_; }
  const LoadedNetwork<Vae>& vae() const { return vae_; }
  /// For inpainting networks: the latent of a grey picture of this size, which stands for "nothing given"
  /// (fp32 [1, C, h, w] on the host). Throws EngineException(MissingPart) when the VAE cannot encode.
  at::Tensor greyLatent(PixelSize size, const std::stop_token& stop) const;

  /// The network's latents as VAE and previews want them, and the other way; the same but for Playground v2.5 and its
  /// like, see LatentStatistics.                                                            // [B, C, h, w] fp32
  at::Tensor forVae(const at::Tensor& latent) const;
  at::Tensor forNetwork(const at::Tensor& latent) const;
  /// Embeddings made with the text encoder as it is now.
  PromptCache& prompts() { return prompts_; }
  /// Small decoder for previews; may be absent.
  const LoadedNetwork<Vae>& previewDecoder() const { return previewDecoder_; }

  /// Colours of latent cells: from the files' metadata, else the family's, else fitted by setLatentRgb.
  const std::optional<LatentRgb>& latentRgb() const { return latentRgb_; }
  bool latentRgbIsExact() const { return latentRgbIsExact_; }
  void setLatentRgb(LatentRgb fit);
  /// Tells this VAE in this state from all others; what a fit is kept under.
  const std::string& vaeFingerprint() const { return vaeFingerprint_; }

 private:
  std::vector<Residency*> residenciesOf(Part part) const;
  EffectiveModel::Sources sources() const;
  void loadUnet(const ModelTensors& model);
  void loadTextEncoders(const ModelTensors& model, const GenerationRequest& request);
  std::map<Part, std::shared_ptr<FileTensorSource>> separateTextEncoders(const GenerationRequest& request);
  void loadVae(const ModelTensors& model, const std::filesystem::path& separate);
  void loadPreviewDecoder();
  void findLatentRgb(const std::vector<const ModelTensors*>& files);
  void checkFamily() const;
  void checkParts() const;

  std::filesystem::path path_;
  std::vector<std::string> fingerprints_;
  std::vector<Sentence> remarks_;
  GenerationRequest files_;  ///< only the paths count
  NumericRecipe recipe_;
  StreamRates streamRates_;
  Recognition recognition_;
  std::shared_ptr<FileTensorSource> unetSource_;
  std::map<Part, std::shared_ptr<FileTensorSource>> textSources_;
  std::shared_ptr<const TensorSource> vaeSource_;
  Conditioner conditioner_;
  LoadedNetwork<UNet> unet_;
  LoadedNetwork<Vae> vae_;
  LoadedNetwork<Vae> previewDecoder_;
  std::string vaeFingerprint_;
  std::optional<LatentRgb> latentRgb_;
  bool latentRgbIsExact_ = false;
  PromptCache prompts_;
  std::vector<LoraUse> loras_;
  std::vector<std::string> loraStates_;  ///< fingerprints beside loras_: a file may be replaced under its name
  LoraReport loraReport_;
  ModelEmbeddings embeddings_;
  std::set<std::string> touchedUnet_;
  std::map<Part, std::set<std::string>> touchedText_;
  std::map<Residency*, ops::ComputeFormat> widened_;  ///< with the format the recipe gave them
};

}  // namespace studio::engine
