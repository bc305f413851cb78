# SPDX-License-Identifier: GPL-3.0-or-later
"""Policies written a second time: layers, gap sharing, shortfall rules, and what is reported of a year.

One object runs one policy and scheme; accounts are arrays over paths. `unit` is an account that pays claims: a region's
own, or a pool with its members. A layer or rule of an unknown name or key is an error (Unknown), never passed over.
"""
import numpy as np

from levers import LEVERS, Levers, Unknown, check_pieces, entries, phase_table
from model import over

EMPLOYEE, RESIDENT = 0, 1
SCHEMES = ("employee", "resident")
PAYERS = ("province", "city", "county", "central")
LAYERS = {
    "none": "",
    "unified": "merge merge_debts share_province share_county",
    "adjustment_fund": "levy base allocation retained cover reserve_use target_months collection_floor budget_tolerance reward",
    "reserve_fund": "deposit target_months",
    "special_fund": "set_aside cap_months shock_only",
    "mutual_aid": "keep_months repay",
    "risk_adjusted": "cost_level",
}
RULES = {
    "borrow": "limit_months",
    "backstop": "payer limit_months",
    "cut_benefits": "limit",
    "provider_loss": "tolerance share",
    "raise_rate": "cap max limit_months",
}


def check_known(inputs, number):
    """Raises Unknown for the first piece of a policy that this program does not redo."""
    for scheme in SCHEMES:
        for phase in inputs.timelines[number][scheme]:
            check_pieces("layer", LAYERS, phase["layers"])
            check_pieces("lever", LEVERS, phase["levers"])
            check_pieces("shortfall rule", RULES, phase["shortfall"])


# ---- ledger ------------------------------------------------------------------------------------------------------------


class Slot:
    """A layer that lasts: its pools or funds by group."""

    def __init__(self, key, name, groups):
        self.key, self.name, self.groups = key, name, groups  # groups: list of lists of regions
        self.money = {}
        self.stake = {}  # funds of groups: what each region has in the fund, [path, region]
        self.put, self.got = {}, {}  # this year's payments into and out of it, [path, region]
        self.debt = {}  # mutual aid: what the account of a region (a pool: of its first member) owes the other scheme

    @property
    def by_region(self):
        """Held by region, a pool's under its first member, and so split and added up where pools end and start."""
        return {"special_fund": self.money, "mutual_aid": self.debt}.get(self.name)


