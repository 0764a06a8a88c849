"""Makes tests/data/adapters.safetensors: small seeded layers, changes of them in every algorithm, and what the LyCORIS
package and PEFT make of them.

    python3 make_adapter_goldens.py     (needs torch, safetensors, lycoris-lora, peft)

The file is at once a LoRA file: its modules are called like the cases. "base:<case>" is the layer's weight,
"expected:<case>" the changed weight at strength 0.7.
"""

from pathlib import Path

import torch
from lycoris.modules.boft import ButterflyOFTModule
from lycoris.modules.diag_oft import DiagOFTModule
from lycoris.modules.full import FullModule
from lycoris.modules.glora import GLoRAModule
from lycoris.modules.ia3 import IA3Module
from lycoris.modules.locon import LoConModule
from lycoris.modules.loha import LohaModule
from lycoris.modules.lokr import LokrModule
from lycoris.modules.norms import NormModule
from safetensors.torch import save_file

STRENGTH = 0.7
TARGET = Path(__file__).parent.parent / "data" / "adapters.safetensors"
tensors = {}


def linear():
    return torch.nn.Linear(24, 16)


def convolution():
    return torch.nn.Conv2d(6, 16, 3, padding=1)


def shake(module):
    """Every parameter gets numbers: modules begin as no change at all."""
    with torch.no_grad():
        for name, parameter in module.named_parameters():
            if not name.startswith("org_module") and "dora_scale" not in name:
                parameter.copy_(torch.randn(parameter.shape) * 0.3)


def keep(case, layer, state, expected):
    tensors["base:" + case] = layer.weight.detach().clone()
    tensors["expected:" + case] = expected.detach().clone()
    for name, tensor in state.items():
        tensors[f"{case}.{name}"] = torch.as_tensor(tensor).detach().clone().contiguous()


def merged(module, layer):
    """The weight with the change at STRENGTH: linear in it, but for BOFT's stages."""
    base = layer.weight.detach()
    if isinstance(module, ButterflyOFTModule):
        return module.get_merged_weight(STRENGTH, base.shape)[0].reshape(base.shape)
    if isinstance(module, (LohaModule, LokrModule)):
        # What training sees; get_merged_weight of LyCORIS 4.1.3 scales these two kinds twice.
        whole = base + module.get_weight(base.shape)
        whole = module.apply_weight_decompose(whole) if module.wd else whole
    else:
        whole = module.get_merged_weight(1, base.shape)[0].reshape(base.shape)
    return base + (whole - base) * STRENGTH


def case(name, cls, make_layer, **arguments):
    layer = make_layer()
    module = cls(name, layer, 1.0, **arguments)
    shake(module)
    if hasattr(module, "dora_scale"):
        with torch.no_grad():
            module.dora_scale.mul_(1 + 0.2 * torch.randn(module.dora_scale.shape))
    keep(name, layer, module.state_dict_of_case(), merged(module, layer))


def state_of(module):
    """A module's tensors as LyCORIS writes them into a file."""
    state = module.custom_state_dict()
    if state is None:
        state = {k: v for k, v in module.state_dict().items() if not k.startswith("org_module")}
    return {"alpha": module.alpha, **state} if hasattr(module, "alpha") else state


for cls in (LoConModule, LohaModule, LokrModule, GLoRAModule, IA3Module, DiagOFTModule, ButterflyOFTModule):
    cls.state_dict_of_case = state_of


def make_peft():
    from peft import LoraConfig, get_peft_model_state_dict, inject_adapter_in_model

    model = torch.nn.Sequential()
    model.add_module("to_q", linear())
    layer = torch.nn.Linear(24, 16)
    layer.load_state_dict(model.to_q.state_dict())
    model = inject_adapter_in_model(LoraConfig(r=4, lora_alpha=4, use_dora=True, target_modules=["to_q"]), model)
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            if "lora_A" in name or "lora_B" in name:
                parameter.copy_(torch.randn(parameter.shape) * 0.3)
            if "magnitude" in name:
                parameter.mul_(1 + 0.2 * torch.randn(parameter.shape))
    base = layer.weight.detach()
    state = {k.split(".", 1)[1]: v.clone() for k, v in get_peft_model_state_dict(model).items()}
    model.to_q.merge()
    whole = model.to_q.get_base_layer().weight.detach()
    keep("dora_peft", layer, state, base + (whole - base) * STRENGTH)


