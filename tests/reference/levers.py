# SPDX-License-Identifier: GPL-3.0-or-later
"""Levers written a second time: what a policy makes of a scheme's flows before pooling, from each lever's own equation.

A lever of an unknown name is an error (Unknown), never passed over.
"""
import re

import numpy as np

import model
import philox
from model import over

EMPLOYEE, RESIDENT = 0, 1
SCHEMES = ("employee", "resident")
FIRST_FACTORS_THEN = {"retiree_contribution": 1, "subsidy": 1, "release_surplus": 1, "budget_cap": 2}


class Unknown(Exception):
    """A policy has a piece that this program does not know."""


def at(value, t):
    """A parameter that may be a series over years."""
    return value[t] if isinstance(value, list) else value


def entries(items):
    """[{"name": {...}}] as (name, parameters)."""
    return [next(iter(item.items())) for item in items]


def phase_table(timeline, base_year, horizon):
    """The phase in force in each year index; None before the first."""
    table = [None] * (horizon + 1)
    for phase in timeline:
        for t in range(max(1, phase["from"] - base_year), horizon + 1):
            table[t] = phase
    return table


def check_pieces(kind, known, items):
    """Raises Unknown for the first entry whose name or keys are not among the known ones."""
    for name, p in entries(items):
        if name not in known:
            raise Unknown(f"{kind} {name}")
        more = set(p) - set(known[name].split()) - {"over"}
        if more:
            raise Unknown(f"{kind} {name}: {', '.join(sorted(more))}")


