# SPDX-License-Identifier: GPL-3.0-or-later
"""The model in NumPy as well as we can write it: blocks of paths that stay in the caches, the path as fastest index,
survival once for all regions, ageing in place, the sums over ages as products of matrices (BLAS), logarithms of levels kept instead of
the levels, every large result written to memory that is there already.
"""
import numpy as np

from problem import Streams

BLOCK = 128


def run(p, path0, n, source=Streams, block=BLOCK):
    """out[policy, scheme, {revenue, expenditure, balance}, year, region, path]."""
    out = np.empty((len(p.policies), 2, 3, p.H, p.R, n))
    weights = weight_tables(p)
    for first in range(0, n, block):
        last = min(first + block, n)
        one_block(p, weights, source(p, path0 + first, last - first), last - first, out[..., first:last])
    return out


def weight_tables(p):
    """[year][region, sum, sex * age]: what people are multiplied by; the same on every path."""
    years = []
    for t in range(p.H + 1):
        e, rho = p.e[t][:, None, :], p.rho[t][None]
        active, retired, one = e * (1 - rho), e * rho, np.ones((p.R, 2, 101))
        table = np.stack([one, active, retired, active * p.k_act, retired * p.k_ret, one * p.k_res, active * p.k_res,
                          retired * p.k_res], axis=1)
        years.append(np.ascontiguousarray(table.reshape(p.R, 8, 202)))
    return years


