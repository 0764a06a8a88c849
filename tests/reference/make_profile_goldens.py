"""Makes tests/data/profiles.json and tests/data/networks/profiles.safetensors: what programs do where they differ.

Noise, Brownian paths and timesteps come from torch, torchsde and k-diffusion; schedules of multistep solvers and the
pictures of the profile "diffusers" from pipelines of diffusers themselves, with the tiny networks of the other scripts.
ComfyUI's windows and A1111's and ComfyUI's pictures are written here from the programs' documented behaviour.

Run by hand: python make_profile_goldens.py bpe_simple_vocab_16e6.txt.gz
(needs: torch, diffusers, transformers, k-diffusion, torchsde)
"""
import json
import pathlib
import sys
import types

import diffusers
import k_diffusion.external
import make_family_goldens as families
import make_network_goldens as networks
import make_token_goldens as tokens
import numpy as np
import torch
import torchsde
from safetensors.torch import save_file

DATA = pathlib.Path(__file__).resolve().parent.parent / "data"
SHAPE, SEED, ENSD = (4, 4, 4), 7, 31337
BETAS = torch.linspace(0.00085**0.5, 0.012**0.5, 1000, dtype=torch.float64) ** 2
CONFIG = {"beta_start": 0.00085, "beta_end": 0.012, "beta_schedule": "scaled_linear", "timestep_spacing": "leading", "steps_offset": 1}
LEVELS = [14.6, 9.75, 5.0, 2.2, 1.0, 0.5, 0.21, 0.1, 0.05, 0.031]
PROMPT, NEGATIVE = "a (red apple:1.3) on a [wooden] table, masterpiece", "blurry, low quality"
LONG = "a lighthouse, " * 30 + "waves and (storm:0.7)"


def generator(seed):
    return torch.Generator("cpu").manual_seed(seed)


# Noise ---------------------------------------------------------------------------------------------------------------

def noise_rows():
    batch, half, bfloat = generator(SEED), generator(SEED), generator(SEED)
    path = torchsde.BrownianTree(0.029167, torch.zeros(2, *SHAPE), 14.614642, entropy=SEED)
    return {
        "seed": SEED, "ensd": ENSD,
        "batch": [torch.randn(3, *SHAPE, generator=batch).flatten().tolist() for _ in range(2)],
        "half": torch.randn(SHAPE, generator=half, dtype=torch.float16).float().flatten().tolist(),
        "bfloat16": torch.randn(SHAPE, generator=bfloat, dtype=torch.bfloat16).float().flatten().tolist(),
        "after_ensd": torch.randn(SHAPE, generator=generator(SEED + ENSD)).flatten().tolist(),
        "one_above": torch.randn(2, *SHAPE, generator=generator(SEED + 1)).flatten().tolist(),
        "batch_path": path(3.25, 9.1).flatten().tolist(),
    }


# Timesteps -----------------------------------------------------------------------------------------------------------

def k_denoiser(half, quantize=False):
    signals = torch.cumprod(1 - BETAS, 0).float()
    model = types.SimpleNamespace(alphas_cumprod=signals.half() if half else signals)
    return k_diffusion.external.DiscreteEpsDDPMDenoiser(torch.nn.Identity(), model.alphas_cumprod, quantize=quantize)


def timestep_rows():
    plain, old = k_denoiser(False), k_denoiser(True)
    levels = torch.tensor(LEVELS)
    return {
        "sigmas": LEVELS,
        "fractional": plain.sigma_to_t(levels, quantize=False).tolist(),
        "nearest": plain.sigma_to_t(levels, quantize=True).tolist(),
        "in_half": old.sigma_to_t(levels, quantize=False).tolist(),
        "uniform_in_half": old.get_sigmas(10).tolist(),
        "ends_in_half": [float(old.sigmas[0]), float(old.sigmas[-1])],
    }


