"""Makes tests/data/peft: a LoRA of three small layers as peft saves it (adapter_model.safetensors with
adapter_config.json: rank-stabilised, a rank and an alpha of its own for some layers), and in expected.safetensors what
peft adds to each weight, with and without the stabilisation.

Run by hand (needs: torch, peft, safetensors).
"""
import json
import pathlib

import torch
from peft import LoraConfig, get_peft_model
from safetensors.torch import save_file

OUT = pathlib.Path(__file__).resolve().parent.parent / "data" / "peft"


class Block(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.first, self.second = torch.nn.Linear(6, 5), torch.nn.Linear(5, 6)


class Network(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.block, self.other = Block(), Block()


def deltas(model):
    return {name.removeprefix("base_model.model."): module.get_delta_weight("default").detach().contiguous()
            for name, module in model.named_modules() if hasattr(module, "get_delta_weight")}


def main():
    expected = {}
    for stabilised in (False, True):
        torch.manual_seed(7)
        config = LoraConfig(r=4, lora_alpha=6, use_rslora=stabilised, rank_pattern={"block.second": 2}, alpha_pattern={"other.first": 3},
                            target_modules=["block.first", "block.second", "other.first"])
        model = get_peft_model(Network(), config)
        for name, parameter in model.named_parameters():
            if "lora_" in name:
                torch.nn.init.normal_(parameter)
        kind = "stabilised" if stabilised else "plain"
        expected |= {f"{kind}.{name}": delta for name, delta in deltas(model).items()}
    model.save_pretrained(OUT)
    (OUT / "README.md").unlink(missing_ok=True)
    path = OUT / "adapter_config.json"
    kept = {key: value for key, value in json.loads(path.read_text()).items() if key in ("peft_type", "r", "lora_alpha", "use_rslora", "rank_pattern", "alpha_pattern")}
    path.write_text(json.dumps(kept, indent=2) + "\n")
    save_file(expected, OUT / "expected.safetensors")


if __name__ == "__main__":
    main()
