"""Compares the studio with diffusers on a random checkpoint of SD 1.5's or SDXL's size: pictures, speed and memory, fp32.

Makes the checkpoint in both layouts (4.3 GB each) in a scratch folder, then lets both programs draw the same picture in
turn (studio, diffusers, studio, ...), each in a process of its own. Prints one JSON object:
  latent_db      PSNR of the final latent for each layout, against the latent's own range
  psnr_db        of the 8-bit pictures, for each layout (both end in the same rounding; equal pictures give "inf")
  step, decode   best seconds of each, their ratio, and the ratio of processor time over the whole run
  peak           most host memory of each process (VmHWM) and the ratio

--family sdxl makes one file in half precision (6.9 GB), written and read tensor by tensor, so that 24 GB of memory do.

Run by hand on a quiet machine:
  python full_size_check.py --studio PROGRAM --merges bpe_simple_vocab_16e6.txt.gz [--folder SCRATCH] [--rounds 2] [--steps 3] [--side 512]
"""
import argparse
import json
import pathlib
import resource
import subprocess
import sys
import time

import numpy as np

PROMPT, NEGATIVE, SEED, GUIDANCE = "a red apple on a wooden table", "blurry, low quality", 11, 7.0
PARTS = ("unet", "vae", "text_encoder")


def networks():
    import diffusers
    import make_network_goldens as goldens
    from transformers import CLIPTextConfig, CLIPTextModel

    attends = (True, True, True, False)
    down = tuple("CrossAttnDownBlock2D" if a else "DownBlock2D" for a in attends)
    up = tuple("CrossAttnUpBlock2D" if a else "UpBlock2D" for a in reversed(attends))
    unet = diffusers.UNet2DConditionModel(sample_size=64, block_out_channels=(320, 640, 1280, 1280), layers_per_block=2, down_block_types=down,
                                          up_block_types=up, cross_attention_dim=768, attention_head_dim=8)
    vae = goldens.vae((128, 256, 512, 512), 2)
    text = CLIPTextModel(CLIPTextConfig(vocab_size=goldens.VOCABULARY, hidden_size=768, intermediate_size=3072, num_hidden_layers=12,
                                        num_attention_heads=12, max_position_embeddings=goldens.LENGTH, hidden_act="quick_gelu",
                                        bos_token_id=goldens.START, eos_token_id=goldens.END))
    return {"unet": (unet, goldens.ldm_unet(attends, 2)), "vae": (vae, goldens.ldm_vae(4)), "text_encoder": (text, goldens.ldm_text)}


def make(folder):
    import make_network_goldens as goldens
    from safetensors.torch import save_file

    single = {}
    for i, (part, (network, ldm_name)) in enumerate(networks().items()):
        network, rows = goldens.seeded(network, 500000 + 10000 * i, ldm_name)
        network.save_pretrained(folder / "diffusers" / part)
        state = network.state_dict()
        single |= {row["ldm"]: state[row["name"]].contiguous() for row in rows}
    index = {"_class_name": "StableDiffusionPipeline"} | {part: ["diffusers", part] for part in PARTS}
    (folder / "diffusers" / "model_index.json").write_text(json.dumps(index))
    save_file(single, folder / "single.safetensors")


