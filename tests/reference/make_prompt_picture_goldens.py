"""Makes tests/data/networks/prompts.safetensors: whole pictures of prompts that change, are joined, or weigh otherwise.

The networks are those of make_network_goldens.py, the grammar is that of make_prompt_schedule_goldens.py. As in A1111
the text of the n-th call (from 0) is the first whose number is not below n, weights keep the mean of all texts of a
prompt's schedule together, and joined prompts add their distances to the negative prompt.

Run by hand: python make_prompt_picture_goldens.py bpe_simple_vocab_16e6.txt.gz   (needs: torch, diffusers, transformers, lark)
"""
import dataclasses
import sys

import make_network_goldens as networks
import make_prompt_schedule_goldens as grammar
import make_token_goldens as tokens
import numpy as np
import torch
from safetensors.torch import save_file


@dataclasses.dataclass
class Wish(networks.Picture):
    emphasis: str = "original"


class PromptModel(networks.Model):
    def raw(self, chunk, clip_skip):
        pad = networks.LENGTH - 2 - len(chunk["ids"])
        ids = torch.tensor([[networks.START, *chunk["ids"], networks.END, *[networks.END] * pad]])
        return self.embed(ids, clip_skip), torch.tensor([1.0, *chunk["weights"], 1.0, *[1.0] * pad])[None, :, None]

    def weighted(self, texts, wish):
        """One context for each text of a schedule; all are one chunk here."""
        pairs = [self.raw(self.chunks(text)[0], wish.clip_skip) for text in texts]
        if wish.emphasis == "comfyui":
            empty = self.raw({"ids": [], "weights": []}, wish.clip_skip)[0]
            return [torch.where(w != 1, (z - empty) * w + empty, z) for z, w in pairs]
        results = [z * w for z, w in pairs]
        if wish.emphasis == "original":
            ratio = torch.stack([z for z, _ in pairs]).mean() / torch.stack(results).mean()
            results = [r * ratio for r in results]
        return results

    def prompts(self, text, wish, joins):
        """[weight, [[until, context]]] of each joined prompt."""
        parts = grammar.split(text) if joins else [[text, 1.0]]
        found = []
        for part, weight in parts:
            schedule = grammar.schedule(part, networks.STEPS)
            contexts = self.weighted([t for _, t in schedule], wish)
            found.append([weight, [[until, c] for (until, _), c in zip(schedule, contexts)]])
        return found

    def latents(self, wish):
        prompts, negatives = self.prompts(wish.prompt, wish, True), self.prompts(wish.negative, wish, False)
        sigmas = networks.sampling.schedules(networks.STEPS)["karras"].astype(np.float32).astype(float)
        if wish.wrong_sigma >= 0:
            sigmas[wish.wrong_sigma] = sigmas[wish.wrong_sigma + 1]
        shape = (1, 4, wish.height // 4, wish.width // 4)
        x = torch.randn(shape, generator=torch.Generator("cpu").manual_seed(networks.SEED)) * float(sigmas[0])
        for call, (a, b) in enumerate(zip(sigmas, sigmas[1:])):
            def at(schedule):
                return next((c for until, c in schedule if call <= until), schedule[-1][1])

            def answer(context):
                time = torch.full((1,), float(networks.sampling.timestep_at(float(a))))
                return self.unet(x / (1 + float(a) ** 2) ** 0.5, time, context).sample

            negative = answer(at(negatives[0][1]))
            output = negative + sum(wish.guidance * weight * (answer(at(schedule)) - negative) for weight, schedule in prompts)
            x = x + output * float(b - a)
        return x


WISHES = {
    "editing": Wish(prompt="a [(red apple:1.3):blue pear, sky:0.5] on a table, masterpiece", negative="[blurry:low quality:0.25]"),
    "turns": Wish(prompt="a [red apple|(blue pear:1.4)|sky] on a table, masterpiece"),
    "joined": Wish(prompt="a (red apple:1.3) on a table, masterpiece AND a blue [sky:sea:0.5] :0.7"),
    "weighed": Wish(prompt="a (red apple:1.3) on a [wooden] table, masterpiece:0.8"),
    "no_norm": Wish(prompt="(a red apple on a wooden table, masterpiece:1.6)", emphasis="no_norm"),
    "comfyui": Wish(emphasis="comfyui"),
}


def main():
    torch.set_grad_enabled(False)
    tokenizer = tokens.reference_tokenizer(sys.argv[1])
    made = [networks.unet((32, 32, 64), (True, True, False), 1), networks.vae((32, 32, 64), 1), networks.text_encoder()]
    names = [networks.ldm_unet((True, True, False), 1), networks.ldm_vae(3), networks.ldm_text]
    seeds = [100000, 102000, 103000]
    parts = [networks.seeded(network, seed, name)[0] for network, seed, name in zip(made, seeds, names)]
    model = PromptModel(*parts, lambda text: tokenizer.backend_tokenizer.encode(text, add_special_tokens=False).ids)
    data = {f"prompt.{name}": networks.checked(name, model, wish) for name, wish in WISHES.items()}
    plain = model.draw(Wish())
    for name, picture in data.items():
        missed = networks.distance(picture, plain)
        print(f"{name}: {missed} levels from the plain prompt")
        assert missed >= 10 * networks.TOLERANCE, name
    save_file({k: v.contiguous() for k, v in data.items()}, networks.OUT / "prompts.safetensors")


if __name__ == "__main__":
    main()
