"""The samplers that walk on with the negative prompt's estimate (Chung et al. 2024, CFG++), in float64."""
import math

from newer_samplers import res_multistep
from sampling_formulas import *


def cfg_pp(x, s, noise, eta):
    for a, b in zip(s, s[1:]):
        m = denoise(x, a)
        down, up = ancestral(a, b, eta)
        x = m + down * (x - negative_of(m)) / a
        if up > 0:
            x = x + up * noise.draw()
    return x


def euler_cfg_pp(x, s, noise):
    return cfg_pp(x, s, noise, 0.0)


def euler_a_cfg_pp(x, s, noise):
    return cfg_pp(x, s, noise, 1.0)


def ddim_cfg_pp(x, s, noise):
    return cfg_pp(x, s, noise, 0.0)


def dpmpp_2s_a_cfg_pp(x, s, noise):
    """The halves of the step differ only in the picture they go to."""
    for a, b in zip(s, s[1:]):
        m = denoise(x, a)
        noisy = x - negative_of(m)
        down, up = ancestral(a, b)
        middle = math.sqrt(a * down)
        end = m if down == 0 else denoise(m + middle / a * noisy, middle)
        x = end + down / a * (noisy + m - end)
        if up > 0:
            x = x + up * noise.draw()
    return x


def dpmpp_2m_cfg_pp(x, s, noise):
    old = None
    for i, (a, b) in enumerate(zip(s, s[1:])):
        m = denoise(x, a)
        slope = 0 if old is None or b == 0 else (m - old) * math.log(a / b) / math.log(s[i - 1] / a)
        x = m + b / a * (x - negative_of(m)) + (1 - b / a) * slope / 2
        old = negative_of(m)
    return x


def gradient_estimation_cfg_pp(x, s, noise):
    old = None
    for a, b in zip(s, s[1:]):
        m = denoise(x, a)
        d = (x - negative_of(m)) / a
        x = m if b == 0 else m + b * d + (0 if old is None else (b - a) * (d - old))
        old = d
    return x


def res_multistep_cfg_pp(x, s, noise):
    return res_multistep(x, s, noise, cfg_pp=True)


def res_multistep_a_cfg_pp(x, s, noise):
    return res_multistep(x, s, noise, eta=1.0, cfg_pp=True)