def one_block(p, weights, eps, n, out):
    R = p.R
    drift, base = eps.once()
    people, spare = np.empty((R, 2, 101, n)), np.empty((R, 2, 100, n))
    people[:] = p.population[..., None]
    flat = people.reshape(R, 202, n)
    sums, before = np.empty((R, 8, n)), np.empty((R, 8, n))
    np.matmul(weights[0], flat, out=before)
    mothers_before = fertile(p, people)
    alike = np.all(p.mortality_factor == p.mortality_factor[0])
    log_m, survive = np.empty((2, 101, n)), np.empty((2, 100, n))
    kappa, delta = np.full(n, p.kappa), p.drift + p.drift_se * drift
    x_f, u = np.full(n, p.fertility[2]), np.full((R, n), p.migration[2])
    x_h, x_w, x_c, x_i = (np.full(n, ar[2]) for ar in (p.employment, p.wages, p.costs, p.returns))
    y_h, y_w, y_c = np.zeros((R, n)), np.zeros((R, n)), np.zeros((2, R, n))
    log_wage, log_cost = np.zeros((R, n)), np.zeros((2, R, n))
    base *= p.base_sd[..., None, None]
    factor = np.exp(base, out=base)
    col = lambda x: np.asarray(x)[..., None]
    published = p.expenditure + p.other_outgo
    spent = np.maximum(0, (col(published) * factor[:, 1] - col(p.other_outgo)
                           - col(p.major[:, :1] * p.revenue) * (factor[:, 0] - 1)) / col(p.expenditure))
    spent *= col(p.cost)
    revenue_factor = factor[:, 0] * col(np.stack([p.wage * p.base_ratio * p.rate * p.pooled_share * p.outside_contributors,
                                                  p.financing * p.enrolment]))
    own = [[col(p.balance[s]) * factor[s, 2] for s in range(2)] for _ in p.policies]
    pool = [[np.zeros(n) for _ in range(2)] for _ in p.policies]
    tilt = np.stack([p.outside_contributors, p.outside_retirees])
    for t in range(1, p.H + 1):
        province, region = eps.year(t)
        province = p.lower @ province
        # people
        kappa += delta
        kappa += p.sigma * province[0]
        np.multiply(col(p.beta), kappa, out=log_m)
        log_m += col(p.alpha)
        m = np.exp(log_m, out=log_m)
        x_f *= p.fertility[0]
        x_f += p.fertility[1] * province[1]
        u *= p.migration[0]
        region[0] *= p.migration[1]
        u += region[0]
        moves = (u + col(p.migration_rate * p.fade[t])) * before[:, 0]
        for r in range(R):
            q = p.mortality_factor[r]
            if r == 0 or not alike:
                np.add(m[:, :-1], m[:, 1:], out=survive)
                survive *= -0.5 * q
                np.exp(survive, out=survive)
                survive_open = np.exp(-q * m[:, 100])
                newborn = np.exp(-0.5 * q * m[:, 0])
            here = people[r]
            old = here[:, 100] * survive_open
            alive = spare[r]
            np.multiply(here[:, :-1], survive, out=alive)
            alive[:, 99] += old
            here = here[:, 1:]
            np.multiply(p.migration_share[:, 1:, None], moves[r], out=here)
            here += alive
            if moves[r].min() < 0:
                alive *= 0.5
                np.maximum(here, alive, out=here)
        mothers = fertile(p, people)
        births = col(0.5 * p.tfr_factor * p.tfr[t]) * np.exp(x_f) * (mothers_before + mothers)
        mothers_before = mothers
        part = p.sex_ratio[t] / (1 + p.sex_ratio[t])
        if alike:
            people[:, 0, 0] = births * (1 - part) * newborn[0]
            people[:, 1, 0] = births * part * newborn[1]
        else:
            people[:, 0, 0] = births * (1 - part) * np.exp(-0.5 * col(p.mortality_factor) * m[0, 0])
            people[:, 1, 0] = births * part * np.exp(-0.5 * col(p.mortality_factor) * m[1, 0])
        np.matmul(weights[t], flat, out=sums)
        before += sums
        before *= 0.5
        total, a, q, a_cost, q_cost, res_cost, a_res, q_res = (before[:, j] for j in range(8))
        # economy
        for x, ar, d in ((x_h, p.employment, 2), (x_w, p.wages, 3), (x_c, p.costs, 4), (x_i, p.returns, 5)):
            x *= ar[0]
            x += ar[1] * province[d]
        for y, ar, d in ((y_h, p.employment_r, 1), (y_w, p.wages_r, 2), (y_c[0], p.cost_r[0], 3), (y_c[1], p.cost_r[1], 4)):
            y *= ar[0]
            region[d] *= ar[1]
            y += region[d]
        gamma = x_w + y_w
        gamma += p.growth[t]
        log_wage += gamma
        wage = np.exp(log_wage)
        interest = np.maximum(p.floor, p.return_mean[t] + x_i)
        h = np.exp(x_h + y_h)
        np.minimum(h, col(p.cap[t]), out=h)
        # schemes
        h_a = h * a
        ret = col(tilt[1]) * q
        res = total - h_a
        res -= q
        members = (col(tilt[0]) * h_a + ret, col(p.enrolment) * res)
        a_cost = a_cost * h
        a_cost *= col(tilt[0])
        a_cost += col(tilt[1]) * q_cost
        res_cost = res_cost - h * a_res
        res_cost -= q_res
        res_cost *= col(p.enrolment)
        exposure = (a_cost, res_cost)
        for s in range(2):
            revenue, expenditure = out[:, s, 0, t - 1], out[:, s, 1, t - 1]
            revenue, expenditure = revenue[0], expenditure[0]
            np.multiply(h_a if s == 0 else res, revenue_factor[s], out=revenue)
            if s == 0:
                revenue *= wage
            else:
                wage *= p.points[t]
                if p.income_gap:
                    wage *= np.exp(-p.income_gap * t)
                revenue *= wage
            log_cost[s] += p.elasticity[s] * gamma
            log_cost[s] += x_c + p.excess[s, t]
            log_cost[s] += y_c[s]
            variance = np.maximum(members[s], 1)
            np.divide(p.cv[s] ** 2, variance, out=variance)
            variance += p.tau[s] ** 2
            np.log1p(variance, out=variance)
            noise = np.sqrt(variance)
            noise *= region[5 + s]
            variance *= 0.5
            noise -= variance
            noise[members[s] < 1] = 0
            noise += log_cost[s]
            np.exp(noise, out=noise)
            noise *= spent[s]
            noise *= p.benefit[s, t]
            np.multiply(noise, exposure[s], out=expenditure)
            net = (1 - p.major[s, t]) * revenue
            net -= expenditure
            if s == 0:
                net -= col(p.retiree_credit) * ret
            for k in range(len(p.policies)):
                if k > 0:
                    out[k, s, 0, t - 1] = revenue
                    out[k, s, 1, t - 1] = expenditure
                settle(p, t - p.start[k], own[k][s], pool[k][s], interest, revenue, expenditure, net, out[k, s, 2, t - 1])
        before, sums = sums, before


def fertile(p, people):
    return np.matmul(p.fertility_share[15:50], people[:, 0, 15:50])


def settle(p, age, own, pool, interest, revenue, expenditure, net, balance):
    """A year of the accounts [region, path], in place; `age` is the year since the pool's start."""
    if age < 0:
        middle = 0.5 * net
        middle += own
        own += net
        own += interest * middle
        if p.spread:
            own += p.spread * np.minimum(middle, 0)
        balance[:] = own
        return
    if age == 0:
        moved = np.maximum(0, own)
        own -= moved
        pool += moved.sum(axis=0)
    if p.spread:
        extra = p.spread * np.minimum(own, 0)
        own *= 1 + interest
        own += extra
    else:
        own *= 1 + interest
    whole = net.sum(axis=0)
    middle = pool + 0.5 * whole
    pool += interest * middle + p.spread * np.minimum(middle, 0) + whole
    gap = np.maximum(0, -pool)
    if gap.any():
        weight = np.maximum(0, expenditure - revenue)
        total = weight.sum(axis=0)
        nobody = total <= 0
        if nobody.any():
            weight = np.where(nobody, expenditure, weight)
            total = weight.sum(axis=0)
        weight *= gap / total
        own -= weight
        pool += gap
    np.multiply(expenditure, pool / expenditure.sum(axis=0), out=balance)
    balance += own
