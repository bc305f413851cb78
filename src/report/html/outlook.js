/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Policies compared, the chance of running out, reserves, the first year without money. */

const TABLE_YEARS = [2030, 2035, 2040, 2050].filter(y => y >= D.first && y <= D.last);
if (!TABLE_YEARS.length) TABLE_YEARS.push(D.last);
const event = (p, name, area, year, tree = "policy") => {
  const v = series(p, state.scheme, name, area, tree), e = series(p, state.scheme, name + "_se", area, tree);
  return v ? [v[at(year)], e ? e[at(year)] : NaN] : [NaN, NaN];
};
const mean = (p, name, area, year, tree = "policy") => {
  const v = series(p, state.scheme, name + ".mean", area, tree) || series(p, state.scheme, name + ".central", area, tree);
  const e = series(p, state.scheme, name + ".se", area, tree);
  return v ? [v[at(year)], e ? e[at(year)] : NaN] : [NaN, NaN];
};
/* Whether a policy differs from the baseline in the scheme, by what the page shows. */
const differs = p => p === BASELINE || BASELINE < 0 || ["depleted_by", "reserve_months.mean", "reserve_months.central"].some(name => {
  const g = groupOf(p, state.scheme, "difference");
  return g?.[name] && decode(g[name][0], g[name][1]).some(v => v !== 0 && !isNaN(v));
}) || Math.abs((groupOf(p, state.scheme, "difference")?.treasury_net || {}).mean) > 1;
const shownPolicies = () => D.policies.map((_, p) => p).filter(differs);

/* Year in which a chance reaches a share. */
function yearOf(values, share) {
  const i = values ? values.findIndex(v => v >= share) : -1;
  return i < 0 ? ">" + D.last : star(D.first + i);
}

section("policies", tr("The policies side by side"), ["scheme", "year"], body => {
  const shown = shownPolicies(), same = D.policies.map((_, p) => p).filter(p => !differs(p));
  const weighted = has("member_weighted_depletion_by");
  if (weighted) {
    body.append(note(tr("The chance that the fund paying a member's claims has run out of money at least once by the end of the year, each region counted by its members; and how far a policy moves this chance on the same paths. In italics: within twice its error, so no difference is claimed.")));
    body.append(table(tr("Chance that a member's fund has run out, %s", schemeName(state.scheme)),
      [tr("Policy"), ...TABLE_YEARS.map(y => tr("by %s", star(y))), ...BASELINE < 0 ? [] : [tr("change by %s, points", star(state.year))], tr("some region short, all together not, %s", star(state.year))],
      shown.map(p => {
        const d = event(p, "member_weighted_depletion_by", WHOLE, state.year, "difference");
        return Object.assign([policyName(p) + (p === BASELINE ? " " + tr("(baseline)") : ""),
          ...TABLE_YEARS.map(y => chance(...event(p, "member_weighted_depletion_by", WHOLE, y))),
          ...BASELINE < 0 ? [] : [p === BASELINE ? "" : Math.abs(d[0]) > 2 * d[1] ? points(...d) : el("i", {}, points(...d))],
          chance(...event(p, "structural_shortfall", WHOLE, state.year))], { mark: p === BASELINE ? "baseline" : null });
      })));
  }
  const by = p => series(p, state.scheme, "depleted_by", WHOLE);
  const turns = p => groupOf(p, state.scheme)?.turns || {}, year = y => y ? star(y) : ">" + D.last;
  const helps = p => p === BASELINE ? "" : !turns(p).helps ? tr("never better off") : turns(p).stops ? tr("better off from %1$s, worse off from %2$s", star(turns(p).helps), star(turns(p).stops)) : tr("better off from %s", star(turns(p).helps));
  body.append(table(tr("All regions' accounts added up, %s", schemeName(state.scheme)),
    [tr("Policy"), ...CENTRAL_ONLY ? [] : [tr("empty on 10 % of paths by"), tr("on 50 % by"), tr("on 90 % by")], tr("first deficit, central path"), tr("first overdraft, central path"), tr("months of reserve in %s", star(state.year)), ...BASELINE < 0 || CENTRAL_ONLY ? [] : [tr("members compared with the baseline")]],
    shown.map(p => Object.assign([policyName(p), ...CENTRAL_ONLY ? [] : [0.1, 0.5, 0.9].map(share => yearOf(by(p), share)), year(turns(p).deficit), year(turns(p).overdraft),
      months(...mean(p, "reserve_months", WHOLE, state.year), false), ...BASELINE < 0 || CENTRAL_ONLY ? [] : [helps(p)]], { mark: p === BASELINE ? "baseline" : null })), { text: [CENTRAL_ONLY ? 4 : 7] }));
  body.append(caption(tr("The central path has every chance event at its middle; it is no average. Better off, worse off: the first year in which the chance above is lower, or higher, than under the baseline by more than twice the error.")));
  if (same.length) body.append(note(tr("The same as the baseline in this scheme: %s.", same.map(policyName).join(CHINESE ? "、" : ", "))));
});

