"""Makes tests/data/sampling.json: sigma schedules, noise, denoiser outputs and the end of every sampler on
two schedules over 10 steps with a fixed analytic denoiser.

Samplers that k-diffusion has come from its package, run in float64; the others are written here from the papers. Each
sampler and schedule that diffusers has too is checked against it before anything is written.
Run by hand (needs: torch, diffusers, k-diffusion, torchsde, torchdiffeq, scipy, mpmath).
"""
import json
import math
import pathlib

import diffusers
import mpmath
import numpy as np
import torch
import torchsde

from cfg_pp_samplers import *
from classic_samplers import *
from k_diffusion_walks import K, WithNoise, k_own_steps, through_k
from newer_samplers import *
from sampling_formulas import *
from schedule_formulas import *

diffusers.logging.set_verbosity_error()
OUT = pathlib.Path(__file__).resolve().parent.parent / "data" / "sampling.json"


def check_schedules():
    """Against k-diffusion and diffusers, which space from one end of the table to the other when asked to."""
    mine = schedules(STEPS)
    for make in (diffusers.LCMScheduler, diffusers.TCDScheduler):
        for n in (1, 4, 6, 8, 20):
            scheduler = make(**CONFIG)
            scheduler.set_timesteps(n)
            np.testing.assert_array_equal(scheduler.timesteps.numpy(), lcm_timesteps(n))
    np.testing.assert_allclose(K.get_sigmas_karras(STEPS, TABLE[0], TABLE[-1]), mine["karras"], rtol=1e-5)
    np.testing.assert_allclose(K.get_sigmas_exponential(STEPS, TABLE[0], TABLE[-1]), mine["exponential"], rtol=1e-5)
    np.testing.assert_allclose(K.get_sigmas_polyexponential(STEPS, TABLE[0], TABLE[-1]), mine["polyexponential"], rtol=1e-5)
    for name, flag in {"normal": {}, "karras": {"use_karras_sigmas": True}, "beta": {"use_beta_sigmas": True}}.items():
        scheduler = diffusers.EulerDiscreteScheduler(**CONFIG, timestep_spacing="linspace", **flag)
        scheduler.set_timesteps(STEPS)
        # linspace in diffusers interpolates sigma itself, not its logarithm
        np.testing.assert_allclose(scheduler.sigmas.numpy(), mine[name], rtol=2e-3 if name == "normal" else 1e-4, atol=1e-9)


OF_K = {
    "lms": through_k(K.sample_lms), "dpm2": through_k(K.sample_dpm_2), "dpm2_a": through_k(K.sample_dpm_2_ancestral),
    "dpmpp_2s_a": through_k(K.sample_dpmpp_2s_ancestral), "dpmpp_sde": through_k(K.sample_dpmpp_sde, brownian=True),
    "dpmpp_2m_sde": through_k(K.sample_dpmpp_2m_sde, brownian=True),
    "dpmpp_2m_sde_heun": through_k(K.sample_dpmpp_2m_sde, brownian=True, solver_type="heun"),
    "dpmpp_3m_sde": through_k(K.sample_dpmpp_3m_sde, brownian=True),
    "dpm_fast": k_own_steps(K.sample_dpm_fast), "dpm_adaptive": k_own_steps(K.sample_dpm_adaptive),
}
OF_PAPERS = (euler, euler_a, heun, heunpp2, dpmpp_2m, dpmpp_2m_sde_plain, ddim, ddpm, plms, unipc, unipc_bh2, lcm, tcd, deis, ipndm, ipndm_v,
             res_multistep, er_sde, sa_solver, gradient_estimation, restart, euler_cfg_pp, euler_a_cfg_pp, ddim_cfg_pp,
             exp_heun_2_x0, exp_heun_2_x0_sde, res_multistep_a, seeds_2, seeds_3, sa_solver_pece, dpmpp_2s_a_cfg_pp, dpmpp_2m_cfg_pp,
             res_multistep_cfg_pp, res_multistep_a_cfg_pp, gradient_estimation_cfg_pp)
