"""Makes tests/data/networks/families.{json,safetensors}: what make_network_goldens.py does for SD 1.x, for SD 2.x, SDXL,
its refiner, an inpainting and a pruned UNet.

Weights are seeded, not stored; rows of OpenCLIP's text encoders also say which third of a stored matrix they are
("third"), or that the file holds them transposed. Pictures follow A1111: penultimate layers, the first chunk's pooled
embedding, an empty negative prompt as zeros, height before width. Each has twins that must miss.

Run by hand: python make_family_goldens.py bpe_simple_vocab_16e6.txt.gz   (needs: torch, diffusers, transformers)
"""
import dataclasses
import re
import sys

import diffusers
import make_network_goldens as goldens
import make_sampling_goldens as sampling
import make_token_goldens as tokens
import numpy as np
import torch
from diffusers.loaders import single_file_utils as converters
from safetensors.torch import save_file
from transformers import CLIPTextConfig, CLIPTextModel, CLIPTextModelWithProjection

START, END, LENGTH = goldens.START, goldens.END, goldens.LENGTH
FIRST, SECOND, POOLED, NUMBERS = 64, 128, 96, 256
XL_SCALE, STEPS, SEED = 0.13025, goldens.STEPS, goldens.SEED
HIGH_SCORE, LOW_SCORE = 6.0, 2.5


# Networks ------------------------------------------------------------------------------------------------------------

def unet(channels, attends, context, numbers=0, layers=1, inputs=4, **more):
    if numbers:
        more |= {"addition_embed_type": "text_time", "addition_time_embed_dim": NUMBERS, "projection_class_embeddings_input_dim": POOLED + numbers * NUMBERS}
    return diffusers.UNet2DConditionModel(
        sample_size=16, in_channels=inputs, out_channels=4, block_out_channels=channels, layers_per_block=layers,
        down_block_types=tuple("CrossAttnDownBlock2D" if a else "DownBlock2D" for a in attends),
        up_block_types=tuple("CrossAttnUpBlock2D" if a else "UpBlock2D" for a in reversed(attends)), cross_attention_dim=context, **more)


