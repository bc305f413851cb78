# SPDX-License-Identifier: GPL-3.0-or-later
"""The model before pooling, written a second time: drivers, people, membership, economy, schemes, calibration.

Arrays run over paths first: people are [path, region, sex, age], a year's flows [path, region]. Everything is in plain
NumPy and in the order of the model's own description, not of the program's.
"""
import csv
import io
import json

import h5py
import numpy as np

import philox

EMPLOYEE, RESIDENT = 0, 1
SCHEMES = ("employee", "resident")


def over(a, b, otherwise=0.0):
    """a / b, `otherwise` where b is not above 0: a carve-out has no residents."""
    a, b = np.broadcast_arrays(np.asarray(a, float), np.asarray(b, float))
    return np.where(b > 0, a / np.where(b > 0, b, 1), otherwise)


class Inputs:
    """/inputs of a results file by name."""

    def __init__(self, filename):
        with h5py.File(filename) as file:
            self.attributes = dict(file.attrs)
            self.data = {}
            file["inputs"].visititems(self._keep)
            self.drivers = dict(file["inputs/drivers"].attrs)
        self.seed = int(self.attributes["seed"])
        self.base_year, self.horizon = int(self.attributes["base_year"]), int(self.attributes["horizon"])
        self.regions = self.texts("calibration/input_region")
        self.numbers = dict(zip(self.texts("parameters/parameter"), self["parameters/value"]))
        self.series = dict(zip(self.texts("series/series"), self["series/value"]))
        self.policies = self.texts("policies/policy")
        self.timelines = [json.loads(text) for text in self.texts("policies/timeline")]
        self.partitions = dict(zip(self.texts("policies/partition"), self["policies/group_of"]))
        # region among whose people the members of a carve-out are counted; all others count their own
        host = np.asarray(self.data.get("people/host", -np.ones(len(self.regions))), int)
        self.home = np.where(host >= 0, host, np.arange(len(self.regions)))
        self.age_groups = sorted({(int(p["from_age"]), int(p["to_age"])) for timeline in self.timelines for phases in
                                  timeline.values() for phase in phases for item in phase["levers"] for p in item.values()
                                  if "from_age" in p})
        for name in ("people", "membership", "calibration"):
            setattr(self, name, {k.split("/")[1]: v for k, v in self.data.items() if k.startswith(name + "/")})

    def _keep(self, name, item):
        if isinstance(item, h5py.Dataset):
            self.data[name] = item[()]

    def __getitem__(self, name):
        return self.data[name]

    def __contains__(self, name):
        return name in self.data

    def texts(self, name):
        return [x.decode("utf-8") if isinstance(x, bytes) else str(x) for x in self.data[name]]

    def lodgers(self, x):
        """Sums over carve-outs of x[..., region], at their hosts."""
        out = np.zeros_like(x)
        for c in np.flatnonzero(self.home != np.arange(len(self.home))):
            out[..., self.home[c]] += x[..., c]
        return out

    def stress(self, key, nothing=0.0):
        """A sure deviation by year, `nothing` in files without the section."""
        return self.series.get("stress." + key, np.full(self.horizon + 1, nothing))

    def stress_factor(self, scheme, flow):
        """[year, region]: factors on a flow, those of the scheme times those of the regions that the stress names."""
        local = np.zeros(len(self.regions), bool)
        for text in self.texts("files/override"):
            if text.startswith("stress.local.regions="):
                local[:] = False
                for name in text.split("=", 1)[1].replace(",", " ").split():
                    local[self.largest() if name == "largest" else self.regions.index(name)] = True
        there = self.stress("local." + flow, 1.0)
        if np.any(there != 1) and not local.any():
            raise ValueError("stress.local without regions among the overrides: written in the scenario, where this does not look")
        return self.stress(f"{scheme}.{flow}", 1.0)[:, None] * np.where(local, there[:, None], 1)

    def largest(self):
        """The region with the most members of the employee scheme."""
        table = region_table(self)
        return int(np.argmax(table("employee_contributors") + table("employee_retirees")))

    def ar1(self, prefix, separator="."):
        """phi, sigma, start of an AR(1) whose parameters share a prefix."""
        key = prefix + separator
        return self.numbers[key + "phi"], self.numbers[key + "sigma"], self.numbers.get(key + "start", 0.0)


# ---- drivers -----------------------------------------------------------------------------------------------------------


