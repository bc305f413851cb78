# SPDX-License-Identifier: GPL-3.0-or-later
"""The model in Numba as well as we can write it: blocks of lanes side by side on all threads, the lane as innermost loop so that
the compiler makes vectors of it, own exponential and inverse normal for the same reason (the C library's are calls), ageing in
place, sums over ages as products of matrices (BLAS, which loops here don't reach), fastmath off. The random numbers are the
program's own streams.
"""
import math

import numpy as np
from numba import njit, prange, set_num_threads

LANES = 64
ROUNDER = 6755399441055744.0  # 1.5 * 2^52
C2, C3, C4, C5, C6, C7, C8, C9, C10, C11 = (float.fromhex(x) for x in (
    "0x1.0000000000001p-1", "0x1.5555555555556p-3", "0x1.5555555553d63p-5", "0x1.11111111109b3p-7", "0x1.6c16c1788bd90p-10",
    "0x1.a01a01a7c41d5p-13", "0x1.a019b90d2ae7ap-16", "0x1.71de0dae63bb3p-19", "0x1.289185613a3d6p-22", "0x1.af38a9b0ec855p-26"))
LN2_HI, LN2_LO = float.fromhex("0x1.62e42fefa3800p-1"), float.fromhex("0x1.ef35793c76730p-45")
U = np.uint64


@njit(cache=True)
def exp_rows(x, s, bits):
    """x <- exp(x), |x| < 700; s and bits are the same memory as floats and as integers."""
    for i in range(x.size):
        s[i] = x[i] * 1.4426950408889634 + ROUNDER
    for i in range(x.size):
        n = s[i] - ROUNDER
        r = (x[i] - n * LN2_HI) - n * LN2_LO
        r2 = r * r
        r4 = r2 * r2
        q = (C11 * r + C10) * r4 + ((C9 * r + C8) * r2 + (C7 * r + C6))
        q = q * r4 + ((C5 * r + C4) * r2 + (C3 * r + C2))
        x[i] = 1.0 + (r2 * q + r)
    for i in range(x.size):
        bits[i] = (bits[i] + 1023) << 52
    for i in range(x.size):
        x[i] *= s[i]


@njit(cache=True)
def normal_rows(u):
    """u <- inverse normal of u: Wichura's AS 241, its centre for all, its tails where they are met."""
    for i in range(u.size):
        q = u[i] - 0.5
        r = 0.180625 - q * q
        num = (((((((2509.0809287301226727 * r + 33430.575583588128105) * r + 67265.770927008700853) * r
                   + 45921.953931549871457) * r + 13731.693765509461125) * r + 1971.5909503065514427) * r
                + 133.14166789178437745) * r + 3.387132872796366608)
        den = (((((((5226.495278852854561 * r + 28729.085735721942674) * r + 39307.89580009271061) * r
                   + 21213.794301586595867) * r + 5394.1960214247511077) * r + 687.1870074920579083) * r
                + 42.313330701600911252) * r + 1.0)
        if abs(q) <= 0.425:
            u[i] = q * num / den
        else:
            p = u[i] if q < 0 else 1.0 - u[i]
            s = math.sqrt(-math.log(p))
            if s <= 5.0:
                s -= 1.6
                x = (((((((7.7454501427834140764e-4 * s + 0.0227238449892691845833) * s + 0.24178072517745061177) * s
                         + 1.27045825245236838258) * s + 3.64784832476320460504) * s + 5.7694972214606914055) * s
                      + 4.6303378461565452959) * s + 1.42343711074968357734) / (
                    ((((((1.05075007164441684324e-9 * s + 5.475938084995344946e-4) * s + 0.0151986665636164571966) * s
                        + 0.14810397642748007459) * s + 0.68976733498510000455) * s + 1.6763848301838038494) * s
                     + 2.05319162663775882187) * s + 1.0)
            else:
                s -= 5.0
                x = (((((((2.01033439929228813265e-7 * s + 2.71155556874348757815e-5) * s + 0.0012426609473880784386) * s
                         + 0.026532189526576123093) * s + 0.29656057182650489123) * s + 1.7848265399172913358) * s
                      + 5.4637849111641143699) * s + 6.6579046435011037772) / (
                    ((((((2.04426310338993978564e-15 * s + 1.4215117583164458887e-7) * s + 1.8463183175100546818e-5) * s
                        + 7.868691311456132591e-4) * s + 0.0148753612908506148525) * s + 0.13692988092273580531) * s
                     + 0.59983220655588793769) * s + 1.0)
            u[i] = -x if q < 0 else x


