/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Who gains and who loses, transfers, ageing, equity, warning bands. */

/* Bars by region, sideways, the largest first, with whiskers. `read(a)` gives value and standard error. */
function bars(body, label, areas, read, axis, say, head, gainSign = 1) {
  const sorted = areas.map(a => [a, ...read(a)]).filter(([, v]) => !isNaN(v)).sort((x, y) => y[1] - x[1]);
  if (!sorted.length) return;
  const gain = colour(1), loss = colour(2), open = css("--muted");
  const tone = ([, v, e]) => Math.abs(v) <= 2 * e ? open : v * gainSign > 0 ? gain : loss;
  chart(body, label, { type: "bar", data: { labels: sorted.map(([a]) => areaName(a)), datasets: [{
    label: "", data: sorted.map(([, v]) => v), errors: sorted.map(([, , e]) => e), say: i => say(sorted[i][1], sorted[i][2]),
    backgroundColor: sorted.map(r => tone(r) === loss ? stripes(loss) : tone(r) === open ? "transparent" : gain), borderColor: sorted.map(tone), borderWidth: 1 }] },
    options: { indexAxis: "y", scales: { x: { ...axis, suggestedMin: Math.min(0, ...sorted.map(([, v, e]) => v - 2 * (e || 0))), suggestedMax: Math.max(0, ...sorted.map(([, v, e]) => v + 2 * (e || 0))) }, y: { ticks: { autoSkip: false }, grid: { display: false } } }, plugins: { shade: { off: true } } } }, 70 + 21 * sorted.length);
  body.append(numbers(label, [tr("Region"), head], sorted.map(([a, v, e]) => [areaBoth(a), say(v, e)])));
}

section("winners", tr("Who gains, who loses"), ["scheme", "policy", "year"], body => {
  if (BASELINE < 0 || !others.length || CENTRAL_ONLY) return false;
  if (state.policy === BASELINE) {
    body.append(note(tr("This is the policy that the others are compared with. Choose another policy above.")));
    return;
  }
  body.append(note(tr("%1$s against %2$s on the same paths, %3$s, %4$s. Whiskers: two standard errors each way; where they cross zero nothing is claimed.", policyName(state.policy), policyName(BASELINE), schemeName(state.scheme), star(state.year))));
  const left = el("div"), right = el("div");
  body.append(el("div", { class: "pair" }, left, right));
  left.append(el("h3", {}, tr("Chance of having run out by %s", star(state.year))), caption(tr("below zero: the region gains")));
  bars(left, tr("Change of the chance, points"), REGIONS, a => event(state.policy, "depleted_by", a, state.year, "difference").map(x => 100 * x), { title: tr("points") }, (v, e) => points(v / 100, e / 100), tr("Change of the chance, points"), -1);
  right.append(el("h3", {}, tr("Months of reserve in %s", star(state.year))), caption(tr("above zero: the region gains")));
  bars(right, tr("Change of the reserve, months"), REGIONS, a => mean(state.policy, "reserve_months", a, state.year, "difference"), { title: tr("months") }, months, tr("Change of the reserve, months"));
  body.append(key([[tr("gains"), { colour: colour(1), fill: colour(1) }], [tr("loses"), { colour: colour(2), fill: faint(colour(2), 0.35) }], [tr("within twice the error: nothing is claimed"), { colour: css("--muted"), fill: "none" }]]));
  const rows = REGIONS.map(a => [a, event(state.policy, "depleted_by", a, state.year, "difference"), event(state.policy, "depleted_by_giving", a, state.year)]);
  const gain = rows.filter(([, d]) => d[0] < -2 * d[1]).length, lose = rows.filter(([, d]) => d[0] > 2 * d[1]).length;
  body.append(el("p", { class: "caption" }, tr("By the chance: %1$s regions gain, %2$s lose, %3$s neither.", gain, lose, rows.length - gain - lose)));
  if (has("depleted_by_giving")) {
    body.append(fold(tr("Has a region run dry because of what it gave?"), table(tr("Chance in %s that the account is short and would not be without what it gave this year", star(state.year)), [tr("Region"), tr("Chance")], rows.map(([a, , g]) => [areaBoth(a), chance(...g)]))));
  }
});