class Drivers:
    """Standard normals after correlation; all zero on the central path (paths None)."""

    def __init__(self, inputs, paths):
        self.inputs, self.paths = inputs, paths
        self.central = paths is None
        self.n = 1 if self.central else len(paths)
        self.lower = np.linalg.cholesky(inputs["drivers/correlation"])
        self.region_lower = None
        if "drivers/region_correlation" in inputs:
            self.region_lower = np.linalg.cholesky(inputs["drivers/region_correlation"])
        self.clipped, self.kept = 0, {}

    def normal(self, stream, draw, year=0):
        if self.central:
            return np.zeros(self.n)
        return philox.normal(self.inputs.seed, self.paths, year, int(stream), draw)

    def uniform(self, stream, draw, year):
        return philox.uniform(self.inputs.seed, self.paths, year, int(stream), draw)

    def province(self, year):
        """kappa, fertility, employment, wages, cost, returns: [6][path]."""
        return self._once(("province", year), self._province, year)

    def region(self, year):
        """migration, employment, wages, cost (employee, resident), claims (employee, resident): [7][path, region]."""
        return self._once(("region", year), self._region, year)

    def _once(self, key, draw, year):
        if key not in self.kept:
            self.kept[key] = draw(year)
        return self.kept[key]

    def parameter(self, key, error, region=False):
        """What an uncertain parameter is off by on each path; error: key of its standard error."""
        se = self.inputs.numbers[error]
        if not region:
            return se * (self.normal(philox.fnv1a("param:" + key), 0) if se > 0 else np.zeros(self.n))
        own = [self.normal(philox.fnv1a(f"param:{key}@{r}"), 0) if se > 0 else np.zeros(self.n) for r in self.inputs.regions]
        return se * np.stack(own, axis=1)

    def drawn_ar1(self, section):
        """phi and sigma of each path."""
        phi, sigma, _ = self.inputs.ar1(section)
        if self.inputs.numbers[section + ".phi_se"] > 0:
            phi = np.clip(phi + self.parameter(section + ".phi", section + ".phi_se"), -0.99, 0.99)
        return phi, sigma * np.exp(self.parameter(section + ".sigma", section + ".sigma_se"))

    def trend(self, key, mean, error, fade, other=None, correlation=0):
        """[path, region] by year: growth of a level since the base year, the whole's and the region's own. other: a parameter
        that the whole's draw is correlated with."""
        numbers, section = self.inputs.numbers, key.split(".")[0]
        own = self.parameter(key, f"{section}.{error}")
        if other and numbers[f"{section}.{error}"] > 0:
            drawn = self.normal(philox.fnv1a("param:" + other), 0)
            own = correlation * numbers[f"{section}.{error}"] * drawn + np.sqrt(1 - correlation ** 2) * own
        growth = numbers[f"{section}.{mean}"] + own[:, None] + self.parameter(key, f"{section}.regional_{error}", region=True)
        return [growth * self.inputs.series[f"{section}.{fade}"][1:t + 1].sum() for t in range(self.inputs.horizon + 1)]

    def _province(self, year):
        if self.central:
            return np.zeros((6, 1))
        eps = self.lower @ np.array([self.normal(0, d, year) for d in range(6)])
        nu = float(self.inputs.drivers["student_nu"])
        if nu > 0:
            chi2 = philox.chi_square_inverse(self.uniform(0, 6, year), nu)
            eps = eps * np.sqrt((nu - 2) / chi2)
            self.clipped += int((np.abs(eps) > 6).sum())
            eps = np.clip(eps, -6, 6)
        return eps

    def _region(self, year):
        streams = self.inputs["drivers/region_stream"]
        eps = np.array([np.stack([self.normal(s, d, year) for s in streams], axis=1) for d in range(7)])
        if self.region_lower is not None:
            for d in np.flatnonzero(self.inputs["drivers/region_correlated"]):
                eps[d] = eps[d] @ self.region_lower.T
        return eps