section("chance", tr("When does the money run out? Every policy"), ["scheme", "region", "until"], body => {
  const whole = state.region === WHOLE, name = whole && has("member_weighted_depletion_by") ? "member_weighted_depletion_by" : "depleted_by";
  const all = shownPolicies().filter(p => series(p, state.scheme, name, state.region));
  if (!all.length) return false;
  body.append(note(whole && name !== "depleted_by" ?
    tr("The chance that the fund which pays a member's claims has run out of money at least once by the end of the year. Choose a region above to see its fund alone.") :
    tr("%s: the chance that the account which pays has run out of money at least once by the end of the year.", areaName(state.region))));
  /* Many policies: the baseline, the chosen one, the best three and the worst are drawn, the rest wait in the legend. */
  const shown = new Set(all), compared = at(Math.min(Math.max(FORECAST_END, D.first), D.last));
  if (all.length > 7) {
    const order = [...all].sort((a, b) => series(a, state.scheme, name, state.region)[compared] - series(b, state.scheme, name, state.region)[compared]);
    shown.clear();
    [BASELINE, state.policy, ...order.slice(0, 3), order.at(-1)].filter(p => all.includes(p)).forEach(p => shown.add(p));
  }
  const sets = all.flatMap(p => {
    const v = series(p, state.scheme, name, state.region), e = series(p, state.scheme, name + "_se", state.region), style = policyStyle(p);
    const hidden = !shown.has(p);
    return [...band(v.map((x, i) => 100 * Math.max(x - 2 * (e?.[i] || 0), 0)), v.map((x, i) => 100 * Math.min(x + 2 * (e?.[i] || 0), 1)), style.colour, 0.3, { hidden }),
      line(policyName(p), v.map(x => 100 * x), style, i => chance(v[i], e?.[i]), { hidden })];
  });
  const made = chart(body, tr("Chance of having run out by year, one line for each policy"), { type: "line", data: { labels: YEARS, datasets: sets },
    options: { scales: { x: yearAxis(), y: percentAxis("", { max: 100 }) } } }, 360);
  body.append(policyKey(made, all, shown, p => [0, 1, 2].map(k => 3 * all.indexOf(p) + k)),
    caption(tr("Bands: two standard errors each way; where no band is seen it is thinner than the line.")),
    numbers(tr("Chance of having run out by year"), [tr("Year"), ...all.map(policyName)],
      YEARS.map(y => [star(y), ...all.map(p => chance(...event(p, name, state.region, y)))])));
});

const QUANTILES = [0.05, 0.25, 0.5, 0.75, 0.95];
/* A fan of five quantiles: 5-95 and 25-75 % of paths, the median. */
function fan(body, label, q, extra, say, axis, hex, decimals) {
  const median = line(tr("median"), q[2], { colour: hex, width: 2.5 }, i => number(q[2][i], decimals) + "  (5–95 %: " + number(q[0][i], decimals) + " … " + number(q[4][i], decimals) + ")");
  const sets = [...band(q[0], q[4], hex, 0.18), ...band(q[1], q[3], hex, 0.3), median, ...extra];
  chart(body, label, { type: "line", data: { labels: YEARS, datasets: sets }, options: { scales: { x: yearAxis(), y: axis } } });
}
const fanKey = (hex, more) => key([[tr("5–95 % of paths"), { colour: hex, fill: faint(hex, 0.18) }], [tr("25–75 %"), { colour: hex, fill: faint(hex, 0.48) }],
  [tr("median"), { colour: hex }], ...more]);

