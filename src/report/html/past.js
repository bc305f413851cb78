/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A forecast against what happened (backtest), parameters from a history (calibrate), a base year that moves (roll). */

/* ---- backtest ---------------------------------------------------------------------------------------------------- */

if (D.study === "backtest") {
  const { measure, scheme, area, observed, median, pit, low, high } = FOUND, year = FOUND.outcome_year, n = observed.length, levels = AXES.level.length;
  const words = FOUND.meaning_words, keyOf = i => [measure[i], scheme[i], area[i]].join("/"), base = D.run.base_year;
  const inside = (i, l) => observed[i] >= low[levels * i + l] && observed[i] <= high[levels * i + l];
  const bySeries = new Map();
  for (let i = 0; i < n; i++) bySeries.set(keyOf(i), [...bySeries.get(keyOf(i)) || [], i]);
  const all = [...bySeries.values()].map(s => s.sort((a, b) => year[a] - year[b]));
  const several = new Set(area).size > 1 || area[0], schemes = new Set(scheme).size > 1;
  const unitOf = i => FOUND.unit ? FOUND.unit[i] : "";
  const titleOf = i => [words?.[i] || measure[i], ...schemes ? [schemeName(scheme[i])] : [], ...several ? [areaName(area[i])] : []].join(", ");
  const figure = (v, unit) => unit === "persons" ? grouped(v / 1e4, v > 1e7 ? 0 : 1) : estimate(v, NaN, unit);
  const scaled = unit => unit === "persons" ? 1e-4 : factorOf(unit), scaleName = unit => unit === "persons" ? tr("10,000 persons") : unitName(unit);
  const known = key => (FOUND.known_value || []).map((v, i) => [FOUND.known_year[i], v, [FOUND.known_measure[i], FOUND.known_scheme[i], FOUND.known_area[i]].join("/")]).filter(([, , k]) => k === key).sort((a, b) => a[0] - b[0]);
  const long = all.filter(s => s.length > 1), short = all.filter(s => s.length === 1);

  section("series", tr("Forecast and what happened"), [], body => {
    if (!long.length) return false;
    body.append(note(tr("Left of %s what was known, right of it the forecast: the shades hold the central 50, 80 and 95 % of the paths. Points: what happened; filled diamonds lie outside the central 95 %.", base + 1)));
    const pair = el("div", { class: "pair" }), hex = colour(1);
    body.append(pair);
    for (const s of long) {
      const unit = unitOf(s[0]), f = scaled(unit), before = known(keyOf(s[0])).filter(([y]) => y > base - 12), part = el("div", {}, el("h3", {}, titleOf(s[0])));
      const from = before.length ? before[0][0] : year[s[0]], years = Array.from({ length: year[s.at(-1)] - from + 1 }, (_, k) => from + k);
      const put = read => years.map(y => { const i = s.find(k => year[k] === y); return i === undefined ? null : f * read(i); });
      const joined = years.map(y => { const k = before.find(([z]) => z === y); return k ? f * k[1] : null; });
      const start = before.length && before.at(-1)[0] === base ? f * before.at(-1)[1] : null; /* the fan opens at the last known value */
      const fanOf = read => put(read).map((v, k) => years[k] === base && start !== null ? start : v);
      pair.append(part);
      chart(part, titleOf(s[0]), { type: "line", data: { labels: years, datasets: [
        ...Array.from({ length: levels }, (_, k) => levels - 1 - k).flatMap(l => band(fanOf(i => low[levels * i + l]), fanOf(i => high[levels * i + l]), hex, [0.34, 0.26, 0.16][l] ?? 0.2, { spanGaps: true })),
        line(tr("median"), fanOf(i => median[i]), { colour: hex }, k => { const i = s.find(j => year[j] === years[k]); return i === undefined ? "–" : figure(median[i], unit) + "  (80 %: " + figure(low[levels * i + 1], unit) + " … " + figure(high[levels * i + 1], unit) + ")"; }, { spanGaps: true }),
        line(tr("known"), joined, { colour: colour(0), width: 1.5 }, k => joined[k] === null ? "–" : figure(joined[k] / f, unit), { pointRadius: 2, spanGaps: true, order: -1 }),
        line(tr("happened"), put(i => observed[i]), { colour: colour(2), width: 0 }, k => { const i = s.find(j => year[j] === years[k]); return i === undefined ? "–" : figure(observed[i], unit); },
          { showLine: false, order: -2, pointRadius: years.map(y => { const i = s.find(k => year[k] === y); return i !== undefined && !inside(i, levels - 1) ? 6 : 3.5; }), pointStyle: years.map(y => { const i = s.find(k => year[k] === y); return i !== undefined && !inside(i, levels - 1) ? "rectRot" : "circle"; }) }),
      ] }, options: { scales: { x: yearAxis(), y: { title: inPercent(unit) ? "" : scaleName(unit), ticks: { callback: v => inPercent(unit) ? plain(v) + " %" : plain(v) } } } } }, 240);
    }
    body.append(key([[tr("median"), { colour: hex }], [tr("central 50 %"), { colour: hex, fill: faint(hex, 0.6) }], [tr("80 %"), { colour: hex, fill: faint(hex, 0.4) }], [tr("95 %"), { colour: hex, fill: faint(hex, 0.16) }], [tr("known at the start"), { colour: colour(0) }], [tr("what happened"), { colour: colour(2) }]]));
  });

  section("single", tr("Forecast and what happened, one year"), [], body => {
    if (!short.length) return false;
    body.append(note(tr("Shades: the central 50, 80 and 95 % of the paths. Diamonds: what happened.")));
    const groups = new Map();
    for (const [i] of short) {
      const id = [measure[i], scheme[i], year[i]].join("/");
      groups.set(id, [...groups.get(id) || [], i]);
    }
    const row = (i, f, label, say) => ({ label, low: Array.from({ length: levels }, (_, l) => f(low[levels * i + l])), high: Array.from({ length: levels }, (_, l) => f(high[levels * i + l])), value: f(observed[i]), say });
    const mixed = [];
    for (const group of groups.values()) {
      if (group.length === 1) {
        mixed.push(group[0]);
        continue;
      }
      const i0 = group[0], unit = unitOf(i0), f = v => scaled(unit) * v, order = [...group].sort((a, b) => median[b] - median[a]), title = [words?.[i0] || measure[i0], schemeName(scheme[i0]), year[i0]].join(", ");
      body.append(el("h3", {}, title));
      intervals(body, title, order.map(i => row(i, f, areaName(area[i]), tr("happened %1$s; median %2$s, 80 % %3$s to %4$s", figure(observed[i], unit), figure(median[i], unit), figure(low[levels * i + 1], unit), figure(high[levels * i + 1], unit)))), scaleName(unit), unit);
    }
    if (mixed.length) {
      const f = i => v => 100 * (v / median[i] - 1);
      body.append(el("h3", {}, tr("Beside the median of the forecast")));
      intervals(body, tr("What happened beside the median of the forecast, per cent"), mixed.map(i => row(i, f(i), [words?.[i] || measure[i], schemeName(scheme[i]), ...area[i] ? [areaName(area[i])] : [], year[i]].join(", "),
        tr("happened %1$s; median %2$s, 80 % %3$s to %4$s", figure(observed[i], unitOf(i)), figure(median[i], unitOf(i)), figure(low[levels * i + 1], unitOf(i)), figure(high[levels * i + 1], unitOf(i))))), tr("per cent above or below the median"), "fraction");
    }
  });

  section("calibration", tr("Are the intervals as wide as they should be?"), [], body => {
    const left = el("div", {}, el("h3", {}, tr("Outcomes in the central part of the forecast"))), right = el("div", {}, el("h3", {}, tr("Outcomes by fifth of the forecast")));
    const share = l => Array.from({ length: n }, (_, i) => inside(i, l)).filter(Boolean).length / n, bins = [0, 0, 0, 0, 0], nominal = AXES.level;
    pit.forEach(p => { bins[Math.min(Math.floor(5 * p), 4)]++; });
    body.append(note(tr("%s outcomes. As many as the interval says should lie in it, and a fifth of them in each fifth. Years of one series go together, so these are far fewer independent outcomes than their number: only large departures mean something.", n)), el("div", { class: "pair" }, left, right));
    chart(left, tr("Share of outcomes in the central 50, 80 and 95 % of the forecast"), { type: "bar", data: { labels: nominal.map(p => tr("central %s %", 100 * p)), datasets: [
      { label: tr("outcomes"), data: nominal.map((_, l) => 100 * share(l)), say: l => grouped(100 * share(l), 0) + " %", backgroundColor: colour(1), barPercentage: 0.6, order: 1 },
      { type: "line", label: tr("should be"), data: nominal.map(p => 100 * p), say: l => grouped(100 * nominal[l], 0) + " %", showLine: false, pointStyle: "line", pointRadius: 34, pointBorderWidth: 3, borderColor: colour(2), order: 0 }] },
      options: { scales: { x: { grid: { display: false } }, y: percentAxis("", { max: 100 }) } } }, 240);
    left.append(key([[tr("outcomes"), { colour: colour(1), fill: colour(1) }], [tr("should be"), { colour: colour(2) }]]));
    chart(right, tr("Outcomes by fifth of the forecast, lowest first"), { type: "bar", data: { labels: ["0–20 %", "20–40 %", "40–60 %", "60–80 %", "80–100 %"], datasets: [
      { label: "", data: bins, say: b => tr("%s outcomes", bins[b]), backgroundColor: colour(1), categoryPercentage: 1, barPercentage: 0.96, order: 1 },
      { type: "line", label: "", data: bins.map(() => n / 5), borderColor: colour(2), borderDash: [8, 4], borderWidth: 2, pointRadius: 0, order: 0 }] },
      options: { scales: { x: { grid: { display: false } }, y: { min: 0, ticks: { precision: 0 } } } } }, 240);
    right.append(key([[tr("outcomes"), { colour: colour(1), fill: colour(1) }], [tr("a fifth of them"), { colour: colour(2), dash: [8, 4] }]]));
  });

  section("scores", tr("Scores beside two naive forecasts"), [], body => {
    const mean = (s, v) => s.reduce((sum, i) => sum + v[i], 0) / s.reduce((sum, i) => sum + Math.abs(observed[i]), 0), text = x => isNaN(x) ? "–" : grouped(100 * x, 1) + " %";
    const best = (x, ...others) => !isNaN(x) && others.every(o => isNaN(o) || x <= o) ? el("b", {}, text(x)) : text(x);
    body.append(note(tr("The continuous ranked probability score over the mean size of what happened: small is good. Drift: the mean yearly growth goes on; last growth: that of the last year known does. Bold: the best.")));
    body.append(table(tr("Scores by series"), [tr("series"), tr("outcomes"), tr("in 50 %"), tr("in 80 %"), tr("in 95 %"), tr("forecast"), tr("drift"), tr("last growth")], all.map(s => {
      const [a, b, c] = [FOUND.crps, FOUND.drift_crps, FOUND.last_crps].map(v => mean(s, v));
      return [titleOf(s[0]), String(s.length), ...Array.from({ length: levels }, (_, l) => String(s.filter(i => inside(i, l)).length)), best(a, b, c), best(b, a, c), best(c, a, b)];
    })));
    body.append(numbers(tr("Every outcome"), [tr("series"), tr("year"), tr("unit"), tr("happened"), tr("median"), tr("80 % from"), tr("to"), tr("95 % from"), tr("to"), tr("share of paths below")], all.flatMap(s => s.map(i => {
      const u = unitOf(i), t = v => figure(v, u);
      return [titleOf(i), String(year[i]), scaleName(u), t(observed[i]), t(median[i]), t(low[levels * i + 1]), t(high[levels * i + 1]), t(low[levels * i + 2]), t(high[levels * i + 2]), grouped(100 * pit[i], 1) + " %"];
    }))));
  });
}