class Levers:
    """The levers of one policy and scheme. drivers: of the paths (central: uncertain parameters at their medians)."""

    def __init__(self, inputs, number, scheme, drivers):
        self.inputs, self.scheme, self.drivers = inputs, scheme, drivers
        self.policy = inputs.policies[number]
        self.phases = phase_table(inputs.timelines[number][SCHEMES[scheme]], inputs.base_year, inputs.horizon)
        self.memory = {}
        self.account = None

    def start(self, name):
        """First year of the unbroken run of years up to this one that use the lever."""
        t = self.t
        while t > 1 and self.phases[t - 1] and any(k == name for k, _ in entries(self.phases[t - 1]["levers"])):
            t -= 1
        return t

    def way(self, name, years):
        """How far a change in equal yearly steps has gone."""
        return min(max((self.t - self.start(name) + 1) / years, 0), 1) if years > 0 else 1

    def steps_until(self, name, by):
        return self.way(name, by - self.inputs.base_year - self.start(name) + 1)

    def theta(self, name, p):
        """mean exp(sd eps - sd^2 / 2), one number a path for all policies and schemes."""
        eps = np.zeros(self.drivers.n)
        if p["sd_log"] > 0:
            eps = self.drivers.normal(philox.fnv1a(f"param:policies.{name}.theta"), 0)
        return (p["theta"] * np.exp(p["sd_log"] * eps - p["sd_log"] ** 2 / 2))[:, None]

    def year(self, t, flows, economy, before, balance):
        """The policy's own flows of year t, with other outgo X. flows, economy: of the year; before: the economy of the year
        before; balance: [path, region] of the last 31 December, None where flows alone are wanted."""
        self.t, self.w, self.w_before, self.common, self.balance = t, economy, before, flows, balance
        self.own = own = dict(flows)
        c = self.inputs.calibration
        share = c["pooled_share"] if self.scheme == EMPLOYEE else 1
        own["base"] = own["payroll"] * share
        for name in ("released", "crossed", "granted"):
            own[name] = np.zeros_like(own["revenue"])
        own["subsidy"] = {}  # payer -> [path, region], by levers
        if self.scheme == RESIDENT:
            own["split"] = self.own_split()
        own["other_share"] = self.inputs.series[f"{SCHEMES[self.scheme]}.major_illness"][t]
        if self.scheme == EMPLOYEE:
            own["inflow"] = own["payroll"] * c["rate"] * (1 - share) * economy["shock_revenue"][EMPLOYEE]
        levers = entries(self.phases[t]["levers"]) if self.phases[t] else []
        for name, p in sorted(levers, key=lambda lever: FIRST_FACTORS_THEN.get(lever[0], 0)):
            getattr(self, name)(p)
        own["other"] = own["credits"] + own["other_share"] * own["revenue"]
        if self.scheme == EMPLOYEE:
            if self.account is None:
                self.account = c["account_balance"] + np.zeros_like(own["revenue"])
            i = economy["interest"][:, None]
            grown = self.account * (1 + i) + (own["inflow"] + own["credits"]) * (1 + i / 2)
            own["account"] = self.account = grown * (1 - self.inputs.numbers["employee.account_use"])
        return own

    def own_split(self):
        """Who pays the financing per head of residents: name -> [region]."""
        n = len(self.inputs.regions)
        split = {k: np.full(n, self.inputs.series[f"resident.{k}_share"][self.t]) for k in ("individual", "central", "province", "county")}
        given = self.inputs.calibration["central_subsidy_share"]
        split["central"] = np.where(np.isnan(given), split["central"], given)
        return split

    def listed(self, value):
        """Which regions a list has; all where it is empty."""
        listed = hubs_of(self.inputs, self.policy, value) if value else []
        return np.array([not listed or region in listed for region in self.inputs.regions])

    def subsidy_split(self, p):
        for k in ("individual", "central", "province", "county"):
            new = at(p[k + "_share"], self.t)
            if new >= 0:
                self.own["split"][k] = np.where(self.listed(p["regions"]), new, self.own["split"][k])

    def scale(self, factor, *names):
        for name in names:
            if name in self.own:
                self.own[name] = self.own[name] * factor

    # -- one function a lever

    def part(self, lo, hi, of="all"):
        """Part of a region's cost that its members aged lo to hi cause."""
        who = ["residents"] if self.scheme == RESIDENT else ["contributors", "retirees"] if of == "all" else [of]
        return sum(self.own["parts"][(int(lo), int(hi)), w] for w in who)

    def age_benefit(self, p):
        change = self.part(p["from_age"], p["to_age"], p["of"]) * (at(p["factor"], self.t) ** (1 + p["elasticity"]) - 1)
        before = self.own.get("by_age", 0)
        self.scale((1 + before + change) / (1 + before), "expenditure")
        self.own["by_age"] = before + change

    def benefit(self, p):
        self.scale(at(p["factor"], self.t) ** (1 + p["elasticity"]), "expenditure")

    def benefit_convergence(self, p):
        start = p["resident_level"]
        level = start + (max(start, p["employee_level"] - p["gap"]) - start) * self.steps_until("benefit_convergence", p["by"])
        self.scale(1 + p["share"] * ((level / start) ** (1 + p["elasticity"]) - 1), "expenditure")

    def budget_cap(self, p):
        self.own["expenditure"] = np.minimum(self.own["expenditure"], at(p["share"], self.t) * self.own["revenue"])

    def collection_loss(self, p):
        self.scale(np.maximum(0, 1 - self.theta("collection_loss", p) * at(p["depth"], self.t)), "revenue")

    def contribution_base(self, p):
        self.scale(at(p["factor"], self.t), "revenue", "payroll", "base", "inflow")

    def enrol(self, f, cost):
        self.scale(f, "members", "contributors", "revenue", "payroll", "base")
        self.scale(np.maximum(0, 1 + (f - 1) * cost), "expenditure")

    def residence_enrolment(self, p):
        c = self.inputs.calibration["enrolment"]
        some = c > 0
        everybody = self.common["members"] / np.where(some, c, 1)
        mean = np.minimum(1, (self.common["members"] * some).sum(axis=1) / (everybody * some).sum(axis=1))
        level = at(p["level"], self.t) if at(p["level"], self.t) > 0 else mean[:, None]
        way = p["share"] * self.way("residence_enrolment", p["years"])
        self.enrol(np.where(some, 1 + way * (level / np.where(some, c, 1) - 1), 1), p["mover_cost"])

    def enrolment_response(self, p):
        c = self.inputs.calibration
        financing = model.financing(self.inputs, self.t, self.w["income"]) * over(self.own["revenue"], self.common["revenue"], 1)
        financing = financing * over(self.common["members"], self.own["members"], 1)
        weight = over(financing / self.w["income"], c["financing"], 1)
        f = at(p["factor"], self.t) * weight ** -p["elasticity"]
        level = over(self.own["expenditure"] * self.common["members"], self.common["expenditure"] * self.own["members"], 1)
        self.enrol(np.minimum(over(1, c["enrolment"], 1), f * level ** p["benefit_elasticity"]), p["leaver_cost"])

    def major_illness(self, p):
        self.own["other_share"] = at(p["share"], self.t)

    def pooled_share(self, p):
        share = self.inputs.calibration["pooled_share"]
        new = np.minimum(1, at(p["factor"], self.t) * share)
        new = np.where(share < 1, new, share)
        self.scale(new / share, "revenue", "base")
        self.scale(np.where(share < 1, (1 - new) / np.where(share < 1, 1 - share, 1), 1), "inflow")

    def rate(self, p):
        self.scale(at(p["factor"], self.t), "revenue", "inflow")

    def rate_convergence(self, p):
        c = self.inputs.calibration
        weight = over(c["revenue"][EMPLOYEE], c["rate"] * c["pooled_share"])
        mean = (weight * c["rate"]).sum() / weight.sum()
        rate = c["rate"] + np.maximum(0, mean - c["rate"]) * self.steps_until("rate_convergence", int(p["by"]))
        self.scale(over(rate, c["rate"], 1), "revenue")

    def release_surplus(self, p):
        if self.balance is None:
            return
        own = self.own
        out = at(p["share"], self.t) * np.maximum(0, self.balance - p["months"] / 12 * own["expenditure"])
        if p["to"] == "benefits":
            own["expenditure"] = own["expenditure"] + out
        elif p["to"] == "rates":
            own["revenue"] = own["revenue"] - np.minimum(own["revenue"], out)
        elif p["to"] == "other_scheme":
            own["crossed"] = own["crossed"] + out
        else:
            own["released"] = own["released"] + out

    def resident_financing(self, p):
        t = self.t
        if self.start("resident_financing") == t or "financing" not in self.memory:
            self.memory["financing"] = model.financing(self.inputs, t - 1, self.w_before["income"])
        last = self.memory["financing"]
        if p["rule"] == "parts":
            individual, subsidy = at(p["individual"], t), at(p["subsidy"], t)
            new = individual + subsidy + 0 * last
            self.own["split"]["individual"] = np.full(len(self.inputs.regions), individual / (individual + subsidy))
        elif p["rule"] == "table":
            new = at(p["yuan"], t) + 0 * last
        elif p["rule"] == "step":
            new = last + at(p["step"], t)
        else:
            new = last * self.w["income"] / self.w_before["income"] * np.exp(at(p["points"], t))
        self.memory["financing"] = new
        self.scale(over(new, model.financing(self.inputs, t, self.w["income"]), 1), "revenue")

    def retiree_contribution(self, p):
        own = self.own
        own["revenue"] = own["revenue"] + own["retirees"] * p["pension_share"] * self.w["wage"] * at(p["rate"], self.t)

    def siphoning(self, p):
        moved = self.theta("siphoning", p) * at(p["depth"], self.t)
        hubs = hubs_of(self.inputs, self.policy, p["hubs"])
        if not hubs:
            self.scale(1 + moved, "expenditure")
            return
        away = np.array([region not in hubs for region in self.inputs.regions])
        self.scale(np.where(away, 1 + np.minimum(1, moved) * (p["price_ratio"] - 1), 1), "expenditure")

    def subsidy(self, p):
        own = self.own
        if p["per"] == "head":
            amount = own["members"] * at(p["yuan"], self.t)
        else:
            everybody = p["from_age"] == 0 and p["to_age"] == 100 and p["of"] == "all"
            part = 1 if everybody else self.part(p["from_age"], p["to_age"], p["of"])
            amount = own["expenditure"] * part * at(p["share"], self.t)
        amount = amount * self.listed(p["regions"])
        own["revenue"], own["granted"] = own["revenue"] + amount, own["granted"] + amount
        own["subsidy"][p["payer"]] = own["subsidy"].get(p["payer"], 0) + amount

    def tiered_care(self, p):
        way = self.way("tiered_care", p["years"])
        slower = min(max(self.t - self.start("tiered_care") + 1, 0), p["slower_years"])
        self.scale((1 + (p["level"] - 1) * way) * np.exp(-p["slower"] * slower), "expenditure")