def xl_networks():
    """SDXL's networks without memory, and how their names are in the file: (network, name to key and piece)."""
    import diffusers
    import make_family_goldens as families
    import make_network_goldens as goldens
    import torch
    from transformers import CLIPTextConfig, CLIPTextModel, CLIPTextModelWithProjection

    def text(kind, width, layers, **more):
        return kind(CLIPTextConfig(vocab_size=goldens.VOCABULARY, hidden_size=width, intermediate_size=4 * width, num_hidden_layers=layers,
                                   num_attention_heads=width // 64, max_position_embeddings=goldens.LENGTH, bos_token_id=goldens.START,
                                   eos_token_id=goldens.END, **more))

    attends = (False, True, True)
    with torch.device("meta"):
        unet = diffusers.UNet2DConditionModel(
            sample_size=128, block_out_channels=(320, 640, 1280), layers_per_block=2, attention_head_dim=(5, 10, 20), cross_attention_dim=2048,
            down_block_types=("DownBlock2D", "CrossAttnDownBlock2D", "CrossAttnDownBlock2D"), transformer_layers_per_block=[1, 2, 10],
            up_block_types=("CrossAttnUpBlock2D", "CrossAttnUpBlock2D", "UpBlock2D"), use_linear_projection=True,
            addition_embed_type="text_time", addition_time_embed_dim=256, projection_class_embeddings_input_dim=2816)
        vae = goldens.vae((128, 256, 512, 512), 2)
        first = text(CLIPTextModel, 768, 12, hidden_act="quick_gelu")
        second = text(CLIPTextModelWithProjection, 1280, 32, hidden_act="gelu", projection_dim=1280)

    def in_xl(name):
        return goldens.ldm_text(name).replace("cond_stage_model.", "conditioner.embedders.0.")

    return {"unet": (unet, lambda name: {"ldm": families.ldm_unet(attends, 2)(name)}), "vae": (vae, lambda name: {"ldm": goldens.ldm_vae(4)(name)}),
            "text_encoder": (first, lambda name: {"ldm": in_xl(name)}),
            "text_encoder_2": (second, lambda name: families.open_clip_row({"name": name}, "conditioner.embedders.1.model."))}


def xl_layout():
    """Every key of the file with its shape and the pieces it is made of: (part, name, spread of the numbers, turned)."""
    import make_network_goldens as goldens

    layout = {}
    for part, (network, place) in xl_networks().items():
        for name, value in sorted(network.state_dict().items()):
            row, shape = place(name), list(value.shape)
            entry = layout.setdefault(row["ldm"], {"shape": shape[::-1] if row.get("transposed") else shape, "pieces": {}})
            entry["pieces"][row.get("third", 0)] = (part, name, goldens.mean_and_spread(name, shape), row.get("transposed", False))
            if "third" in row:
                entry["shape"] = [3 * shape[0], *shape[1:]]
    return layout


