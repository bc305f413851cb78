# SPDX-License-Identifier: GPL-3.0-or-later
"""What the peers share: the problem as arrays from a results file's /inputs, random streams in NumPy, statistics, the check.

The peers redo people, economy and both schemes of scenarios/zhejiang, and two policies: every city alone, and one fund
from a year on. They know no shocks, levers, Student's t, closed migration, second membership rule or parameters drawn once a path,
and say so.
"""
import json
from statistics import NormalDist

import h5py
import numpy as np

try:
    from scipy.special import ndtri as inverse_normal
except ImportError:  # enough for a check
    def inverse_normal(u):
        return np.array([NormalDist().inv_cdf(x) for x in u.ravel()]).reshape(u.shape)

SCHEMES = ("employee", "resident")
QUANTILES = (0.005, 0.01, 0.05, 0.10, 0.25, 0.50, 0.75, 0.90, 0.95, 0.99, 0.995)


class Problem:
    """Numbers of a run; arrays over year index 0 .. H, region, sex, age."""

    def __init__(self, filename):
        with h5py.File(filename) as file:
            g = file["inputs"]
            texts = lambda name: [x.decode() if isinstance(x, bytes) else str(x) for x in g[name][()]]
            number = dict(zip(texts("parameters/parameter"), g["parameters/value"][()]))
            series = dict(zip(texts("series/series"), g["series/value"][()]))
            timelines = dict(zip(texts("policies/policy"), (json.loads(x) for x in texts("policies/timeline"))))
            self.seed, self.base_year, self.H = (int(file.attrs[k]) for k in ("seed", "base_year", "horizon"))
            for name in ("alpha", "beta", "fertility_share", "migration_rate", "migration_share", "mortality_factor",
                         "population", "tfr_factor"):
                setattr(self, name, g["people"][name][()])
            for name in ("base_ratio", "cost", "disposable_income", "enrolment", "expenditure", "financing", "other_outgo",
                         "outside_contributors", "outside_retirees", "pooled_share", "rate", "retiree_credit", "revenue",
                         "wage", "balance"):
                setattr(self, name, g["calibration"][name][()])
            self.e, self.rho = g["membership/membership_fraction"][0], g["membership/retired_part"][0]
            self.cap = g["membership/employment_cap"][0]
            self.k_act, self.k_ret, self.k_res = (g["membership/age_cost_" + k][()]
                                                  for k in ("contributor", "retiree", "resident"))
            self.stream, self.base_stream = g["drivers/region_stream"][()], g["drivers/base_uncertainty_stream"][()]
            self.drift_stream = int(g["drivers"].attrs["drift_stream"])
            self.lower = np.linalg.cholesky(g["drivers/correlation"][()])
            unknown = [what for what, there in (
                ("shocks", "shocks" in g), ("correlated regions", "drivers/region_correlation" in g),
                ("Student's t", g["drivers"].attrs["student_nu"] > 0), ("closed migration", number["migration.closed"]),
                ("a shift of health", number["membership.health_shift"]), ("a second rule", len(g["membership/rule"]) > 1),
                ("financing by table or step", number["resident.financing"]),
                ("credits that follow the wage", number["employee.credit_wage_linked"]),
                ("accounts without other outgo", not number["employee.expenditure_includes_other"]
                 or not number["resident.expenditure_includes_other"])) if there]
            unknown += [f"a drawn {key[:-3]}" for key, value in number.items()
                        if key.endswith("_se") and key != "mortality.drift_se" and value > 0]
        self.R = len(self.stream)
        ar1 = lambda key, sep=".": (number[key + sep + "phi"], number[key + sep + "sigma"], number.get(key + sep + "start", 0.0))
        self.fertility, self.migration = ar1("fertility"), ar1("migration")
        self.employment, self.employment_r = ar1("employment"), ar1("employment.regional", "_")
        self.wages, self.wages_r, self.returns = ar1("wages"), ar1("wages.regional", "_"), ar1("returns")
        self.costs = ar1("cost")
        self.cost_r = [ar1(f"cost.{s}.regional", "_") for s in SCHEMES]
        self.kappa, self.drift, self.drift_se, self.sigma = (number["mortality." + k]
                                                             for k in ("kappa", "drift", "drift_se", "sigma"))
        self.tfr, self.sex_ratio, self.fade = (series[k] for k in ("fertility.tfr", "fertility.sex_ratio", "migration.fade"))
        self.growth, self.return_mean = series["wages.growth"], series["returns.mean"]
        self.floor, self.spread, self.income_gap = (number[k] for k in ("returns.floor", "returns.spread", "wages.income_gap"))
        self.major = np.array([series[s + ".major_illness"] for s in SCHEMES])
        self.benefit = np.array([series[s + ".benefit"] for s in SCHEMES])
        self.elasticity = np.array([number[f"cost.{s}.elasticity"] for s in SCHEMES])
        year = np.arange(self.H + 1)
        self.excess = np.array([number[f"cost.{s}.excess_long_run"] + (
            number[f"cost.{s}.excess"] - number[f"cost.{s}.excess_long_run"]) * number[f"cost.{s}.decay"] ** (year - 1.0)
            for s in SCHEMES])
        points = series["resident.financing_points"].copy()
        points[0] = 0
        self.points = np.exp(np.cumsum(points))
        self.cv, self.tau = (np.array([number[f"claims.{s}.{k}"] for s in SCHEMES]) for k in ("cv", "tau"))
        self.base_sd = np.array([[number[f"base_uncertainty.{s}.{a}"] for a in ("revenue", "expenditure", "balance")]
                                 for s in SCHEMES])
        self.policies = list(timelines)
        self.start = []  # [policy] year index from which all cities are one fund; H + 1: never
        for name, timeline in timelines.items():
            starts = []
            for s in SCHEMES:
                stack = [(phase["from"], [list(x)[0] for x in phase["layers"]]) for phase in timeline[s] if phase["layers"]]
                unknown += [f"{name}: {x}" for _, names in stack for x in names if x not in ("none", "unified")]
                unknown += [f"{name}: a lever" for phase in timeline[s] if phase["levers"]]
                starts.append(next((y - self.base_year for y, names in stack if "unified" in names), self.H + 1))
            unknown += [f"{name}: schemes differ"] if starts[0] != starts[1] else []
            self.start.append(starts[0])
        if unknown:
            raise SystemExit("the peers don't know: " + ", ".join(map(str, unknown)))


