# SPDX-License-Identifier: GPL-3.0-or-later
"""Measures and statistics of a results file recomputed from the reference model's paths; needs every path to be saved."""
import warnings

import numpy as np

import pooling
from model import over

VIEWS = ("employee", "resident", "both")
LIMIT = 1e-9


def ratio(a, b):
    """a / b, missing where b is 0."""
    return np.where(b != 0, a / np.where(b != 0, b, 1), np.nan)


def dispersion(x, members):
    """Half the mean difference between regions, weighted by members, and the standard deviation; [path, region, year]."""
    there = ~np.isnan(x)  # regions in which the quantity is missing are left out
    x, members = np.where(there, x, 0), np.where(there, members, 0)
    p = members / members.sum(axis=1, keepdims=True)
    mean = (p * x).sum(axis=1)
    pairs = np.abs(x[:, :, None] - x[:, None]) * p[:, :, None] * p[:, None]
    return pairs.sum(axis=(1, 2)) / 2, np.sqrt((p * (x - mean[:, None]) ** 2).sum(axis=1)), mean


def area_sums(member, x):
    return np.einsum("ar,pr->pa", member, x)


def early_warning(x, bands, start, months):
    """Months below each bound, and red (below the second) in one of the three years after, by the band of the year itself;
    the base year's apart. start [path, area], months [path, area, year]."""
    tie = 12e-9  # a reserve of exactly a bound is not below it
    red = bands[min(1, len(bands) - 1)]
    below, later, now = [], [], []
    everything = np.concatenate([start[..., None], months], axis=-1)
    soon = np.full(everything.shape, np.nan)
    for k in range(1, 4):
        soon[..., :-3] = np.fmax(soon[..., :-3], everything[..., k:k - 3 or None] < red - tie)
    for k, bound in enumerate(bands):
        past = bands[k + 1] if k + 1 < len(bands) else np.inf
        inside = (everything >= bound - tie) & (everything < past - tie) & (bound >= red)
        event = np.where(inside, soon, np.nan)
        later.append(event[..., 1:])
        now.append(event[..., 0])
        below.append(np.where(np.isnan(months), np.nan, months < bound - tie))
    x["months_below"], x["red_in_3_years"] = np.stack(below, axis=1), np.stack(later, axis=1)
    x["red_in_3_years_now"] = np.stack(now, axis=1)


