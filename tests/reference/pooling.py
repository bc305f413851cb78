# SPDX-License-Identifier: GPL-3.0-or-later
"""Policies written a second time: levers, layers, gap sharing, shortfall rules, and what is reported of a year.

One object runs one policy and scheme; accounts are arrays over paths. `unit` is an account that pays claims: a region's
own, or a pool with its members.
"""
import numpy as np

EMPLOYEE, RESIDENT = 0, 1
SCHEMES = ("employee", "resident")
PAYERS = ("province", "city", "county", "central")


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


# ---- levers ------------------------------------------------------------------------------------------------------------


def lever_start(phases, t, name):
    """First year of the unbroken run of years up to t that use the lever."""
    while t > 1 and phases[t - 1] and any(k == name for k, _ in entries(phases[t - 1]["levers"])):
        t -= 1
    return t


def apply_levers(inputs, scheme, phases, t, flows, economy):
    """The policy's own flows of year t, with other outgo X. Levers that multiply come first."""
    own = dict(flows)
    own["other_share"] = inputs.series[f"{SCHEMES[scheme]}.major_illness"][t]
    levers = entries(phases[t]["levers"]) if phases[t] else []
    c = inputs.calibration
    for name, p in sorted(levers, key=lambda lever: lever[0] == "retiree_contribution"):
        if name == "benefit":
            own["expenditure"] = own["expenditure"] * at(p["factor"], t)
        elif name == "major_illness":
            own["other_share"] = at(p["share"], t)
        elif name == "rate_convergence":
            weight = c["revenue"][EMPLOYEE] / (c["rate"] * c["pooled_share"])
            mean = (weight * c["rate"]).sum() / weight.sum()
            first, last = lever_start(phases, t, name), int(p["by"]) - inputs.base_year
            part = min(max((t - first + 1) / (last - first + 1), 0), 1) if last >= first else 1
            own["revenue"] = own["revenue"] * (c["rate"] + np.maximum(0, mean - c["rate"]) * part) / c["rate"]
        elif name == "retiree_contribution":
            own["revenue"] = own["revenue"] + own["retirees"] * p["pension_share"] * economy["wage"] * at(p["rate"], t)
        else:
            raise NotImplementedError(f"lever {name}")
    own["other"] = own["credits"] + own["other_share"] * own["revenue"]
    return own


# ---- ledger ------------------------------------------------------------------------------------------------------------