# ---- random streams in NumPy -------------------------------------------------------------------------------------------


def philox_words(seed, paths, block, streams):
    """Four uint64 arrays [stream, path] of 32-bit words of one block of each stream."""
    mask, m0, m1 = np.uint64(0xFFFFFFFF), np.uint64(0xD2511F53), np.uint64(0xCD9E8D57)
    shift = np.uint64(32)
    shape = (len(streams), len(paths))
    c0 = np.broadcast_to((paths & mask)[None], shape).copy()
    c1 = np.broadcast_to((paths >> shift)[None], shape).copy()
    c2 = np.full(shape, block, np.uint64)
    c3 = np.broadcast_to(np.asarray(streams, np.uint64)[:, None], shape).copy()
    k0, k1 = seed & 0xFFFFFFFF, seed >> 32
    for _ in range(10):
        p0, p1 = c0 * m0, c2 * m1
        c0, c1, c2, c3 = (p1 >> shift) ^ c1 ^ np.uint64(k0), p1 & mask, (p0 >> shift) ^ c3 ^ np.uint64(k1), p0 & mask
        k0, k1 = (k0 + 0x9E3779B9) & 0xFFFFFFFF, (k1 + 0xBB67AE85) & 0xFFFFFFFF
    return c0, c1, c2, c3


