"""The samplers of ComfyUI and of newer papers, in float64."""
import math

import numpy as np
import scipy.integrate

from sampling_formulas import *


def heunpp2(x, s, noise):
    n = len(s) - 1
    for i in range(n):
        points = s[i:min(i + 3, n)]
        slopes, y = [slope(x, points[0])], x
        for a, b in zip(points, points[1:]):
            y = y + slopes[-1] * (b - a)
            slopes.append(slope(y, b))
        w = [p / (len(points) * s[0]) for p in points[1:]]
        x = x + ((1 - sum(w)) * slopes[0] + sum(c * d for c, d in zip(w, slopes[1:]))) * (s[i + 1] - s[i])
    return x


def ddpm(x, s, noise):
    for a, b in zip(s, s[1:]):
        bar, next_bar = 1 / (1 + a * a), 1 / (1 + b * b)
        alpha, y, eps = bar / next_bar, x * math.sqrt(bar), slope(x, a)
        y = (y - (1 - alpha) * eps / math.sqrt(1 - bar)) / math.sqrt(alpha)
        if b > 0:
            y = y + math.sqrt((1 - alpha) * (1 - next_bar) / (1 - bar)) * noise.draw()
        x = y / math.sqrt(next_bar)
    return x


EVEN = {1: [1], 2: [3 / 2, -1 / 2], 3: [23 / 12, -16 / 12, 5 / 12], 4: [55 / 24, -59 / 24, 37 / 24, -9 / 24]}


def plms(x, s, noise):
    old = []
    for i, (a, b) in enumerate(zip(s, s[1:])):
        old = [slope(x, a)] + old[:3]
        if i == 0 and b > 0:
            d = (old[0] + slope(x + old[0] * (b - a), b)) / 2
        else:
            d = sum(c * v for c, v in zip(EVEN[len(old)], old))
        x = x + d * (b - a)
    return x


def ipndm(x, s, noise):
    old = []
    for a, b in zip(s, s[1:]):
        old = [slope(x, a)] + old[:3]
        x = denoise(x, a) if b == 0 else x + (b - a) * sum(c * v for c, v in zip(EVEN[len(old)], old))
    return x


def ipndm_v(x, s, noise):
    old = []
    for i, (a, b) in enumerate(zip(s, s[1:])):
        old, m = [slope(x, a)] + old[:3], denoise(x, a)
        h = [s[i - k + 1] - s[i - k] for k in range(len(old))]
        w = [1.0]
        if len(old) > 1:
            w = [(2 + h[0] / h[1]) / 2, -h[0] / h[1] / 2]
        if len(old) > 2:  # as its authors published it, without the brackets of Adams-Bashforth
            t = (1 - h[0] / (3 * (h[0] + h[1])) * (h[0] * (h[0] + h[1])) / (h[1] * (h[1] + h[2]))) / 2
            w = [w[0] + t, w[1] - (1 + h[1] / h[2]) * t, t * h[1] / h[2]]
        if len(old) > 3:
            u = ((1 - h[0] / (3 * (h[0] + h[1]))) / 2 + (1 - h[0] / (2 * (h[0] + h[1]))) * h[0] / (6 * (h[0] + h[1] + h[2])))
            u *= h[0] * (h[0] + h[1]) * (h[0] + h[1] + h[2]) / (h[1] * (h[1] + h[2]) * (h[1] + h[2] + h[3]))
            q = h[1] * (h[1] + h[2]) / (h[2] * (h[2] + h[3]))
            w = [w[0] + u, w[1] - (1 + h[1] / h[2] + q) * u, w[2] + (h[1] / h[2] + q * (1 + h[2] / h[3])) * u, -u * q * h[1] / h[2]]
        x = m if b == 0 else x + (b - a) * sum(c * v for c, v in zip(w, old))
    return x


def vp_time(sigma):
    low, high = np.log(0.002**2 + 1), np.log(80.0**2 + 1)
    d = 2 * (low / 1e-3 - high) / (1e-3 - 1)
    b = high - d / 2
    return (np.sqrt(b * b + 2 * d * np.log(sigma**2 + 1)) - b) / d


