"""Makes tests/data/networks/: tiny seeded networks of diffusers and transformers, what they answer, and whole pictures.

Weights are not stored: tensor i of a network is randn(shape) * spread + mean from torch's CPU generator with the seed
written beside it, rounded to half precision. networks.json lists names, shapes and seeds; the tests draw the same
numbers. goldens.safetensors holds inputs and outputs.

Whole pictures follow A1111: karras sigmas of k-diffusion, noise times the first sigma, fractional timesteps, emphasis
that keeps the mean. Every picture spans at least 100 levels, and its twins (guidance +0.5, CLIP skip +1, one sigma off)
lie at least ten tolerances away; the script stops when one does not.

Run by hand: python make_network_goldens.py bpe_simple_vocab_16e6.txt.gz   (needs: torch, diffusers, transformers)
"""
import dataclasses
import json
import pathlib
import re
import sys

import diffusers
import make_sampling_goldens as sampling
import make_token_goldens as tokens
import numpy as np
import torch
from diffusers.loaders import single_file_utils as converters
from safetensors.torch import save_file
from transformers import CLIPTextConfig, CLIPTextModel

OUT = pathlib.Path(__file__).resolve().parent.parent / "data" / "networks"
START, END, LENGTH, VOCABULARY, WIDTH = 49406, 49407, 77, 49408, 64
VAE_SCALE, SEED, STEPS = 0.18215, 11, 8
TOLERANCE, LEVELS, WRONG_SIGMA = 2, 100, 2


# Networks ------------------------------------------------------------------------------------------------------------

def unet(channels, attends, layers):
    down = tuple("CrossAttnDownBlock2D" if a else "DownBlock2D" for a in attends)
    up = tuple("CrossAttnUpBlock2D" if a else "UpBlock2D" for a in reversed(attends))
    return diffusers.UNet2DConditionModel(
        sample_size=16, in_channels=4, out_channels=4, block_out_channels=channels, layers_per_block=layers,
        down_block_types=down, up_block_types=up, cross_attention_dim=WIDTH, attention_head_dim=8)


def vae(channels, layers):
    return diffusers.AutoencoderKL(
        block_out_channels=channels, layers_per_block=layers, latent_channels=4, scaling_factor=VAE_SCALE,
        down_block_types=("DownEncoderBlock2D",) * len(channels), up_block_types=("UpDecoderBlock2D",) * len(channels))


def text_encoder():
    return CLIPTextModel(CLIPTextConfig(
        vocab_size=VOCABULARY, hidden_size=WIDTH, intermediate_size=4 * WIDTH, num_hidden_layers=3, num_attention_heads=1,
        max_position_embeddings=LENGTH, hidden_act="quick_gelu", bos_token_id=START, eos_token_id=END))


def tiny_vae():
    return diffusers.AutoencoderTiny(
        encoder_block_out_channels=(16, 16, 16), decoder_block_out_channels=(16, 16, 16), num_encoder_blocks=(1, 2, 1),
        num_decoder_blocks=(2, 1, 1), latent_channels=4)


GAINS = {"attn2.to_v": 1.5, "attn2.to_q": 2.0, "decoder.conv_out": 1.1, "encoder.conv_out": 1.0, "conv_out": 3.0,
         "time_emb_proj": 3.0, "decoder.layers": 1.4, "encoder.layers": 1.4}  # the first that fits counts


def mean_and_spread(name, shape):
    """Usual sizes; text, contrast and the picture's range are turned up so that every input shows in the pixels."""
    if "norm" in name:
        return (1.0, 0.1) if name.endswith("weight") else (0.0, 0.1)
    if len(shape) == 1:
        return 0.0, 0.05
    if "embedding.weight" in name and "time" not in name:
        return 0.0, 0.5
    fan_in = int(np.prod(shape[1:]))
    return 0.0, next((gain for part, gain in GAINS.items() if part in name), 1.0) / fan_in**0.5


