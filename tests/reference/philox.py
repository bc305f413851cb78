# SPDX-License-Identifier: GPL-3.0-or-later
"""Random numbers of the model: Philox4x32-10 by counter, uniforms, normals and chi-squares by inverse CDF.

Written from the published algorithm (Salmon et al., 2011) and the model's description of its streams; shares no code
with the program that it checks. Paths are an array, everything else a number.
"""
import math
from statistics import NormalDist

import numpy as np

MASK = np.uint64(0xFFFFFFFF)
MULTIPLIER = (np.uint64(0xD2511F53), np.uint64(0xCD9E8D57))
WEYL = (0x9E3779B9, 0xBB67AE85)


def philox4x32(counter, key):
    """Ten rounds. counter: four arrays (or numbers) of 32-bit words in uint64; key: two integers."""
    c = [np.asarray(x, dtype=np.uint64) for x in counter]
    k = list(key)
    for _ in range(10):
        p0, p1 = MULTIPLIER[0] * c[0], MULTIPLIER[1] * c[2]
        high0, low0 = p0 >> np.uint64(32), p0 & MASK
        high1, low1 = p1 >> np.uint64(32), p1 & MASK
        c = [high1 ^ c[1] ^ np.uint64(k[0]), low1, high0 ^ c[3] ^ np.uint64(k[1]), low0]
        k = [(k[0] + WEYL[0]) & 0xFFFFFFFF, (k[1] + WEYL[1]) & 0xFFFFFFFF]
    return c


def self_test():
    """The known answers that come with Random123."""
    cases = [
        ((0, 0, 0, 0), (0, 0), (0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8)),
        ((0xFFFFFFFF,) * 4, (0xFFFFFFFF,) * 2, (0x408F276D, 0x41C83B0E, 0xA20BC7C6, 0x6D5451FD)),
        ((0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344), (0xA4093822, 0x299F31D0),
         (0xD16CFE09, 0x94FDCCEB, 0x5001E420, 0x24126EA1)),
    ]
    for counter, key, answer in cases:
        found = tuple(int(x) for x in philox4x32(counter, key))
        if found != answer:
            raise SystemExit(f"philox4x32: found {found}, expected {answer}")
    if fnv1a("a") != 0xE40C292C:
        raise SystemExit("fnv1a: wrong value")
    for nu, p, x in ((2.0, 0.5, 2 * math.log(2)), (4.0, 0.95, 9.487729036781154), (8.0, 0.01, 1.6464973726907688)):
        if abs(chi_square_inverse(np.array([p]), nu)[0] / x - 1) > 1e-12:
            raise SystemExit(f"chi-square: wrong inverse at p = {p}, nu = {nu}")


def fnv1a(text):
    """FNV-1a, 32 bits."""
    h = 0x811C9DC5
    for byte in text.encode("utf-8"):
        h = ((h ^ byte) * 0x01000193) & 0xFFFFFFFF
    return h


def uniform(seed, paths, year, stream, draw):
    """u of one draw for every path; year is t - t0."""
    paths = np.asarray(paths, dtype=np.uint64)
    counter = (paths & MASK, paths >> np.uint64(32), np.uint64(year * 65536 + draw // 4), np.uint64(stream))
    words = philox4x32(counter, (seed & 0xFFFFFFFF, seed >> 32))
    return (np.broadcast_to(words[draw % 4], paths.shape).astype(np.float64) + 0.5) * 2.0**-32


def normal(seed, paths, year, stream, draw):
    """Standard normal of one draw for every path."""
    inverse = NormalDist().inv_cdf
    return np.array([inverse(u) for u in uniform(seed, paths, year, stream, draw)])


def _lower_gamma(a, x):
    """Regularised lower incomplete gamma P(a, x) of arrays x > 0, by its series (all terms positive)."""
    term = np.full_like(x, 1.0 / a)
    total = term.copy()
    n = 0
    while np.any(term > total * 1e-17):
        n += 1
        term = term * x / (a + n)
        total = total + term
    return total * np.exp(a * np.log(x) - x - math.lgamma(a))


def _upper_gamma(a, x):
    """Regularised upper incomplete gamma Q(a, x), x > a + 1, by its continued fraction (modified Lentz)."""
    b = x + 1 - a
    c = np.full_like(x, 1e300)
    d = 1 / b
    h = d.copy()
    for i in range(1, 1000):
        an = -i * (i - a)
        b = b + 2
        d = 1 / (an * d + b)
        c = b + an / c
        h = h * (d * c)
        if np.all(np.abs(d * c - 1) < 1e-16):
            break
    return h * np.exp(a * np.log(x) - x - math.lgamma(a))


def chi_square_inverse(p, nu):
    """x with P(chi-square_nu <= x) = p: bisection, then Newton steps; the smaller tail decides, so that both are exact."""
    a = nu / 2

    def error(x):  # CDF - p, from the tail that keeps its digits
        low = _lower_gamma(a, np.minimum(x, a + 1))
        high = _upper_gamma(a, np.maximum(x, a + 1.0000001))
        return np.where(x <= a + 1, low - p, (1 - p) - high)

    lo, hi = np.zeros_like(p), np.full_like(p, 4 * a + 200.0)
    for _ in range(60):
        middle = (lo + hi) / 2
        below = error(middle) < 0
        lo, hi = np.where(below, middle, lo), np.where(below, hi, middle)
    x = (lo + hi) / 2
    for _ in range(3):
        x = x - error(x) / np.exp((a - 1) * np.log(x) - x - math.lgamma(a))
    return 2 * x