@njit(cache=True)
def philox_rows(seed, path0, block, stream, u):
    """u[4, lane]: the words of one block as uniforms."""
    for l in range(LANES):
        path = U(path0) + U(l)
        a, b, c, d = path & U(0xFFFFFFFF), path >> U(32), U(block), U(stream)
        k0, k1 = U(seed) & U(0xFFFFFFFF), U(seed) >> U(32)
        for _ in range(10):
            p0, p1 = a * U(0xD2511F53), c * U(0xCD9E8D57)
            a, b, c, d = (p1 >> U(32)) ^ b ^ k0, p1 & U(0xFFFFFFFF), (p0 >> U(32)) ^ d ^ k1, p0 & U(0xFFFFFFFF)
            k0, k1 = (k0 + U(0x9E3779B9)) & U(0xFFFFFFFF), (k1 + U(0xBB67AE85)) & U(0xFFFFFFFF)
        u[0, l] = (np.float64(np.int64(a)) + 0.5) * 2.0**-32
        u[1, l] = (np.float64(np.int64(b)) + 0.5) * 2.0**-32
        u[2, l] = (np.float64(np.int64(c)) + 0.5) * 2.0**-32
        u[3, l] = (np.float64(np.int64(d)) + 0.5) * 2.0**-32


@njit(cache=True)
def normals(seed, path0, year, stream, u):
    """u[8, lane]: draws 0 .. 7 of a stream."""
    philox_rows(seed, path0, year * 65536, stream, u[:4])
    philox_rows(seed, path0, year * 65536 + 1, stream, u[4:])
    normal_rows(u.reshape(-1))


@njit(cache=True)
def settle(age, spread, interest, own, pool, revenue, expenditure, net, balance):
    """A year of the accounts [region, lane]; `age` is the year since the pool's start."""
    R = own.shape[0]
    if age < 0:
        for r in range(R):
            for l in range(LANES):
                middle = own[r, l] + 0.5 * net[r, l]
                own[r, l] += interest[l] * middle + spread * min(middle, 0.0) + net[r, l]
        for r in range(R):
            for l in range(LANES):
                balance[r, l] = own[r, l]
        return
    whole, weight, spent = np.zeros(LANES), np.zeros(LANES), np.zeros(LANES)
    for r in range(R):
        for l in range(LANES):
            if age == 0:
                moved = max(own[r, l], 0.0)
                own[r, l] -= moved
                pool[l] += moved
            own[r, l] += interest[l] * own[r, l] + spread * min(own[r, l], 0.0)
            whole[l] += net[r, l]
            weight[l] += max(expenditure[r, l] - revenue[r, l], 0.0)
            spent[l] += expenditure[r, l]
    for l in range(LANES):
        middle = pool[l] + 0.5 * whole[l]
        pool[l] += interest[l] * middle + spread * min(middle, 0.0) + whole[l]
        gap = max(-pool[l], 0.0)
        pool[l] += gap
        whole[l] = gap / weight[l] if weight[l] > 0 else gap / spent[l]
        spent[l] = pool[l] / spent[l]
    for r in range(R):
        for l in range(LANES):
            part = max(expenditure[r, l] - revenue[r, l], 0.0) if weight[l] > 0 else expenditure[r, l]
            own[r, l] -= whole[l] * part
    for r in range(R):
        for l in range(LANES):
            balance[r, l] = own[r, l] + expenditure[r, l] * spent[l]