def make_full():
    for name, layer in (("full", linear()), ("full_conv", convolution())):
        diff = torch.randn(layer.weight.shape) * 0.1
        keep(name, layer, {"diff": diff, "diff_b": torch.randn(16) * 0.1}, layer.weight + diff * STRENGTH)
        tensors["bias:" + name] = layer.bias.detach().clone()
    norm = torch.nn.GroupNorm(4, 16)
    with torch.no_grad():
        norm.weight.copy_(1 + torch.randn(16) * 0.1)
    diff = torch.randn(16) * 0.1
    keep("norm", norm, {"w_norm": diff, "b_norm": torch.randn(16) * 0.1}, norm.weight + diff * STRENGTH)


def make_glora_of_older_files():
    layer = linear()
    a1, a2, b1, b2 = (torch.randn(s) * 0.3 for s in ((4, 24), (24, 4), (4, 24), (16, 4)))
    delta = b2 @ b1 + layer.weight @ a2 @ a1
    state = {"a1.weight": a1, "a2.weight": a2, "b1.weight": b1, "b2.weight": b2, "alpha": torch.tensor(2.0)}
    keep("glora_old", layer, state, layer.weight + delta * (2.0 / 4) * STRENGTH)


def main():
    torch.manual_seed(2026)
    small = {"lora_dim": 4, "alpha": 2}
    case("lora", LoConModule, linear, **small)
    case("locon", LoConModule, convolution, **small)
    case("locon_mid", LoConModule, convolution, use_tucker=True, **small)
    case("loha", LohaModule, linear, **small)
    case("loha_conv", LohaModule, convolution, **small)
    case("loha_tucker", LohaModule, convolution, use_tucker=True, **small)
    case("lokr", LokrModule, linear, factor=4, lora_dim=2, alpha=1)
    case("lokr_both", LokrModule, linear, factor=4, decompose_both=True, lora_dim=1, alpha=1)
    case("lokr_whole", LokrModule, linear, factor=4, full_matrix=True, lora_dim=4, alpha=1)
    case("lokr_conv", LokrModule, convolution, factor=4, lora_dim=1, alpha=2)
    case("lokr_tucker", LokrModule, convolution, factor=4, use_tucker=True, lora_dim=1, alpha=2)
    case("dora_output", LoConModule, linear, weight_decompose=True, wd_on_out=True, **small)
    case("dora_input", LoConModule, linear, weight_decompose=True, wd_on_out=False, **small)
    case("dora_conv", LoConModule, convolution, weight_decompose=True, wd_on_out=False, **small)
    case("dora_loha", LohaModule, linear, weight_decompose=True, wd_on_out=True, **small)
    case("dora_lokr", LokrModule, linear, factor=4, weight_decompose=True, wd_on_out=True, lora_dim=2, alpha=1)
    case("oft", DiagOFTModule, linear, lora_dim=4, constraint=0, rescaled=True)
    case("oft_bound", DiagOFTModule, convolution, lora_dim=4, constraint=0.02)
    case("boft", ButterflyOFTModule, linear, lora_dim=4, constraint=0)
    case("boft_conv", ButterflyOFTModule, convolution, lora_dim=4, constraint=0.02)
    case("glora", GLoRAModule, linear, **small)
    case("ia3", IA3Module, linear, train_on_input=False)
    case("ia3_input", IA3Module, linear, train_on_input=True)
    make_glora_of_older_files()
    make_full()
    make_peft()
    save_file({name: tensor.float() if tensor.is_floating_point() else tensor for name, tensor in tensors.items()},
              TARGET)
    for name, tensor in sorted(tensors.items()):
        print(name, list(tensor.shape))


if __name__ == "__main__":
    main()