def measures(inputs, result, world, member, bands):
    """Every measure of a policy: view -> name -> array [path, area, year], [path, year] or [path]."""
    discount = np.stack([w["discount"] for w in world.economy[1:]], axis=1)
    interest = np.stack([w["interest"] for w in world.economy[1:]], axis=1)
    out = {}
    for view in VIEWS:
        schemes = (0, 1) if view == "both" else (VIEWS.index(view),)

        def stack(name, s):
            return np.stack([year[name] for year in result[s]["years"]], axis=-1)

        def rows(name):
            return sum(stack(name, s) for s in schemes)

        def area(x):
            return np.einsum("ar,pry->pay", member, x)

        x = {}
        n_regions = member.shape[1]
        spent, own = rows("expenditure"), area(rows("expenditure"))
        x["revenue"], x["expenditure"], x["other_outgo"] = area(rows("revenue")), own, area(rows("other"))
        x["members"], x["balance"], x["own_balance"] = area(rows("members")), area(rows("balance")), area(rows("own"))
        x["net_transfer"] = area(rows("transfer"))
        x["net_transfer_per_member"] = ratio(x["net_transfer"], x["members"])
        x["reserve_months"] = ratio(12 * x["balance"], own)
        surplus = area(rows("surplus"))
        x["deficit"] = (surplus < 0) * 1.0
        # a gap filled to the last yuan is a tie that rounding decides: either answer is right
        x["deficit undecided"] = (np.abs(surplus) < 1e-9 * own) * 1.0
        # depletion: a region by the account that pays its claims, a wider area by its accounts together; both: either
        at = np.zeros_like(own)
        for s in schemes:
            wide = (area(stack("before", s)) < -1e-9 * area(stack("expenditure", s))) * 1.0
            wide[:, :n_regions] = stack("depleted", s)
            at = np.maximum(at, wide)
        x["depleted_at"], x["depleted_by"] = at, np.maximum.accumulate(at, axis=2)
        weighted = sum(stack("members", s) * stack("depleted", s) for s in schemes).sum(axis=1)
        x["member_weighted_depletion"] = weighted / rows("members").sum(axis=1)
        x["depletion_depth"] = rows("hole") / spent.sum(axis=1)
        some = np.max([stack("depleted", s).max(axis=1) for s in schemes], axis=0)
        x["depleted_any"] = np.maximum.accumulate(some, axis=1)
        x["structural_shortfall"] = some * (rows("total_before") >= 0)
        months = ratio(12 * rows("balance"), spent)
        x["months_dispersion"], x["months_sd"], _ = dispersion(months, rows("members"))
        spread, _, mean = dispersion(ratio(spent, rows("revenue")), rows("members"))
        x["cost_ratio_gini"] = spread / mean
        # treasury: payments and closing balances are dated 31 December, flows the middle of the year
        paid = np.moveaxis(sum(stack("treasury", s) for s in schemes), 0, 1) / discount[:, None]
        for k, payer in enumerate(pooling.PAYERS):
            x["treasury_" + payer] = paid[:, k].sum(axis=1)
        x["treasury_unmet"] = (rows("unmet") / discount).sum(axis=1)
        x["treasury_gross"] = paid.sum(axis=(1, 2)) + x["treasury_unmet"]
        x["treasury_net"] = x["treasury_gross"] - rows("total")[:, -1] / discount[:, -1]
        value = (1 + interest / 2) / discount
        for payer in pooling.PAYERS + ("others",):
            x[{"others": "contributions"}.get(payer, "subsidy_" + payer)] = (value * sum(
                np.stack([year["paid"][payer] + 0 * interest[:, 0] for year in result[s]["years"]], axis=1)
                for s in schemes)).sum(axis=1)
        x["transfers"] = np.einsum("ar,pfr->pfa", member, sum(result[s]["given"] for s in schemes))
        x["stake_in_funds"] = np.einsum("ar,pr->pa", member, sum(result[s]["stake"] for s in schemes))
        if view != "both":
            opening = area_sums(member, result[s]["opening"]), area_sums(member, result[s]["spent_at_start"])
            early_warning(x, bands, ratio(12 * opening[0], opening[1]), x["reserve_months"])
        net = (rows("revenue") - spent - rows("other")).sum(axis=1)
        base = sum(stack("base", s) for s in schemes)
        opening = sum(result[s]["opening"] for s in schemes).sum(axis=1)
        x["actuarial_balance"] = (opening + (net * value).sum(axis=1)) / (base.sum(axis=1) * value).sum(axis=1)
        x["level_rate"] = -x["actuarial_balance"]
        out[view] = x
    return out


def tail(x, alpha):
    """VaR, the order statistic ceil(alpha n), and TVaR, the mean of the worst (1 - alpha) n with a fraction of the last."""
    x, n = np.sort(x), len(x)
    var = x[max(int(np.ceil(alpha * n - 1e-9)), 1) - 1]
    weight = np.clip((1 - alpha) * n - np.arange(n), 0, 1)
    return var, (weight * x[::-1]).sum() / ((1 - alpha) * n)