class Policy:
    """One policy in one scheme, run year by year."""

    def __init__(self, inputs, timeline, scheme, central, opening):
        self.inputs, self.scheme, self.central = inputs, scheme, central
        self.phases = phase_table(timeline[SCHEMES[scheme]], inputs.base_year, inputs.horizon)
        self.n, self.n_regions = opening.shape
        self.own = [opening[:, r].copy() for r in range(self.n_regions)]
        self.slots, self.stack = {}, []
        self.spread = inputs.numbers["returns.spread"]
        self.last = None
        self.units = []
        self.given = np.zeros((self.n, self.n_regions, self.n_regions))  # from, to: present value so far
        self.discount = np.ones(self.n)
        self.addition = np.zeros((self.n, self.n_regions))  # to the contribution rate, by the rule raise_rate

    # -- 1 January

    def change_phase(self, t):
        """Ends and starts funds and pools where the stack of layers changes."""
        layers = entries(self.phases[t]["layers"]) if self.phases[t] else []
        stack, seen = [], {}
        for name, p in layers:
            if name == "none":
                continue
            number = seen[(name, p["over"])] = seen.get((name, p["over"]), -1) + 1
            stack.append(((name, p["over"], number), p))
        keys = [key for key, _ in stack]
        for key in [key for key in self.slots if key not in keys and key[0] != "unified"]:
            self.end_fund(self.slots.pop(key))
        for key in [key for key in self.slots if key not in keys]:
            self.end_pool(self.slots.pop(key))
        before = set(self.slots)
        for key in keys:
            if key not in self.slots:
                of = self.inputs.partitions[key[1]]
                groups = [np.flatnonzero(of == g).tolist() for g in range(of.max() + 1)]
                self.slots[key] = Slot(key, key[0], groups)
                if key[0] in ("unified", "adjustment_fund", "reserve_fund"):
                    self.slots[key].money = {g: np.zeros(self.n) for g in range(len(groups)) if groups[g]}
                elif self.slots[key].by_region is not None:
                    self.slots[key].by_region.update({r: np.zeros(self.n) for g in groups for r in g})
        # finest partition first (partitions nest: a finer one has fewer pairs inside groups); equal ones in scenario order
        self.stack = sorted(stack, key=lambda entry: sum(len(g) ** 2 for g in self.slots[entry[0]].groups))
        units, self.units = self.units, self.find_units()
        for slot in self.slots.values():
            if slot.by_region is not None and slot.key in before and units != self.units:
                self.regroup(slot.by_region, units)
            elif slot.by_region is not None:
                self.regroup(slot.by_region, [])
        for key, p in self.stack:
            if key[0] == "unified" and key not in before:
                for account, members in self.units:
                    if account[0] == key:
                        for r in members:
                            self.join(account, r, p)

    def find_units(self):
        """Accounts that pay claims: ((slot, group) of a pool, or ("own", region)), with member regions."""
        home = {}
        for key, _ in reversed(self.stack):  # the finest is written last
            if key[0] == "unified":
                for g, members in enumerate(self.slots[key].groups):
                    home.update({r: (key, g) for r in members})
        units = {}
        for r in range(self.n_regions):
            units.setdefault(home.get(r, ("own", r)), []).append(r)
        return list(units.items())

    def join(self, account, r, p):
        moved = p["merge"] * np.maximum(0, self.own[r])
        if p["merge_debts"]:
            moved = moved + np.minimum(0, self.own[r])
        self.post(account, moved)
        self.post(("own", r), -moved)

    def regroup(self, amounts, units):
        """Amounts by region: those of the pools that end are split by last year's expenditure, those of new ones added up."""
        spent = self.last["expenditure"]
        for _, members in units:
            if members[0] in amounts:
                whole = amounts[members[0]]
                for r in members:
                    amounts[r] = whole * over(spent[:, r], self.unit_sum(spent, members), 1 / len(members))
        for _, members in self.units:
            if members[0] in amounts and len(members) > 1:
                amounts[members[0]] = sum(amounts[r] for r in members)
                for r in members[1:]:
                    amounts[r] = np.zeros(self.n)

    def end_fund(self, slot):
        """Back to the accounts of the group by last year's expenditure; a region's or pool's own reserve to itself."""
        if slot.name == "special_fund":
            for account, members in self.units:
                if members[0] in slot.money:
                    self.post(account, slot.money[members[0]])
            return
        for g, money in slot.money.items():
            members = slot.groups[g]
            total = sum(self.last["expenditure"][:, r] for r in members)
            for account, regions in self.units:
                if regions[0] in members:
                    part = money * over(sum(self.last["expenditure"][:, r] for r in regions), total)
                    self.post(account, part)
                    self.flow(slot, g, {"members": regions}, part, "last")
            self.settle_stakes(slot, g, np.zeros(self.n), self.discount)  # still that of the year before

    def end_pool(self, slot):
        for g, money in slot.money.items():
            members = slot.groups[g]
            total = sum(self.last["expenditure"][:, r] for r in members)
            for r in members:
                self.own[r] = self.own[r] + money * over(self.last["expenditure"][:, r], total, 1 / len(members))

    # -- accounts

    def balance(self, account):
        return self.own[account[1]] if account[0] == "own" else self.slots[account[0]].money[account[1]]

    def post(self, account, amount):
        if account[0] == "own":
            self.own[account[1]] = self.own[account[1]] + amount
        else:
            money = self.slots[account[0]].money
            money[account[1]] = money[account[1]] + amount

    def unit_sum(self, rows, members):
        return sum(rows[:, r] for r in members)

    # -- the year, in steps: both schemes take one before either takes the next

    def open_year(self, t):
        if t == 1 or self.phases[t] is not self.phases[t - 1]:
            self.change_phase(t)

    def book(self, t, flows, economy):
        """Flows and interest; set-aside, levies, draws, payments. flows: after levers."""
        i = economy["interest"]
        cost = np.where(self.inputs.calibration["cost"][self.scheme] > 0, self.inputs.calibration["cost"][self.scheme], np.inf)
        flows["exposure"] = flows["expected"] / (cost * economy["cost"][self.scheme])
        self.discount = economy["discount"]
        self.flows, self.t, self.interest, self.shock = flows, t, i, economy["shock_expenditure"][self.scheme]
        self.unit = []
        for account, members in self.units:
            u = {k: self.unit_sum(flows[k], members)
                 for k in ("revenue", "expenditure", "other", "payroll", "base", "expected", "exposure")}
            u.update(account=account, members=members, transfer=np.zeros(self.n),
                     last_revenue=self.unit_sum(self.last["revenue"], members),
                     last_expenditure=self.unit_sum(self.last["expenditure"], members))
            net = u["revenue"] - u["expenditure"] - u["other"]
            middle = self.balance(account) + net / 2
            self.post(account, i * middle + self.spread * np.minimum(middle, 0) + net)
            self.unit.append(u)
        pooled = [r for account, members in self.units if account[0] != "own" for r in members]
        for r in pooled:  # what members kept
            self.post(("own", r), i * self.own[r] + self.spread * np.minimum(self.own[r], 0))
        for u in self.unit:
            self.post(u["account"], -self.unit_sum(flows["released"], u["members"]))

    def across(self, other):
        """Surplus that a lever gives to the other scheme, from account to account."""
        for r in range(self.n_regions):
            if other.scheme == RESIDENT and self.inputs.home[r] != r:
                continue  # a carve-out has no residents
            for policy, sign in ((self, -1), (other, 1)):
                policy.pay(next(u for u in policy.unit if r in u["members"]), sign * self.flows["crossed"][:, r])

    def layers(self):
        for step in (self.set_aside, self.levy, self.draw, self.give):
            for key, p in self.stack:
                step(self.slots[key], p)
        self.transfers()

    def group_units(self, slot):
        """(group, its units) of a slot's partition."""
        for g, regions in enumerate(slot.groups):
            group = [u for u in self.unit if u["members"][0] in regions]
            if group:
                yield g, group

    def set_aside(self, slot, p):
        if slot.name != "special_fund":
            return
        for _, group in self.group_units(slot):
            for u in group:
                home = u["members"][0]
                held = slot.money[home] * (1 + self.interest)
                room = np.maximum(0, p["cap_months"] / 12 * u["expenditure"] - held)
                part = np.minimum(np.minimum(p["set_aside"] * u["revenue"], room), np.maximum(0, self.balance(u["account"])))
                slot.money[home] = held + part
                self.pay(u, -part)

    def levy(self, slot, p):
        """All on the gross flows of the year, so that their order does not matter."""
        i = self.interest
        for g, group in self.group_units(slot):
            if slot.name == "adjustment_fund":
                base = {"revenue": "revenue", "revenue_previous": "last_revenue", "payroll": "payroll"}[p["base"]]
                levies = [p["levy"] * u[base] for u in group]
                slot.money[g] = slot.money[g] * (1 + i) + sum(levies)
            elif slot.name == "reserve_fund":
                slot.money[g] = slot.money[g] * (1 + i)
                room = np.maximum(0, p["target_months"] / 12 * sum(u["expenditure"] for u in group) - slot.money[g])
                full = p["deposit"] * sum(u["revenue"] for u in group)
                part = np.minimum(1, room / np.where(full > 0, full, 1))
                levies = [p["deposit"] * u["revenue"] * part for u in group]
                slot.money[g] = slot.money[g] + sum(levies)
            elif slot.name == "risk_adjusted":
                levies = [u["revenue"] for u in group]
            else:
                return
            slot.levied = getattr(slot, "levied", {})
            slot.levied[g] = sum(levies)
            for u, levy in zip(group, levies):
                self.pay(u, -levy)
                self.flow(slot, g, {**u, "puts": True}, levy, "year")

    def draw(self, slot, p):
        """A special fund is open in a year of shock, by what the shock added, or to fill the account."""
        if slot.name != "special_fund":
            return
        for _, group in self.group_units(slot):
            for u in group:
                home, expenditure = u["members"][0], self.flows["expenditure"]
                added = sum(expenditure[:, r] * np.maximum(0, 1 - 1 / self.shock[:, r]) for r in u["members"])
                wanted = np.maximum(np.maximum(0, -self.balance(u["account"])), added)
                if p["shock_only"]:
                    wanted = np.where(added > 0, wanted, 0)
                drawn = np.minimum(slot.money[home], wanted)
                slot.money[home] = slot.money[home] - drawn
                self.pay(u, drawn)

    def give(self, slot, p):
        for g, group in self.group_units(slot):
            if slot.name == "adjustment_fund":
                self.adjust(slot, p, g, group)
            elif slot.name == "reserve_fund":
                self.pay_out(slot, g, group, [np.maximum(0, -self.balance(u["account"])) for u in group], slot.money[g])
            elif slot.name == "risk_adjusted":
                key = "expected" if p["cost_level"] == "own" else "exposure"
                for u in group:
                    part = slot.levied[g] * over(u[key], sum(v[key] for v in group), 1 / len(group))
                    self.pay(u, part)
                    self.flow(slot, g, u, part, "year")

    def adjust(self, slot, p, g, group):
        """Payments of an adjustment fund: rewards, needs, then the reserve; only to accounts that meet the conditions."""
        may = [self.eligible(u, group, p) for u in group]
        left = (1 - p["retained"]) * slot.levied[g]
        if p["reward"] > 0:
            saved = [ok * np.maximum(0, self.hat(u, "expenditure") - u["expenditure"]) for ok, u in zip(may, group)]
            before = slot.money[g]
            self.pay_out(slot, g, group, saved, p["reward"] * left)
            left = left - (before - slot.money[g])
        need = [ok * p["cover"] * self.need(u, p) for ok, u in zip(may, group)]
        self.pay_out(slot, g, group, need, left)
        short = [ok * np.maximum(0, -self.balance(u["account"])) for ok, u in zip(may, group)]
        self.pay_out(slot, g, group, short, p["reserve_use"] * slot.money[g])

    def eligible(self, u, group, p):
        revenue, base = (sum(v[k] for v in group) for k in ("revenue", "payroll"))
        collects = over(u["revenue"], u["payroll"], np.inf) >= p["collection_floor"] * over(revenue, base)
        return 1.0 * (collects & (u["expenditure"] <= self.hat(u, "expenditure") * (1 + p["budget_tolerance"])))

    def hat(self, u, flow):
        """A budget: last year's figure times the growth on the central path of the policy."""
        rows, r = self.central[flow], u["members"]
        return u["last_" + flow] * over(rows[self.t][r].sum(), rows[self.t - 1][r].sum(), 1)

    # -- who gives to whom

    def flow(self, slot, g, u, amount, which):
        """Notes what a unit puts into a fund or gets from it: its members' by expenditure."""
        spent = self.flows["expenditure"] if which == "year" else self.last["expenditure"]
        for r in u["members"]:
            part = amount * over(spent[:, r], self.unit_sum(spent, u["members"]), 1 / len(u["members"]))
            into = slot.put if u.get("puts") else slot.got
            into.setdefault(g, np.zeros((self.n, self.n_regions)))[:, r] += part

    def settle_stakes(self, slot, g, interest, discount):
        """Stakes grow and are added to; what the fund has paid is given by all of them in proportion."""
        nothing = np.zeros((self.n, self.n_regions))
        stake = slot.stake.get(g, nothing) * (1 + interest)[:, None] + slot.put.get(g, nothing)
        got, total = slot.got.get(g, nothing), stake.sum(axis=1)
        share = stake / np.where(total > 0, total, 1)[:, None]
        self.given += share[:, :, None] * got[:, None, :] / discount[:, None, None]
        slot.stake[g] = share * np.maximum(0, total - got.sum(axis=1))[:, None]

    def transfers(self):
        for key, _ in self.stack:
            slot = self.slots[key]
            if slot.name in ("adjustment_fund", "reserve_fund", "risk_adjusted"):
                for g, _ in self.group_units(slot):
                    self.settle_stakes(slot, g, self.interest, self.discount)
                slot.put, slot.got = {}, {}
        for u in self.unit:
            members = u["members"]
            if len(members) < 2:
                continue
            e, rev = (self.flows[k][:, members] for k in ("expenditure", "revenue"))
            net = e - rev - over(rev, u["revenue"][:, None], 1 / len(members)) * (u["expenditure"] - u["revenue"])[:, None]
            gets = np.maximum(0, net)
            share = gets / np.where(gets.sum(axis=1) > 0, gets.sum(axis=1), 1)[:, None]
            amount = np.maximum(0, -net)[:, :, None] * share[:, None, :] / self.discount[:, None, None]
            self.given[np.ix_(range(self.n), members, members)] += amount

    # -- mutual aid: self borrows, the other scheme lends

    def aid_units(self, other):
        for key, p in self.stack:
            if key[0] == "mutual_aid":
                for _, group in self.group_units(self.slots[key]):
                    for u in group:
                        across = next(v for v in other.unit if v["members"][0] == u["members"][0])
                        assert across["members"] == u["members"]
                        yield self.slots[key].debt, u["members"][0], u, across, p

    def above(self, u, p):
        return np.maximum(0, self.balance(u["account"]) - p["keep_months"] / 12 * u["expenditure"])

    def repay(self, other):
        for debt, home, u, across, p in self.aid_units(other):
            debt[home] = debt[home] * (1 + self.interest) if p["repay"] else np.zeros(self.n)
            back = np.minimum(debt[home], self.above(u, p))
            debt[home] = debt[home] - back
            self.pay(u, -back)
            other.pay(across, back)

    def borrow_across(self, other):
        for debt, home, u, across, p in self.aid_units(other):
            lent = np.minimum(np.maximum(0, -self.balance(u["account"])), other.above(across, p))
            if p["repay"]:
                debt[home] = debt[home] + lent
            self.pay(u, lent)
            other.pay(across, -lent)

    # -- gaps and shortfall

    def close_year(self):
        """Gap sharing, shortfall rules; returns what is reported of the year."""
        out = self.before_rescue()
        self.treasury = np.zeros((len(PAYERS), self.n))
        self.unmet, self.providers = np.zeros(self.n), np.zeros(self.n)
        rules = entries(self.phases[self.t]["shortfall"]) if self.phases[self.t] else []
        addition = self.next_addition(rules)
        for u in self.unit:
            if u["account"][0] == "own":
                r = u["account"][1]
                self.settle(rules, r, None, np.maximum(0, -self.own[r]))
            else:
                self.share_gap(rules, u, out["depleted"])
        self.addition = addition
        out.update(treasury=self.treasury, unmet=self.unmet, providers=self.providers)
        self.report(out)
        self.last = {"revenue": self.flows["revenue"], "expenditure": self.flows["expenditure"]}
        return out

    def next_addition(self, rules):
        """Next year's addition to the contribution rate, [path, region]."""
        new = np.zeros_like(self.addition)
        for p in (p for name, p in rules if name == "raise_rate"):
            for u in self.unit:
                base, balance = u["base"], self.balance(u["account"])
                step = (u["expenditure"] + u["other"] - u["revenue"]) / np.where(base > 0, base, 1)
                step = np.where(base > 0, np.clip(step, -p["cap"], p["cap"]), 0)
                for r in u["members"]:
                    a = self.addition[:, r]
                    new[:, r] = np.where((balance < 0) | (a > 0), np.clip(a + step, 0, p["max"]), 0)
        return new

    def pay(self, u, amount):
        self.post(u["account"], amount)
        u["transfer"] = u["transfer"] + amount

    def pay_out(self, slot, g, group, wanted, available):
        """wanted_j min(1, available / sum wanted), out of the fund."""
        total = sum(wanted)
        part = np.minimum(1, available / np.where(total > 0, total, 1))
        for u, want in zip(group, wanted):
            self.pay(u, want * part)
            self.flow(slot, g, u, want * part, "year")
            slot.money[g] = slot.money[g] - want * part

    def need(self, u, p):
        def central(name, t):
            return self.central[name][t][u["members"]].sum()

        t, last = self.t, self.inputs.horizon
        if p["allocation"] == "ex_ante":
            return np.maximum(0, self.hat(u, "expenditure") - self.hat(u, "revenue"))
        spending = u["expenditure"]
        if p["allocation"] == "projected":
            year = min(t, last - 1)  # beyond the horizon the last growth goes on (silent in the model)
            spending = spending * over(central("expenditure", year + 1), central("expenditure", year), 1)
        return np.maximum(0, p["target_months"] / 12 * spending - self.balance(u["account"]))

    def settle(self, rules, r, pool, need):
        """Fills need of region r's own account, or of its part of a pool's gap, by the shortfall rules in order."""
        spent = self.flows["expenditure"][:, r]
        for name, p in rules:
            limit = p.get("limit_months", 0) / 12 * spent
            if name in ("borrow", "raise_rate"):
                debt = np.maximum(0, -self.own[r]) - (0 if pool else need)
                done = np.minimum(need, np.maximum(0, limit - debt))
                if pool:
                    self.post(("own", r), -done)
                    self.post(pool, done)
            elif name == "backstop":
                done = np.minimum(need, limit)
                self.treasury[PAYERS.index(p["payer"])] += done
                self.post(pool or ("own", r), done)
            elif name == "cut_benefits":
                done = np.minimum(need, p["limit"] * spent)
                self.unmet += done
                self.post(pool or ("own", r), done)
            elif name == "provider_loss":
                growth = over(self.central["expenditure"][self.t][r], self.central["expenditure"][self.t - 1][r], 1)
                budget = self.last["expenditure"][:, r] * growth * (1 + p["tolerance"])
                done = np.minimum(need, p["share"] * np.maximum(0, spent - budget))
                self.providers += done
                self.post(pool or ("own", r), done)
            else:
                raise Unknown(f"shortfall rule {name}")
            need = need - done
        if pool:
            self.post(("own", r), -need)
            self.post(pool, need)

    def share_gap(self, rules, u, depleted):
        """A pool's gap: upper levels' shares, then members by E - R from what they kept, then by their shortfall rule."""
        p = next(p for key, p in self.stack if key == u["account"][0])
        gap = np.maximum(0, -self.balance(u["account"]))
        short = gap > 1e-9 * u["expenditure"]
        upper = p["share_province"] + p["share_county"]
        for payer in ("province", "county"):
            self.treasury[PAYERS.index(payer)] += p["share_" + payer] * gap
            self.post(u["account"], p["share_" + payer] * gap)
        flows = self.flows
        excess = [np.maximum(0, flows["expenditure"][:, r] - flows["revenue"][:, r]) for r in u["members"]]
        nobody = sum(excess) <= 0
        weight = [np.where(nobody, flows["expenditure"][:, r], x) for r, x in zip(u["members"], excess)]
        total = sum(weight)
        for r, w in zip(u["members"], weight):
            owed = (1 - upper) * gap * over(w, total, 1 / len(weight))
            kept = np.minimum(owed, np.maximum(0, self.own[r]))
            depleted[:, r] = short & ((upper > 0) | (owed - kept > 1e-9 * flows["expenditure"][:, r]))
            self.post(("own", r), -kept)
            self.post(u["account"], kept)
            self.settle(rules, r, u["account"], owed - kept)

    # -- what is reported

    def before_rescue(self):
        """Transfers, surplus and depletion as they stand after layers and before gap sharing."""
        flows, shape = self.flows, (self.n, self.n_regions)
        out = {"transfer": np.zeros(shape), "surplus": np.zeros(shape), "depleted": np.zeros(shape), "before": np.zeros(shape)}
        out["hole"] = np.zeros(self.n)
        for u in self.unit:
            b = self.balance(u["account"])
            out["hole"] += np.maximum(0, -b)
            surplus = u["revenue"] + u["transfer"] - u["expenditure"] - u["other"]
            for r in u["members"]:
                e, rev = flows["expenditure"][:, r], flows["revenue"][:, r]
                if u["account"][0] == "own":
                    out["transfer"][:, r], out["surplus"][:, r], out["before"][:, r] = u["transfer"], surplus, b
                    out["depleted"][:, r] = b < -1e-9 * e
                    continue
                share = over(e, u["expenditure"], 1 / len(u["members"]))
                gap = u["expenditure"] - u["revenue"]
                out["transfer"][:, r] = (e - rev) - over(rev, u["revenue"], 1 / len(u["members"])) * gap + share * u["transfer"]
                out["surplus"][:, r] = share * surplus
                out["before"][:, r] = self.own[r] + share * b
        out["total_before"] = sum(self.own) + sum(m for slot in self.slots.values() for m in slot.money.values())
        return out

    def report(self, out):
        """Balances of regions: own accounts and, by expenditure, shares of pools and funds."""
        e = self.flows["expenditure"]
        out["own"] = np.stack(self.own, axis=1)
        out["balance"] = out["own"].copy()
        for slot in self.slots.values():
            for g, money in slot.money.items():
                if slot.name == "special_fund":
                    members = next(members for _, members in self.units if g in members)
                elif slot.name == "unified":  # a pool's members: nested pools leave some regions to the finer one
                    members = next(members for account, members in self.units if account == (slot.key, g))
                else:
                    members = slot.groups[g]
                for r in members:
                    out["balance"][:, r] += money * over(e[:, r], self.unit_sum(e, members), 1 / len(members))
        out["total"] = sum(self.own) + sum(m for slot in self.slots.values() for m in slot.money.values())