/* Who gives to whom over the whole run: a table whose shades grow with the amount. */
function matrix(body) {
  const group = groupOf(state.policy, state.scheme), give = group?.["transfers.mean"] || group?.["transfers.central"];
  if (!give) return;
  const v = decode(...give), e = group["transfers.se"] ? decode(...group["transfers.se"]) : [];
  const cell = (from, to) => v[from * N_AREAS + to], error = (from, to) => e[from * N_AREAS + to];
  const most = Math.max(...REGIONS.flatMap(f => REGIONS.map(t => cell(f, t) || 0)));
  if (!(most > 0)) return;
  const title = tr("Who gives (rows) to whom (columns), over the whole run to %1$s; present value, 100 million yuan", star(D.last));
  const colours = Array.from({ length: 101 }, (_, i) => heat(i / 100)), turn = heatTurn(colours);
  const amount = (f, t) => !(cell(f, t) > 0) ? "" : cell(f, t) <= 2 * error(f, t) ? "·" : money(cell(f, t), error(f, t)).split(" ±")[0];
  const shade = (f, t) => Math.round(100 * Math.sqrt(Math.max(cell(f, t) || 0, 0) / most));
  body.append(el("h3", {}, title), caption(tr("A region's stake in a fund is what it has paid in with interest; what others draw of it is given. The darker, the more. ·: within twice its error of nothing.")),
    el("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": title }, el("table", { class: "matrix" }, el("caption", { class: "unseen" }, title),
      el("thead", {}, el("tr", {}, el("th", { scope: "col" }, tr("gives")), REGIONS.map(t => el("th", { scope: "col" }, areaName(t))), el("th", { scope: "col" }, tr("all together")))),
      el("tbody", {}, REGIONS.map(f => el("tr", {}, el("th", { scope: "row" }, areaName(f)), REGIONS.map(t => el("td",
        { style: cell(f, t) > 0 ? "background:" + colours[shade(f, t)] : null, class: shade(f, t) >= turn ? "high" : null, title: cell(f, t) > 0 ? `${areaName(f)} → ${areaName(t)}: ${money(cell(f, t), error(f, t))}` : null }, amount(f, t))),
        el("td", {}, money(cell(f, WHOLE), error(f, WHOLE)))))))));
}

section("transfers", tr("Transfers between regions"), ["scheme", "policy", "year", "money"], body => {
  if (!has("net_transfer.mean")) return false;
  const read = a => mean(state.policy, "net_transfer", a, state.year).map(x => inMoney(x, state.year) / 1e8);
  if (REGIONS.every(a => Math.abs(read(a)[0]) < 0.005)) {
    body.append(note(tr("Under %1$s no money moves between regions in %2$s.", policyName(state.policy), star(state.year))));
    return;
  }
  body.append(note(tr("%1$s, %2$s, %3$s: what a region's account receives from the others less what it pays to them. In one common fund: what it draws beyond its part by revenue. Mean over all paths.", policyName(state.policy), schemeName(state.scheme), star(state.year))));
  bars(body, tr("Received less paid, by region") + ", " + moneyUnit(), REGIONS, read, { title: moneyUnit() }, (v, e) => money(1e8 * v, 1e8 * e, true), tr("Received less paid"));
  matrix(body);
  if (has("net_transfer_to_date.mean")) {
    const to = a => mean(state.policy, "net_transfer_to_date", a, state.year);
    body.append(fold(tr("Received less paid up to then, yuan a member"), table(tr("Received less paid up to %s, nominal yuan a member", star(state.year)), [tr("Region"), tr("yuan a member")], REGIONS.map(a => {
      const [v, e] = to(a);
      return [areaBoth(a), isNaN(v) ? "–" : Math.abs(v) < 0.5 ? "0" : signed(v, 0) + (e > 0 ? " ±" + grouped(e, 0) : "")];
    }))));
  }
});

section("ageing", tr("Ageing: contributors for each retiree, and people over 60"), ["policy", "region", "until"], body => {
  const ratio = QUANTILES.map(p => series(state.policy, "employee", "ratio_quantile." + p, state.region));
  const aged = QUANTILES.map(p => rows(D.people, "aged_share_quantile." + p, state.region)?.map(x => 100 * x));
  const hex = colour(3), parts = [];
  for (const [q, title, decimals, unit] of [[ratio, tr("Contributors for each retiree (employee scheme)"), 2, ""], [aged, tr("Share of people aged 60 and over, %"), 1, "%"]]) {
    if (q.some(v => !v)) continue;
    const part = el("div", {}, el("h3", {}, title));
    fan(part, title + ", " + areaName(state.region), q, [], null, unit ? { ticks: { callback: v => v + " %" } } : {}, hex, decimals);
    part.append(numbers(title, [tr("Year"), "5 %", "25 %", tr("median"), "75 %", "95 %"], YEARS.map((y, i) => [star(y), ...q.map(v => number(v[i], decimals))])));
    parts.push(part);
  }
  if (!parts.length) return false;
  body.append(note(tr("%1$s, %2$s. Fewer contributors for each retiree is what empties the funds.", areaName(state.region), policyName(state.policy))), el("div", { class: "pair" }, parts), fanKey(hex, []));
});