class Slot:
    """A layer that lasts: its pools or funds by group."""

    def __init__(self, key, name, groups):
        self.key, self.name, self.groups = key, name, groups  # groups: list of lists of regions
        self.money = {}


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
                self.slots[key].money = {g: np.zeros(self.n) for g in range(len(groups)) if groups[g]}
        # finest partition first (partitions nest: a finer one has fewer pairs inside groups); equal ones in scenario order
        self.stack = sorted(stack, key=lambda entry: sum(len(g) ** 2 for g in self.slots[entry[0]].groups))
        self.units = self.find_units()
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

    def end_fund(self, slot):
        """Back to the accounts of the group by last year's expenditure."""
        for g, money in slot.money.items():
            members = slot.groups[g]
            total = sum(self.last["expenditure"][:, r] for r in members)
            for account, regions in self.units:
                if regions[0] in members:
                    self.post(account, money * sum(self.last["expenditure"][:, r] for r in regions) / total)

    def end_pool(self, slot):
        for g, money in slot.money.items():
            members = slot.groups[g]
            total = sum(self.last["expenditure"][:, r] for r in members)
            for r in members:
                self.own[r] = self.own[r] + money * self.last["expenditure"][:, r] / total

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

    # -- the year

    def year(self, t, flows, economy):
        """flows: after levers. Returns what is reported of the year."""
        if t == 1 or self.phases[t] is not self.phases[t - 1]:
            self.change_phase(t)
        i = economy["interest"]
        self.flows, self.t = flows, t
        self.unit = []
        for account, members in self.units:
            u = {k: self.unit_sum(flows[k], members) for k in ("revenue", "expenditure", "other", "payroll")}
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
        self.adjust(i)
        out = self.before_rescue()
        self.treasury = np.zeros((len(PAYERS), self.n))
        rules = entries(self.phases[t]["shortfall"]) if self.phases[t] else []
        for u in self.unit:
            if u["account"][0] == "own":
                r = u["account"][1]
                self.settle(rules, r, None, np.maximum(0, -self.own[r]))
            else:
                self.share_gap(rules, u, out["depleted"])
        out["treasury"] = self.treasury
        self.report(out)
        self.last = {"revenue": flows["revenue"], "expenditure": flows["expenditure"]}
        return out

    def adjust(self, i):
        """Adjustment funds: all levies on the gross base, then payments, finest partition first."""
        funds = [(key, p) for key, p in self.stack if key[0] == "adjustment_fund"]
        levied = {}
        for key, p in funds:
            slot = self.slots[key]
            for g in slot.money:
                group = [u for u in self.unit if u["members"][0] in slot.groups[g]]
                base = {"revenue": "revenue", "revenue_previous": "last_revenue", "payroll": "payroll"}[p["base"]]
                levies = [p["levy"] * u[base] for u in group]
                levied[key, g] = (group, sum(levies))
                slot.money[g] = slot.money[g] * (1 + i) + sum(levies)
                for u, levy in zip(group, levies):
                    self.pay(u, -levy)
        for key, p in funds:
            slot = self.slots[key]
            for g in slot.money:
                group, total = levied[key, g]
                need = [p["cover"] * self.need(u, p) for u in group]
                self.pay_out(slot, g, group, need, (1 - p["retained"]) * total)
                short = [np.maximum(0, -self.balance(u["account"])) for u in group]
                self.pay_out(slot, g, group, short, p["reserve_use"] * slot.money[g])

    def pay(self, u, amount):
        self.post(u["account"], amount)
        u["transfer"] = u["transfer"] + amount

    def pay_out(self, slot, g, group, wanted, available):
        """wanted_j min(1, available / sum wanted), out of the fund."""
        total = sum(wanted)
        part = np.minimum(1, available / np.where(total > 0, total, 1))
        for u, want in zip(group, wanted):
            self.pay(u, want * part)
            slot.money[g] = slot.money[g] - want * part

    def need(self, u, p):
        def central(name, t):
            return self.central[name][t][u["members"]].sum()

        t, last = self.t, self.inputs.horizon
        if p["allocation"] == "ex_ante":
            hat = {k: u["last_" + k] * central(k, t) / central(k, t - 1) for k in ("expenditure", "revenue")}
            return np.maximum(0, hat["expenditure"] - hat["revenue"])
        spending = u["expenditure"]
        if p["allocation"] == "projected":
            year = min(t, last - 1)  # beyond the horizon the last growth goes on (silent in the model)
            spending = spending * central("expenditure", year + 1) / central("expenditure", year)
        return np.maximum(0, p["target_months"] / 12 * spending - self.balance(u["account"]))

    def settle(self, rules, r, pool, need):
        """Fills need of region r's own account, or of its part of a pool's gap, by the shortfall rules in order."""
        spent = self.flows["expenditure"][:, r]
        for name, p in rules:
            limit = p["limit_months"] / 12 * spent
            if name == "borrow":
                debt = np.maximum(0, -self.own[r]) - (0 if pool else need)
                done = np.minimum(need, np.maximum(0, limit - debt))
                if pool:
                    self.post(("own", r), -done)
                    self.post(pool, done)
            elif name == "backstop":
                done = np.minimum(need, limit)
                self.treasury[PAYERS.index(p["payer"])] += done
                self.post(pool or ("own", r), done)
            else:
                raise NotImplementedError(f"shortfall rule {name}")
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
            owed = (1 - upper) * gap * w / total
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
                share = e / u["expenditure"]
                gap = u["expenditure"] - u["revenue"]
                out["transfer"][:, r] = (e - rev) - rev / u["revenue"] * gap + share * u["transfer"]
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
                if slot.name == "unified":  # a pool's members: nested pools leave some regions to the finer one
                    members = next(members for account, members in self.units if account == (slot.key, g))
                else:
                    members = slot.groups[g]
                for r in members:
                    out["balance"][:, r] += money * e[:, r] / self.unit_sum(e, members)
        out["total"] = sum(self.own) + sum(m for slot in self.slots.values() for m in slot.money.values())


def run_policy(inputs, number, flows, economy, factors, central):
    """One policy over all years: [scheme][year 1 .. H] -> dictionary of reported rows, flows after levers among them. central: this
    function's own result on the central path (None: this is the central path)."""
    result = []
    for s in range(2):
        phases = phase_table(inputs.timelines[number][SCHEMES[s]], inputs.base_year, inputs.horizon)
        own = [flows[0][s]]
        own += [apply_levers(inputs, s, phases, t, flows[t][s], economy[t]) for t in range(1, inputs.horizon + 1)]
        if central is None:
            growth = {k: [f[k][0] for f in own] for k in ("revenue", "expenditure")}
        else:
            growth = central[s]["growth"]
        opening = inputs.calibration["balance"][s] * factors[2][s]
        policy = Policy(inputs, inputs.timelines[number], s, growth, opening)
        policy.last = own[0]
        years = []
        for t in range(1, inputs.horizon + 1):
            out = policy.year(t, own[t], economy[t])
            out.update({k: own[t][k] for k in ("revenue", "expenditure", "other", "members", "payroll")})
            years.append(out)
        result.append({"years": years, "growth": growth, "opening": opening})
    return result