def check_streams(inputs):
    """Numbers of the streams that come from names."""
    names = [("mortality.drift", inputs.drivers["drift_stream"])]
    if "drivers/base_uncertainty_stream" in inputs:
        for s, scheme in enumerate(SCHEMES):
            for a, account in enumerate(("revenue", "expenditure", "balance")):
                for r, region in enumerate(inputs.regions):
                    names.append((f"base_uncertainty.{scheme}.{account}@{region}",
                                  inputs["drivers/base_uncertainty_stream"][s, a, r]))
    wrong = sum(philox.fnv1a("param:" + name) != int(stream) for name, stream in names)
    if "drivers/uncertain_stream" in inputs:
        for name, stream in zip(inputs.texts("drivers/uncertain_parameter"), inputs["drivers/uncertain_stream"]):
            wrong += philox.fnv1a(name) != int(stream)
    if "drivers/shock_stream" in inputs:
        for name, stream in zip(inputs.texts("drivers/shock_instance"), inputs["drivers/shock_stream"]):
            wrong += philox.fnv1a(name) != int(stream)
    return wrong


# ---- 1 people ----------------------------------------------------------------------------------------------------------


def survivors(people, m):
    """[path, region, sex, age] a year older, before migration; m the same shape. Age 0 is left empty."""
    out = np.zeros_like(people)
    out[..., 1:] = people[..., :-1] * np.exp(-0.5 * (m[..., :-1] + m[..., 1:]))
    out[..., 100] += people[..., 100] * np.exp(-m[..., 100])
    return out


def life_expectancy(m, age):
    """Years left at `age` with death rates m[..., age] constant inside an age."""
    alive, years = np.ones(m.shape[:-1]), np.zeros(m.shape[:-1])
    for a in range(age, 100):
        rate = m[..., a]
        years += alive * np.where(rate > 0, -np.expm1(-rate) / np.where(rate > 0, rate, 1), 1)
        alive = alive * np.exp(-rate)
    return years + alive / m[..., 100]


def run_people(inputs, drivers, closed_weight):
    """Lists over years of people [path, region, sex, age] at 31 December and of the health shift [path, 1, sex], and the number of
    bounded cohorts. closed_weight None: weights from the path's own populations."""
    p, number, series = inputs.people, inputs.numbers, inputs.series
    n, n_regions = drivers.n, len(inputs.regions)
    people = np.broadcast_to(p["population"], (n, n_regions, 2, 101)).copy()
    kappa = np.full(n, number["mortality.kappa"])
    delta = number["mortality.drift"] + number["mortality.drift_se"] * drivers.normal(inputs.drivers["drift_stream"], 0)
    phi_f, sigma_f, start_f = inputs.ar1("fertility")
    phi_u, sigma_u, start_u = inputs.ar1("migration")
    x_f, u = np.full(n, start_f), np.full((n, n_regions), start_u)

    year = 0
    above = inputs.stress("mortality") + np.cumsum(inputs.stress("mortality_drift"))

    def table():  # death rates [path, sex, age] of the run, before a region's factor
        return np.exp(p["alpha"] + p["beta"] * (kappa + above[year])[:, None, None])

    # the health shift reads the life expectancy of the run's own table: silent in the model, the program's reading
    e60_start = life_expectancy(table(), 60)
    history, shift, bounded = [people], [np.zeros((n, 1, 2))], 0
    for t in range(1, inputs.horizon + 1):
        province, region, year = drivers.province(t), drivers.region(t), t
        kappa = kappa + delta + number["mortality.sigma"] * province[0]
        x_f = phi_f * x_f + sigma_f * province[1]
        u = phi_u * u + sigma_u * region[0]
        m = table()[:, None] * p["mortality_factor"][None, :, None, None]
        total = people.sum(axis=(2, 3))
        rate = p["migration_rate"] * series["migration.fade"][t] + u
        if number["migration.closed"]:
            weight = total / total.sum(axis=1, keepdims=True) if closed_weight is None else closed_weight[t]
            rate = rate - (weight * rate).sum(axis=1, keepdims=True)
        rate = rate + inputs.stress("migration")[t]
        alive = survivors(people, m)
        moves = (rate * total)[..., None, None] * p["migration_share"]
        bounded += int((moves < -0.5 * alive).sum())
        after = alive + np.maximum(moves, -0.5 * alive)
        mothers = ((people[:, :, 0] + after[:, :, 0]) / 2 * p["fertility_share"]).sum(axis=2)
        births = p["tfr_factor"] * series["fertility.tfr"][t] * np.exp(x_f)[:, None] * mothers
        boys = births * series["fertility.sex_ratio"][t] / (1 + series["fertility.sex_ratio"][t])
        after[:, :, 0, 0] = (births - boys) * np.exp(-0.5 * m[:, :, 0, 0])
        after[:, :, 1, 0] = boys * np.exp(-0.5 * m[:, :, 1, 0])
        people = after
        history.append(people)
        shift.append(number["membership.health_shift"] * (life_expectancy(table(), 60) - e60_start)[:, None])
    return history, shift, bounded