SAMPLERS = {**{f.__name__: f for f in OF_PAPERS}, **OF_K}


def with_options():
    """Ends with what samplers can be told: eta, churn, more steps for restart."""
    def end(function, steps=STEPS, **options):
        sigmas = schedules(steps)["karras"].astype(np.float32).astype(np.float64).tolist()
        noise = Noise()
        x = noise.draw() * sigmas[0]
        K.torch = WithNoise(noise)
        try:
            return rounded(function(x, sigmas, noise) if not options else through_k(function, **options)(x, sigmas, noise))
        finally:
            K.torch = torch

    churn = {"s_churn": 6.0, "s_tmin": 0.1, "s_tmax": 8.0, "s_noise": 1.01}
    return {
        "euler_churn": end(K.sample_euler, **churn), "heun_churn": end(K.sample_heun, **churn), "dpm2_churn": end(K.sample_dpm_2, **churn),
        "euler_a_eta": end(K.sample_euler_ancestral, eta=0.6, s_noise=1.02), "dpm2_a_eta": end(K.sample_dpm_2_ancestral, eta=0.6, s_noise=1.02),
        "dpmpp_2s_a_eta": end(K.sample_dpmpp_2s_ancestral, eta=0.6, s_noise=1.02), "dpmpp_2m_sde_eta": end(K.sample_dpmpp_2m_sde, eta=0.6, s_noise=1.02),
        "dpmpp_3m_sde_eta": end(K.sample_dpmpp_3m_sde, eta=0.6, s_noise=1.02), "dpmpp_sde_eta": end(K.sample_dpmpp_sde, eta=0.6, s_noise=1.02),
        "dpmpp_2m_sde_brownian_24": end(SAMPLERS["dpmpp_2m_sde"], 24),
        "restart_24": end(restart, 24), "restart_40": end(restart, 40),
        "seeds_2_eta": end(lambda *now: seeds(*now, (1 / 2, 1), eta=0.6, midpoint=True)), "seeds_3_eta": end(lambda *now: seeds(*now, (1 / 3, 2 / 3, 1), eta=0.6)),
        "res_multistep_a_eta": end(lambda *now: res_multistep(*now, eta=0.6)),
    }


def brownian_rows():
    for seed in (0, 7, 2**40 + 3):
        tree = torchsde.BrownianTree(0.029167, torch.zeros(SHAPE), 14.614642, entropy=seed)
        for low, high in ((0.029167, 14.614642), (0.029167, 0.05), (1.5, 1.500002), (3.25, 9.1), (0.7, 0.700001)):
            yield {"seed": str(seed), "from": low, "to": high, "increment": tree(low, high).flatten()[:8].tolist()}


def seed_sequence_rows():
    for entropy, key in ((0, ()), (12345, ()), (7, (5, 3)), (2**63 + 11, (2**33 + 1, 34))):
        words = np.random.SeedSequence(entropy=entropy, spawn_key=key, pool_size=24).generate_state(4)
        yield {"entropy": str(entropy), "key": [str(k) for k in key], "words": [int(w) for w in words]}


def check_against_k(x, s, ends):
    for name, function in {"euler": K.sample_euler, "euler_a": K.sample_euler_ancestral, "heun": K.sample_heun, "dpmpp_2m": K.sample_dpmpp_2m}.items():
        noise = Noise()
        noise.draw()
        yield check(name, through_k(function)(x, s, noise), ends[name], 1e-10)


# The same through diffusers -------------------------------------------------------------------------------------------

def forced(scheduler, sigmas, interleave=False):
    """The scheduler with our sigmas in place of its own."""
    scheduler.set_timesteps(len(sigmas) - 1)
    table, times = torch.tensor(sigmas, dtype=torch.float32), torch.arange(len(sigmas) - 1, 0, -1).float()
    if interleave:
        table = torch.cat([table[:1], table[1:-1].repeat_interleave(2), table[-1:]])
        times = torch.cat([times[:1], times[1:].repeat_interleave(2)])
    scheduler.sigmas, scheduler.timesteps = table, times
    scheduler.set_begin_index(0)
    return scheduler


