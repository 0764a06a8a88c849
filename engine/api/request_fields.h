#pragma once

#include "engine/api/engine_error.h"
#include "engine/api/generation_request.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace studio::engine {

/// What is known about one field of a request: names, range, default step in the window, English label.
/// `id` is the JSON key; the command-line flag is "--" + flag.
struct FieldInfo {
  std::string_view id;
  std::string_view flag;
  std::string_view label;
  std::string_view help;
  double minimum = 0;
  double maximum = 0;
  double step = 1;
};

inline constexpr int kSmallestSide = 64;
inline constexpr int kLargestSide = 8192;
inline constexpr int kSideMultiple = 8;
inline constexpr int kMostSteps = 1000;
inline constexpr int kLargestBatch = 64;
inline constexpr int kMostGpuThreads = 1 << 24;
inline constexpr int kLargestEnsd = 2147483647;
inline constexpr int kMostBatches = 10000;
inline constexpr double kLargestLoraWeight = 100;     ///< either sign
inline constexpr std::size_t kLongestPrompt = 65536;  ///< bytes of UTF-8

/// The part of visitFields that few people change: what samplers and guidance can be told.
template <class Request, class Visitor>
void visitSamplingFields(Request& r, Visitor& visit) {
  visit(FieldInfo{"eta", "eta", "Eta", "ancestral and SDE samplers: part of the noise that is fresh", 0, 1, 0.05},
        r.eta);
  visit(FieldInfo{"ddim_eta", "ddim-eta", "DDIM eta", "DDIM: part of the noise that is fresh", 0, 1, 0.05}, r.ddimEta);
  visit(FieldInfo{"s_noise", "s-noise", "Noise factor", "factor on fresh noise", 0, 2, 0.005}, r.sNoise);
  visit(FieldInfo{"s_churn", "s-churn", "Churn", "noise added by Euler, Heun and DPM2 before their steps", 0, 100, 1},
        r.sChurn);
  visit(FieldInfo{"s_tmin", "s-tmin", "Churn from", "smallest sigma with churn", 0, 1000, 0.1}, r.sTmin);
  visit(FieldInfo{"s_tmax", "s-tmax", "Churn to", "largest sigma with churn; 0 is no limit", 0, 1000, 0.1}, r.sTmax);
  visit(FieldInfo{"sigmas", "sigmas", "Sigmas", "noise levels of one's own, descending, like 14.6, 5, 1, 0.1"},
        r.sigmas);
  visit(FieldInfo{"penultimate_sigma", "penultimate-sigma", "Last sigma before 0", "whether it is left out"},
        r.penultimateSigma);
  visit(FieldInfo{"guidance_rescale", "guidance-rescale", "Guidance rescale",
                  "part of the contrast that guidance adds which is taken back", 0, 1, 0.05},
        r.guidanceRescale);
  visit(FieldInfo{"prompt_only", "prompt-only", "Without negative prompt",
                  "part of the steps, from the start, that leave the negative prompt out", 0, 1, 0.05},
        r.promptOnly);
  visit(FieldInfo{"threshold_quantile", "threshold-quantile", "Dynamic threshold",
                  "quantile beyond which values are pulled in; 1 is off", 0.5, 1, 0.005},
        r.thresholdQuantile);
  visit(FieldInfo{"mimic_scale", "mimic-scale", "Mimicked guidance",
                  "guidance whose reach the dynamic threshold pulls values in to", 0, 100, 0.5},
        r.mimicScale);
  visit(FieldInfo{"profile", "reproduce-as", "Reproduce as",
                  "whose way is followed where programs differ; any but studio makes --strict the default"},
        r.profile);
  visit(FieldInfo{"program_version", "program-version", "Version of the program",
                  "that made the picture, where its versions differ: v1.5.1 of A1111, f2.0.1v1.10.1 of Forge"},
        r.programVersion);
  visit(
      FieldInfo{"compatibility", "compatibility", "Compatibility",
                "old ways that an A1111 was told to go: prompt-editing, pad-conds, downcast-alphas, refiner-by-steps"},
      r.compatibility);
  visit(FieldInfo{"ensd", "ensd", "ENSD", "A1111's eta noise seed delta: what the steps' noise adds to the seed", 0,
                  kLargestEnsd, 1},
        r.ensd);
  visit(FieldInfo{"path_noise", "path-noise", "Noise path",
                  "where the noise path of SDE samplers is drawn; automatic asks the profile"},
        r.pathNoise);
  visit(FieldInfo{"gpu_threads", "gpu-threads", "GPU threads",
                  "of the card whose noise is reproduced: multiprocessors times threads of each; 0: any card", 0,
                  kMostGpuThreads, 1024},
        r.gpuThreads);
}