def closed_weights(history):
    """Shares of P(t-1) on the central path, year 0 as year 1."""
    totals = [people[0].sum(axis=(1, 2)) for people in history]
    return np.array([totals[max(t - 1, 0)] / totals[max(t - 1, 0)].sum() for t in range(len(totals))])


# ---- 2 membership ------------------------------------------------------------------------------------------------------


def retired_part(inputs, pension_age):
    """rho[year, sex, age] from pension_age[year, category: men, women cadres, women workers]."""
    age = np.arange(101)
    part = np.clip(age + 1 - pension_age[:, :, None], 0, 1)
    cadres = inputs.numbers["membership.women_cadres"]
    return np.stack([cadres * part[:, 1] + (1 - cadres) * part[:, 2], part[:, 0]], axis=1)


def pension_ages(inputs, rule):
    """[year, category] of a rule from its table among the input files, with the shift and the stress; None: no table found. They rise
    by at most one year a year, whatever is added."""
    wanted = inputs.texts("membership/rule")[rule].split(",")[0]
    shift = inputs.numbers["membership.pension_age_shift"] if wanted == "scenario" else 0
    names = ["pension_age.csv", "../pension_age.csv"] if wanted == "scenario" else [wanted]
    for name, text in zip(inputs.texts("files/name"), inputs.texts("files/text")):
        if name not in names:
            continue
        rows = list(csv.DictReader(io.StringIO(text.lstrip("\ufeff"))))
        years = np.arange(inputs.base_year, inputs.base_year + inputs.horizon + 1)
        out = np.stack([np.interp(years, [float(r["year"]) for r in rows], [float(r[c]) for r in rows])
                        for c in ("men", "women_cadres", "women_workers")], axis=1)
        if shift == 0 and not np.any(inputs.stress("pension_age")):
            return out
        for t in range(1, inputs.horizon + 1):
            out[t] = np.minimum(out[t] + shift + inputs.stress("pension_age")[t], out[t - 1] + 1)
        return out
    return None


def membership_later(inputs, start, vesting):
    """e[year, region, age] from the base year's; vesting[year]: the share that stays at 60."""
    lock_in = int(inputs.numbers["membership.lock_in_age"])
    trend = inputs.series["membership.trend"]
    e = np.zeros((inputs.horizon + 1,) + start.shape)
    e[0] = start
    for t in range(1, inputs.horizon + 1):
        e[t, :, :lock_in] = start[:, :lock_in] * trend[t]
        e[t, :, lock_in:] = e[t - 1, :, lock_in - 1:-1]
        e[t, :, 60] *= vesting[t]
    return e


def base_profile(inputs, profile, lam, mu):
    """e[age] = min(cap, M p) with the level on a line from lock-in to 60."""
    lock_in, age = inputs.numbers["membership.lock_in_age"], np.arange(101)
    up = np.clip((age - lock_in) / (60 - lock_in), 0, 1) if lock_in < 60 else (age >= 60) * 1.0
    return np.minimum(inputs.numbers["membership.cap"], (lam + (mu - lam) * up) * profile)


def exposure_sums(inputs, people, shift, e, rho):
    """The nine sums of one date, and the cost sums of age groups under (group, name): dictionary of [path, region]."""
    m = inputs.membership
    age = np.arange(101.0)

    def index(name):
        k = m["age_cost_" + name]
        if inputs.numbers["membership.health_shift"] == 0:
            return k
        return np.interp(age - shift[..., None], age, k)  # linear between ages, flat outside

    act, ret, res = index("contributor"), index("retiree"), index("resident")
    folk = people[:, inputs.home]
    active, retired = folk * (e[:, None] * (1 - rho)), folk * (e[:, None] * rho)

    def total(x):
        return x.sum(axis=(2, 3))

    costs = {"resident_cost": people * res, "contributor_cost": active * act, "retiree_cost": retired * ret,
             "contributor_rcost": active * res, "retiree_rcost": retired * res}
    groups = {((lo, hi), name): total(x[..., lo:hi + 1]) for lo, hi in inputs.age_groups for name, x in costs.items()}
    return {**groups, "population": total(people), "aged": people[..., 60:].sum(axis=(2, 3)), "resident_cost": total(people * res),
            "contributors": total(active), "retirees": total(retired), "contributor_cost": total(active * act),
            "retiree_cost": total(retired * ret), "contributor_rcost": total(active * res),
            "retiree_rcost": total(retired * res)}


