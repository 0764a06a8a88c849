"""Makes tests/data/networks/edm.safetensors: pictures of the tiny SDXL network of make_family_goldens.py, read the way
Playground v2.5 and CosXL are: noise levels, preconditioning and walk are those of diffusers' EDM schedulers.

Run by hand: python make_edm_goldens.py bpe_simple_vocab_16e6.txt.gz   (needs: torch, diffusers, transformers)
"""
import sys

import diffusers
import make_family_goldens as families
import make_network_goldens as goldens
import make_token_goldens as tokens
import torch
from safetensors.torch import save_file

# Narrower than Playground's own, which throw the tiny VAE out of its range.
MEAN, DEVIATION, SCALE = [-0.4, 0.3, -0.2, 0.5], [1.5, 1.2, 1.25, 1.0], 0.5


class EdmModel(families.FamilyModel):
    """`scheduler` makes one of diffusers' EDM schedulers; `decoded` turns latents into the VAE's."""

    def __init__(self, base, scheduler, decoded):
        super().__init__(base.unet, base.vae, base.texts, base.ids_of, base.scale, base.numbers)
        self.scheduler, self.decoded = scheduler, decoded

    def latents(self, wish):
        self.condition(wish)
        scheduler = self.scheduler()
        scheduler.set_timesteps(families.STEPS)
        if wish.wrong_sigma >= 0:
            scheduler.sigmas[wish.wrong_sigma] = scheduler.sigmas[wish.wrong_sigma + 1]
        noise = torch.randn((4, wish.height // 4, wish.width // 4), generator=torch.Generator("cpu").manual_seed(families.SEED))[None]
        x = noise * scheduler.sigmas[0]
        for time in scheduler.timesteps:
            scaled = scheduler.scale_model_input(x, time)
            prompt, negative = self.unet(torch.cat([scaled, scaled]), time.repeat(2), self.context, added_cond_kwargs=self.added).sample.chunk(2)
            x = scheduler.step(negative + wish.guidance * (prompt - negative), time, x).prev_sample
        return x

    def draw(self, wish):
        pixels = self.vae.decode(self.decoded(self.latents(wish))).sample
        return ((pixels + 1) * 127.5).round().clamp(0, 255).to(torch.uint8).permute(0, 2, 3, 1).contiguous()


def column(numbers):
    return torch.tensor(numbers).reshape(1, 4, 1, 1)


def main():
    torch.set_grad_enabled(False)
    tokenizer = tokens.reference_tokenizer(sys.argv[1])
    networks, _ = families.make_networks()
    clip_l = {"layer": -2, "norm": False, "pooled": False, "padding": families.END}
    big_g = {"layer": -2, "norm": False, "pooled": True, "padding": 0}
    xl = families.FamilyModel(networks["xl_unet"], networks["vae"], [(networks["text_encoder"], clip_l), (networks["xl_text_2"], big_g)],
                              lambda words: tokenizer.backend_tokenizer.encode(words, add_special_tokens=False).ids, families.XL_SCALE, families.sizes)
    playground = {"sigma_min": 0.002, "sigma_max": 80.0, "sigma_data": 0.5}
    cos = {"sigma_min": 0.002, "sigma_max": 120.0, "sigma_data": 1.0, "prediction_type": "v_prediction"}

    def own(latents):
        return latents * column(DEVIATION) / SCALE + column(MEAN)

    made = {
        "edm.playground": EdmModel(xl, lambda: diffusers.EDMEulerScheduler(**playground), own),
        "edm.playground_2m": EdmModel(xl, lambda: diffusers.EDMDPMSolverMultistepScheduler(**playground), own),
        "edm.cosxl": EdmModel(xl, lambda: diffusers.EDMEulerScheduler(**cos), lambda latents: latents / families.XL_SCALE),
    }
    data = {name: families.checked(name, model, families.Picture()) for name, model in made.items()}
    save_file(data, goldens.OUT / "edm.safetensors")


if __name__ == "__main__":
    main()