def through_diffusers(scheduler, x, sigmas, vp, interleave=False, steps=None):
    scheduler = forced(scheduler, sigmas, interleave)
    generators = noise_after_start()
    scale = (lambda s: math.sqrt(1 + s * s)) if vp else (lambda s: 1.0)
    sample = (x / scale(sigmas[0])).float()
    count = steps or len(scheduler.timesteps)
    sigma_now = heun_points(sigmas) if interleave else sigmas
    for i in range(count):
        full = sample.double() * scale(sigma_now[i])
        eps = ((full - denoise(full, sigma_now[i])) / sigma_now[i]).float()
        options = {"generator": generators} if "generator" in scheduler.step.__code__.co_varnames else {}
        sample = scheduler.step(eps, scheduler.timesteps[i], sample, **options).prev_sample
    return sample.double() * scale(0.0 if interleave else sigmas[count])


def heun_points(sigmas):
    points = [sigmas[0]]
    for b in sigmas[1:-1]:
        points += [b, b]
    return points


def noise_after_start():
    noise = Noise()
    noise.draw()
    return noise.generators


def check(name, got, expected, tolerance=2e-5):
    error = ((got - expected).norm() / expected.norm()).item()
    assert error < tolerance, f"{name}: differs from diffusers by {error:.2e}"
    return error


def check_samplers(name, x, s, ends):
    d = diffusers
    yield check("euler", through_diffusers(d.EulerDiscreteScheduler(**CONFIG), x, s, False), ends["euler"])
    yield check("euler_a", through_diffusers(d.EulerAncestralDiscreteScheduler(**CONFIG), x, s, False), ends["euler_a"])
    yield check("heun", through_diffusers(d.HeunDiscreteScheduler(**CONFIG), x, s, False, True), ends["heun"])
    yield check("ddpm", through_diffusers(d.EulerAncestralDiscreteScheduler(**CONFIG), x, s, False), ends["ddpm"])
    for kind, sampler in (("dpmsolver++", "dpmpp_2m"), ("sde-dpmsolver++", "dpmpp_2m_sde_plain")):
        scheduler = d.DPMSolverMultistepScheduler(**CONFIG, solver_order=2, algorithm_type=kind, solver_type="midpoint", final_sigmas_type="zero")
        yield check(sampler, through_diffusers(scheduler, x, s, True), ends[sampler])
    scheduler = d.UniPCMultistepScheduler(**CONFIG, solver_order=3, solver_type="bh2", final_sigmas_type="zero")
    yield check("unipc_bh2", through_diffusers(scheduler, x, s, True), ends["unipc_bh2"])
    scheduler = d.UniPCMultistepScheduler(**CONFIG, solver_order=3, solver_type="bh1", final_sigmas_type="zero")
    # the last step of diffusers' bh1 is not a number at sigma 0: compare up to there
    yield check("unipc", through_diffusers(scheduler, x, s, True, steps=STEPS - 1), unipc_partial(x, s, STEPS - 1))