def more_retirees(inputs, drivers, sums, e, rho):
    """Retirees beyond what the cohorts give, in place in sums[year]: all of them members still, so at most all their people."""
    trend = drivers.trend("membership.retirees", "retirees_trend", "retirees_se", "retirees_fade", "employment.trend",
                          inputs.numbers["membership.retirees_correlation"])
    for t in range(1, inputs.horizon + 1):
        most = np.max(e[t][:, None] * rho[t], axis=(1, 2))
        factor = np.minimum(np.maximum(1, over(1, most, 1)), np.exp(trend[t]))
        for key in sums[t]:
            if (key[1] if isinstance(key, tuple) else key) in ("retirees", "retiree_cost", "retiree_rcost"):
                sums[t][key] = sums[t][key] * factor


# ---- 3 economy ---------------------------------------------------------------------------------------------------------


def run_economy(inputs, drivers):
    """Years 0 .. H: list of dictionaries: interest, discount [path]; employment, wage, income [path, region]; cost, shock factors
    and claims normals [scheme][path, region]."""
    number, series = inputs.numbers, inputs.series
    n, n_regions = drivers.n, len(inputs.regions)
    shape = (n, n_regions)
    x = {}  # AR(1) states
    for name in ("employment", "wages", "cost", "returns"):
        x[name] = np.full(n, inputs.ar1(name)[2])
    for name in ("employment.regional", "wages.regional", "cost.employee.regional", "cost.resident.regional"):
        x[name] = np.zeros(shape)

    drawn = {name: drivers.drawn_ar1(name) for name in ("employment", "wages", "cost", "returns")}
    more = drivers.trend("employment.trend", "trend", "trend_se", "trend_fade")
    growth_error = drivers.parameter("wages.growth", "wages.growth_se")
    mean_error = drivers.parameter("returns.mean", "returns.mean_se")
    excess_error = {key: drivers.parameter(key, key + "_se") for scheme in SCHEMES
                    for key in (f"cost.{scheme}.excess", f"cost.{scheme}.excess_long_run")}

    def step(name, separator, eps):
        phi, sigma = drawn[name] if name in drawn else inputs.ar1(name, separator)[:2]
        x[name] = phi * x[name] + sigma * eps
        return x[name]

    log_wage, log_income, log_cost = np.zeros(shape), np.zeros(shape), np.zeros((2,) + shape)
    shocks = Shocks(inputs, drivers)
    floor = number["returns.floor"]
    discount = np.ones(n)
    ones = np.ones((2,) + shape)
    years = [{"interest": np.maximum(floor, series["returns.mean"][0] + x["returns"]), "discount": discount,
              "employment": np.ones(shape), "wage": np.ones(shape) * inputs.calibration["wage"], "income": np.ones(shape),
              "cost": ones, "shock_revenue": ones, "shock_expenditure": ones, "claims": np.zeros((2,) + shape)}]
    for t in range(1, inputs.horizon + 1):
        _, _, eps_h, eps_w, eps_c, eps_i = drivers.province(t)
        region = drivers.region(t)
        employment = np.exp(step("employment", ".", eps_h)[:, None] + step("employment.regional", "_", region[1]) + more[t]
                            + inputs.stress("employment")[t])
        gamma = series["wages.growth"][t] + growth_error[:, None] + step("wages", ".", eps_w)[:, None] + step("wages.regional", "_", region[2])
        log_wage = log_wage + gamma
        log_income = log_income + gamma - number["wages.income_gap"]
        shared = step("cost", ".", eps_c)[:, None]
        grown = []
        for s, scheme in enumerate(SCHEMES):
            key = f"cost.{scheme}."
            last = number[key + "excess_long_run"]
            excess = last + (number[key + "excess"] - last) * number[key + "decay"] ** (t - 1)
            left = number[key + "decay"] ** (t - 1)
            excess = excess + (left * excess_error[key + "excess"] + (1 - left) * excess_error[key + "excess_long_run"])[:, None]
            own = step(f"cost.{scheme}.regional", "_", region[3 + s])
            grown.append(number[key + "elasticity"] * gamma + excess + shared + own + inputs.stress(scheme + ".cost")[t])
        log_cost = log_cost + np.array(grown)
        interest = np.maximum(floor, series["returns.mean"][t] + mean_error + step("returns", ".", eps_i))
        discount = discount * (1 + interest)
        shock_revenue, shock_expenditure = (
            shock * np.array([inputs.stress_factor(scheme, flow)[t] for scheme in SCHEMES])[:, None]
            for shock, flow in zip(shocks.year(t), ("revenue", "expenditure")))
        years.append({"interest": interest, "discount": discount, "employment": employment,
                      "wage": inputs.calibration["wage"] * np.exp(log_wage), "income": np.exp(log_income),
                      "cost": np.exp(log_cost), "shock_revenue": shock_revenue,
                      "shock_expenditure": shock_expenditure, "claims": region[5:7]})
    return years