def deis(x, s, noise):
    old = []
    for i, (a, b) in enumerate(zip(s, s[1:])):
        old = [slope(x, a)] + old[:2]
        if b == 0:
            return x + old[0] * (b - a)
        t, w = [vp_time(s[i - k]) for k in range(len(old))], []
        for j in range(len(old)):
            basis = lambda v: math.prod((vp_time(v) - t[k]) / (t[j] - t[k]) for k in range(len(old)) if k != j)
            w.append(scipy.integrate.quad(basis, a, b, epsabs=1e-12, epsrel=1e-12)[0])
        x = x + sum(c * v for c, v in zip(w, old))
    return x


def gradient_estimation(x, s, noise):
    old = None
    for a, b in zip(s, s[1:]):
        d, m = slope(x, a), denoise(x, a)
        x = m if b == 0 else x + d * (b - a) + (0 if old is None else (d - old) * (b - a))
        old = d
    return x


def res_multistep(x, s, noise, eta=0.0, cfg_pp=False):
    """Weights by quadrature: the line through the last two estimates, times the exponential of the linear part."""
    old = last = None
    for a, b in zip(s, s[1:]):
        m = denoise(x, a)
        u = negative_of(m) if cfg_pp else m
        down, up = ancestral(a, b, eta) if eta else (b, 0.0)
        if down == 0 or old is None:
            x = m + down / a * (x - u)
        else:
            h = math.log(a / down)
            ago = -math.log(last[0] / last[1])  # where the old estimate lies, as ComfyUI measures it: the way down of its step
            line = [scipy.integrate.quad(lambda v: math.exp(v - h) * (v - other) / (mine - other), 0, h, epsabs=1e-13, epsrel=1e-13)[0]
                    for mine, other in ((0.0, ago), (ago, 0.0))]
            x = down / a * (x + m - u) + line[0] * u + line[1] * old
        if up > 0:
            x = x + up * noise.draw()
        old, last = u, (a, down)
    return x


def res_multistep_a(x, s, noise):
    return res_multistep(x, s, noise, eta=1.0)


def er_sde(x, s, noise):
    scale = lambda v: v * (np.exp(v**0.3) + 10.0)
    old = old_d = None
    for i, (a, b) in enumerate(zip(s, s[1:])):
        m = denoise(x, a)
        if b == 0:
            return m
        r = float(scale(b) / scale(a))
        x = r * x + (1 - r) * m
        if i >= 1:
            width = (a - b) / 200
            points = b + np.arange(200) * width
            d = (m - old) / (a - s[i - 1])
            x = x + float(b - a + np.sum(1 / scale(points)) * width * scale(b)) * d
            if i >= 2:
                u = (d - old_d) / ((a - s[i - 2]) / 2)
                x = x + float((b - a) ** 2 / 2 + np.sum((points - a) / scale(points)) * width * scale(b)) * u
            old_d = d
        x = x + noise.draw() * math.sqrt(max(0.0, b * b - a * a * r * r))
        old = m
    return x


def adams_weights(points, start, end, tau):
    """(1 + tau²) ∫ exp((1 + tau²)(u − end)) times the Lagrange polynomials through `points`, from start to end."""
    rate = 1 + tau * tau
    result = []
    for j, p in enumerate(points):
        f = lambda u: rate * math.exp(rate * (u - end)) * math.prod((u - q) / (p - q) for k, q in enumerate(points) if k != j)
        result.append(scipy.integrate.quad(f, start, end, epsabs=1e-13, epsrel=1e-13)[0])
    return result


def sa_solver(x, s, noise, pece=False):
    tau_at = lambda v: float(sigma_at(0.2 * 999) <= v <= sigma_at(0.8 * 999))
    n, data, guess, fresh, tau = len(s) - 1, [], x, 0, 0
    for i in range(n):
        m = denoise(guess, s[i])
        data = (data + [m])[-4:]
        if i == 0 or (s[i + 1] == 0 and not pece):
            x = guess
        else:
            order, h = min(4, len(data), n - i), lam(s[i]) - lam(s[i - 1])
            w = adams_weights([lam(v) for v in s[i - order + 1:i + 1]], lam(s[i - 1]), lam(s[i]), tau)
            x = s[i] / s[i - 1] * math.exp(-tau * tau * h) * x + sum(c * v for c, v in zip(w, data[-order:])) + fresh
            if pece:
                data[-1] = denoise(x, s[i])
        if s[i + 1] == 0:
            return data[-1]
        order, h, tau = min(3, len(data), n - 1 - i), lam(s[i + 1]) - lam(s[i]), tau_at(s[i + 1])
        w = adams_weights([lam(v) for v in s[i - order + 1:i + 1]], lam(s[i]), lam(s[i + 1]), tau)
        fresh = noise.draw() * s[i + 1] * math.sqrt(1 - math.exp(-2 * h)) if tau else 0
        guess = s[i + 1] / s[i] * math.exp(-tau * tau * h) * x + sum(c * v for c, v in zip(w, data[-order:])) + fresh
    return guess


