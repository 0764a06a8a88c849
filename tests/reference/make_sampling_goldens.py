"""Makes tests/data/sampling.json: sigma schedules, noise, denoiser outputs and the end of every sampler on every
schedule over 8 steps with a fixed analytic denoiser.

Schedules and samplers are written here in float64 from the papers; each sampler and schedule that diffusers has too is
checked against it before anything is written. Run by hand (needs: torch, diffusers, mpmath).
"""
import json
import math
import pathlib

import diffusers
import mpmath
import numpy as np
import torch

diffusers.logging.set_verbosity_error()
OUT = pathlib.Path(__file__).resolve().parent.parent / "data" / "sampling.json"
STEPS, SEEDS, SHAPE = 8, (11, 12), (4, 4, 4)
BETAS = np.linspace(0.00085**0.5, 0.012**0.5, 1000) ** 2
ALPHA_BAR = np.cumprod(1 - BETAS)
TABLE = np.sqrt((1 - ALPHA_BAR) / ALPHA_BAR)
CONFIG = {"beta_start": 0.00085, "beta_end": 0.012, "beta_schedule": "scaled_linear", "num_train_timesteps": 1000}


# Schedules -----------------------------------------------------------------------------------------------------------

def sigma_at(t):
    return np.exp(np.interp(t, np.arange(1000), np.log(TABLE)))


def timestep_at(sigma):
    return np.interp(np.log(sigma), np.log(TABLE), np.arange(1000))


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


def schedules(n):
    low, high = TABLE[0], TABLE[-1]
    ramp = np.linspace(0, 1, n)
    rows = {
        "normal": sigma_at(np.linspace(999, 0, n)),
        "simple": np.array([TABLE[-(1 + int(i * len(TABLE) / n))] for i in range(n)]),
        "karras": (high ** (1 / 7) + ramp * (low ** (1 / 7) - high ** (1 / 7))) ** 7,
        "exponential": np.exp(np.linspace(np.log(high), np.log(low), n)),
        "sgm_uniform": sigma_at(np.linspace(999, 0, n + 1)[:-1]),
        "beta": np.array([low + beta_quantile(p) * (high - low) for p in 1 - np.linspace(0, 1, n)]),
    }
    return {name: np.append(row, 0.0) for name, row in rows.items()}


def check_schedules():
    mine = schedules(STEPS)
    for name, flag in {"normal": {}, "karras": {"use_karras_sigmas": True}, "exponential": {"use_exponential_sigmas": True}}.items():
        scheduler = diffusers.EulerDiscreteScheduler(**CONFIG, timestep_spacing="linspace", **flag)
        scheduler.set_timesteps(STEPS)
        # linspace in diffusers interpolates sigma itself, not its logarithm
        np.testing.assert_allclose(scheduler.sigmas.numpy(), mine[name], rtol=2e-3 if name == "normal" else 1e-4, atol=1e-9)


# Samplers: x is picture + sigma * noise -------------------------------------------------------------------------------

def denoise(x, sigma):
    """Not linear, keeps the scale, and turns with log sigma so that a wrong sigma anywhere shows at the end."""
    return x / (1 + sigma * sigma) + 0.5 * torch.sin(x / math.sqrt(1 + sigma * sigma) + 3 * math.log(sigma))


class Noise:
    def __init__(self):
        self.generators = [torch.Generator("cpu").manual_seed(seed) for seed in SEEDS]

    def draw(self):
        return torch.stack([torch.randn(SHAPE, generator=g) for g in self.generators]).double()


def lam(sigma):
    return -math.log(sigma)


def euler(x, s, noise):
    for a, b in zip(s, s[1:]):
        x = x + (x - denoise(x, a)) / a * (b - a)
    return x


def euler_a(x, s, noise):
    for a, b in zip(s, s[1:]):
        up = math.sqrt(b * b * (a * a - b * b) / (a * a))
        x = x + (x - denoise(x, a)) / a * (math.sqrt(b * b - up * up) - a)
        if b > 0:
            x = x + noise.draw() * up
    return x


def heun(x, s, noise):
    for a, b in zip(s, s[1:]):
        d = (x - denoise(x, a)) / a
        y = x + d * (b - a)
        x = y if b == 0 else x + (d + (y - denoise(y, b)) / b) / 2 * (b - a)
    return x


def dpmpp_2m(x, s, noise, sde=False):
    old = None
    for i, (a, b) in enumerate(zip(s, s[1:])):
        m = denoise(x, a)
        if b == 0:
            return m
        h = lam(b) - lam(a)
        c = 2 * h if sde else h
        slope = 0 if old is None else (m - old) * h / (lam(a) - lam(s[i - 1]))
        x = b / a * math.exp(h - c) * x + (1 - math.exp(-c)) * (m + slope / 2)
        if sde:
            x = x + noise.draw() * b * math.sqrt(1 - math.exp(-2 * h))
        old = m
    return x


def dpmpp_2m_sde(x, s, noise):
    return dpmpp_2m(x, s, noise, sde=True)


def ddim(x, s, noise):
    for a, b in zip(s, s[1:]):
        bar, next_bar = 1 / (1 + a * a), 1 / (1 + b * b)
        y, m = x * math.sqrt(bar), denoise(x, a)
        eps = (y - math.sqrt(bar) * m) / math.sqrt(1 - bar)
        x = (math.sqrt(next_bar) * m + math.sqrt(1 - next_bar) * eps) / math.sqrt(next_bar)
    return x