section("reserve", tr("Months of reserve"), ["scheme", "policy", "region", "until"], body => {
  const q = QUANTILES.map(p => series(state.policy, state.scheme, "reserve_months_quantile." + p, state.region));
  const central = series(state.policy, state.scheme, "reserve_months.central", state.region);
  if (q.some(x => !x) && !central) return false;
  const hex = colour(1), dark = { colour: css("--text"), dash: [2, 3] }, base = { colour: colour(0), dash: [8, 4], width: 1.5 };
  body.append(note(tr("%1$s, %2$s, %3$s. How many months of expenditure the balance would pay; below zero the fund is in debt.", areaName(state.region), schemeName(state.scheme), policyName(state.policy))));
  const say = v => i => number(v[i], 1);
  const extra = central ? [line(tr("central path"), central, dark, say(central))] : [];
  const marks = central ? [[tr("central path: every chance event at its middle"), dark]] : [];
  if (BASELINE >= 0 && state.policy !== BASELINE) {
    const m = series(BASELINE, state.scheme, "reserve_months_quantile.0.5", state.region);
    if (m) extra.push(line(tr("median under %s", policyName(BASELINE)), m, base, say(m)));
    marks.push([tr("median under %s", policyName(BASELINE)), base]);
  }
  const axis = { title: tr("months") };
  if (q.every(Boolean)) {
    fan(body, tr("Fan of months of reserve by year"), q, extra, null, axis, hex, 1);
    body.append(fanKey(hex, marks), numbers(tr("Months of reserve"), [tr("Year"), "5 %", "25 %", tr("median"), "75 %", "95 %", tr("central path")],
      YEARS.map((y, i) => [star(y), ...q.map(v => number(v[i], 1)), number(central?.[i], 1)])));
  } else {
    chart(body, tr("Months of reserve by year"), { type: "line", data: { labels: YEARS, datasets: extra }, options: { scales: { x: yearAxis(), y: axis } } });
    body.append(key(marks));
  }
});

section("flows", tr("Income, outgo and balance"), ["scheme", "policy", "region", "money", "until"], body => {
  const get = name => series(state.policy, state.scheme, name + ".mean", state.region) || (name === "balance" ? series(state.policy, state.scheme, "balance.central", state.region) : null);
  const income = get("revenue"), benefits = get("expenditure"), other = get("other_outgo"), balance = get("balance");
  if (!income && !balance) return false;
  const se = series(state.policy, state.scheme, "balance.se", state.region);
  const convert = v => v.map((x, i) => inMoney(x, YEARS[i]) / 1e8);
  const outgo = benefits?.map((x, i) => x + (other?.[i] || 0));
  body.append(note(tr("%1$s, %2$s, %3$s. Means over all paths. Income is the pooled fund's before transfers between regions; outgo is benefits, credits to retirees' accounts and the transfer to major-illness insurance.", areaName(state.region), schemeName(state.scheme), policyName(state.policy))));
  const styles = [{ colour: colour(1) }, { colour: colour(2), dash: [8, 4] }, { colour: colour(0), dash: [2, 3] }];
  const lines = [[tr("income"), income], [tr("outgo"), outgo], [tr("balance at the end of the year"), balance]].map(([label, v], k) => v && line(label, convert(v), styles[k], i => money(inMoney(v[i], YEARS[i])))).filter(Boolean);
  chart(body, tr("Income, outgo and balance by year"), { type: "line", data: { labels: YEARS, datasets: lines },
    options: { scales: { x: yearAxis(), y: { title: moneyUnit(), ticks: { callback: v => v.toLocaleString("en") } } } } });
  body.append(key(lines.map((l, k) => [l.label, styles[k]])), numbers(tr("Income, outgo and balance") + ", " + moneyUnit(), [tr("Year"), tr("income"), tr("outgo"), tr("balance at the end of the year")],
    YEARS.map((y, i) => [star(y), money(inMoney(income?.[i], y)), money(inMoney(outgo?.[i], y)), money(inMoney(balance?.[i], y), inMoney(se?.[i], y))])));
});