def drawn(shape, mean, spread, seed):
    numbers = torch.randn(shape, generator=torch.Generator("cpu").manual_seed(seed))
    return (numbers * spread + mean).half()


def seeded(network, first_seed, ldm_name):
    """Puts the drawn weights into the network; returns the rows of networks.json."""
    rows, state = [], {}
    for i, (name, old) in enumerate(sorted(network.state_dict().items())):
        if name.endswith("position_ids"):
            continue
        mean, spread = mean_and_spread(name, old.shape)
        state[name] = drawn(old.shape, mean, spread, first_seed + i).float()
        rows.append({"name": name, "ldm": ldm_name(name), "shape": list(old.shape), "mean": mean, "spread": spread, "seed": first_seed + i})
    network.load_state_dict(state)
    return network.eval().requires_grad_(False), rows


# Names of the single-file layout -------------------------------------------------------------------------------------

def renamed(name, table):
    return next((new + name[len(old):] for old, new in table.items() if name.startswith(old)), name)


RESNET = {"norm1.": "in_layers.0.", "conv1.": "in_layers.2.", "time_emb_proj.": "emb_layers.1.", "norm2.": "out_layers.0.",
          "conv2.": "out_layers.3.", "conv_shortcut.": "skip_connection."}
ENDS = {"time_embedding.linear_1.": "time_embed.0.", "time_embedding.linear_2.": "time_embed.2.", "conv_in.": "input_blocks.0.0.",
        "conv_norm_out.": "out.0.", "conv_out.": "out.2.", "mid_block.attentions.0.": "middle_block.1."}


def ldm_unet(attends, layers):
    row = layers + 1

    def inner(name):
        end = renamed(name, ENDS)
        if end != name:
            return end
        if match := re.fullmatch(r"mid_block\.resnets\.(\d)\.(.*)", name):
            return f"middle_block.{2 * int(match[1])}.{renamed(match[2], RESNET)}"
        side, level, kind, layer, rest = re.fullmatch(r"(down|up)_blocks\.(\d)\.(\w+)\.(\d)\.(.*)", name).groups()
        level, layer = int(level), int(layer)
        if kind == "downsamplers":
            return f"input_blocks.{(level + 1) * row}.0.{rest.replace('conv.', 'op.')}"
        if kind == "upsamplers":
            return f"output_blocks.{level * row + layers}.{2 if attends[::-1][level] else 1}.{rest}"
        block = f"input_blocks.{1 + level * row + layer}" if side == "down" else f"output_blocks.{level * row + layer}"
        return f"{block}.1.{rest}" if kind == "attentions" else f"{block}.0.{renamed(rest, RESNET)}"

    return lambda name: "model.diffusion_model." + inner(name)


def ldm_vae(levels):
    attention = {"group_norm.": "norm.", "to_q.": "q.", "to_k.": "k.", "to_v.": "v.", "to_out.0.": "proj_out."}

    def inner(name):
        if "quant_conv" in name or re.match(r"(en|de)coder\.conv_(in|out)\.", name):
            return name
        side, rest = name.split(".", 1)
        if rest.startswith("conv_norm_out."):
            return f"{side}.norm_out.{rest[14:]}"
        if match := re.fullmatch(r"mid_block\.resnets\.(\d)\.(.*)", rest):
            return f"{side}.mid.block_{int(match[1]) + 1}.{match[2]}"
        if rest.startswith("mid_block.attentions.0."):
            return f"{side}.mid.attn_1.{renamed(rest[23:], attention)}"
        way, level, kind, layer, last = re.fullmatch(r"(down|up)_blocks\.(\d)\.(\w+)\.(\d)\.(.*)", rest).groups()
        level = levels - 1 - int(level) if way == "up" else int(level)
        if kind == "resnets":
            return f"{side}.{way}.{level}.block.{layer}.{last.replace('conv_shortcut', 'nin_shortcut')}"
        return f"{side}.{way}.{level}.{kind[:-2]}.{last}".replace("downsampl.", "downsample.").replace("upsampl.", "upsample.")

    return lambda name: "first_stage_model." + inner(name)