/// Calls `visitor(FieldInfo, member)` for every field, in the order people read them. The only list of
/// fields there is: command line, JSON, picture metadata, presets, diffs and validation are visitors of it.
/// Member types: std::filesystem::path, std::string, int, double, std::optional<Seed>, enumerations of
/// choices.h, std::vector<LoraUse>.
template <class Request, class Visitor>
void visitFields(Request& r, Visitor&& visit) {
  visit(FieldInfo{"model", "model", "Model", "checkpoint file or diffusers folder"}, r.model);
  visit(FieldInfo{"vae", "vae", "VAE", "file with the VAE to use instead of the model's"}, r.vae);
  visit(FieldInfo{"text_encoder", "text-encoder", "Text encoder", "file with the text encoder, if the model has none"},
        r.textEncoder);
  visit(FieldInfo{"text_encoder_2", "text-encoder-2", "Text encoder 2",
                  "file with SDXL's second text encoder, if the model has none"},
        r.textEncoder2);
  visit(FieldInfo{"prompt", "prompt", "Prompt", "what the picture shows; (word:1.2) gives weight"}, r.prompt);
  visit(FieldInfo{"negative_prompt", "negative", "Negative prompt", "what to keep away from"}, r.negativePrompt);
  visit(FieldInfo{"width", "width", "Width", "in pixels, a multiple of 8", kSmallestSide, kLargestSide, kSideMultiple},
        r.size.width);
  visit(
      FieldInfo{"height", "height", "Height", "in pixels, a multiple of 8", kSmallestSide, kLargestSide, kSideMultiple},
      r.size.height);
  visit(FieldInfo{"steps", "steps", "Steps", "denoising steps", 1, kMostSteps, 1}, r.steps);
  visit(FieldInfo{"sampler", "sampler", "Sampler", "algorithm that removes the noise"}, r.sampler);
  visit(FieldInfo{"scheduler", "scheduler", "Scheduler", "how the noise levels are spaced"}, r.schedule);
  visit(FieldInfo{"guidance_scale", "guidance", "Guidance",
                  "how strongly the prompt is followed; 1 switches guidance off", 0, 100, 0.5},
        r.guidanceScale);
  visit(FieldInfo{"seed", "seed", "Seed", "start value of the noise; random when absent"}, r.seed);
  visit(FieldInfo{"batch_size", "batch-size", "Batch size", "pictures made side by side", 1, kLargestBatch, 1},
        r.batchSize);
  visit(FieldInfo{"batch_count", "batch-count", "Batch count", "batches in a row", 1, kMostBatches, 1}, r.batchCount);
  visit(FieldInfo{"clip_skip", "clip-skip", "CLIP skip", "1 uses the text encoder's last layer, 2 the one before", 1,
                  12, 1},
        r.clipSkip);
  visit(FieldInfo{"emphasis", "emphasis", "Emphasis",
                  "what the weights of words do; automatic reads brackets as the profile's program does"},
        r.emphasis);
  visit(FieldInfo{"prediction", "prediction", "Prediction type", "what the network predicts; automatic asks the file"},
        r.prediction);
  visit(FieldInfo{"zero_terminal_snr", "zero-terminal-snr", "Zero terminal SNR",
                  "whether the noise goes down to pure noise; automatic asks the file"},
        r.zeroTerminalSnr);
  visit(FieldInfo{"refiner", "refiner", "Refiner", "second checkpoint, which takes the last steps"}, r.refiner);
  visit(FieldInfo{"refiner_switch_at", "refiner-switch-at", "Refiner switch at",
                  "fraction of the steps after which the refiner takes over", 0, 1, 0.05},
        r.refinerSwitchAt);
  visitSamplingFields(r, visit);
  visit(FieldInfo{"loras", "lora", "LoRA", "FILE or FILE:weight, may be repeated"}, r.loras);
}

/// Ids of the fields in which two requests differ, in visitFields' order.
std::vector<std::string_view> differingFields(const GenerationRequest& a, const GenerationRequest& b);

/// The first thing wrong with a request, as a sentence that names the value and what is allowed;
/// nothing if all of it can be tried. Does not look at files.
std::optional<EngineError> checkRequest(const GenerationRequest& request);

}  // namespace studio::engine