def multistep_rows():
    rows = {}
    for steps in (8, 20):
        for name, flags in {"normal": {}, "karras": {"use_karras_sigmas": True}, "exponential": {"use_exponential_sigmas": True},
                            "beta": {"use_beta_sigmas": True}}.items():
            scheduler = diffusers.DPMSolverMultistepScheduler(**CONFIG, **flags)
            scheduler.set_timesteps(steps)
            rows[f"{name} {steps}"] = {"sigmas": scheduler.sigmas.tolist(), "timesteps": scheduler.timesteps.tolist()}
    return rows


# ComfyUI's windows ---------------------------------------------------------------------------------------------------

def comfy_groups(text, weight=1.0, escaped=False):
    """[[text, weight]]: only ( ) and their numbers mean something. Items begin at an outermost bracket and end behind it."""
    if not escaped:
        text = text.replace("\\)", "\1").replace("\\(", "\2")
    items, current, depth = [], "", 0
    for c in text:
        if c == "(":
            if depth == 0:
                items, current = items + [current], ""
            depth += 1
        current += c
        if c == ")":
            depth -= 1
            if depth == 0:
                items, current = items + [current], ""
    groups = []
    for item in filter(None, items + [current]):
        if not (len(item) > 1 and item[0] == "(" and item[-1] == ")"):
            groups.append([item.replace("\1", ")").replace("\2", "("), weight])
            continue
        inner, inside = item[1:-1], weight * 1.1
        head, colon, tail = inner.rpartition(":")
        if colon and head:
            try:
                inner, inside = head, float(tail)
            except ValueError:
                pass
        groups += comfy_groups(inner, inside, True)
    return groups


def comfy_windows(text, ids_of):
    windows = [[]]
    for part, weight in comfy_groups(text):
        group = [(token, weight) for token in ids_of(part)]
        is_large = len(group) >= 8
        while group:
            room = 75 - len(windows[-1])
            if len(group) <= room:
                windows[-1] += group
                break
            if is_large:
                windows[-1] += group[:room]
                group = group[room:]
            windows.append([])
    return [{"ids": [t for t, _ in window], "weights": [round(w, 6) for _, w in window]} for window in windows]


COMFY_PROMPTS = [
    "", "a cat", "a (red:1.3) (cat), [sky]", "((nested:1.5) brackets)", "\\(text\\) and (\\(weighted\\):1.2)", "not (closed", "not opened)",
    "a BREAK b AND c [d:e:0.5]", LONG, "a " * 72 + "(three small words:1.2) after", "a " * 70 + "(seven tokens are just not large here:1.2) end",
    "a " * 70 + "(eight tokens are large enough to be cut:1.2) end", "x, " * 60, "(a:) (b:c) (:1.2)", "line\nbreak (a\nb:1.1)",
    "one) too (many)", "(a (b)", "(a (b:1.5) c:0.8) d", "(a\\):1.3)", "()(())(a)",
]


# Pictures ------------------------------------------------------------------------------------------------------------