def normals(seed, paths, year, streams, n_draws):
    """The model's normals [draw, stream, path]: inverse normal of counter-based uniforms."""
    words = []
    for block in range((n_draws + 3) // 4):
        words += philox_words(seed, paths, year * 65536 + block, streams)
    return inverse_normal((np.stack(words[:n_draws]) + 0.5) * 2.0**-32)


class Streams:
    """The same numbers as the program's, path by path."""

    def __init__(self, problem, path0, n):
        self.p, self.paths = problem, np.arange(path0, path0 + n, dtype=np.uint64)

    def once(self):
        """drift [path], base accounts [scheme, account, region, path]."""
        p = self.p
        base = normals(p.seed, self.paths, 0, p.base_stream.reshape(-1), 1)[0]
        return normals(p.seed, self.paths, 0, [p.drift_stream], 1)[0, 0], base.reshape(p.base_stream.shape + (-1,))

    def year(self, t):
        """province [6, path] before correlation, regions [7, region, path]."""
        p = self.p
        return normals(p.seed, self.paths, t, [0], 6)[:, 0], normals(p.seed, self.paths, t, p.stream, 7)


class OwnGenerator:
    """NumPy's fastest normals instead: what an analyst would take who need not match anybody's paths."""

    def __init__(self, problem, path0, n):
        self.p, self.n, self.g = problem, n, np.random.Generator(np.random.SFC64(path0 + 1))

    def once(self):
        return self.g.standard_normal(self.n), self.g.standard_normal(self.p.base_stream.shape + (self.n,))

    def year(self, t):
        return self.g.standard_normal((6, self.n)), self.g.standard_normal((7, self.p.R, self.n))


# ---- statistics and check ------------------------------------------------------------------------------------------------


def statistics(cells):
    """Mean, sd and quantiles over paths of cells [..., path]."""
    return cells.mean(axis=-1), cells.std(axis=-1, ddof=1), np.quantile(cells, QUANTILES, axis=-1)


def summarize(out):
    """out[policy, scheme, {revenue, expenditure, balance}, year 1 .. H, region, path] -> the statistics of every policy, of both
    schemes and both together, of every region and the whole: flows, balances, months of reserve, P(in debt)."""
    table = {}
    for k in range(out.shape[0]):
        for view, rows in (("employee", out[k, 0]), ("resident", out[k, 1]), ("both", out[k, 0] + out[k, 1])):
            rows = np.concatenate([rows, rows.sum(axis=2, keepdims=True)], axis=2)
            for name, cells in (("revenue", rows[0]), ("expenditure", rows[1])):
                table[k, view, name] = cells.mean(axis=-1), cells.std(axis=-1, ddof=1)
            table[k, view, "balance"] = statistics(rows[2])
            table[k, view, "months"] = statistics(12 * rows[2] / rows[1])
            table[k, view, "in debt"] = (rows[2] < 0).mean(axis=-1)
    return table


def saved(filename):
    """Paths that the file keeps."""
    with h5py.File(filename) as file:
        return len(file["paths/people/path"])


def check(filename, problem, out, n):
    """Largest difference from the saved paths of the file, relative to the cell (balances: to the larger of it and revenue)."""
    worst = 0.0
    with h5py.File(filename) as file:
        for k, policy in enumerate(problem.policies):
            for s, scheme in enumerate(SCHEMES):
                scale = None
                for f, name in enumerate(("revenue", "expenditure", "balance")):
                    ours = file[f"paths/{policy}/{scheme}/{name}"][:n, :problem.R]  # [path, region, year]
                    theirs = out[k, s, f, :, :, :n].transpose(2, 1, 0)
                    size = np.abs(ours) if f < 2 else np.maximum(np.abs(ours), scale)
                    scale = size if f == 0 else scale
                    worst = max(worst, float(np.max(np.abs(ours - theirs) / np.where(size > 0, size, 1))))
    return worst