def check_on_whole_timesteps():
    """DDIM and LCM of diffusers know whole timesteps only: let them choose, and walk the same sigmas."""
    for name, scheduler in (
        ("ddim", diffusers.DDIMScheduler(**CONFIG, clip_sample=False, set_alpha_to_one=True, steps_offset=0)),
        # without the boundary weights, which we leave out
        ("lcm", diffusers.LCMScheduler(**CONFIG, clip_sample=False, set_alpha_to_one=True, timestep_scaling=1e9)),
        ("tcd", diffusers.TCDScheduler(**CONFIG, clip_sample=False, set_alpha_to_one=True)),
    ):
        scheduler.set_timesteps(STEPS)
        sigmas, noise = [*TABLE[scheduler.timesteps.numpy()], 0.0], Noise()
        x = noise.draw() * sigmas[0]
        sample = (x / math.sqrt(1 + sigmas[0] ** 2)).float()
        generators = noise_after_start()
        for i, t in enumerate(scheduler.timesteps):
            full = sample.double() * math.sqrt(1 + sigmas[i] ** 2)
            eps = ((full - denoise(full, sigmas[i])) / sigmas[i]).float()
            options = {"generator": generators} if name != "ddim" else {}
            if name == "tcd" and i == STEPS - 1:  # diffusers ends at timestep 0, we at the picture: compare before
                end = SAMPLERS[name](x, sigmas[:-1], noise)
                yield check(name, full, end)
                break
            sample = scheduler.step(eps, t, sample, **options).prev_sample
        if name != "tcd":
            yield check(name, sample.double(), SAMPLERS[name](x, sigmas, noise))


# Everything ------------------------------------------------------------------------------------------------------------

def rounded(values):
    return [float(f"{v:.7g}") for v in torch.as_tensor(values, dtype=torch.float64).flatten().tolist()]


def denoiser_rows():
    x = torch.linspace(-3, 3, 8, dtype=torch.float64)
    for sigma in (0.05, 1.0, 3.7, 14.0):
        scaled, t = x / math.sqrt(1 + sigma**2), float(timestep_at(sigma))
        out = torch.tanh(scaled) + t / 1000
        yield {"sigma": sigma, "timestep": t, "epsilon": rounded(x - sigma * out),
               "v": rounded(x / (sigma**2 + 1) - out * sigma / math.sqrt(sigma**2 + 1))}


def noise_rows():
    for seed in (0, 1, 1234567890123, 2**64 - 1):
        generator = torch.Generator("cpu").manual_seed(seed)
        draws = [torch.randn((4, 8, 8), generator=generator) for _ in range(2)]
        yield {"seed": str(seed), "first": [d.flatten()[:20].tolist() for d in draws], "sum": [d.double().sum().item() for d in draws]}


def main():
    check_schedules()
    start = Noise().draw()
    ends, worst = {}, 0.0
    for name in ("normal", "karras"):
        sigmas = schedules(STEPS)[name].astype(np.float32).astype(np.float64).tolist()
        results = {}
        for sampler, function in SAMPLERS.items():
            noise = Noise()
            noise.draw()
            results[sampler] = function(start * sigmas[0], sigmas, noise)
        worst = max(worst, *check_samplers(name, start * sigmas[0], sigmas, results), *check_against_k(start * sigmas[0], sigmas, results))
        ends[name] = {sampler: rounded(end) for sampler, end in results.items()}
    worst = max(worst, *check_on_whole_timesteps())
    print(f"largest relative difference from diffusers: {worst:.1e}")
    data = {
        "steps": STEPS, "seed": SEEDS[0], "shape": SHAPE,
        "sigmas": {profile: {str(n): {k: rounded(v) for k, v in schedules(n, profile).items()} for n in (1, 2, STEPS, 30)}
                   for profile in ("studio", "a1111-cpu", "comfyui")},
        "sigmas_of_diffusers": {str(n): {k: rounded(v) for k, v in of_diffusers(n).items()} for n in (2, STEPS, 30)},
        "sigmas_of_a1111_timesteps": {str(n): {k: rounded(v) for k, v in of_a1111_timesteps(n).items()} for n in (1, STEPS, 30)},
        "timesteps": [[float(s), float(timestep_at(s))] for s in (0.01, 0.03, 0.5, 1.0, 7.3, 14.6, 20.0)],
        "denoiser": list(denoiser_rows()), "noise": list(noise_rows()), "ends": ends, "options": with_options(),
        "brownian": list(brownian_rows()), "seed_sequence": list(seed_sequence_rows()),
    }
    OUT.write_text(json.dumps(data, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    main()