def payers(own):
    """Who pays the year's revenue: payer -> [path]; others: members and employers."""
    paid = {payer: sum((x.sum(axis=1) for x in [own["subsidy"].get(payer)] if x is not None), 0.0) for payer in PAYERS}
    if "split" in own:
        s = own["split"]
        subsidy = (own["revenue"] - own["granted"]) * (1 - s["individual"])
        rest = subsidy * (1 - s["central"])
        for payer, x in (("central", subsidy * s["central"]), ("province", rest * s["province"]), ("county", rest * s["county"]),
                         ("city", rest * (1 - s["province"] - s["county"]))):
            paid[payer] = paid[payer] + x.sum(axis=1)
    paid["others"] = own["revenue"].sum(axis=1) - sum(paid.values())
    return paid


def central_growth(inputs, number, drivers, flows, economy):
    """Revenue and expenditure [scheme][year, region] of the central path under the policy's levers alone, without balances."""
    out = []
    for s in range(2):
        levers = Levers(inputs, number, s, drivers)
        own = [flows[0][s]]
        own += [levers.year(t, flows[t][s], economy[t], economy[t - 1], None) for t in range(1, inputs.horizon + 1)]
        out.append({k: [f[k][0] for f in own] for k in ("revenue", "expenditure")})
    return out