/* ---- calibrate --------------------------------------------------------------------------------------------------- */

if (D.study === "calibrate") {
  const keys = AXES.parameter, { value, se, low80, high80, observations } = FOUND, at = k => keys.indexOf(k), read = k => at(k) < 0 ? NaN : value[at(k)];
  const NAMES = { fertility: tr("Births a woman"), employment: tr("Employment level"), wages: tr("Growth of the wage"), cost: tr("Growth of cost per employee member beyond that of the wage"), resident: tr("Growth of cost per resident beyond that of the wage"), returns: tr("Interest") };
  const isLevel = s => s === "fertility" || s === "employment";

  section("history", tr("The history and what was fitted"), [], body => {
    const series = AXES.series || [], years = AXES.history_year || [], pair = el("div", { class: "pair" });
    if (!series.length) return false;
    body.append(note(tr("Dashed: the mean or line about which the process moves; shaded: where it is 80 % of the time by the fitted persistence and size. How well they are known is in the table below.")), pair);
    series.forEach((name, s) => {
      const own = name === "resident" ? "cost" : name, phi = read(own + ".phi"), sigma = read(own + ".sigma"), spread = 1.2816 * sigma / Math.sqrt(1 - phi * phi);
      const show = isLevel(name) ? Math.exp : v => 100 * v, cut = v => v.slice(s * years.length, (s + 1) * years.length), seen = cut(FOUND.observed), fit = cut(FOUND.fitted);
      const used = years.map((_, t) => t).filter(t => !isNaN(seen[t]) || !isNaN(fit[t])), decimals = isLevel(name) ? 3 : 2, unit = isLevel(name) ? "" : " %";
      const text = v => isNaN(v) ? "–" : grouped(show(v), decimals) + unit, part = el("div", {}, el("h3", {}, NAMES[name] || name)), hex = colour(1);
      pair.append(part);
      chart(part, NAMES[name] || name, { type: "line", data: { labels: used.map(t => years[t]), datasets: [
        ...isNaN(spread) ? [] : band(used.map(t => show(fit[t] - spread)), used.map(t => show(fit[t] + spread)), hex, 0.15),
        line(tr("mean or line"), used.map(t => show(fit[t])), { colour: hex, dash: [8, 4] }, i => text(fit[used[i]])),
        line(tr("observed"), used.map(t => isNaN(seen[t]) ? null : show(seen[t])), { colour: colour(0), width: 1.5 }, i => text(seen[used[i]]), { pointRadius: 3, spanGaps: true })] },
        options: { scales: { x: yearAxis(), y: { ticks: { callback: v => plain(v) + unit } } } } }, 230);
      const said = ["phi", "sigma"].filter(k => at(own + "." + k) >= 0 && name !== "resident").map(k => `${k} ${estimate(read(own + "." + k), se[at(own + "." + k)], "")}`);
      const [start] = [read(own + ".start")];
      if (said.length) part.append(caption(said.join("; ") + (isNaN(start) ? "" : "; " + tr("start %s", estimate(start, NaN, "")))));
    });
    body.append(key([[tr("observed"), { colour: colour(0) }], [tr("mean or line"), { colour: colour(1), dash: [8, 4] }], [tr("80 % of the time"), { colour: colour(1), fill: faint(colour(1), 0.2) }]]));
  });

  section("mortality", tr("Mortality: one index for all ages"), [], body => {
    if (!FOUND.alpha) return false;
    const years = AXES.rate_year, ages = AXES.age.length, sexes = [tr("women"), tr("men")], style = g => ({ colour: colour(1 + g), dash: g ? [8, 4] : [] }), pair = el("div", { class: "pair" });
    const half = (title, draw) => { const part = el("div", {}, el("h3", {}, title)); pair.append(part); draw(part, title); };
    body.append(note(tr("Lee and Carter: the logarithm of a death rate is a by age and sex plus b times the index k of the year. The index explains %1$s % of the variance of log rates; life expectancy is missed by at most %2$s years.", (100 * ABOUT.explained).toFixed(1), ABOUT.e0_error.toFixed(2))), pair);
    half(tr("k: the index, with the drift that a forecast goes on with"), (part, title) => {
      const k = FOUND.kappa, drift = read("mortality.drift"), error = read("mortality.drift_se"), sigma = read("mortality.sigma"), ahead = Array.from({ length: 11 }, (_, h) => h), last = years.at(-1), hex = colour(1);
      const edge = s => ahead.map(h => ({ x: last + h, y: k.at(-1) + drift * h + s * 1.2816 * Math.sqrt(h * sigma * sigma + h * h * error * error) }));
      chart(part, title, { type: "line", data: { labels: years, datasets: [...band(edge(-1), edge(1), hex, 0.2), line("", edge(0), { colour: hex, dash: [8, 4] }), line(tr("index"), pointsOf(years, k), { colour: colour(0) }, i => grouped(k[i], 3), { pointRadius: 3 })] },
        options: { scales: { x: numberAxis("", "year", { min: years[0], max: last + 10 }), y: {} } } }, 240);
    });
    half(tr("Life expectancy at birth, points: by the rates; lines: by the index"), (part, title) => {
      if (!FOUND.e0_observed) return;
      const get = (v, g) => years.map((_, t) => v[t * 2 + g]);
      chart(part, title, { type: "line", data: { labels: years, datasets: [0, 1].flatMap(g => [line(sexes[g], pointsOf(years, get(FOUND.e0_fitted, g)), style(g), i => grouped(get(FOUND.e0_fitted, g)[i], 2)), line(sexes[g] + ", " + tr("observed"), pointsOf(years, get(FOUND.e0_observed, g)), style(g), i => grouped(get(FOUND.e0_observed, g)[i], 2), { showLine: false, pointRadius: 3.5 })]) },
        options: { scales: { x: numberAxis("", "year", { min: years[0], max: years.at(-1) }), y: { title: tr("years") } } } }, 240);
    });
    for (const [name, title, decimals] of [["alpha", tr("a: the level, death rate by age, logarithmic scale"), 5], ["beta", tr("b: change of the log rate when the index rises by 1"), 4]]) {
      half(title, part => {
        const of = (g, a) => FOUND[name][g * ages + a], show = name === "alpha" ? Math.exp : v => v;
        chart(part, title, { type: "line", data: { labels: AXES.age, datasets: [0, 1].map(g => line(sexes[g], AXES.age.map((_, a) => show(of(g, a))), style(g), a => grouped(show(of(g, a)), decimals))) },
          options: { scales: { x: { title: tr("age"), ticks: { maxRotation: 0, autoSkip: true, autoSkipPadding: 14 }, grid: { display: false } }, y: name === "alpha" ? { type: "logarithmic", ticks: { callback: v => Math.abs(Math.log10(v) % 1) < 1e-9 || Math.abs(Math.log10(v) % 1) > 1 - 1e-9 ? plain(v) : null } } : {} } } }, 240);
      });
    }
    body.append(key([0, 1].map(g => [sexes[g], style(g)])));
  });

  section("ages", tr("Membership and cost by age"), [], body => {
    const pair = el("div", { class: "pair" }), names = [tr("contributors"), tr("retirees"), tr("residents")], style = k => ({ colour: colour(1 + k), dash: DASHES[k] });
    const steps = (title, ages, lines) => {
      const part = el("div", {}, el("h3", {}, title));
      pair.append(part);
      chart(part, title, { type: "line", data: { labels: ages, datasets: lines }, options: { scales: { x: { title: tr("from age"), ticks: { maxRotation: 0, autoSkip: true, autoSkipPadding: 14 }, grid: { display: false } }, y: { min: 0 } } } }, 240);
      return part;
    };
    if (!FOUND.profile && !FOUND.cost_index) return false;
    body.append(pair);
    if (FOUND.profile) steps(tr("Profile of membership by age"), AXES.membership_age, [line("", FOUND.profile, style(0), i => grouped(FOUND.profile[i], 4), { stepped: true })]);
    if (FOUND.cost_index) {
      const n = AXES.cost_age.length, of = (k, i) => FOUND.cost_index[k * n + i];
      steps(tr("Cost by age, index"), AXES.cost_age, names.map((name, k) => line(name, AXES.cost_age.map((_, i) => of(k, i)), style(k), i => grouped(of(k, i), 3), { stepped: true }))).append(key(names.map((name, k) => [name, style(k)])));
    }
  });

  section("parameters", tr("Parameters found"), [], body => {
    const groups = [[tr("Persistence: how much of a deviation is left a year later"), k => k.endsWith(".phi")], [tr("Size of yearly deviations"), k => k.endsWith(".sigma") && !k.startsWith("mortality")], [tr("Yearly growth, excess and rates"), k => /\.(growth|excess|mean)$/.test(k)]];
    body.append(note(tr("Diamonds: the value; shaded: 80 % of what is likely.")));
    for (const [title, wanted] of groups) {
      const rows = keys.map((_, i) => i).filter(i => wanted(keys[i]) && !isNaN(se[i]));
      if (!rows.length) continue;
      body.append(el("h3", {}, title));
      intervals(body, title, rows.map(i => ({ label: keys[i], low: [low80[i]], high: [high80[i]], value: value[i], say: tr("%1$s (80 %: %2$s to %3$s)", estimate(value[i], se[i], ""), estimate(low80[i], NaN, ""), estimate(high80[i], NaN, "")) })), "", "");
    }
    body.append(table(tr("All parameters"), [tr("key"), tr("value"), tr("80 % of what is likely"), tr("observations")], keys.map((k, i) => [el("code", {}, k), estimate(value[i], se[i], ""), isNaN(se[i]) ? "–" : tr("%1$s to %2$s", estimate(low80[i], NaN, ""), estimate(high80[i], NaN, "")), String(observations[i])])));
  });

  section("correlation", tr("Correlation of the drivers' yearly innovations"), [], body => {
    const drivers = AXES.driver, n = drivers.length, word = { mortality: tr("mortality"), fertility: tr("fertility"), employment: tr("employment"), wages: tr("wages"), cost: tr("cost per head"), returns: tr("returns") };
    const pair = (seen, shrunk) => isNaN(seen) || seen === 0 ? "–" : grouped(seen, 2) + " (" + (isNaN(shrunk) ? "–" : grouped(shrunk, 2)) + ")";
    if (!FOUND.correlation.some((v, i) => i % (n + 1) && v !== 0 && !isNaN(v))) return false;
    body.append(note(tr("As observed; in brackets after shrinking by %s %, which is what a run gets: few years say little of correlations.", (100 * ABOUT.shrinkage).toFixed(0))),
      table(tr("Correlation of yearly innovations"), ["", ...drivers.map(d => word[d] || d)], drivers.map((d, i) => [word[d] || d, ...drivers.map((_, j) => j > i ? "" : j === i ? "1" : pair(FOUND.correlation[i * n + j], FOUND.correlation_shrunk[i * n + j]))])));
  });

  section("regions", tr("Constants of the regions, as a run fits them"), [], body => {
    if (!FOUND.regional_constant) return false;
    const names = CHINESE ? FOUND.region_name : FOUND.region_name_en, constants = AXES.constant, n = names.length, at = (k, r) => k * n + r;
    const WORD = { lambda: tr("membership below lock-in"), mu: tr("membership from 60 on"), outside_contributors: tr("contributors from outside, factor"), outside_retirees: tr("retirees from outside, factor"), enrolment: tr("share enrolled as residents"), base_ratio: tr("contribution base over wage"), financing: tr("resident financing, yuan a head"), cost_employee: tr("cost level, employees, yuan"), cost_resident: tr("cost level, residents, yuan") };
    body.append(note(tr("From the accounts of %1$s in %2$s. They are not in the fragment: every run fits them anew, so that base-year accounts come out exactly. Bold: more than three robust standard deviations from the other regions; look at the figures behind it.", ABOUT.accounts_year, CHINESE ? ABOUT.accounts_title : ABOUT.accounts_title_en || ABOUT.accounts_title)));
    const spread = constants.map((_, k) => k).filter(k => names.some((_, r) => Math.abs(FOUND.regional_score[at(k, r)]) > 0)), text = (k, r) => estimate(FOUND.regional_constant[at(k, r)], NaN, "");
    if (spread.length) {
      const title = tr("Distance from the regions' median, robust standard deviations"), style = pointed;
      body.append(el("h3", {}, title));
      chart(body, title, { type: "line", data: { labels: names, datasets: [...spread.map((k, i) => line(WORD[constants[k]] || constants[k], names.map((_, r) => FOUND.regional_score[at(k, r)]), style(i), r => text(k, r), { showLine: false, pointRadius: 5, pointStyle: style(i).point })),
        ...[-3, 3].map(v => line("", names.map(() => v), { colour: css("--muted"), dash: [2, 3], width: 1 }))] }, options: { scales: { x: { offset: true, grid: { display: false } }, y: { title: tr("standard deviations") } } } }, 280);
      body.append(key(spread.map((k, i) => [WORD[constants[k]] || constants[k], style(i)])));
    }
    body.append(table(tr("Constants by region"), [tr("Region"), ...constants.map(k => WORD[k] || k)], names.map((name, r) => [name, ...constants.map((_, k) => Math.abs(FOUND.regional_score[at(k, r)]) > 3 ? el("b", {}, text(k, r)) : text(k, r))])));
  });
}