def heads_of(channels):
    return tuple(width // 64 for width in channels)  # diffusers calls the number of heads attention_head_dim


def text(width, projection=0):
    config = CLIPTextConfig(vocab_size=goldens.VOCABULARY, hidden_size=width, intermediate_size=4 * width, num_hidden_layers=3,
                            num_attention_heads=width // 64, max_position_embeddings=LENGTH, hidden_act="gelu", bos_token_id=START,
                            eos_token_id=END, projection_dim=projection or 512)
    return CLIPTextModelWithProjection(config) if projection else CLIPTextModel(config)


XL, WIDE = (64, 128, 128), (64, 128)
MADE = {
    "xl_unet": lambda: unet(XL, (False, True, True), FIRST + SECOND, 6, transformer_layers_per_block=[1, 1, 2], attention_head_dim=heads_of(XL),
                            use_linear_projection=True),
    "refiner_unet": lambda: unet(XL, (False, True, False), SECOND, 5, transformer_layers_per_block=2, attention_head_dim=heads_of(XL),
                                 use_linear_projection=True),
    "sd2_unet": lambda: unet(WIDE, (True, False), FIRST, attention_head_dim=heads_of(WIDE), use_linear_projection=True),
    "inpaint_unet": lambda: unet((32, 32, 64), (True, True, False), FIRST, inputs=9, attention_head_dim=8),
    "pruned_unet": lambda: unet(WIDE, (False, True), FIRST + SECOND, 6, layers=2, transformer_layers_per_block=[1, [2, 1]],
                                reverse_transformer_layers_per_block=[[2, 1, 1], 1], mid_block_type="UNetMidBlock2D",
                                attention_head_dim=heads_of(WIDE), use_linear_projection=True),
    "xl_text_2": lambda: text(SECOND, POOLED),
    "sd2_text": lambda: text(FIRST),
}
ATTENDS = {"xl_unet": ((False, True, True), 1), "refiner_unet": ((False, True, False), 1), "sd2_unet": ((True, False), 1),
           "inpaint_unet": ((True, True, False), 1), "pruned_unet": ((False, True), 2)}


def ldm_unet(attends, layers):
    plain = goldens.ldm_unet(attends, layers)

    def name_of(name):
        if match := re.fullmatch(r"add_embedding\.linear_(\d)\.(.*)", name):
            return f"model.diffusion_model.label_emb.0.{2 * int(match[1]) - 2}.{match[2]}"
        return plain(name)

    return name_of


OPEN_CLIP = {"self_attn.out_proj.": "attn.out_proj.", "layer_norm1.": "ln_1.", "layer_norm2.": "ln_2.", "mlp.fc1.": "mlp.c_fc.", "mlp.fc2.": "mlp.c_proj."}
OPEN_CLIP_ENDS = {"embeddings.token_embedding.weight": "token_embedding.weight", "embeddings.position_embedding.weight": "positional_embedding",
                  "final_layer_norm.weight": "ln_final.weight", "final_layer_norm.bias": "ln_final.bias", "text_projection.weight": "text_projection"}


def open_clip_row(row, prefix):
    """Adds where OpenCLIP's layout keeps the tensor."""
    name = row["name"].removeprefix("text_model.")
    if match := re.fullmatch(r"encoder\.layers\.(\d+)\.(.*)", name):
        rest = match[2]
        if part := re.fullmatch(r"self_attn\.([qkv])_proj\.(weight|bias)", rest):
            row["third"], rest = "qkv".index(part[1]), f"attn.in_proj_{part[2]}"
        else:
            rest = goldens.renamed(rest, OPEN_CLIP)
        row["ldm"] = f"{prefix}transformer.resblocks.{match[1]}.{rest}"
    else:
        row["ldm"] = prefix + OPEN_CLIP_ENDS[name]
        if name == "text_projection.weight":
            row["transposed"] = True
    return row


def check_open_clip(network, rows, prefix):
    """diffusers' own converter must find every weight again."""
    state, stored, thirds = network.state_dict(), {}, {}
    for row in rows:
        value = state[row["name"]]
        if "third" in row:
            thirds.setdefault(row["ldm"], [None] * 3)[row["third"]] = value
        else:
            stored[row["ldm"]] = value.t().contiguous() if row.get("transposed") else value
    stored |= {name: torch.cat(parts) for name, parts in thirds.items()}
    stored.setdefault(prefix + "text_projection", torch.eye(network.config.hidden_size))  # the converter wants one
    found = converters.convert_open_clip_checkpoint(network, dict(stored), prefix=prefix)
    found = {name.removeprefix("text_model."): value for name, value in found.items()}
    assert all(torch.equal(found[row["name"].removeprefix("text_model.")], state[row["name"]]) for row in rows)


# Pictures ------------------------------------------------------------------------------------------------------------

@dataclasses.dataclass
class Picture(goldens.Picture):
    other_numbers: bool = False  # the network is told another size or score
    other_pooled: bool = False   # the pooled embeddings change places


class FamilyModel(goldens.Model):
    """`texts`: pairs of encoder and how it is used; `scale` of the VAE; `numbers` of the wish, negative or not."""

    def __init__(self, unet_, vae_, texts, ids_of, scale, numbers=None, latent_numbers=None):
        super().__init__(unet_, vae_, None, ids_of)
        self.texts, self.scale, self.numbers, self.grey = texts, scale, numbers, latent_numbers

    def encode(self, chunks, count):
        contexts, pooled = [], None
        for encoder, use in self.texts:
            rows = []
            for index, chunk in enumerate(chunks + [{"ids": [], "weights": []}] * (count - len(chunks))):
                pad = LENGTH - 2 - len(chunk["ids"])
                ids = torch.tensor([[START, *chunk["ids"], END, *[use["padding"]] * pad]])
                answer = encoder(ids, output_hidden_states=True)
                row = answer.hidden_states[use["layer"]]
                if use["norm"]:
                    row = getattr(encoder, "text_model", encoder).final_layer_norm(row)
                weights = torch.tensor([1.0, *chunk["weights"], 1.0, *[1.0] * pad])
                weighted = row * weights[None, :, None]
                rows.append(weighted * (row.mean() / weighted.mean()) if any(w != 1 for w in chunk["weights"]) else row)
                if index == 0 and use["pooled"]:
                    pooled = answer.text_embeds
            contexts.append(torch.cat(rows, 1))
        return torch.cat(contexts, 2), pooled

    def condition(self, wish):
        prompt, negative = self.chunks(wish.prompt), self.chunks(wish.negative)
        count = max(len(prompt), len(negative))
        pairs = [self.encode(c, count) for c in (prompt, negative)]
        if self.numbers and wish.negative == "":
            pairs[1] = tuple(torch.zeros_like(x) for x in pairs[1])
        self.context = torch.cat([pair[0] for pair in pairs])
        self.added = None
        if self.numbers:
            pooled = [pair[1] for pair in pairs]
            self.added = {"text_embeds": torch.cat(pooled[::-1] if wish.other_pooled else pooled),
                          "time_ids": torch.tensor([self.numbers(wish, negative) for negative in (False, True)])}

    def latents(self, wish):
        self.condition(wish)
        sigmas = sampling.schedules(STEPS)["karras"].astype(np.float32).astype(float)
        if wish.wrong_sigma >= 0:
            sigmas[wish.wrong_sigma] = sigmas[wish.wrong_sigma + 1]
        noise = torch.randn((4, wish.height // 4, wish.width // 4), generator=torch.Generator("cpu").manual_seed(SEED))[None]
        x = noise * float(sigmas[0])
        for a, b in zip(sigmas, sigmas[1:]):
            x = x + (x - self.denoised(x, float(a), wish)) / float(a) * float(b - a)
        return x

    def denoised(self, x, sigma, wish):
        variance = 1 + sigma * sigma
        scaled = torch.cat([x, x]) / variance**0.5
        if self.unet.config.in_channels == 9:
            scaled = torch.cat([scaled, torch.ones_like(scaled[:, :1]), self.grey_latent(x).expand(2, -1, -1, -1)], 1)
        times = torch.full((2,), float(sampling.timestep_at(sigma)))
        prompt, negative = self.unet(scaled, times, self.context, added_cond_kwargs=self.added).sample.chunk(2)
        output = negative + wish.guidance * (prompt - negative)
        return x / variance - output * sigma / variance**0.5 if wish.velocity else x - output * sigma

    def grey_latent(self, x):
        grey = torch.zeros(1, 3, x.shape[2] * 4, x.shape[3] * 4)
        return self.vae.encode(grey).latent_dist.mean * self.scale

    def draw(self, wish):
        pixels = self.vae.decode(self.latents(wish) / self.scale).sample
        return ((pixels + 1) * 127.5).round().clamp(0, 255).to(torch.uint8).permute(0, 2, 3, 1).contiguous()


class RefinedModel:
    """A1111's second checkpoint: it answers once `switch_at` of the 1000 training timesteps are behind."""

    def __init__(self, base, refiner):
        self.base, self.refiner = base, refiner

    def draw(self, wish):
        self.base.condition(wish)
        self.refiner.condition(wish)
        switch_at = 0.6 if wish.other_numbers else 0.4
        base_denoised = self.base.denoised

        def denoised(x, sigma, wish_):
            behind = (999 - round(float(sampling.timestep_at(sigma)))) / 1000
            return self.refiner.denoised(x, sigma, wish_) if behind >= switch_at else base_denoised(x, sigma, wish_)

        self.base.denoised = denoised
        picture = self.base.draw(dataclasses.replace(wish, other_numbers=False))
        self.base.denoised = base_denoised
        return picture


def sizes(wish, negative):
    height, width = float(wish.height), float(wish.width)
    return [height, width, 512.0 if wish.other_numbers else 0.0, 0.0, height, width]


def scores(wish, negative):
    score = LOW_SCORE if negative != wish.other_numbers else HIGH_SCORE
    return [float(wish.height), float(wish.width), 0.0, 0.0, score]


def checked(name, model, wish, twins=("guidance", "sigma")):
    picture = model.draw(wish)
    span = int(picture.max()) - int(picture.min())
    print(f"{name}: span {span}, clipped {((picture == 0) | (picture == 255)).float().mean():.3f}")
    assert span >= goldens.LEVELS, span
    others = {"guidance": {"guidance": wish.guidance + 0.5}, "sigma": {"wrong_sigma": goldens.WRONG_SIGMA}, "numbers": {"other_numbers": True},
              "pooled": {"other_pooled": True}}
    for twin in twins:
        missed = goldens.distance(model.draw(dataclasses.replace(wish, **others[twin])), picture)
        print(f"  {twin}: {missed} levels away")
        assert missed >= 10 * goldens.TOLERANCE, (name, twin, missed)
    return picture


# All of it -----------------------------------------------------------------------------------------------------------

def make_networks():
    networks, rows = {}, {}
    for i, (name, make) in enumerate(MADE.items()):
        ldm_name = ldm_unet(*ATTENDS[name]) if name in ATTENDS else lambda _: ""
        networks[name], rows[name] = goldens.seeded(make(), 300000 + 1000 * i, ldm_name)
        if name in ATTENDS and name != "pruned_unet":  # the converter knows no pruned layouts
            goldens.check_ldm_names(networks[name], rows[name], converters.convert_ldm_unet_checkpoint, dict(networks[name].config))
    for name, prefix in (("xl_text_2", "conditioner.embedders.1.model."), ("sd2_text", "cond_stage_model.model.")):
        rows[name] = [open_clip_row(row, prefix) for row in rows[name]]
        check_open_clip(networks[name], rows[name], prefix)
    # Those of the first script, with the seeds they have there.
    first = {"text_encoder": goldens.text_encoder(), "vae": goldens.vae((32, 32, 64), 1)}
    for name, seed in (("vae", 102000), ("text_encoder", 103000)):
        networks[name], _ = goldens.seeded(first[name], seed, lambda _: "")
    return networks, rows


def network_goldens(networks, ids):
    data = {"xl_text_2.ids": ids}
    answer = networks["xl_text_2"](ids, output_hidden_states=True)
    data |= {"xl_text_2.penultimate": answer.hidden_states[-2], "xl_text_2.pooled": answer.text_embeds}
    answer = networks["sd2_text"](ids, output_hidden_states=True)
    inner = getattr(networks["sd2_text"], "text_model", networks["sd2_text"])
    data["sd2_text.penultimate"] = inner.final_layer_norm(answer.hidden_states[-2])
    for name in ("xl_unet", "refiner_unet", "sd2_unet", "inpaint_unet", "pruned_unet"):
        network = networks[name]
        x = goldens.inputs(2, network.config.in_channels, 16, 12, seed=5)
        context = goldens.inputs(2, 20, network.config.cross_attention_dim, seed=6)
        times, added = torch.tensor([999.0, 371.25]), None
        if network.config.addition_embed_type:
            count = 5 if name == "refiner_unet" else 6
            added = {"text_embeds": goldens.inputs(2, POOLED, seed=7), "time_ids": torch.arange(2.0 * count).reshape(2, count) * 100}
            data |= {f"{name}.pooled": added["text_embeds"], f"{name}.numbers": added["time_ids"]}
        data |= {f"{name}.x": x, f"{name}.context": context, f"{name}.timesteps": times,
                 f"{name}.out": network(x, times, context, added_cond_kwargs=added).sample}
    return data


def main():
    torch.set_grad_enabled(False)
    tokenizer = tokens.reference_tokenizer(sys.argv[1])

    def ids_of(words):
        return tokenizer.backend_tokenizer.encode(words, add_special_tokens=False).ids

    networks, rows = make_networks()
    ids = torch.tensor([[START, *ids_of(words), END, *[0] * (LENGTH - 2 - len(ids_of(words)))] for words in ("a red apple on a table", "猫, evening sky")])
    data = network_goldens(networks, ids)
    clip_l = {"layer": -2, "norm": False, "pooled": False, "padding": END}
    big_g = {"layer": -2, "norm": False, "pooled": True, "padding": 0}
    clip_h = {"layer": -2, "norm": True, "pooled": False, "padding": 0}
    clip_1 = {"layer": -1, "norm": True, "pooled": False, "padding": END}
    vae = networks["vae"]
    xl = FamilyModel(networks["xl_unet"], vae, [(networks["text_encoder"], clip_l), (networks["xl_text_2"], big_g)], ids_of, XL_SCALE, sizes)
    refiner = FamilyModel(networks["refiner_unet"], vae, [(networks["xl_text_2"], big_g)], ids_of, XL_SCALE, scores)
    two = FamilyModel(networks["sd2_unet"], vae, [(networks["sd2_text"], clip_h)], ids_of, goldens.VAE_SCALE)
    inpaint = FamilyModel(networks["inpaint_unet"], vae, [(networks["text_encoder"], clip_1)], ids_of, goldens.VAE_SCALE)
    data["picture.xl"] = checked("xl", xl, Picture(), ("guidance", "sigma", "numbers", "pooled"))
    data["picture.xl_empty"] = checked("xl with an empty negative prompt", xl, Picture(negative=""))
    data["picture.refiner"] = checked("refiner", refiner, Picture(), ("guidance", "sigma", "numbers"))
    data["picture.xl_refined"] = checked("xl, refined", RefinedModel(xl, refiner), Picture(), ("guidance", "numbers"))
    data["picture.sd2"] = checked("sd2", two, Picture())
    data["picture.sd2_velocity"] = checked("sd2 velocity", two, Picture(velocity=True))
    data["picture.inpaint"] = checked("inpaint", inpaint, Picture())
    save_file({k: v.contiguous() for k, v in data.items()}, goldens.OUT / "families.safetensors")
    lines = [f'"{name}":[\n' + ",\n".join(tokens.compact(row) for row in table) + "\n]" for name, table in rows.items()]
    (goldens.OUT / "families.json").write_text("{\n" + ",\n".join(lines) + "\n}\n")


if __name__ == "__main__":
    main()
