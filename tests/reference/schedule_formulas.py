"""Schedules in float64: sigmas for n steps as papers and programs space them."""
import math

import diffusers
import mpmath
import numpy as np

from sampling_formulas import TABLE, ALPHA_BAR, sigma_at

CONFIG = {"beta_start": 0.00085, "beta_end": 0.012, "beta_schedule": "scaled_linear", "num_train_timesteps": 1000}


def beta_quantile(p, shape=0.6):
    if p in (0, 1):
        return float(p)
    with mpmath.workdps(30):
        low, high = mpmath.mpf(0), mpmath.mpf(1)
        for _ in range(80):
            middle = (low + high) / 2
            if mpmath.betainc(shape, shape, 0, middle, regularized=True) < p:
                low = middle
            else:
                high = middle
        return float(low)


AYS = {  # Sabour et al. 2024; exact as ComfyUI has them, rounded as A1111 and the paper's page do
    "exact": [14.6146412293, 6.4745760956, 3.8636745985, 2.6946151520, 1.8841921177, 1.3943805092, 0.9642583904, 0.6523686016, 0.3977456272, 0.1515232662, 0.0291671582],
    "exact_xl": [14.6146412293, 6.3184485287, 3.7681790315, 2.1811480769, 1.3405244945, 0.8620721141, 0.5550693289, 0.3798540708, 0.2332364134, 0.1114188177, 0.0291671582],
    "rounded": [*diffusers.schedulers.AysSchedules["StableDiffusionSigmas"][:-1], 0.029],
    "rounded_xl": [*diffusers.schedulers.AysSchedules["StableDiffusionXLSigmas"][:-1], 0.029],
}


def log_linear(values, n):
    return np.exp(np.interp(np.linspace(0, 1, n), np.linspace(0, 1, len(values)), np.log(values)))


def then_zero(values):
    return np.append(np.asarray(values, dtype=np.float64), 0.0)


def karras(n, low, high):
    return (high ** (1 / 7) + np.linspace(0, 1, n) * (low ** (1 / 7) - high ** (1 / 7))) ** 7


def kl_optimal(n, low, high):
    return np.tan(np.linspace(math.atan(high), math.atan(low), n))


def beta_of_timesteps(n):
    steps = [round(beta_quantile(1 - i / n) * 999) for i in range(n)]
    return TABLE[[t for i, t in enumerate(steps) if i == 0 or t != steps[i - 1]]]


def linear_quadratic(n):
    if n == 1:
        return np.array([TABLE[-1], 0.0])
    half, rest = n // 2, n - n // 2
    a = (half - 0.025 * n) / (half * rest**2)
    b = 0.025 / half - 2 * (half - 0.025 * n) / rest**2
    down = [i * 0.025 / half for i in range(half)] + [a * i * i + b * i + a * half**2 for i in range(half, n)] + [1.0]
    return (1 - np.array(down)) * TABLE[-1]


def lcm_timesteps(n):
    """LCM's and TCD's: n of the fifty timesteps they learn, from the noisiest."""
    return (np.arange(1, 51) * 20 - 1)[::-1][np.floor(np.linspace(0, 50, num=n, endpoint=False)).astype(int)]


def schedules(n, profile="studio"):
    low, high, ramp = TABLE[0], TABLE[-1], np.linspace(0, 1, n)
    a1111, comfy = profile == "a1111-cpu", profile == "comfyui"
    normal = then_zero(sigma_at(np.linspace(999, 0, n)))
    exponential = then_zero(np.exp(np.linspace(np.log(high), np.log(low), n)))
    ays = {xl: then_zero(log_linear(AYS["rounded" + xl], n)) if a1111 else then_zero(log_linear(AYS["exact" + xl], n + 1)[:-1]) for xl in ("", "_xl")}
    even = np.round(np.arange(n, 0, -1) * 1000 / n) - 1
    return {
        "auto": normal, "uniform": normal, "normal": normal,
        "simple": then_zero([TABLE[-(1 + int(i * len(TABLE) / n))] for i in range(n)]),
        "karras": then_zero(karras(n, low, high)),
        "exponential": exponential, "polyexponential": exponential,
        "sgm_uniform": then_zero(sigma_at(np.linspace(999, 0, n + 1)[:-1])),
        "ddim_uniform": then_zero(TABLE[1::max(1000 // n, 1)][::-1]),
        "kl_optimal": kl_optimal(n + 1, low, high) if a1111 else then_zero(kl_optimal(n, low, high)),
        "align_your_steps": ays[""], "align_your_steps_xl": ays["_xl"],
        "beta": then_zero(beta_of_timesteps(n) if comfy else [low + beta_quantile(p) * (high - low) for p in 1 - ramp]),
        "lcm": then_zero(TABLE[lcm_timesteps(n)]),
        "linear_quadratic": linear_quadratic(n),
        "turbo": then_zero(TABLE[[999 - 100 * i for i in range(min(n, 10))]] if comfy else TABLE[even.astype(int)]),
    }


def of_diffusers(n):
    """As its schedulers make them with the configuration of SD 1.5."""
    def euler(**flags):
        flags = {"timestep_spacing": "leading", "steps_offset": 1, **flags}
        scheduler = diffusers.EulerDiscreteScheduler(**CONFIG, **flags)
        scheduler.set_timesteps(n)
        return scheduler.sigmas.numpy().astype(np.float64)

    chosen = euler()
    return {
        "normal": chosen, "karras": euler(use_karras_sigmas=True), "exponential": euler(use_exponential_sigmas=True),
        "beta": euler(use_beta_sigmas=True), "sgm_uniform": euler(timestep_spacing="trailing"),
        "kl_optimal": then_zero(kl_optimal(n, chosen[-2], chosen[0])),
    }


def of_a1111_timesteps(n):
    steps = np.clip(np.arange(0, 1000, max(1000 // n, 1)) + 1, 0, 999)[::-1]
    log_alpha = np.interp(np.linspace(999, 0, n + 1), np.arange(1000), 0.5 * np.log(ALPHA_BAR))
    return {"ddim": TABLE[steps], "unipc": np.sqrt(np.exp(-2 * log_alpha) - 1)}