/* ---- roll -------------------------------------------------------------------------------------------------------- */

if (D.study === "roll") {
  const items = AXES.item, questions = AXES.question, n = questions.length, units = FOUND.measure_unit, words = FOUND.meaning_words;
  const ITEMS = { passing: tr("a year has passed"), reserve: tr("reserves observed"), revenue: tr("revenue observed"), expenditure: tr("expenditure observed"), members: tr("people and members observed"), wages: tr("wages and income observed") };

  section("change", tr("What changed the results, item by item"), [], body => {
    const pair = el("div", { class: "pair" });
    body.append(note(tr("From the old result to the new: each item taken in after those above it; they add up. Whiskers: two standard errors each way.")), pair);
    questions.forEach((question, q) => {
      const f = factorOf(units[q]), v = i => FOUND.value[i * n + q], ve = i => FOUND.value_se[i * n + q], c = i => FOUND.change[i * n + q], ce = i => FOUND.change_se[i * n + q], m = items.length;
      const title = titled(question, units[q]), part = el("div", {}, el("h3", {}, title), ...words?.[q] ? [caption(words[q])] : []), up = colour(1), down = colour(2), whole = css("--muted");
      const labels = [tr("old result"), ...items.map(i => ITEMS[i] || i), tr("new result")];
      /* An item stands where the results before it and after it lie. */
      const ends = [[0, f * v(0)], ...items.map((_, i) => [f * v(i), f * v(i + 1)]), [0, f * v(m)]], tone = ends.map(([a, b], i) => i === 0 || i === m + 1 ? whole : b >= a ? up : down);
      const errors = [ve(0), ...items.map((_, i) => ce(i)), ve(m)].map(e => f * e), [least, most] = span(ends.flatMap(([a, b], i) => [i && i <= m ? a : b, b - 2 * (errors[i] || 0), b + 2 * (errors[i] || 0)]));
      const size = most - least, crop = least > 0 && size < 0.5 * most;
      const texts = [estimate(v(0), ve(0), units[q]), ...items.map((_, i) => estimate(c(i), ce(i), units[q], true)), estimate(v(m), ve(m), units[q])];
      pair.append(part);
      chart(part, title, { type: "bar", data: { labels: labels.map(l => wrapped(l, CHINESE ? 9 : 16)), datasets: [{ label: "", data: ends, errors, say: i => texts[i], backgroundColor: tone.map(t => t === down ? stripes(down) : t), borderColor: tone, borderWidth: 1, minBarLength: 2 }] },
        options: { indexAxis: "y", scales: { x: numberAxis(axisName(units[q]), units[q], crop ? { min: Math.max(0, least - 0.1 * (size || most)), max: most + 0.1 * (size || most) } : { suggestedMin: least, suggestedMax: most }), y: { ticks: { autoSkip: false }, grid: { display: false } } } } }, 70 + 34 * labels.length);
      if (crop) part.append(caption(tr("The axis does not start at 0.")));
      part.append(numbers(title, [tr("item"), tr("change")], labels.map((l, i) => [l, texts[i]])));
    });
    body.append(key([[tr("raises the result"), { colour: colour(1), fill: colour(1) }], [tr("lowers it"), { colour: colour(2), fill: faint(colour(2), 0.35) }], [tr("results before and after"), { colour: css("--muted"), fill: css("--muted") }]]));
  });

  section("accounts", tr("The accounts beside the projection"), [], body => {
    const figures = AXES.figure, { observed, projected } = FOUND, gap = i => projected[i] ? 100 * (observed[i] / projected[i] - 1) : NaN, money = k => /_(revenue|expenditure|balance)_/.test(k);
    const shown = figures.map((_, i) => i).filter(i => !isNaN(gap(i))), text = (k, v) => money(k) ? estimate(v, NaN, "yuan") : grouped(v, 0);
    if (!shown.length) return false;
    body.append(note(tr("Sums over the regions that the accounts have. Right of zero: more than the central path of the old scenario had.")));
    chart(body, tr("Observed less projected, per cent"), { type: "bar", data: { labels: shown.map(i => figures[i]), datasets: [{ label: "", data: shown.map(gap), say: k => signed(gap(shown[k]), 2) + " %", backgroundColor: shown.map(i => gap(i) < 0 ? stripes(colour(2)) : colour(1)), borderColor: shown.map(i => colour(gap(i) < 0 ? 2 : 1)), borderWidth: 1 }] },
      options: { indexAxis: "y", scales: { x: { title: tr("observed less projected, per cent"), ticks: { callback: v => plain(v) + " %" } }, y: { ticks: { autoSkip: false }, grid: { display: false } } } } }, 70 + 24 * shown.length);
    body.append(table(tr("Observed and projected; money in 100 million yuan"), [tr("figure"), tr("observed"), tr("projected"), tr("observed less projected")], figures.map((k, i) => [el("code", {}, k), text(k, observed[i]), text(k, projected[i]), isNaN(gap(i)) ? "–" : signed(gap(i), 1) + " %"])));
  });
}