class Shocks:
    """Shocks that start, keep their size and cannot start again while they last."""

    def __init__(self, inputs, drivers):
        self.drivers, self.shape = drivers, (drivers.n, len(inputs.regions))
        self.kinds, first = [], 0
        if "shocks/value" not in inputs or drivers.central:
            return
        names = inputs.texts("shocks/shock_parameter")
        for row in inputs["shocks/value"]:
            kind = dict(zip(names, row))
            count = self.shape[1] if kind["regional"] else 1
            kind["streams"] = inputs["drivers/shock_stream"][first:first + count]
            kind["left"], kind["log"] = np.zeros((self.shape[0], count)), np.zeros((self.shape[0], count))
            self.kinds.append(kind)
            first += count

    def year(self, t):
        logs = np.zeros((2, 2) + self.shape)  # [flow][scheme]
        for kind in self.kinds:
            u = np.stack([self.drivers.uniform(s, 0, t) for s in kind["streams"]], axis=1)
            eps = np.stack([self.drivers.normal(s, 1, t) for s in kind["streams"]], axis=1)
            starts = (kind["left"] == 0) & (u < kind["probability"])
            kind["log"] = np.where(starts, kind["size_mean"] + kind["size_sd"] * eps, kind["log"])
            kind["left"] = np.where(starts, kind["duration"], kind["left"])
            active = np.where(kind["left"] > 0, kind["log"], 0)
            kind["left"] = np.maximum(kind["left"] - 1, 0)
            for f, flow in enumerate(("revenue", "expenditure")):
                for s, scheme in enumerate(SCHEMES):
                    logs[f, s] += kind[f"{scheme}.{flow}"] * active
        return np.exp(logs[0]), np.exp(logs[1])


def claims_noise(inputs, scheme, members, eps):
    cv, tau = (inputs.numbers[f"claims.{SCHEMES[scheme]}.{x}"] for x in ("cv", "tau"))
    somebody = members >= 1
    variance = np.log1p(cv**2 / np.where(somebody, members, 1) + tau**2)
    return np.where(somebody, np.exp(np.sqrt(variance) * eps - variance / 2), 1)


# ---- 4 schemes ---------------------------------------------------------------------------------------------------------


def base_factors(inputs, drivers):
    """Multipliers of the base year's revenue, expenditure, balance: [account][scheme][path, region]."""
    c, number = inputs.calibration, inputs.numbers
    out = np.ones((3, 2, drivers.n, len(inputs.regions)))
    if drivers.central or "drivers/base_uncertainty_stream" not in inputs:
        return out
    for s, scheme in enumerate(SCHEMES):
        drawn = []
        for a, account in enumerate(("revenue", "expenditure", "balance")):
            streams = inputs["drivers/base_uncertainty_stream"][s, a]
            eps = np.stack([drivers.normal(stream, 0) for stream in streams], axis=1)
            drawn.append(np.exp(number[f"base_uncertainty.{scheme}.{account}"] * eps))
        if number[f"{scheme}.expenditure_includes_other"]:
            # the published figure E + X was drawn; what X does with the drawn revenue is taken off
            share = inputs.series[f"{scheme}.major_illness"][0]
            other = c["other_outgo"][s] + share * c["revenue"][s] * (drawn[0] - 1)
            published = c["expenditure"][s] + c["other_outgo"][s]
            drawn[1] = np.maximum(0, over(published * drawn[1] - other, c["expenditure"][s], 1))
        out[:, s] = drawn
    return out


def base_flows(inputs, factors):
    """Flows of the base year: [scheme] -> dictionary of [path, region]."""
    c = inputs.calibration
    return [{"revenue": c["revenue"][s] * factors[0][s], "expenditure": c["expenditure"][s] * factors[1][s]}
            for s in range(2)]