LEVERS = {
    "age_benefit": "from_age to_age of factor elasticity",
    "benefit": "factor elasticity",
    "benefit_convergence": "employee_level resident_level gap by elasticity share",
    "budget_cap": "share",
    "collection_loss": "theta sd_log depth",
    "contribution_base": "factor",
    "enrolment_response": "factor elasticity benefit_elasticity leaver_cost",
    "major_illness": "share",
    "pooled_share": "factor",
    "rate": "factor",
    "rate_convergence": "by",
    "release_surplus": "months share to",
    "residence_enrolment": "level share years mover_cost",
    "resident_financing": "rule yuan step points individual subsidy",
    "retiree_contribution": "rate pension_share",
    "siphoning": "theta sd_log depth price_ratio hubs",
    "subsidy": "from_age to_age of per yuan share payer regions",
    "subsidy_split": "individual_share central_share province_share county_share regions",
    "tiered_care": "level years slower slower_years",
}


def hubs_of(inputs, policy, value):
    """Regions that draw patients: the timeline's list; where it carries a number in place of the text, the list as the
    policy's own block of the scenario file writes it."""
    if isinstance(value, list):
        return [str(x) for x in value]
    if isinstance(value, str):
        return value.replace(",", " ").split()
    for text in inputs.texts("files/text"):
        block = re.search(rf"^  {re.escape(policy)}:.*\n((?:(?:   .*)?\n)*)", text, re.M)
        listed = block and re.search(r"hubs: *\[([^\]]*)\]", block.group(0))
        if listed:
            return listed.group(1).replace(",", " ").split()
    return []