def ldm_text(name):
    return "cond_stage_model.transformer." + (name if name.startswith("text_model.") else "text_model." + name)


def ldm_tiny(name):
    """TAESD's own list has a clamp before the decoder's first layer."""
    if match := re.fullmatch(r"decoder\.layers\.(\d+)(.*)", name):
        return f"taesd_decoder.{int(match[1]) + 1}{match[2]}"
    return name.replace("encoder.layers.", "taesd_encoder.")


def check_ldm_names(network, rows, convert, config):
    """diffusers' own converter must find every weight again."""
    state = network.state_dict()
    found = convert({row["ldm"]: state[row["name"]] for row in rows}, config)
    assert found.keys() == {row["name"] for row in rows}, set(found) ^ {row["name"] for row in rows}
    assert all(found[name].data_ptr() == state[name].data_ptr() for name in found)


# Pictures ------------------------------------------------------------------------------------------------------------

@dataclasses.dataclass
class Picture:
    prompt: str = "a (red apple:1.3) on a [wooden] table, masterpiece"
    negative: str = "blurry, low quality"
    width: int = 64
    height: int = 64
    guidance: float = 5.0
    clip_skip: int = 1
    pictures: int = 1
    velocity: bool = False
    wrong_sigma: int = -1  # this one is replaced by the next