def financing(inputs, t, income):
    """Resident financing per head."""
    series, start = inputs.series, inputs.calibration["financing"]
    kind = int(inputs.numbers["resident.financing"])
    if kind == 0:
        return start * income * np.exp(series["resident.financing_points"][1:t + 1].sum())
    if kind == 1:
        return start * np.exp(series["resident.financing_growth"][1:t + 1].sum()) + 0 * income
    return start + series["resident.financing_step"][1:t + 1].sum() + 0 * income


def run_schemes(inputs, drivers, factors, sums, cap, economy):
    """Flows before levers and pooling: [year][scheme] -> dictionary of [path, region]. sums: [year] of exposure_sums;
    cap: employment cap [year, region]."""
    c, number, series = inputs.calibration, inputs.numbers, inputs.series
    flows = [base_flows(inputs, factors)]
    account = c["account_balance"] + np.zeros((drivers.n, len(inputs.regions)))
    for t in range(1, inputs.horizon + 1):
        w = economy[t]
        mean = {key: (sums[t - 1][key] + sums[t][key]) / 2 for key in sums[t]}
        h = np.minimum(cap[t], w["employment"])
        contributors = c["outside_contributors"] * h * mean["contributors"]
        retirees = c["outside_retirees"] * mean["retirees"]

        def left(group, everybody, active, retired):
            """Who is in no employee scheme, a host's carve-outs included."""
            key = (lambda name: (group, name)) if group else (lambda name: name)
            members = h * mean[key(active)] + mean[key(retired)]
            return np.maximum(0, c["enrolment"] * (mean[key(everybody)] - members - inputs.lodgers(members)))

        residents = left(None, "population", "contributors", "retirees")
        use = [c["outside_contributors"] * h * mean["contributor_cost"] + c["outside_retirees"] * mean["retiree_cost"],
               left(None, "resident_cost", "contributor_rcost", "retiree_rcost")]
        parts = [{}, {}]  # (age group, who) -> part of the scheme's cost
        for group in inputs.age_groups:
            active = c["outside_contributors"] * h * mean[group, "contributor_cost"]
            retired = c["outside_retirees"] * mean[group, "retiree_cost"]
            parts[EMPLOYEE][group, "contributors"] = active / np.where(use[0] > 0, use[0], 1)
            parts[EMPLOYEE][group, "retirees"] = retired / np.where(use[0] > 0, use[0], 1)
            everybody = left(group, "resident_cost", "contributor_rcost", "retiree_rcost")
            parts[RESIDENT][group, "residents"] = np.maximum(0, everybody) / np.where(use[1] > 0, use[1], 1)
        members = [contributors + retirees, residents]
        payroll = contributors * w["wage"] * c["base_ratio"] * factors[0][EMPLOYEE]
        revenue = [payroll * c["rate"] * c["pooled_share"], residents * financing(inputs, t, w["income"]) * factors[0][RESIDENT]]
        credit = c["retiree_credit"] * (w["wage"] / c["wage"] if number["employee.credit_wage_linked"] else 1)
        credits = [credit * retirees, np.zeros_like(retirees)]
        # individual accounts, a memo: what of the contributions does not go to the pooled fund, and the credits
        inflow = payroll * c["rate"] * (1 - c["pooled_share"]) * w["shock_revenue"][EMPLOYEE] + credits[EMPLOYEE]
        i = w["interest"][:, None]
        account = (account * (1 + i) + inflow * (1 + i / 2)) * (1 - number["employee.account_use"])
        year = []
        for s, scheme in enumerate(SCHEMES):
            expenditure = c["cost"][s] * w["cost"][s] * series[f"{scheme}.benefit"][t] * use[s]
            expected = expenditure  # what a central fund reckons with: the published accounts, no noise, no shocks
            if not drivers.central:
                expenditure = expenditure * claims_noise(inputs, s, members[s], w["claims"][s])
            year.append({
                "revenue": revenue[s] * w["shock_revenue"][s],
                "expenditure": expenditure * w["shock_expenditure"][s] * factors[1][s],
                "credits": credits[s], "expected": expected, "parts": parts[s],
                "payroll": payroll if s == EMPLOYEE else residents * w["income"] * c["disposable_income"],
                "members": members[s], "retirees": retirees if s == EMPLOYEE else np.zeros_like(retirees),
                "contributors": contributors if s == EMPLOYEE else residents,
                "account": account if s == EMPLOYEE else np.zeros_like(account)})
        flows.append(year)
    return flows


