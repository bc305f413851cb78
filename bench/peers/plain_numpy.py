# SPDX-License-Identifier: GPL-3.0-or-later
"""The model as an analyst writes it in NumPy: a loop over years, everything else an array over all paths.

Arrays of people are [path, region, sex, age]. No thought of caches, nothing in place.
"""
import numpy as np

from problem import Streams


def run(p, path0, n, source=Streams):
    """out[policy, scheme, {revenue, expenditure, balance}, year, region, path]."""
    eps = source(p, path0, n)
    drift, base = eps.once()
    people = np.broadcast_to(p.population, (n,) + p.population.shape)
    kappa = np.full(n, p.kappa)
    delta = p.drift + p.drift_se * drift
    x_f = np.full(n, p.fertility[2])
    u = np.full((n, p.R), p.migration[2])
    x_h, x_w, x_c, x_i = (np.full(n, ar[2]) for ar in (p.employment, p.wages, p.costs, p.returns))
    y_h, y_w, y_c = np.zeros((n, p.R)), np.zeros((n, p.R)), np.zeros((2, n, p.R))
    wage = np.ones((n, p.R)) * p.wage
    income = np.ones((n, p.R))
    cost = np.ones((2, n, p.R))
    factor = np.exp(p.base_sd[..., None, None] * base).transpose(0, 1, 3, 2)  # [scheme, account, path, region]
    published = p.expenditure + p.other_outgo
    spent = [np.maximum(0, (published[s] * factor[s, 1] - p.other_outgo[s] - p.major[s, 0] * p.revenue[s] * (factor[s, 0] - 1))
                        / p.expenditure[s]) for s in range(2)]
    own = [[p.balance[s] * factor[s, 2] for s in range(2)] for _ in p.policies]
    pool = [[np.zeros(n) for _ in range(2)] for _ in p.policies]
    out = np.zeros((len(p.policies), 2, 3, p.H, p.R, n))
    before = sums(p, people, 0)
    for t in range(1, p.H + 1):
        province, region = eps.year(t)
        province = p.lower @ province
        region = region.transpose(0, 2, 1)
        # people
        kappa = kappa + delta + p.sigma * province[0]
        x_f = p.fertility[0] * x_f + p.fertility[1] * province[1]
        u = p.migration[0] * u + p.migration[1] * region[0]
        m = np.exp(p.alpha + p.beta * kappa[:, None, None])[:, None] * p.mortality_factor[None, :, None, None]
        alive = np.zeros((n, p.R, 2, 101))
        alive[..., 1:] = people[..., :-1] * np.exp(-0.5 * (m[..., :-1] + m[..., 1:]))
        alive[..., 100] += people[..., 100] * np.exp(-m[..., 100])
        moves = ((p.migration_rate * p.fade[t] + u) * before[0])[..., None, None] * p.migration_share
        after = np.maximum(alive + moves, 0.5 * alive)
        mothers = ((people[:, :, 0] + after[:, :, 0]) / 2 * p.fertility_share).sum(axis=2)
        births = p.tfr_factor * p.tfr[t] * np.exp(x_f)[:, None] * mothers
        boys = births * p.sex_ratio[t] / (1 + p.sex_ratio[t])
        after[:, :, 0, 0] = (births - boys) * np.exp(-0.5 * m[:, :, 0, 0])
        after[:, :, 1, 0] = boys * np.exp(-0.5 * m[:, :, 1, 0])
        people = after
        now = sums(p, people, t)
        middle = [(a + b) / 2 for a, b in zip(before, now)]
        before = now
        total, a, q, a_cost, q_cost, res_cost, a_res, q_res = middle
        # economy
        x_h = p.employment[0] * x_h + p.employment[1] * province[2]
        y_h = p.employment_r[0] * y_h + p.employment_r[1] * region[1]
        x_w = p.wages[0] * x_w + p.wages[1] * province[3]
        y_w = p.wages_r[0] * y_w + p.wages_r[1] * region[2]
        x_c = p.costs[0] * x_c + p.costs[1] * province[4]
        x_i = p.returns[0] * x_i + p.returns[1] * province[5]
        gamma = p.growth[t] + x_w[:, None] + y_w
        wage = wage * np.exp(gamma)
        income = income * np.exp(gamma - p.income_gap)
        interest = np.maximum(p.floor, p.return_mean[t] + x_i)
        h = np.minimum(p.cap[t], np.exp(x_h[:, None] + y_h))
        # schemes
        act, ret = p.outside_contributors * h * a, p.outside_retirees * q
        res = p.enrolment * (total - h * a - q)
        members = (act + ret, res)
        exposure = (p.outside_contributors * h * a_cost + p.outside_retirees * q_cost,
                    p.enrolment * (res_cost - h * a_res - q_res))
        revenue = (act * wage * p.base_ratio * factor[0, 0] * p.rate * p.pooled_share,
                   res * p.financing * p.points[t] * income * factor[1, 0])
        credits = (p.retiree_credit * ret, 0.0)
        for s in range(2):
            y_c[s] = p.cost_r[s][0] * y_c[s] + p.cost_r[s][1] * region[3 + s]
            cost[s] = cost[s] * np.exp(p.elasticity[s] * gamma + p.excess[s, t] + x_c[:, None] + y_c[s])
            variance = np.log1p(p.cv[s] ** 2 / np.maximum(members[s], 1) + p.tau[s] ** 2)
            noise = np.where(members[s] >= 1, np.exp(np.sqrt(variance) * region[5 + s] - variance / 2), 1)
            expenditure = p.cost[s] * p.benefit[s, t] * cost[s] * exposure[s] * noise * spent[s]
            other = credits[s] + p.major[s, t] * revenue[s]
            for k in range(len(p.policies)):
                balance, own[k][s], pool[k][s] = settle(p, t - p.start[k], own[k][s], pool[k][s], interest, revenue[s],
                                                        expenditure, other)
                out[k, s, :, t - 1] = revenue[s].T, expenditure.T, balance.T
    return out


def sums(p, people, t):
    e, rho = p.e[t][:, None], p.rho[t]
    active, retired = people * (e * (1 - rho)), people * (e * rho)
    return [x.sum(axis=(2, 3)) for x in (people, active, retired, active * p.k_act, retired * p.k_ret, people * p.k_res,
                                         active * p.k_res, retired * p.k_res)]


def settle(p, age, own, pool, interest, revenue, expenditure, other):
    """A year of the accounts [path, region]; `age` is the year since the pool's start. -> balance by region, own, pool."""
    i = interest[:, None]
    net = revenue - expenditure - other
    if age < 0:
        middle = own + net / 2
        own = own + i * middle + p.spread * np.minimum(middle, 0) + net
        return own, own, pool
    if age == 0:
        moved = np.maximum(0, own)
        own, pool = own - moved, pool + moved.sum(axis=1)
    own = own * (1 + i) + p.spread * np.minimum(own, 0)
    whole = net.sum(axis=1)
    middle = pool + whole / 2
    pool = pool + interest * middle + p.spread * np.minimum(middle, 0) + whole
    gap = np.maximum(0, -pool)
    excess = np.maximum(0, expenditure - revenue)
    weight = np.where(excess.sum(axis=1, keepdims=True) > 0, excess, expenditure)
    own = own - gap[:, None] * weight / weight.sum(axis=1, keepdims=True)
    pool = pool + gap
    return own + pool[:, None] * expenditure / expenditure.sum(axis=1, keepdims=True), own, pool