class Model:
    def __init__(self, unet_, vae_, text, ids_of):
        self.unet, self.vae, self.text, self.ids_of = unet_, vae_, text, ids_of

    def embed(self, ids, clip_skip):
        answer = self.text(ids, output_hidden_states=True)
        inner = getattr(self.text, "text_model", self.text)
        return inner.final_layer_norm(answer.hidden_states[-clip_skip])

    def chunks(self, prompt):
        return tokens.chunks_of(tokens.parse(prompt), self.ids_of)

    def conditioning(self, chunks, count, clip_skip):
        rows = []
        for chunk in chunks + [{"ids": [], "weights": []}] * (count - len(chunks)):
            pad = LENGTH - 2 - len(chunk["ids"])
            row = self.embed(torch.tensor([[START, *chunk["ids"], END, *[END] * pad]]), clip_skip)
            weights = torch.tensor([1.0, *chunk["weights"], 1.0, *[1.0] * pad])
            weighted = row * weights[None, :, None]
            rows.append(weighted * (row.mean() / weighted.mean()) if any(w != 1 for w in chunk["weights"]) else row)
        return torch.cat(rows, 1)

    def latents(self, wish):
        prompt, negative = self.chunks(wish.prompt), self.chunks(wish.negative)
        count = max(len(prompt), len(negative))
        contexts = [self.conditioning(c, count, wish.clip_skip).expand(wish.pictures, -1, -1) for c in (prompt, negative)]
        context = torch.cat(contexts)
        sigmas = sampling.schedules(STEPS)["karras"].astype(np.float32).astype(float)
        if wish.wrong_sigma >= 0:
            sigmas[wish.wrong_sigma] = sigmas[wish.wrong_sigma + 1]
        shape = (4, wish.height // 4, wish.width // 4)
        noise = torch.stack([torch.randn(shape, generator=torch.Generator("cpu").manual_seed(SEED + i)) for i in range(wish.pictures)])
        x = noise * float(sigmas[0])
        for a, b in zip(sigmas, sigmas[1:]):
            x = x + (x - self.denoised(x, float(a), context, wish)) / float(a) * float(b - a)
        return x

    def denoised(self, x, sigma, context, wish):
        variance = 1 + sigma * sigma
        scaled = torch.cat([x, x]) / variance**0.5
        times = torch.full((len(scaled),), float(sampling.timestep_at(sigma)))
        prompt, negative = self.unet(scaled, times, context).sample.chunk(2)
        output = negative + wish.guidance * (prompt - negative)
        return x / variance - output * sigma / variance**0.5 if wish.velocity else x - output * sigma

    def draw(self, wish):
        pixels = self.vae.decode(self.latents(wish) / VAE_SCALE).sample
        return ((pixels + 1) * 127.5).round().clamp(0, 255).to(torch.uint8).permute(0, 2, 3, 1).contiguous()


def distance(a, b):
    return (a.int() - b.int()).abs().max().item()


def checked(name, model, wish):
    picture = model.draw(wish)
    spans = [int(p.max()) - int(p.min()) for p in picture]
    print(f"{name}: spans {spans}, clipped {((picture == 0) | (picture == 255)).float().mean():.3f}")
    assert min(spans) >= LEVELS, spans
    twins = {"guidance": dataclasses.replace(wish, guidance=wish.guidance + 0.5), "clip_skip": dataclasses.replace(wish, clip_skip=wish.clip_skip + 1),
             "sigma": dataclasses.replace(wish, wrong_sigma=WRONG_SIGMA)}
    for twin, other in twins.items():
        missed = distance(model.draw(other), picture)
        print(f"  {twin}: {missed} levels away")
        assert missed >= 10 * TOLERANCE, (name, twin, missed)
    return picture


# LoRA ----------------------------------------------------------------------------------------------------------------

RANK, ALPHA, LORA_WEIGHT = 4, 2.0, 0.8
LORA_LAYERS = {
    "unet": ["down_blocks.0.attentions.0.transformer_blocks.0.attn1.to_q", "down_blocks.1.attentions.0.transformer_blocks.0.attn2.to_v",
             "mid_block.attentions.0.transformer_blocks.0.attn2.to_k", "mid_block.attentions.0.proj_in",
             "up_blocks.1.attentions.0.transformer_blocks.0.ff.net.0.proj", "up_blocks.2.attentions.1.transformer_blocks.0.attn1.to_out.0",
             "down_blocks.1.resnets.0.conv1", "up_blocks.0.resnets.0.time_emb_proj"],
    "text_encoder": ["text_model.encoder.layers.0.self_attn.q_proj", "text_model.encoder.layers.1.mlp.fc1"],
}


def text_key(network, name):
    return name if name in network.state_dict() else name.removeprefix("text_model.")


def add_lora(networks, first_seed):
    """Changes the networks; returns one row for each layer, with the names of kohya's and of PEFT's files."""
    rows = []
    for part, layers in LORA_LAYERS.items():
        for layer in layers:
            state = networks[part].state_dict()
            weight = state[text_key(networks[part], layer + ".weight")]
            down_shape = [RANK, *weight.shape[1:]]
            up_shape = [weight.shape[0], RANK, *([1] * (weight.dim() - 2))]
            seed = first_seed + 2 * len(rows)
            spread = 1.0 / int(np.prod(down_shape[1:])) ** 0.5
            down, up = drawn(down_shape, 0.0, spread, seed).float(), drawn(up_shape, 0.0, 1.0, seed + 1).float()
            delta = (up.reshape(len(up), RANK) @ down.reshape(RANK, -1)).reshape(weight.shape)
            weight += LORA_WEIGHT * ALPHA / RANK * delta
            kohya = ("lora_unet_" if part == "unet" else "lora_te_") + layer.replace(".", "_")
            rows.append({"kohya": kohya, "peft": f"{part}.{layer}", "down": down_shape, "up": up_shape, "spread": spread, "seed": seed})
    return {"rank": RANK, "alpha": ALPHA, "weight": LORA_WEIGHT, "layers": rows}


# All of it -----------------------------------------------------------------------------------------------------------

def inputs(*shape, seed):
    return torch.randn(shape, generator=torch.Generator("cpu").manual_seed(seed))


def main():
    torch.set_grad_enabled(False)
    tokenizer = tokens.reference_tokenizer(sys.argv[1])

    def ids_of(text):
        return tokenizer.backend_tokenizer.encode(text, add_special_tokens=False).ids

    attends, wide_attends = (True, True, False), (True, True)
    networks, rows = {}, {}
    made = {
        "unet": (unet((32, 32, 64), attends, 1), ldm_unet(attends, 1)),
        "unet_deep": (unet((32, 64), wide_attends, 2), ldm_unet(wide_attends, 2)),
        "vae": (vae((32, 32, 64), 1), ldm_vae(3)),
        "text_encoder": (text_encoder(), ldm_text),
        "tiny_vae": (tiny_vae(), ldm_tiny),
    }
    for i, (name, (network, ldm_name)) in enumerate(made.items()):
        networks[name], rows[name] = seeded(network, 100000 + 1000 * i, ldm_name)
    check_ldm_names(networks["unet"], rows["unet"], converters.convert_ldm_unet_checkpoint, dict(networks["unet"].config))
    check_ldm_names(networks["unet_deep"], rows["unet_deep"], converters.convert_ldm_unet_checkpoint, dict(networks["unet_deep"].config))
    check_ldm_names(networks["vae"], rows["vae"], converters.convert_ldm_vae_checkpoint, dict(networks["vae"].config))

    data = {}
    model = Model(networks["unet"], networks["vae"], networks["text_encoder"], ids_of)
    ids = torch.tensor([[START, *ids_of(text), *[END] * (LENGTH - 1 - len(ids_of(text)))] for text in ("a red apple on a table", "猫, evening sky")])
    data["text.ids"] = ids
    for skip in (1, 2):
        data[f"text.skip{skip}"] = model.embed(ids, skip)

    for name, shape, length in (("unet", (2, 4, 16, 16), 77), ("unet_odd", (1, 4, 13, 9), 77), ("unet_deep", (1, 4, 16, 24), 154)):
        network = networks["unet_deep" if name == "unet_deep" else "unet"]
        x, context, times = inputs(*shape, seed=1), inputs(shape[0], length, WIDTH, seed=2), torch.tensor([999.0, 371.25][-shape[0]:])
        data |= {f"{name}.x": x, f"{name}.context": context, f"{name}.timesteps": times, f"{name}.out": network(x, times, context).sample}

    latent, pixels = inputs(1, 4, 9, 7, seed=3), inputs(1, 3, 36, 28, seed=4).clamp(-1, 1)
    data |= {"vae.latent": latent, "vae.decoded": networks["vae"].decode(latent / VAE_SCALE).sample, "vae.pixels": pixels,
             "vae.encoded": networks["vae"].encode(pixels).latent_dist.mean * VAE_SCALE,
             "tiny_vae.decoded": networks["tiny_vae"].decode(latent).sample, "tiny_vae.encoded": networks["tiny_vae"].encode(pixels).latents}

    data["picture.apple"] = checked("apple", model, Picture())
    data["picture.odd"] = checked("odd", model, Picture(width=104, height=72))
    data["picture.velocity"] = checked("velocity", model, Picture(velocity=True))
    long_prompt = "a lighthouse, " * 20 + "waves and (storm:0.7)"
    data["picture.pair"] = checked("pair", model, Picture(prompt=long_prompt, pictures=2, clip_skip=2))
    lora = add_lora(networks, 200000)
    data["picture.lora"] = checked("lora", model, Picture())
    assert distance(data["picture.lora"], data["picture.apple"]) >= 10 * TOLERANCE

    OUT.mkdir(exist_ok=True)
    save_file({k: v.contiguous() for k, v in data.items()}, OUT / "goldens.safetensors")
    lines = [f'"{name}":[\n' + ",\n".join(tokens.compact(row) for row in table) + "\n]" for name, table in rows.items()]
    (OUT / "networks.json").write_text("{\n" + ",\n".join([*lines, '"lora":' + tokens.compact(lora), '"long_prompt":' + tokens.compact(long_prompt)]) + "\n}\n")


if __name__ == "__main__":
    main()
