"""The samplers that every program has, in float64, written from their papers."""
import math

import numpy as np

from sampling_formulas import *


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


def dpmpp_2m_sde_plain(x, s, noise):
    """With draws in place of a Brownian path, as in diffusers."""
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


def unipc_coefficients(r, h, bh2):
    """rho for the points r, data prediction, B(h) = h or e^h - 1: R rho = b with b_k = k! phi_{k+1}(-h) ..., solved in numpy."""
    scale = math.expm1(-h) if bh2 else -h
    phi, factorial, b = math.expm1(-h) / -h - 1, 1, []
    for k in range(1, len(r) + 1):
        b.append(phi * factorial / scale)
        factorial *= k + 1
        phi = phi / -h - 1 / factorial
    return np.array([[p**k for p in r] for k in range(len(r))]), np.array(b), scale


def unipc_partial(x, s, steps_done, bh2=False):
    """x after `steps_done` predictor steps."""
    n, data, last = len(s) - 1, [], None
    for i in range(steps_done):
        m = denoise(x, s[i])
        if i:
            x = unipc_walk(last, data, m, i - 1, s, n, bh2)
        data.insert(0, m)
        last = x
        x = m if s[i + 1] == 0 else unipc_walk(x, data, None, i, s, n, bh2)
    return x


def unipc_walk(x, data, arrival, i, s, n, bh2):
    order, h = min(3, i + 1, n - i), lam(s[i + 1]) - lam(s[i])
    r = [(lam(s[i - k]) - lam(s[i])) / h for k in range(1, order)]
    d = [(data[k] - data[0]) / r[k - 1] for k in range(1, order)]
    matrix, b, scale = unipc_coefficients(r + [1.0], h, bh2)
    if arrival is None:
        rho = [0.5] if order == 2 else np.linalg.solve(matrix[:-1, :-1], b[:-1]) if order > 2 else []
    else:
        rho = [0.5] if order == 1 else np.linalg.solve(matrix, b)
        d.append(arrival - data[0])
    return s[i + 1] / s[i] * x - math.expm1(-h) * data[0] - scale * sum(float(c) * v for c, v in zip(rho, d))


def unipc(x, s, noise):
    return unipc_partial(x, s, len(s) - 1)


def unipc_bh2(x, s, noise):
    return unipc_partial(x, s, len(s) - 1, bh2=True)