def make_xl(folder):
    import make_network_goldens as goldens
    import torch

    layout, header, offset = xl_layout(), {}, 0
    for key, entry in layout.items():
        size = 2 * int(np.prod(entry["shape"]))
        header[key] = {"dtype": "F16", "shape": entry["shape"], "data_offsets": [offset, offset + size]}
        offset += size
    text = json.dumps(header).encode()
    with open(folder / "xl.safetensors.part", "wb") as file:
        file.write(len(text).to_bytes(8, "little") + text)
        for seed, entry in enumerate(layout.values()):
            pieces = entry["pieces"]
            shape = [entry["shape"][0] // len(pieces), *entry["shape"][1:]]
            for third in sorted(pieces):
                _, _, (mean, spread), _ = pieces[third]
                file.write(goldens.drawn(shape, mean, spread, 900000 + 3 * seed + third).numpy().tobytes())
    (folder / "xl.safetensors.part").rename(folder / "xl.safetensors")


def filled(part, folder):
    """One network of the file, in single precision."""
    import torch
    from safetensors import safe_open

    network, place = xl_networks()[part]
    with safe_open(folder / "xl.safetensors", "pt") as file:
        for name in list(network.state_dict()):
            row = place(name)
            value = file.get_tensor(row["ldm"])
            value = value.chunk(3)[row["third"]] if "third" in row else value.t() if row.get("transposed") else value
            owner, _, leaf = name.rpartition(".")
            setattr(network.get_submodule(owner), leaf, torch.nn.Parameter(value.float().contiguous(), requires_grad=False))
    for name, value in list(network.named_buffers()):
        if value.is_meta:  # position_ids
            owner, _, leaf = name.rpartition(".")
            network.get_submodule(owner).register_buffer(leaf, torch.arange(value.shape[-1])[None], persistent=False)
    return network.eval()


def draw_xl(arguments):
    import make_family_goldens as families
    import make_network_goldens as goldens
    import schedule_formulas as sampling
    import make_token_goldens as tokens
    import torch

    folder, side = arguments.folder, arguments.side
    torch.set_num_threads(arguments.threads)
    torch.set_grad_enabled(False)
    tokenizer = tokens.reference_tokenizer(arguments.merges)
    uses = [{"layer": -2, "norm": False, "pooled": False, "padding": goldens.END}, {"layer": -2, "norm": False, "pooled": True, "padding": 0}]
    texts = [(filled(part, folder), use) for part, use in zip(("text_encoder", "text_encoder_2"), uses)]
    model = families.FamilyModel(None, None, texts, lambda words: tokenizer.backend_tokenizer.encode(words, add_special_tokens=False).ids,
                                 families.XL_SCALE, families.sizes)
    wish = families.Picture(prompt=PROMPT, negative=NEGATIVE, guidance=GUIDANCE, width=side, height=side)
    model.condition(wish)
    model.texts, texts = [], []
    model.unet = filled("unet", folder)
    sigmas = sampling.schedules(arguments.steps)["karras"].astype(np.float32).astype(float)
    x = torch.randn((1, 4, side // 8, side // 8), generator=torch.Generator("cpu").manual_seed(SEED)) * float(sigmas[0])
    seconds = []
    for a, b in zip(sigmas, sigmas[1:]):
        start = time.perf_counter()
        x = x + (x - model.denoised(x, float(a), wish)) / float(a) * float(b - a)
        seconds.append(time.perf_counter() - start)
    model.unet = None
    finish(arguments.reference, x, families.XL_SCALE, filled("vae", folder), seconds)


def finish(out, x, scale, vae, seconds):
    """Latent and picture to files, times to standard output."""
    import torch

    np.save(out.with_suffix(".latent.npy"), x.numpy())
    start = time.perf_counter()
    pixels = vae.decode(x / scale).sample
    decode = time.perf_counter() - start
    np.save(out, ((pixels + 1) * 127.5).round().clamp(0, 255).to(torch.uint8).permute(0, 2, 3, 1)[0].numpy())
    print(json.dumps({"steps": seconds, "decode": decode, "peak": peak_bytes()}))


def peak_bytes():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def draw_with_diffusers(arguments):
    import diffusers
    import make_network_goldens as goldens
    import schedule_formulas as sampling
    import make_token_goldens as tokens
    import torch
    from transformers import CLIPTextModel

    folder, side = arguments.folder, arguments.side
    torch.set_num_threads(arguments.threads)
    torch.set_grad_enabled(False)
    tokenizer = tokens.reference_tokenizer(arguments.merges)
    unet = diffusers.UNet2DConditionModel.from_pretrained(folder / "diffusers" / "unet")
    vae = diffusers.AutoencoderKL.from_pretrained(folder / "diffusers" / "vae")
    text = CLIPTextModel.from_pretrained(folder / "diffusers" / "text_encoder")
    model = goldens.Model(unet, vae, text, lambda words: tokenizer.backend_tokenizer.encode(words, add_special_tokens=False).ids)
    context = torch.cat([model.conditioning(model.chunks(words), 1, 1) for words in (PROMPT, NEGATIVE)])
    sigmas = sampling.schedules(arguments.steps)["karras"].astype(np.float32).astype(float)
    x = torch.randn((1, 4, side // 8, side // 8), generator=torch.Generator("cpu").manual_seed(SEED)) * float(sigmas[0])
    wish, seconds = goldens.Picture(guidance=GUIDANCE), []
    for a, b in zip(sigmas, sigmas[1:]):
        start = time.perf_counter()
        x = x + (x - model.denoised(x, float(a), context, wish)) / float(a) * float(b - a)
        seconds.append(time.perf_counter() - start)
    finish(arguments.reference, x, goldens.VAE_SCALE, vae, seconds)


def timed(command):
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    lines, stamps = [], []
    with subprocess.Popen([str(part) for part in command], stdout=subprocess.PIPE, text=True) as process:
        for line in process.stdout:
            lines.append(json.loads(line))
            stamps.append(time.perf_counter())
    if process.returncode != 0:
        raise SystemExit(f"{command[0]} ended with {process.returncode}: {lines[-1:]}")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return lines, stamps, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def studio_run(arguments, model, out):
    out.unlink(missing_ok=True)
    events, stamps, processor = timed(
        [arguments.studio, "generate", "--json", "--model", model, "--prompt", PROMPT, "--negative", NEGATIVE, "--width", arguments.side, "--height", arguments.side, "--steps",
         arguments.steps, "--sampler", "euler", "--scheduler", "karras", "--guidance", GUIDANCE, "--seed", SEED, "--precision", "fp32", "--threads",
         arguments.threads, "--preview", "off", "--keep-latents", "--out", out])
    steps = [(event, stamp) for event, stamp in zip(events, stamps) if event["event"] == "step"]
    picture = next((event, stamp) for event, stamp in zip(events, stamps) if event["event"] == "image")
    # Decoding and writing the file, from the last step to the picture.
    return {"steps": [event["seconds"] for event, _ in steps], "decode": picture[1] - steps[-1][1], "peak": events[-1]["peak_host_bytes"],
            "processor": processor, "path": picture[0]["path"]}


def reference_run(arguments, out):
    lines, _, processor = timed([sys.executable, __file__, "--reference", out, "--folder", arguments.folder, "--merges", arguments.merges, "--steps",
                                 arguments.steps, "--side", arguments.side, "--family", arguments.family, "--threads", arguments.threads])
    return lines[-1] | {"processor": processor}


def psnr(a, b, span=255.0):
    error = np.mean((a.astype(np.float64) - b.astype(np.float64)) ** 2)
    return "inf" if error == 0 else round(10 * float(np.log10(span**2 / error)), 1)


def taken(path, read):
    """What `read` makes of a file that then goes."""
    value = read(path)
    pathlib.Path(path).unlink()
    return value


def compare(arguments):
    from PIL import Image
    from safetensors.numpy import load_file

    folder = arguments.folder
    if arguments.family == "sdxl":
        layouts = {"single file": folder / "xl.safetensors"}
    else:
        layouts = {"single file": folder / "single.safetensors", "diffusers folder": folder / "diffusers"}
    if not layouts["single file"].exists():
        (make_xl if arguments.family == "sdxl" else make)(folder)
    ours, theirs, pictures, latents = [], [], {}, {}
    for _ in range(arguments.rounds):
        for name, model in layouts.items():
            ours.append(studio_run(arguments, model, folder / "ours.png"))
            path = pathlib.Path(ours[-1]["path"])
            pictures[name] = taken(path, lambda p: np.asarray(Image.open(p).convert("RGB")))
            latents[name] = taken(path.with_suffix(".latent.safetensors"), lambda p: load_file(p)["latent"])
            theirs.append(reference_run(arguments, folder / "theirs.npy"))
    wanted = np.load(folder / "theirs.npy")
    latent = np.load(folder / "theirs.latent.npy")
    span = float(latent.max() - latent.min())
    report = {"latent_db": {name: psnr(mine, latent, span) for name, mine in latents.items()},
              "psnr_db": {name: psnr(picture, wanted) for name, picture in pictures.items()}, "levels": [int(wanted.min()), int(wanted.max())]}
    for what, best in {"step": lambda run: min(run["steps"]), "decode": lambda run: run["decode"], "processor": lambda run: run["processor"],
                       "peak": lambda run: run["peak"]}.items():
        pair = min(map(best, ours)), min(map(best, theirs))
        report[what] = {"studio": round(pair[0], 3), "diffusers": round(pair[1], 3), "ratio": round(pair[0] / pair[1], 3)}
    print(json.dumps(report))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--studio", type=pathlib.Path)
    parser.add_argument("--merges", required=True)
    parser.add_argument("--folder", type=pathlib.Path, default=pathlib.Path("full_size_check"))
    parser.add_argument("--family", choices=("sd15", "sdxl"), default="sd15")
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--side", type=int, default=512, help="of the picture in pixels; 128 and one step are a quick look at whether all is there")
    parser.add_argument("--steps", type=int, default=3)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--reference", type=pathlib.Path, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.reference:
        return (draw_xl if arguments.family == "sdxl" else draw_with_diffusers)(arguments)
    arguments.folder.mkdir(parents=True, exist_ok=True)
    return compare(arguments)


if __name__ == "__main__":
    main()