def compare_statistics(report, group, name, x, file, alpha, size, undecided):
    """x: one value a path first; file: the group; size: of the amounts that x is a difference of; undecided:
    for an event, the share of paths on which rounding decides."""
    stored, n = file[name][()], (~np.isnan(x)).sum(axis=0)
    with np.errstate(invalid="ignore", divide="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # no path, or one, has a value
        mean, sd = np.nanmean(x, axis=0), np.nanstd(x, axis=0, ddof=1)
        least, most = np.nanmin(x, axis=0), np.nanmax(x, axis=0)
    se = sd / np.sqrt(np.maximum(n, 1))
    if name + "_se" in file:
        certain = (least == most) & (n > 1)
        stored_se = file[name + "_se"][()]
        report.compare(f"{group}/{name}", np.where(np.abs(mean - stored) <= undecided + 1e-12, stored, mean), stored, LIMIT, 1.0)
        report.compare(f"{group}/{name}_se", np.where((undecided > 0) | (n < 2), stored_se, np.where(certain, 3 / np.maximum(n, 1), se)), stored_se,
                       1e-7, 1.0)
    elif x.ndim == 1 and len(stored) == 6:
        var, tvar = tail(x, alpha)
        # a standard deviation of nothing but rounding has no digits: all are compared at the size of the values
        report.compare(f"{group}/{name} total", np.array([mean, sd, se, var, tvar]), stored[[0, 1, 2, 4, 5]], LIMIT, size)
    else:
        report.compare(f"{group}/{name} mean", mean, stored[0], LIMIT, size)
        report.compare(f"{group}/{name} sd, se", [sd, se], stored[1:3], 1e-6, size)
    if name + "_quantile" in file:
        compare_quantiles(report, f"{group}/{name}_quantile", x, file["quantile"][()], file[name + "_quantile"][()],
                          file[name + "_quantile_rank_bound"][()], size)


def compare_quantiles(report, name, x, probability, stored, bound, size):
    """The share of paths below a quantile may miss its probability by the certified bound (and by one path)."""
    n = len(x)
    slack = 2e-7 * np.abs(stored) + 1e-11 * size  # the file holds single precision
    excess = []
    for p, q, b, s in zip(probability, stored, bound, slack):
        below = (x < q - s).sum(axis=0) / n
        up_to = (x <= q + s).sum(axis=0) / n
        excess.append(np.maximum(below - p, p - up_to) - b - 1 / n)
    report.line(name + " beyond its rank bound", max(0.0, float(np.max(excess))), LIMIT)


def sizes(by_name, base):
    """The size of the amounts behind a measure: transfers are differences of expenditure and revenue."""
    def largest(x):
        return np.max(np.abs(np.nan_to_num(x)), axis=0)

    of = {"net_transfer": "revenue", "treasury_gross": "treasury_net"}
    out = {name: np.maximum(largest(by_name[of.get(name, name)]), largest(base[of.get(name, name)])) for name in by_name}
    out["stake_in_funds"] = np.full(out["stake_in_funds"].shape, np.max(out["contributions"]))
    out["net_transfer_per_member"] = over(out["revenue"], np.max(by_name["members"], axis=0))
    return out


def check(report, file, inputs, results, world, member):
    alpha, baseline = float(inputs.attributes["treasury_alpha"]), inputs.attributes["baseline"]
    report.line("quality/drivers_clipped (difference)", abs(world.drivers.clipped - int(file["quality/drivers_clipped"][()])), 0)
    report.line("quality/migration_bounded (difference)", abs(world.bounded - int(file["quality/migration_bounded"][()])), 0)
    account = np.einsum("ar,pry->pay", member, world.rows(lambda t: world.flows[0][t][0]["account"]))
    compare_statistics(report, f"policy/{baseline}/employee", "account_balance", account,
                       file[f"policy/{baseline}/employee"], alpha, np.max(np.abs(account), axis=0), 0)
    bands = file[f"policy/{baseline}/employee/band"][()]
    all_measures = {name: measures(inputs, result, world, member, bands) for name, result in results}
    for policy, by_view in all_measures.items():
        for view, by_name in by_view.items():
            base = all_measures[baseline][view]
            group, paired, size = f"policy/{policy}/{view}", f"difference/{policy}/{view}", sizes(by_name, base)
            for name, x in by_name.items():
                ties = [y[name + " undecided"].mean(axis=0) if name + " undecided" in y else 0 for y in (by_name, base)]
                if name in file[group]:
                    compare_statistics(report, group, name, x, file[group], alpha, size[name], ties[0])
                if paired in file and name in file[paired]:
                    compare_statistics(report, paired, name, x - base[name], file[paired], alpha, size[name], sum(ties))