def sa_solver_pece(x, s, noise):
    return sa_solver(x, s, noise, pece=True)


def seeds(x, s, noise, nodes, eta=1.0, midpoint=False):
    """Stages of the reverse SDE along lambda: estimates as a line through the first and the last of them, integrated by
    quadrature (midpoint: as a constant, the estimate half way on that line); one path of noise through all stages."""
    for a, b in zip(s, s[1:]):
        first = denoise(x, a)
        if b == 0:
            return first
        h, fresh, variance = math.log(a / b), 0, 0.0
        point, y, other = 0.0, x, None
        for node in nodes:
            if point > 0:
                other = denoise(y, a * math.exp(-point * h))
            end = node * h
            if other is None or midpoint:
                half = 0.0 if other is None else end / (2 * point * h)
                weights = [(1 - half) * -math.expm1(-(1 + eta) * end), half * -math.expm1(-(1 + eta) * end)]
            else:
                weights = adams_weights([0.0, point * h], 0.0, end, math.sqrt(eta))
            y = math.exp(-(1 + eta) * end) * x + weights[0] * first + (weights[1] * other if other is not None else 0)
            if eta > 0:  # in units of the sigma that is reached the path forgets with rate eta
                kept = math.exp(-eta * (node - point) * h)
                fresh, variance = kept * fresh + math.sqrt(1 - kept**2) * noise.draw(), kept**2 * variance + 1 - kept**2
                assert abs(variance - (1 - math.exp(-2 * eta * end))) < 1e-12
                y = y + a * math.exp(-end) * fresh
            point = node
        x = y
    return x


def seeds_2(x, s, noise):
    return seeds(x, s, noise, (1 / 2, 1), midpoint=True)


def seeds_3(x, s, noise):
    return seeds(x, s, noise, (1 / 3, 2 / 3, 1))


def exp_heun_2_x0(x, s, noise):
    return seeds(x, s, noise, (1, 1), eta=0.0)


def exp_heun_2_x0_sde(x, s, noise):
    return seeds(x, s, noise, (1, 1))


def tcd(x, s, noise, gamma=0.3):
    for a, b in zip(s, s[1:]):
        m, d = denoise(x, a), slope(x, a)
        if b == 0:
            return m
        down = min(b, sigma_at(math.floor((1 - gamma) * timestep_at(b) + 1e-3)))
        x = m + d * down + math.sqrt(b * b - down * down) * noise.draw()
    return x


def restart(x, s, noise):
    """With A1111's settings."""
    karras = lambda n, low, high: [float(np.float32(v)) for v in (high ** (1 / 7) + np.linspace(0, 1, n) * (low ** (1 / 7) - high ** (1 / 7))) ** 7] + [0.0]
    legs = list(zip(s, s[1:]))
    if len(legs) >= 20:
        times, length = (1, 9) if len(legs) < 36 else (2, len(legs) // 4)
        k = karras(len(legs) - length * times, s[-2], s[0])
        bottom, top = (min(range(len(k)), key=lambda i: abs(k[i] - v)) for v in (0.1, 2))
        again = karras(length + 1, k[bottom], k[top])[:-1]
        legs = list(zip(k, k[1:bottom + 1])) + list(zip(again, again[1:])) * times + list(zip(k[bottom:], k[bottom + 1:]))
    last = None
    for a, b in legs:
        if last is not None and last < a:
            x = x + noise.draw() * math.sqrt(a * a - last * last)
        d, last = slope(x, a), b
        y = x + d * (b - a)
        x = y if b == 0 else x + (d + slope(y, b)) / 2 * (b - a)
    return x