const EQUITY = [
  ["months_dispersion", tr("Half the mean difference of regions' months of reserve"), 1, 2],
  ["months_sd", tr("Standard deviation of regions' months of reserve"), 1, 2],
  ["cost_ratio_gini", tr("Gini coefficient of expenditure over revenue"), 1, 4],
  ["cost_ratio_theil", tr("Theil index of expenditure over revenue"), 1, 5],
  ["months_concentration", tr("Months of reserve held more by regions of high wages"), 1, 2],
  ["benefit_concentration", tr("Concentration of benefits per contribution by wage (below 0: to regions of low wages)"), 1, 4],
];
let equity = 0;
section("equity", tr("Equity between regions"), ["scheme", "until"], body => {
  const known = EQUITY.filter(([n]) => has(n + ".mean"));
  if (!known.length) return false;
  const box = el("select", { onchange: () => { equity = box.selectedIndex; drawSection(sections.find(s => s.id === "equity")); } }, known.map(([, label], k) => el("option", { value: k, selected: k === equity }, label)));
  const [name, label, , decimals] = known[equity];
  const shown = shownPolicies().filter(p => series(p, state.scheme, name + ".mean"));
  body.append(note(tr("How unequal regions are, weighted by members. 0: all alike.")), el("label", { class: "choice" }, el("span", {}, tr("Measure")), box));
  const start = new Set(shown.length > 7 ? shown.filter(p => p === BASELINE || p === state.policy).concat(shown.slice(0, 4)) : shown);
  const get = p => [series(p, state.scheme, name + ".mean"), series(p, state.scheme, name + ".se")];
  const made = chart(body, label, { type: "line", data: { labels: YEARS, datasets: shown.map(p => {
    const [v, e] = get(p);
    return line(policyName(p), v, policyStyle(p), i => number(v[i], decimals) + (e?.[i] > 0 ? " ±" + number(e[i], decimals) : ""), { hidden: !start.has(p) });
  }) }, options: { scales: { x: yearAxis(), y: {} } } }, 300);
  body.append(policyKey(made, shown, start, p => [shown.indexOf(p)]), numbers(label, [tr("Year"), ...shown.map(policyName)],
    YEARS.map((y, i) => [star(y), ...shown.map(p => { const [v, e] = get(p); return number(v[i], decimals) + (e?.[i] > 0 ? " ±" + number(e[i], decimals) : ""); })])));
});

/* The bounds of the bands that the file has chances for. */
const boundsOf = (name, p) => Object.keys(groupOf(p, state.scheme) || {}).filter(n => n.startsWith(name + ".")).map(n => Number(n.slice(name.length + 1))).sort((a, b) => a - b);

section("warning", tr("Warning bands"), ["scheme", "policy", "region", "until"], body => {
  const bounds = boundsOf("months_below", state.policy);
  if (!bounds.length) return false;
  const below = bounds.map(b => series(state.policy, state.scheme, "months_below." + b, state.region));
  if (below.some(v => !v)) return false;
  const labels = bounds.map((b, k) => k === 0 ? tr("below %s months", b) : tr("%1$s to %2$s months", bounds[k - 1], b)).concat(tr("%s months and more", bounds.at(-1)));
  const share = k => YEARS.map((_, i) => (k < bounds.length ? below[k][i] : 1) - (k ? below[k - 1][i] : 0));
  body.append(note(tr("%1$s, %2$s, %3$s: the chance that the reserve at the end of the year lies in each band.", areaName(state.region), schemeName(state.scheme), policyName(state.policy))));
  const n = labels.length, tone = k => heat(1 - k / (n - 1) * 0.95);
  chart(body, tr("Chance of each band of reserve months by year"), { type: "bar", data: { labels: YEARS, datasets: labels.map((label, k) => {
    const v = share(k);
    return { label, data: v.map(x => 100 * x), say: i => ofPaths(v[i]), backgroundColor: tone(k), borderColor: css("--page"), borderWidth: { top: 1 }, categoryPercentage: 1, barPercentage: 0.98 };
  }) }, options: { scales: { x: { ...yearAxis(), stacked: true }, y: percentAxis("", { stacked: true, max: 100 }) } } }, 300);
  body.append(key(labels.map((label, k) => [label, { fill: tone(k), colour: css("--muted") }])),
    numbers(tr("Chance of each band of reserve months"), [tr("Year"), ...labels], YEARS.map((y, i) => [star(y), ...labels.map((_, k) => ofPaths(share(k)[i]))])));
  const from = boundsOf("red_in_3_years", state.policy);
  if (from.length) {
    const red = bounds.length > 1 ? bounds[1] : bounds[0], starts = from.filter(b => b >= red);
    const group = groupOf(state.policy, state.scheme);
    const now = (b, name) => group[name + "." + b] ? decode(...group[name + "." + b])[state.region] : NaN;
    const later = (b, i) => ["red_in_3_years.", "red_in_3_years_se."].map(n => series(state.policy, state.scheme, n + b, state.region)?.[i] ?? NaN);
    body.append(fold(tr("How fast a fund gets into the red band"), table(tr("Chance of falling below %1$s months in one of the three years after the year, by the months held in it; –: on no path so many are held, or the run ends before", red),
      [tr("Year"), ...starts.map(b => tr("from %s months", b))],
      [[String(D.base_year), ...starts.map(b => chance(now(b, "red_in_3_years_now"), now(b, "red_in_3_years_now_se")))], ...YEARS.slice(0, -3).map((y, i) => [star(y), ...starts.map(b => chance(...later(b, i)))])])));
  }
});