def run_policy(inputs, number, drivers, flows, economy, factors, central):
    """One policy over all years: [scheme][year 1 .. H] -> dictionary of reported rows, flows after levers among them. central: this
    function's own result on the central path (None: this is the central path)."""
    growth = [c["growth"] for c in central] if central else central_growth(inputs, number, drivers, flows, economy)
    opening = [inputs.calibration["balance"][s] * factors[2][s] for s in range(2)]
    policies = [Policy(inputs, inputs.timelines[number], s, growth[s], opening[s]) for s in range(2)]
    levers = [Levers(inputs, number, s, drivers) for s in range(2)]
    years, balance = ([], []), list(opening)
    for s, policy in enumerate(policies):
        policy.last = flows[0][s]
    employee, resident = policies
    for t in range(1, inputs.horizon + 1):
        own = []
        for s, policy in enumerate(policies):
            policy.open_year(t)
            own.append(levers[s].year(t, flows[t][s], economy[t], economy[t - 1], balance[s]))
            more = policy.addition * own[s]["base"]
            own[s]["revenue"] = own[s]["revenue"] + more
            own[s]["granted"] = own[s]["granted"] + more
            own[s]["other"] = own[s]["other"] + own[s]["other_share"] * more
            policy.book(t, own[s], economy[t])
        employee.across(resident)
        resident.across(employee)
        employee.layers()
        resident.layers()
        employee.repay(resident)
        resident.repay(employee)
        employee.borrow_across(resident)
        resident.borrow_across(employee)
        for s, policy in enumerate(policies):
            out = policy.close_year()
            out.update({k: own[s][k] for k in ("revenue", "expenditure", "other", "members", "payroll", "base")})
            out.update({k: own[s][k] for k in ("account",) if k in own[s]})
            out["paid"] = payers(own[s])
            years[s].append(out)
            balance[s] = out["balance"]
    stakes = [sum((x for slot in policy.slots.values() for x in slot.stake.values()), np.zeros(opening[s].shape))
              / policy.discount[:, None] for s, policy in enumerate(policies)]
    return [{"years": years[s], "growth": growth[s], "opening": opening[s],
             "spent_at_start": flows[0][s]["expenditure"], "given": policies[s].given, "stake": stakes[s]}
            for s in range(2)]