# ---- calibration, recomputed ---------------------------------------------------------------------------------------------


def recalibrate(inputs, sums, sums_next):
    """The calibrated constants from the published figures and the central path's sums of rule 0: name -> (found, file)."""
    c, number = inputs.calibration, inputs.numbers
    sums, sums_next = ({**x, "population": x["population"] - inputs.lodgers(x["contributors"] + x["retirees"]),
                        "resident_cost": x["resident_cost"] - inputs.lodgers(x["contributor_rcost"] + x["retiree_rcost"])}
                       for x in (sums, sums_next))
    exposure = {k: sums[k][0] * np.sqrt(sums[k][0] / np.where(sums_next[k][0] > 0, sums_next[k][0], 1)) for k in sums}
    for rows in csv_tables(inputs):  # the year before is known
        if "region" in rows[0] and "retiree_rcost" in rows[0]:
            ratio = {row["region"]: row for row in rows}
            exposure.update({k: sums[k][0] * np.array([float(ratio[r][k]) for r in inputs.regions]) for k in rows[0] if k != "region"})
    contributors = c["outside_contributors"] * exposure["contributors"]
    retirees = c["outside_retirees"] * exposure["retirees"]
    outside = exposure["population"] - exposure["contributors"] - exposure["retirees"]
    enrolment = c["enrolment"]
    use = [c["outside_contributors"] * exposure["contributor_cost"] + c["outside_retirees"] * exposure["retiree_cost"],
           enrolment * (exposure["resident_cost"] - exposure["contributor_rcost"] - exposure["retiree_rcost"])]
    out = {"base_exposure": (np.array([exposure[k] for k in inputs.texts("calibration/base_sum")]), c["base_exposure"]),
           "base_ratio": (c["revenue"][0] / (contributors * c["wage"] * c["rate"] * c["pooled_share"]), c["base_ratio"]),
           "financing": (over(c["revenue"][1], enrolment * outside), c["financing"])}
    other = [c["retiree_credit"] * retirees + inputs.series["employee.major_illness"][0] * c["revenue"][0],
             inputs.series["resident.major_illness"][0] * c["revenue"][1]]
    out["other_outgo"] = (np.array(other), c["other_outgo"])
    table = region_table(inputs)
    if table is not None:
        left = [sums[k][0] for k in ("population", "contributors", "retirees")]
        out["enrolment"] = (over(table("resident_members"), left[0] - left[1] - left[2]), enrolment)
        out["contributors"] = (c["outside_contributors"] * left[1], table("employee_contributors"))
        out["retirees"] = (c["outside_retirees"] * left[2], table("employee_retirees"))
        spent = np.array([table(f"{scheme}_expenditure_yuan") for scheme in SCHEMES])
        includes = np.array([[number[f"{scheme}.expenditure_includes_other"]] for scheme in SCHEMES])
        out["expenditure"] = (spent - includes * np.array(other), c["expenditure"])
    benefit = [inputs.series[f"{scheme}.benefit"][0] for scheme in SCHEMES]
    out["cost"] = (np.array([over(c["expenditure"][s], benefit[s] * use[s]) for s in range(2)]), c["cost"])
    return out


def csv_tables(inputs):
    """Tables among the input files, as lists of rows."""
    for text in inputs.texts("files/text"):
        rows = list(csv.DictReader(io.StringIO(text.lstrip("\ufeff"))))
        if rows:
            yield rows


def region_table(inputs):
    """Columns of the scenario's own table of regions as it is kept among the input files."""
    for rows in csv_tables(inputs):
        if "employee_contributors" in rows[0] and [row["code"] for row in rows] == inputs.regions:
            return lambda column: np.array([float(row[column] or 0) for row in rows])
    return None


def step_table(inputs, key, column):
    """A table of steps by age among the input files (columns key, column, and region or not): [region][age], 0 below the first row."""
    for table in csv_tables(inputs):
        if key in table[0] and column in table[0]:
            out = []
            for region in inputs.regions:
                rows = [row for row in table if row.get("region", region) == region]
                ages = np.array([int(row[key]) for row in rows])
                values = np.array([0.0] + [float(row[column]) for row in rows])
                out.append(values[np.searchsorted(ages, np.arange(101), side="right")])
            return out
    return None