section("map", tr("Regions and years"), ["scheme", "policy", "until"], body => {
  const names = [["depleted_by", tr("has run out of money at least once by then")], ["deficit", tr("spends more in the year than it takes in")]].filter(([n]) => has(n));
  if (!names.length) return false;
  const draw = name => {
    const readout = el("p", { class: "caption", "aria-live": "polite" }, tr("Point at a cell, or move with the arrow keys, to read it."));
    const read = td => {
      const a = Number(td.dataset.area), y = Number(td.dataset.year);
      readout.textContent = areaBoth(a) + ", " + star(y) + ": " + chance(...event(state.policy, name, a, y));
      td.closest("table").querySelector(".at")?.classList.remove("at");
      td.classList.add("at");
    };
    const colours = Array.from({ length: 101 }, (_, i) => heat(i / 100)), turn = heatTurn(colours);
    const areas = [...REGIONS, ...D.areas.map((_, a) => a).filter(a => !isRegion(a))];
    const body = el("tbody", {}, areas.map(a => {
      const v = series(state.policy, state.scheme, name, a);
      return el("tr", { class: isRegion(a) ? null : "sum" }, el("th", { scope: "row" }, areaName(a)), shownYears().map((y, i) => isNaN(v[i]) ? el("td") :
        el("td", { style: "background:" + colours[Math.round(100 * v[i])], class: (100 * v[i] >= turn ? "high" : "") + (y === FORECAST_END + 1 ? " edge" : ""), "data-area": a, "data-year": y },
          v[i] >= 0.995 ? "●" : v[i] < 0.005 ? "" : String(Math.round(100 * v[i])))));
    }));
    const grid = el("table", { class: shownYears().length > 30 ? "heat long" : "heat", onmouseover: e => e.target.dataset.year && read(e.target) },
      el("caption", { class: "unseen" }, tr("Chance in per cent by region and year")),
      el("thead", {}, el("tr", {}, el("td"), shownYears().map(y => el("th", { scope: "col", class: y === FORECAST_END + 1 ? "edge" : null }, y % 5 ? "" : star(y))))), body);
    const scroll = el("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": tr("Map of regions and years; arrow keys read single cells"), onkeydown: e => {
      const move = { ArrowRight: [0, 1], ArrowLeft: [0, -1], ArrowDown: [1, 0], ArrowUp: [-1, 0] }[e.key];
      if (!move) return;
      e.preventDefault();
      const now = grid.querySelector(".at"), rowsOf = [...body.rows];
      const r = now ? rowsOf.indexOf(now.parentNode) + move[0] : 0, c = now ? now.cellIndex + move[1] : 1;
      const next = rowsOf[r]?.cells[c];
      if (next?.dataset.year) {
        read(next);
        next.scrollIntoView({ block: "nearest", inline: "nearest" });
      }
    } }, grid);
    return [scroll, el("p", { class: "scale" }, "0 %", el("span", { style: `background:linear-gradient(90deg,${heat(0)},${heat(1)})` }), "100 %", el("span", { class: "sign" }, tr("Numbers: per cent; ● 99.5 or more; empty: below 0.5. Right of the line: present rules unchanged, not a forecast."))), readout];
  };
  const place = el("div");
  body.append(note(tr("%1$s, %2$s: the chance that a region's fund", schemeName(state.scheme), policyName(state.policy))),
    el("div", { class: "switch", role: "group" }, names.map(([name, label], k) => el("button", { type: "button", "aria-pressed": String(k === 0), onclick: e => {
      for (const b of e.target.parentNode.children) b.setAttribute("aria-pressed", String(b === e.target));
      place.replaceChildren(...draw(name));
    } }, label))), place);
  place.append(...draw(names[0][0]));
});

section("first", tr("The first year without money"), ["scheme", "policy", "region", "until"], body => {
  const pair = [state.policy, ...BASELINE >= 0 && BASELINE !== state.policy ? [BASELINE] : []].filter(p => series(p, state.scheme, "depleted_by", state.region));
  if (!pair.length) return false;
  body.append(note(state.region === WHOLE ? tr("All accounts added up, %s: in which year the money runs out for the first time, as a share of the paths.", schemeName(state.scheme)) :
    tr("%1$s, %2$s: in which year the account that pays runs out for the first time, as a share of the paths.", areaName(state.region), schemeName(state.scheme))));
  const first = p => series(p, state.scheme, "depleted_by", state.region).map((v, i, all) => v - (i ? all[i - 1] : 0));
  const sets = pair.map((p, k) => {
    const q = first(p), style = policyStyle(p);
    return { label: policyName(p), data: q.map(x => 100 * x), errors: q.map(x => x > 0 ? 100 * pathError(x) : 0), say: i => ofPaths(q[i]),
      backgroundColor: k ? stripes(style.colour) : style.colour, borderColor: style.colour, borderWidth: 1 };
  });
  chart(body, tr("Share of paths by first year without money"), { type: "bar", data: { labels: YEARS, datasets: sets },
    options: { scales: { x: yearAxis(), y: percentAxis("") } } }, 280);
  body.append(key(pair.map((p, k) => [policyName(p), { colour: policyStyle(p).colour, fill: k ? faint(policyStyle(p).colour, 0.3) : policyStyle(p).colour }])),
    el("ul", { class: "facts" }, pair.map(p => el("li", {}, tr("%1$s: not by %2$s on %3$s of the paths.", policyName(p), star(D.last), chance(1 - event(p, "depleted_by", state.region, D.last)[0], event(p, "depleted_by", state.region, D.last)[1]))))),
    numbers(tr("Share of paths by first year without money"), [tr("Year"), ...pair.map(policyName)], YEARS.map((y, i) => [star(y), ...pair.map(p => ofPaths(first(p)[i]))])));
});
