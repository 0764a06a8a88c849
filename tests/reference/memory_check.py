"""Compares what the studio predicts of each phase's memory with what it measures, at the true sizes of SD 1.5 and SDXL on the processor.

For every size, batch and number of LoRAs one picture of a few steps is made in a process of its own, from a random checkpoint (made when it is not
there, see full_size_check.py) and random LoRAs of rank 16 on all attention layers. Prints a line for each phase, and ends with 1 when a peak of the
device pool is not within 0.97 and 1.01 of its prediction.

Run by hand on a quiet machine; SDXL needs 20 GB of memory:
  python memory_check.py --studio PROGRAM [--family sd15|sdxl] [--folder SCRATCH] [--sizes 512,768,1024] [--batches 1,2,3,4] [--loras 0,2] [--steps 2]
    [--precision fp32|bf16]
"""
import argparse
import json
import pathlib
import subprocess
import sys

import numpy as np

LEAST, MOST = 0.97, 1.01
RANK = 16


def header_of(path):
    with open(path, "rb") as file:
        return json.loads(file.read(int.from_bytes(file.read(8), "little")))


def make_lora(model, path, seed):
    """Small random factors for every attention projection of the checkpoint's UNet, under the names it has there."""
    from safetensors.numpy import save_file

    random, tensors, prefix = np.random.default_rng(seed), {}, "model.diffusion_model."
    for key, entry in header_of(model).items():
        if not key.startswith(prefix) or not key.endswith((".to_q.weight", ".to_k.weight", ".to_v.weight", ".to_out.0.weight")):
            continue
        rows, columns = entry["shape"][:2]
        name = "lora_unet_" + key[len(prefix):-len(".weight")].replace(".", "_")
        tensors[name + ".lora_down.weight"] = random.normal(0, 0.02, (RANK, columns)).astype(np.float16)
        tensors[name + ".lora_up.weight"] = random.normal(0, 0.02, (rows, RANK)).astype(np.float16)
        tensors[name + ".alpha"] = np.array(RANK, np.float16)
    save_file(tensors, path)


def checkpoint(arguments):
    import full_size_check

    sdxl = arguments.family == "sdxl"
    model = arguments.folder / ("xl.safetensors" if sdxl else "single.safetensors")
    if not model.exists():
        arguments.folder.mkdir(parents=True, exist_ok=True)
        (full_size_check.make_xl if sdxl else full_size_check.make)(arguments.folder)
    return model


def phases_of(arguments, model, size, batch, loras):
    out = arguments.folder / "memory_check.png"
    command = [arguments.studio, "generate", "--json", "--strict", "--model", model, "--prompt", "a red apple on a wooden table", "--width", size,
               "--height", size, "--batch-size", batch, "--steps", arguments.steps, "--seed", 1, "--precision", arguments.precision, "--threads",
               arguments.threads, "--preview", "off", "--checkpoint", "off", "--out", out]
    for lora in loras:
        command += ["--lora", f"{lora}:0.7"]
    done = subprocess.run([str(part) for part in command], stdout=subprocess.PIPE, text=True)
    events = [json.loads(line) for line in done.stdout.splitlines()]
    for event in events:
        if event["event"] == "image":
            pathlib.Path(event["path"]).unlink()
    if done.returncode != 0:
        raise SystemExit(f"the studio ended with {done.returncode}: {events[-1:]}")
    return events[-1]["phases"]


def main():
    def numbers(text):
        return [int(part) for part in text.split(",")]

    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--studio", type=pathlib.Path, required=True)
    parser.add_argument("--family", choices=("sd15", "sdxl"), default="sd15")
    parser.add_argument("--folder", type=pathlib.Path, default=pathlib.Path("full_size_check"))
    parser.add_argument("--sizes", type=numbers, default=[512, 768, 1024])
    parser.add_argument("--batches", type=numbers, default=[1, 2, 3, 4])
    parser.add_argument("--loras", type=numbers, default=[0, 2], help="how many at once")
    parser.add_argument("--steps", type=int, default=2)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--precision", choices=("fp32", "bf16"), default="fp32")
    arguments = parser.parse_args()
    model, ratios = checkpoint(arguments), []
    files = [arguments.folder / f"memory_check_{arguments.family}_{i}.safetensors" for i in range(max(arguments.loras))]
    for seed, file in enumerate(files):
        make_lora(model, file, seed)
    print(f"{'size':>5} {'batch':>5} {'loras':>5}  {'phase':8} {'predicted MiB':>13} {'ratio':>7} {'seconds':>8}")
    for size in arguments.sizes:
        for batch in arguments.batches:
            for count in arguments.loras:
                for phase in phases_of(arguments, model, size, batch, files[:count]):
                    ratio = phase["peak_bytes"] / phase["predicted_peak_bytes"]
                    ratios.append(ratio)
                    mark = "" if LEAST <= ratio <= MOST else "  OUTSIDE"
                    print(f"{size:5} {batch:5} {count:5}  {phase['name']:8} {phase['predicted_peak_bytes'] / 2**20:13.0f} {ratio:7.4f} "
                          f"{phase['seconds']:8.1f}{mark}", flush=True)
    for file in files:
        file.unlink()
    print(f"{len(ratios)} phases, ratios from {min(ratios):.4f} to {max(ratios):.4f}")
    return 0 if all(LEAST <= ratio <= MOST for ratio in ratios) else 1


if __name__ == "__main__":
    sys.exit(main())