class ProgramModel(networks.Model):
    """Pictures of A1111 and ComfyUI with the tiny SD 1.x networks."""

    def context(self, chunks, comfy):
        rows = []
        empty = self.embed(torch.tensor([[networks.START] + [networks.END] * 76]), 1)
        for chunk in chunks:
            pad = 75 - len(chunk["ids"])
            z = self.embed(torch.tensor([[networks.START, *chunk["ids"], networks.END, *[networks.END] * pad]]), 1)
            w = torch.tensor([1.0, *chunk["weights"], 1.0, *[1.0] * pad])[None, :, None]
            if comfy:
                rows.append(torch.where(w != 1, (z - empty) * w + empty, z))
            else:
                rows.append(z * w * (z.mean() / (z * w).mean()) if (w != 1).any() else z)
        return torch.cat(rows, 1)

    def walk(self, x, sigmas, timestep_of, contexts, guidance, noise):
        """Euler a; prompt and negative prompt each in its own length."""
        for a, b in zip(sigmas, sigmas[1:]):
            time = torch.full((len(x),), float(timestep_of(a)))
            answers = [self.unet(x / (1 + a * a) ** 0.5, time, context.expand(len(x), -1, -1)).sample for context in contexts]
            output = answers[1] + guidance * (answers[0] - answers[1])
            up = min(b, (b * b * (a * a - b * b) / (a * a)) ** 0.5)
            down = (b * b - up * up) ** 0.5
            x = x + output * (down - a)
            if b > 0:
                x = x + noise() * up
        return x

    def pixels(self, x):
        decoded = self.vae.decode(x / networks.VAE_SCALE).sample
        return (((decoded + 1) / 2).clamp(0, 1) * 255).to(torch.uint8).permute(0, 2, 3, 1).contiguous()

    def a1111(self, steps=8, padded=False):
        """1.5.1 with ENSD: another table of sigmas, prompts of unequal lengths, pixels cut off."""
        old = k_denoiser(True)
        sigmas = old.get_sigmas(steps).tolist()
        x = torch.randn(1, 4, 16, 16, generator=generator(networks.SEED)) * sigmas[0]
        steps_noise = generator(networks.SEED + ENSD)
        contexts = [self.context(self.chunks(LONG), False), self.context(self.chunks(NEGATIVE) + [{"ids": [], "weights": []}] * padded, False)]
        return self.pixels(self.walk(x, sigmas, lambda s: old.sigma_to_t(torch.tensor([s]), quantize=False), contexts, 5.0,
                                     lambda: torch.randn(1, 4, 16, 16, generator=steps_noise)))

    def comfyui(self, steps=8):
        """On the CPU, since 0.7.0: two pictures out of one generator."""
        plain = k_denoiser(False)
        ramp = np.linspace(0, 1, steps)
        low, high = float(plain.sigmas[0]), float(plain.sigmas[-1])
        sigmas = [*((high ** (1 / 7) + ramp * (low ** (1 / 7) - high ** (1 / 7))) ** 7).tolist(), 0.0]
        x = torch.randn(2, 4, 16, 16, generator=generator(networks.SEED)) * (1 + sigmas[0] ** 2) ** 0.5
        steps_noise = generator(networks.SEED + 1)
        contexts = [self.context(comfy_windows(text, self.ids_of), True) for text in (PROMPT, LONG)]
        return self.pixels(self.walk(x, sigmas, lambda s: plain.sigma_to_t(torch.tensor([s]), quantize=True), contexts, 5.0,
                                     lambda: torch.randn(2, 4, 16, 16, generator=steps_noise)))


def as_tensor(pictures):
    return torch.stack([torch.from_numpy(np.array(picture)) for picture in pictures])


def pipeline_pictures(unet, vae, text, tokenizer):
    if not hasattr(text, "text_model"):  # clip_skip of the pipelines looks for it, newer transformers have it no more
        object.__setattr__(text, "text_model", types.SimpleNamespace(final_layer_norm=text.final_layer_norm))
    parts = {"vae": vae, "text_encoder": text, "tokenizer": tokenizer, "unet": unet, "safety_checker": None, "feature_extractor": None}
    schedulers = {
        "euler": diffusers.EulerDiscreteScheduler(**CONFIG), "euler_a": diffusers.EulerAncestralDiscreteScheduler(**CONFIG),
        "dpmpp_2m_karras": diffusers.DPMSolverMultistepScheduler(**CONFIG, use_karras_sigmas=True),
        "dpmpp_2m": diffusers.DPMSolverMultistepScheduler(**CONFIG),
        "dpmpp_2m_sde": diffusers.DPMSolverMultistepScheduler(**CONFIG, algorithm_type="sde-dpmsolver++"),
        "ddim": diffusers.DDIMScheduler(**CONFIG, set_alpha_to_one=False, clip_sample=False),
    }
    wishes = {name: {} for name in schedulers} | {"long": {"prompt": LONG, "clip_skip": 1}}
    for name, wish in wishes.items():
        scheduler = schedulers.get(name) or diffusers.EulerDiscreteScheduler(**CONFIG)
        pipeline = diffusers.StableDiffusionPipeline(scheduler=scheduler, requires_safety_checker=False, **parts)
        pipeline.set_progress_bar_config(disable=True)
        wish = {"prompt": PROMPT, "negative_prompt": NEGATIVE, "width": 64, "height": 64, "num_inference_steps": 8, "guidance_scale": 5.0} | wish
        yield f"profile.diffusers_{name}", as_tensor(pipeline(**wish, generator=generator(networks.SEED)).images)