def lcm(x, s, noise):
    for a, b in zip(s, s[1:]):
        x = denoise(x, a)
        if b > 0:
            x = x + noise.draw() * b
    return x


def unipc_coefficients(r, h):
    """rho for the points r, data prediction, B(h) = h: R rho = b with b_k = k! phi_{k+1}(-h) ..., solved in numpy."""
    phi, factorial, b = math.expm1(-h) / -h - 1, 1, []
    for k in range(1, len(r) + 1):
        b.append(phi * factorial / -h)
        factorial *= k + 1
        phi = phi / -h - 1 / factorial
    return np.array([[p**k for p in r] for k in range(len(r))]), np.array(b)


def unipc_partial(x, s, steps_done):
    """x after `steps_done` predictor steps."""
    n, data, last = len(s) - 1, [], None
    for i in range(steps_done):
        m = denoise(x, s[i])
        if i:
            x = unipc_walk(last, data, m, i - 1, s, n)
        data.insert(0, m)
        last = x
        x = m if s[i + 1] == 0 else unipc_walk(x, data, None, i, s, n)
    return x


def unipc_walk(x, data, arrival, i, s, n):
    order, h = min(3, i + 1, n - i), lam(s[i + 1]) - lam(s[i])
    r = [(lam(s[i - k]) - lam(s[i])) / h for k in range(1, order)]
    d = [(data[k] - data[0]) / r[k - 1] for k in range(1, order)]
    matrix, b = unipc_coefficients(r + [1.0], h)
    if arrival is None:
        rho = [0.5] if order == 2 else np.linalg.solve(matrix[:-1, :-1], b[:-1]) if order > 2 else []
    else:
        rho = [0.5] if order == 1 else np.linalg.solve(matrix, b)
        d.append(arrival - data[0])
    return s[i + 1] / s[i] * x - math.expm1(-h) * data[0] + h * sum(float(c) * v for c, v in zip(rho, d))


def unipc(x, s, noise):
    return unipc_partial(x, s, len(s) - 1)


SAMPLERS = {f.__name__: f for f in (euler, euler_a, heun, dpmpp_2m, dpmpp_2m_sde, ddim, unipc, lcm)}


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
    for kind, sampler in (("dpmsolver++", "dpmpp_2m"), ("sde-dpmsolver++", "dpmpp_2m_sde")):
        scheduler = d.DPMSolverMultistepScheduler(**CONFIG, solver_order=2, algorithm_type=kind, solver_type="midpoint", final_sigmas_type="zero")
        yield check(sampler, through_diffusers(scheduler, x, s, True), ends[sampler])
    scheduler = d.UniPCMultistepScheduler(**CONFIG, solver_order=3, solver_type="bh1", final_sigmas_type="zero")
    # the last step of diffusers' bh1 is not a number at sigma 0: compare up to there
    yield check("unipc", through_diffusers(scheduler, x, s, True, steps=STEPS - 1), unipc_partial(x, s, STEPS - 1))


def check_on_whole_timesteps():
    """DDIM and LCM of diffusers know whole timesteps only: let them choose, and walk the same sigmas."""
    for name, scheduler in (
        ("ddim", diffusers.DDIMScheduler(**CONFIG, clip_sample=False, set_alpha_to_one=True, steps_offset=0)),
        # without the boundary weights, which we leave out
        ("lcm", diffusers.LCMScheduler(**CONFIG, clip_sample=False, set_alpha_to_one=True, timestep_scaling=1e9)),
    ):
        scheduler.set_timesteps(STEPS)
        sigmas, noise = [*TABLE[scheduler.timesteps.numpy()], 0.0], Noise()
        x = noise.draw() * sigmas[0]
        sample = (x / math.sqrt(1 + sigmas[0] ** 2)).float()
        generators = noise_after_start()
        for i, t in enumerate(scheduler.timesteps):
            full = sample.double() * math.sqrt(1 + sigmas[i] ** 2)
            eps = ((full - denoise(full, sigmas[i])) / sigmas[i]).float()
            options = {"generator": generators} if name == "lcm" else {}
            sample = scheduler.step(eps, t, sample, **options).prev_sample
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
    for name, sigmas in schedules(STEPS).items():
        sigmas = sigmas.tolist()
        results = {}
        for sampler, function in SAMPLERS.items():
            noise = Noise()
            noise.draw()
            results[sampler] = function(start * sigmas[0], sigmas, noise)
        worst = max(worst, *check_samplers(name, start * sigmas[0], sigmas, results))
        ends[name] = {sampler: rounded(end) for sampler, end in results.items()}
    worst = max(worst, *check_on_whole_timesteps())
    print(f"largest relative difference from diffusers: {worst:.1e}")
    data = {
        "steps": STEPS, "seed": SEEDS[0], "shape": SHAPE,
        "sigmas": {str(n): {k: rounded(v) for k, v in schedules(n).items()} for n in (1, 2, STEPS, 30)},
        "timesteps": [[float(s), float(timestep_at(s))] for s in (0.01, 0.03, 0.5, 1.0, 7.3, 14.6, 20.0)],
        "denoiser": list(denoiser_rows()), "noise": list(noise_rows()), "ends": ends,
    }
    OUT.write_text(json.dumps(data, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    main()