@njit(parallel=True, cache=True)
def run_blocks(seed, path0, H, R, ints, alpha, beta, q, lower, scalars, ar, k_start, tfr, fade, srb, growth, return_mean, points,
               major, benefit, elasticity, excess, cv, tau, fertility, psi, rate, v, population, weights, cap, tilt, enrolment,
               revenue_scale, cost_scale, published, other_start, revenue_start, balance_start, credit, base_sd, stream,
               base_stream, spent_start, out):
    for b in prange(out.shape[5] // LANES):
        first = path0 + b * LANES
        u = np.empty((8, LANES))
        drift = np.empty(LANES)
        n_policies = ints.shape[0] - 1
        factor = np.empty((2, 3, R, LANES))
        normals(seed, first, 0, ints[n_policies], u)
        drift[:] = u[0]
        for s in range(2):
            for a in range(3):
                for r in range(R):
                    normals(seed, first, 0, base_stream[s, a, r], u)
                    for l in range(LANES):
                        factor[s, a, r, l] = base_sd[s, a] * u[0, l]
        s_f = np.empty(factor.size)
        exp_rows(factor.reshape(-1), s_f, s_f.view(np.int64))
        for s in range(2):
            for r in range(R):
                for l in range(LANES):
                    other = other_start[s, r] + major[s, 0] * revenue_start[s, r] * (factor[s, 0, r, l] - 1)
                    factor[s, 1, r, l] = cost_scale[s, r] * max(
                        0.0, (published[s, r] * factor[s, 1, r, l] - other) / spent_start[s, r])
                    factor[s, 0, r, l] *= revenue_scale[s, r]
        own = np.empty((n_policies, 2, R, LANES))
        for k in range(n_policies):
            for s in range(2):
                for r in range(R):
                    for l in range(LANES):
                        own[k, s, r, l] = balance_start[s, r] * factor[s, 2, r, l]
        pool = np.zeros((n_policies, 2, LANES))
        people = np.empty((R, 202, LANES))
        for r in range(R):
            for g in range(2):
                for a in range(101):
                    people[r, 101 * g + a, :] = population[r, g, a]
        m, survive = np.empty((2, 101, LANES)), np.empty((2, 102, LANES))
        s_m, s_s = np.empty(m.size), np.empty(survive.size)
        before, now, mothers = np.zeros((R, 8, LANES)), np.empty((R, 8, LANES)), np.zeros((R, LANES))
        moves, half = np.empty(LANES), np.empty(LANES)
        for r in range(R):
            np.dot(weights[0, r], people[r], before[r])
            for a in range(15, 50):
                for l in range(LANES):
                    mothers[r, l] += fertility[a] * people[r, a, l]
        kappa, x_f = np.empty(LANES), np.empty((2, LANES))
        x = np.empty((4, LANES))
        for l in range(LANES):
            kappa[l] = k_start
            x_f[0, l] = scalars[3]
            for j in range(4):
                x[j, l] = ar[j, 2]
        y, un = np.zeros((4, R, LANES)), np.empty((R, LANES))
        un[:] = scalars[4]
        level = np.zeros((3, R, LANES))  # logarithms of wage, cost by scheme
        work, s_w = np.empty((4, R, LANES)), np.empty(4 * R * LANES)
        noise, s_n = np.empty((2, R, LANES)), np.empty(2 * R * LANES)
        eps, prov = np.empty((R, 8, LANES)), np.empty((6, LANES))
        interest, fert, s_x = np.empty(LANES), np.empty(LANES), np.empty(LANES)
        members, exposure, net = np.empty((2, R, LANES)), np.empty((2, R, LANES)), np.empty((R, LANES))
        ret = np.empty((R, LANES))
        revenue, expenditure, balance = np.empty((2, R, LANES)), np.empty((R, LANES)), np.empty((R, LANES))
        for t in range(1, H + 1):
            normals(seed, first, t, 0, u)
            for i in range(6):
                for l in range(LANES):
                    prov[i, l] = lower[i, 0] * u[0, l]
                for j in range(1, i + 1):
                    for l in range(LANES):
                        prov[i, l] += lower[i, j] * u[j, l]
            for r in range(R):
                normals(seed, first, t, stream[r], eps[r])
            for l in range(LANES):
                kappa[l] += scalars[0] + scalars[1] * drift[l] + scalars[2] * prov[0, l]
                x_f[0, l] = ar[4, 0] * x_f[0, l] + ar[4, 1] * prov[1, l]
                fert[l] = x_f[0, l]
            exp_rows(fert, s_x, s_x.view(np.int64))
            for g in range(2):
                for a in range(101):
                    for l in range(LANES):
                        m[g, a, l] = alpha[g, a] + beta[g, a] * kappa[l]
            exp_rows(m.reshape(-1), s_m, s_m.view(np.int64))
            for r in range(R):
                if r == 0 or q[r] != q[r - 1]:
                    for g in range(2):
                        for l in range(LANES):
                            survive[g, 0, l] = -0.5 * q[r] * m[g, 0, l]
                            survive[g, 101, l] = -q[r] * m[g, 100, l]
                        for a in range(1, 101):
                            for l in range(LANES):
                                survive[g, a, l] = -0.5 * q[r] * (m[g, a - 1, l] + m[g, a, l])
                    exp_rows(survive.reshape(-1), s_s, s_s.view(np.int64))
                leaving = False
                for l in range(LANES):
                    un[r, l] = ar[5, 0] * un[r, l] + ar[5, 1] * eps[r, 0, l]
                    moves[l] = (rate[r] * fade[t] + un[r, l]) * before[r, 0, l]
                    leaving |= moves[l] < 0
                for g in range(2):
                    here = people[r, 101 * g:101 * g + 101]
                    last, survive_last = here[100], survive[g, 101]
                    for l in range(LANES):
                        last[l] *= survive_last[l]
                    for a in range(100, 0, -1):
                        row, young, s, share = here[a], here[a - 1], survive[g, a], psi[g, a]
                        if a == 100:
                            for l in range(LANES):
                                alive = row[l] + young[l] * s[l]
                                after, least = alive + moves[l] * share, 0.5 * alive
                                row[l] = after if after > least else least
                        elif leaving:
                            for l in range(LANES):
                                alive = young[l] * s[l]
                                after, least = alive + moves[l] * share, 0.5 * alive
                                row[l] = after if after > least else least
                        else:
                            for l in range(LANES):
                                row[l] = young[l] * s[l] + moves[l] * share
                for l in range(LANES):
                    half[l] = 0.0
                for a in range(15, 50):
                    row, share = people[r, a], fertility[a]
                    for l in range(LANES):
                        half[l] += share * row[l]
                part = srb[t] / (1 + srb[t])
                for l in range(LANES):
                    births = 0.5 * v[r] * tfr[t] * fert[l] * (mothers[r, l] + half[l])
                    people[r, 0, l] = births * (1 - part) * survive[0, 0, l]
                    people[r, 101, l] = births * part * survive[1, 0, l]
                    mothers[r, l] = half[l]
                np.dot(weights[t, r], people[r], now[r])
            # economy
            for l in range(LANES):
                for j in range(4):
                    x[j, l] = ar[j, 0] * x[j, l] + ar[j, 1] * prov[2 + j, l]
                interest[l] = max(scalars[5], return_mean[t] + x[3, l])
            for r in range(R):
                for j in range(4):
                    for l in range(LANES):
                        y[j, r, l] = ar[6 + j, 0] * y[j, r, l] + ar[6 + j, 1] * eps[r, 1 + j, l]
                for l in range(LANES):
                    gamma = growth[t] + x[1, l] + y[1, r, l]
                    level[0, r, l] += gamma
                    level[1, r, l] += elasticity[0] * gamma + excess[0, t] + x[2, l] + y[2, r, l]
                    level[2, r, l] += elasticity[1] * gamma + excess[1, t] + x[2, l] + y[3, r, l]
                    work[0, r, l] = x[0, l] + y[0, r, l]
                    work[1, r, l] = level[0, r, l]
            exp_rows(work[:2].reshape(-1), s_w, s_w.view(np.int64))
            # schemes
            for r in range(R):
                for l in range(LANES):
                    h = min(work[0, r, l], cap[t, r])
                    total, a_, q_ = 0.5 * (before[r, 0, l] + now[r, 0, l]), 0.5 * (before[r, 1, l] + now[r, 1, l]), 0.5 * (
                        before[r, 2, l] + now[r, 2, l])
                    act, retired = tilt[0, r] * h * a_, tilt[1, r] * q_
                    ret[r, l] = retired
                    members[0, r, l] = act + retired
                    members[1, r, l] = enrolment[r] * (total - h * a_ - q_)
                    exposure[0, r, l] = tilt[0, r] * h * 0.5 * (before[r, 3, l] + now[r, 3, l]) + tilt[1, r] * 0.5 * (
                        before[r, 4, l] + now[r, 4, l])
                    exposure[1, r, l] = enrolment[r] * (0.5 * (before[r, 5, l] + now[r, 5, l]) - h * 0.5 * (
                        before[r, 6, l] + now[r, 6, l]) - 0.5 * (before[r, 7, l] + now[r, 7, l]))
                    revenue[0, r, l] = act * work[1, r, l] * factor[0, 0, r, l]
                    revenue[1, r, l] = members[1, r, l] * work[1, r, l] * points[t] * factor[1, 0, r, l]
            for s in range(2):
                for r in range(R):
                    for l in range(LANES):
                        n_members = members[s, r, l]
                        somebody = n_members >= 1
                        variance = cv[s] * cv[s] / max(n_members, 1.0) + tau[s] * tau[s]
                        # log1p by its series is as exact here (variance is far below 1) and keeps the loop a vector
                        z = variance / (2.0 + variance)
                        z2 = z * z
                        variance = 2.0 * z * (1.0 + z2 * (1.0 / 3 + z2 * (0.2 + z2 * (1.0 / 7 + z2 / 9))))
                        noise[s, r, l] = level[1 + s, r, l] + (
                            math.sqrt(variance) * eps[r, 5 + s, l] - 0.5 * variance if somebody else 0.0)
            exp_rows(noise.reshape(-1), s_n, s_n.view(np.int64))
            for s in range(2):
                for r in range(R):
                    for l in range(LANES):
                        expenditure[r, l] = noise[s, r, l] * factor[s, 1, r, l] * benefit[s, t] * exposure[s, r, l]
                    for l in range(LANES):
                        net[r, l] = (1 - major[s, t]) * revenue[s, r, l] - expenditure[r, l]
                        if s == 0:
                            net[r, l] -= credit[r] * ret[r, l]
                for k in range(n_policies):
                    settle(t - ints[k], scalars[6], interest, own[k, s], pool[k, s], revenue[s], expenditure, net, balance)
                    for r in range(R):
                        for l in range(LANES):
                            out[k, s, 0, t - 1, r, b * LANES + l] = revenue[s, r, l]
                            out[k, s, 1, t - 1, r, b * LANES + l] = expenditure[r, l]
                            out[k, s, 2, t - 1, r, b * LANES + l] = balance[r, l]
            before, now = now, before


def run(p, path0, n, threads=None):
    """out[policy, scheme, {revenue, expenditure, balance}, year, region, path]; n is filled up to whole blocks."""
    if threads:
        set_num_threads(threads)
    if p.income_gap or np.max(p.cv) ** 2 > 100:
        raise SystemExit("fast_numba: income gaps and very dispersed costs are not written")
    whole = (n + LANES - 1) // LANES * LANES
    out = np.empty((len(p.policies), 2, 3, p.H, p.R, whole))
    active, retired = p.e[:, :, None] * (1 - p.rho[:, None]), p.e[:, :, None] * p.rho[:, None]
    one = np.ones_like(active)
    weights = np.stack([one, active, retired, active * p.k_act, retired * p.k_ret, one * p.k_res, active * p.k_res,
                        retired * p.k_res], axis=2).reshape(p.H + 1, p.R, 8, 202)
    ar = np.array([p.employment, p.wages, p.costs, p.returns, p.fertility, p.migration, p.employment_r, p.wages_r,
                   p.cost_r[0], p.cost_r[1]])
    run_blocks(p.seed, path0, p.H, p.R, np.array(p.start + [p.drift_stream]), p.alpha, p.beta, p.mortality_factor, p.lower,
               np.array([p.drift, p.drift_se, p.sigma, p.fertility[2], p.migration[2], p.floor, p.spread]), ar, p.kappa, p.tfr,
               p.fade, p.sex_ratio, p.growth, p.return_mean, p.points, p.major, p.benefit, p.elasticity, p.excess, p.cv, p.tau,
               p.fertility_share, p.migration_share, p.migration_rate, p.tfr_factor, p.population, weights, p.cap,
               np.stack([p.outside_contributors, p.outside_retirees]), p.enrolment,
               np.stack([p.wage * p.base_ratio * p.rate * p.pooled_share, p.financing]), p.cost, p.expenditure + p.other_outgo,
               p.other_outgo, p.revenue, p.balance, p.retiree_credit, p.base_sd, p.stream, p.base_stream, p.expenditure, out)
    return out[..., :n]