def xl_pictures(made, tokenizer, tokenizer_2):
    made["vae"].register_to_config(scaling_factor=families.XL_SCALE, force_upcast=False)
    pipeline = diffusers.StableDiffusionXLPipeline(
        vae=made["vae"], text_encoder=made["text_encoder"], text_encoder_2=made["xl_text_2"], tokenizer=tokenizer, tokenizer_2=tokenizer_2,
        unet=made["xl_unet"], scheduler=diffusers.EulerDiscreteScheduler(**CONFIG), add_watermarker=False)
    pipeline.set_progress_bar_config(disable=True)
    wish = {"prompt": PROMPT, "width": 64, "height": 64, "num_inference_steps": 8, "guidance_scale": 5.0}
    for name, more in {"xl": {}, "xl_skip": {"clip_skip": 1}, "xl_blank": {"negative_prompt": ""}}.items():
        yield f"profile.diffusers_{name}", as_tensor(pipeline(**wish, **more, generator=generator(networks.SEED)).images)


def main():
    torch.set_grad_enabled(False)
    diffusers.logging.set_verbosity_error()
    tokenizer = tokens.reference_tokenizer(sys.argv[1])
    tokenizer.model_max_length = 77
    tokenizer.pad_token = "<|endoftext|>"
    tokenizer_2 = tokens.reference_tokenizer(sys.argv[1])
    tokenizer_2.model_max_length = 77
    tokenizer_2.pad_token = "!"

    def ids_of(text):
        return tokenizer.backend_tokenizer.encode(text, add_special_tokens=False).ids

    rows = {"noise": noise_rows(), "timesteps": timestep_rows(), "multistep": multistep_rows(),
            "comfy_windows": [{"prompt": p, "windows": comfy_windows(p, ids_of)} for p in COMFY_PROMPTS]}
    (DATA / "profiles.json").write_text("{\n" + ",\n".join(f'"{name}":{tokens.compact(value)}' for name, value in rows.items()) + "\n}\n")

    made = [networks.unet((32, 32, 64), (True, True, False), 1), networks.vae((32, 32, 64), 1), networks.text_encoder()]
    for network, seed in zip(made, (100000, 102000, 103000)):
        networks.seeded(network, seed, lambda _: "")
        network.eval()
    model = ProgramModel(*made, ids_of)
    data = {"profile.a1111": model.a1111(), "profile.comfyui": model.comfyui()}
    missed = networks.distance(model.a1111(padded=True), data["profile.a1111"])
    print("a negative prompt filled up with an empty chunk:", missed, "levels away")
    assert missed >= 10 * networks.TOLERANCE
    data |= dict(pipeline_pictures(*made, tokenizer))
    data |= dict(xl_pictures({k: v.eval() for k, v in families.make_networks()[0].items()}, tokenizer, tokenizer_2))
    for name, picture in data.items():
        span = int(picture.max()) - int(picture.min())
        print(name, list(picture.shape), "span", span)
        assert span >= networks.LEVELS, name
    save_file({k: v.contiguous() for k, v in data.items()}, DATA / "networks" / "profiles.safetensors")


if __name__ == "__main__":
    main()
