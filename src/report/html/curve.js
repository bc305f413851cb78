/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A measure over a key (solve, reverse stress, grid) and a chance over its bound (rare). */

const keyUnit = k => D.study === "grid" ? D.found.units[k ? "second" : "first"] || "" : ABOUT.key_unit;
const bound = () => only("bound") * factorOf(ABOUT.measure_unit);
const met = v => ABOUT.relation.startsWith("<") ? v <= only("bound") : v >= only("bound");
const boundName = () => tr("bound: %1$s %2$s", ABOUT.relation, estimate(only("bound"), NaN, ABOUT.measure_unit));

/* The measure by one key, the bound, where it is met. `answer` {x, low, high, y} or null; from and to confine the picture. */
function keyCurve(body, label, name, unit, x, y, e, answer, from, to) {
  const f = factorOf(unit), g = factorOf(ABOUT.measure_unit), hex = colour(1), ok = colour(3), has = !isNaN(only("bound"));
  const order = sorted(x).filter(i => x[i] >= from && x[i] <= to), xs = order.map(i => f * x[i]), ys = order.map(i => g * y[i]), es = order.map(i => g * e[i]);
  const say = i => estimate(y[order[i]], e[order[i]], ABOUT.measure_unit) + (has ? " " + (met(y[order[i]]) ? tr("(meets the bound)") : tr("(does not)")) : "");
  const ends = [f * from, f * to], sets = curve(xs, ys, es, { colour: hex }, say);
  if (has) {
    sets.push({ ...line("", pointsOf(ends, [bound(), bound()]), { colour: ok, dash: [8, 4], width: 1.5 }), order: 2, fill: ABOUT.relation.startsWith("<") ? "start" : "end", backgroundColor: faint(ok, 0.1) });
  }
  if (answer) {
    if (!isNaN(answer.low)) sets.push(line("", pointsOf([f * answer.low, f * answer.high], [g * answer.y, g * answer.y]), { colour: colour(2), width: 5 }, null, { order: -1 }));
    sets.push(line("", pointsOf([f * answer.x], [g * answer.y]), { colour: colour(2) }, null, { pointRadius: 7, pointStyle: "rectRot", order: -2 }));
  }
  chart(body, label, { type: "line", data: { labels: order.map(i => name + " " + estimate(x[i], NaN, unit)), datasets: sets },
    options: { scales: { x: numberAxis(keyTitle(name, unit), unit, { min: ends[0], max: ends[1] }), y: numberAxis(axisName(ABOUT.measure_unit), ABOUT.measure_unit, inPercent(ABOUT.measure_unit) && Math.min(...ys) >= 0 ? { min: 0 } : {}) } } });
  const marks = [[tr("measure, with two standard errors each way"), { colour: hex }]];
  if (has) marks.push([boundName(), { colour: ok, dash: [8, 4] }]);
  if (answer) marks.push([isNaN(answer.low) ? tr("answer") : tr("answer, with its 95 % interval"), { colour: colour(2) }]);
  body.append(key(marks));
}

/* ---- solve, reverse ---------------------------------------------------------------------------------------------- */

if (D.study === "solve" || D.study === "reverse") {
  const x = AXES.value, y = FOUND.measure, e = FOUND.measure_se, se = only("answer_se"), at = only("answer");
  const low = only("range_low"), high = only("range_high"), name = ABOUT.key;
  const answer = isNaN(at) ? null : { x: at, y: only("answer_measure"), low: Math.max(low, at - 1.96 * se), high: Math.min(high, at + 1.96 * se) };
  const found = ABOUT.outcome === "found";

  section("curve", D.study === "reverse" ? tr("The measure by the multiple of the stress") : tr("The measure by the key"), [], body => {
    body.append(note(measureText()));
    keyCurve(body, tr("The measure over the whole range of the key"), name, ABOUT.key_unit, x, y, e, found && isNaN(se) ? { ...answer, low: NaN } : answer, low, high);
    body.append(numbers(tr("The runs, all on the same paths"), [titled(name, ""), ABOUT.measure + (inPercent(ABOUT.measure_unit) ? "" : ", " + unitName(ABOUT.measure_unit)), tr("bound")],
      sorted(x).map(i => Object.assign([estimate(x[i], NaN, ABOUT.key_unit), estimate(y[i], e[i], ABOUT.measure_unit), met(y[i]) ? tr("met") : "–"], { mark: x[i] === at ? "baseline" : null }))));
  });
  section("near", tr("Near the answer"), [], body => {
    const reach = Math.max(6 * se, 3 * Math.abs(at - only("bracket") || 0));
    if (!found || !(reach > 0) || 2 * reach > 0.5 * (high - low)) return false;
    const from = Math.max(low, at - reach), to = Math.min(high, at + reach);
    if (x.filter(v => v >= from && v <= to).length < 3) return false;
    body.append(note(tr("The same curve close by. All runs share their paths, so the curve moves as one within its band: where it crosses the bound is as uncertain as the interval shows.")));
    keyCurve(body, tr("The measure near the answer"), name, ABOUT.key_unit, x, y, e, answer, from, to);
  });
}

/* ---- grid -------------------------------------------------------------------------------------------------------- */

/* Cells around grid points in colours of the values, drawn under a chart's lines. */
function cells(x, y, value, text) {
  const each = (chart, draw) => {
    const c = chart.ctx, edges = (v, scale) => v.map((_, i) => [i ? (v[i - 1] + v[i]) / 2 : v[0] - (v[1] - v[0]) / 2, i + 1 < v.length ? (v[i] + v[i + 1]) / 2 : v[i] + (v[i] - v[i - 1]) / 2].map(z => scale.getPixelForValue(z)));
    const [low, high] = span(value), colours = Array.from({ length: 101 }, (_, i) => heat(i / 100)), turn = heatTurn(colours);
    const ex = edges(x, chart.scales.x), ey = edges(y, chart.scales.y);
    c.save();
    Object.assign(c, { font: "12px " + css("--font"), textAlign: "center", textBaseline: "middle", lineWidth: 4, lineJoin: "round" });
    x.forEach((_, i) => y.forEach((_, j) => {
      const k = j * x.length + i;
      if (!isNaN(value[k])) draw(c, ex[i], ey[j], k, colours, turn, high > low ? Math.round(85 * (value[k] - low) / (high - low)) : 0);
    }));
    c.restore();
  };
  return {
    id: "cells",
    beforeDatasetsDraw: chart => each(chart, (c, [left, right], [bottom, top], k, colours, turn, p) => {
      c.fillStyle = colours[p];
      c.fillRect(left, top, right - left, bottom - top);
    }),
    /* the numbers over the lines, with a rim in the cell's colour */
    afterDatasetsDraw: chart => each(chart, (c, [left, right], [bottom, top], k, colours, turn, p) => {
      if (c.measureText(text(k)).width > right - left - 4) return;
      c.strokeStyle = colours[p];
      c.fillStyle = css(p >= turn ? "--heat-high" : "--heat-low");
      c.strokeText(text(k), (left + right) / 2, (bottom + top) / 2);
      c.fillText(text(k), (left + right) / 2, (bottom + top) / 2);
    }),
  };
}

if (D.study === "grid") {
  const first = AXES.first, second = AXES.second || null, y = FOUND.measure, e = FOUND.measure_se, unit = ABOUT.measure_unit;
  const one = ABOUT.first_key, two = ABOUT.second_key, hasBound = !isNaN(only("bound")), wide = second ? second.length : 1;
  const at = FOUND.line || [], atError = FOUND.line_se || [];
  const nameOf = (k, v) => estimate(v, NaN, keyUnit(k));

  if (!second) {
    section("curve", tr("The measure by the key"), [], body => {
      const x = at[0], se = atError[0];
      body.append(note(measureText()));
      keyCurve(body, tr("The measure over the grid"), one, keyUnit(0), first, y, e, at.length && !isNaN(x) ? { x, y: only("bound"), low: x - 1.96 * se, high: x + 1.96 * se } : null, first[0], first.at(-1));
      body.append(numbers(tr("The runs, all on the same paths"), [one, ABOUT.measure], first.map((v, i) => [nameOf(0, v), estimate(y[i], e[i], unit)])));
    });
  } else {
    section("map", tr("The measure over both keys"), [], body => {
      const f = factorOf(keyUnit(0)), g = factorOf(keyUnit(1)), xs = second.map(v => g * v), ys = first.map(v => f * v), sets = [];
      const half = (v, i, j) => Math.abs(v[i] - v[j]) / 2;
      body.append(note(measureText()));
      if (hasBound && at.some(v => !isNaN(v))) {
        const hex = colour(2);
        sets.push(...band(pointsOf(xs, at.map((v, i) => f * (v - 2 * atError[i]))), pointsOf(xs, at.map((v, i) => f * (v + 2 * atError[i]))), hex, 0.35),
          line("", pointsOf(xs, at.map(v => f * v)), { colour: hex, width: 2.5 }, i => tr("bound met at %s", estimate(at[i], atError[i], keyUnit(0))), { pointRadius: 4 }));
      } else sets.push(line("", pointsOf(xs, xs.map(() => NaN)), { colour: colour(2) }));
      chart(body, tr("The measure over both keys, the darker the higher, with the line on which the bound is met"), { type: "line", plugins: [cells(xs, ys, y, k => estimate(y[k], NaN, unit))],
        data: { labels: second.map(v => two + " " + nameOf(1, v)), datasets: sets },
        options: { clip: false, scales: {
          x: numberAxis(keyTitle(two, keyUnit(1)), keyUnit(1), { min: xs[0] - half(xs, 0, 1), max: xs.at(-1) + half(xs, xs.length - 1, xs.length - 2), grid: { display: false }, afterBuildTicks: a => { a.ticks = xs.map(value => ({ value })); } }),
          y: numberAxis(keyTitle(one, keyUnit(0)), keyUnit(0), { min: ys[0] - half(ys, 0, 1), max: ys.at(-1) + half(ys, ys.length - 1, ys.length - 2), grid: { display: false }, afterBuildTicks: a => { a.ticks = ys.map(value => ({ value })); } }) } } }, Math.max(280, 90 + 40 * first.length));
      const marks = [];
      if (hasBound && at.some(v => !isNaN(v))) marks.push([tr("%s: on this line, with two standard errors each way", boundName()), { colour: colour(2) }]);
      if (marks.length) body.append(key(marks));
      if (hasBound && at.some(isNaN)) body.append(caption(tr("Where the line is missing the bound is met nowhere on the grid, or everywhere.")));
      body.append(table(tr("%1$s, by %2$s (down) and %3$s (across)", ABOUT.measure, one, two), [one, ...second.map(v => nameOf(1, v))],
        [...first.map((v, i) => [nameOf(0, v), ...second.map((_, j) => hasBound && met(y[i * wide + j]) ? el("b", {}, estimate(y[i * wide + j], e[i * wide + j], unit)) : estimate(y[i * wide + j], e[i * wide + j], unit))]),
          ...hasBound ? [Object.assign([tr("the bound is met at"), ...at.map((v, j) => estimate(v, atError[j], keyUnit(0)))], { mark: "baseline" })] : []]));
      if (hasBound) body.append(caption(tr("Bold: meets the bound.")));
    });
    section("curves", tr("The measure by the first key, a line for each value of the second"), [], body => {
      const f = factorOf(keyUnit(0)), g = factorOf(unit), xs = first.map(v => f * v), style = j => ({ colour: colour(1 + j % (N_COLOURS - 1)), dash: DASHES[j % DASHES.length] });
      const sets = second.flatMap((v, j) => curve(xs, first.map((_, i) => g * y[i * wide + j]), first.map((_, i) => g * e[i * wide + j]), style(j), i => estimate(y[i * wide + j], e[i * wide + j], unit), two + " " + nameOf(1, v)));
      if (hasBound) sets.push(line("", pointsOf([xs[0], xs.at(-1)], [bound(), bound()]), { colour: colour(0), dash: [8, 4], width: 1.5 }));
      chart(body, tr("The measure by the first key"), { type: "line", data: { labels: first.map(v => one + " " + nameOf(0, v)), datasets: sets },
        options: { scales: { x: numberAxis(keyTitle(one, keyUnit(0)), keyUnit(0)), y: numberAxis(axisName(unit), unit) } } });
      body.append(key([...second.map((v, j) => [two + " " + nameOf(1, v), style(j)]), ...hasBound ? [[boundName(), { colour: colour(0), dash: [8, 4] }]] : []]));
    });
  }
}

/* ---- rare -------------------------------------------------------------------------------------------------------- */

if (D.study === "rare") {
  const unit = ABOUT.measure_unit, f = factorOf(unit), paths = D.run.paths;
  const small = p => isNaN(p) ? "–" : p === 0 ? "0" : p >= 0.001 ? (100 * p).toPrecision(3) + " %" : p.toExponential(2);
  const smallWith = (p, e) => p === 0 ? tr("none of the paths") : small(p) + " ± " + (p >= 0.001 ? (100 * e).toPrecision(2) : e.toExponential(1));

  section("levels", tr("The chance by how far it goes"), [], body => {
    const level = AXES.level, p = FOUND.level_chance, e = FOUND.level_chance_se;
    if (!level || level[0] === level.at(-1)) return false;
    const order = sorted(level).filter(i => p[i] > 0), xs = order.map(i => f * level[i]), hex = colour(1);
    const edge = k => order.map((i, n) => ({ x: xs[n], y: Math.max(p[i] + k * 2 * e[i], p[i] / 30) }));
    body.append(note(measureText()), note(tr("The same weighted paths give the chance of every other bound. The scale is logarithmic: each step down is ten times rarer.")));
    if (!order.length) return false;
    const sets = [...band(edge(-1), edge(1), hex, 0.2), line("", pointsOf(xs, order.map(i => p[i])), { colour: hex }, n => smallWith(p[order[n]], e[order[n]]), { pointRadius: 2.5 }),
      line("", pointsOf([xs[0], xs.at(-1)], [3 / paths, 3 / paths]), { colour: css("--muted"), dash: [2, 3], width: 1.5 }),
      line("", [{ x: f * only("bound"), y: only("probability") || NaN }], { colour: colour(2) }, null, { pointRadius: 7, pointStyle: "rectRot", order: -1 })];
    chart(body, tr("Chance by bound"), { type: "line", data: { labels: order.map(i => ABOUT.measure + " " + ABOUT.relation + " " + estimate(level[i], NaN, unit)), datasets: sets },
      options: { scales: { x: numberAxis(titled(ABOUT.measure + " " + ABOUT.relation, unit), unit, { min: xs[0], max: xs.at(-1) }), y: { type: "logarithmic", title: tr("chance"), ticks: { callback: v => Math.abs(Math.log10(v) % 1) < 1e-9 || Math.abs(Math.log10(v) % 1) > 1 - 1e-9 ? v >= 0.001 ? plain(100 * v) + " %" : v.toExponential(0) : null } } } } });
    body.append(key([[tr("chance, with two standard errors each way"), { colour: hex }], [tr("the bound asked for"), { colour: colour(2) }], [tr("what as many plain paths could not tell from 0"), { colour: css("--muted"), dash: [2, 3] }]]),
      numbers(tr("Chance by bound"), [titled(ABOUT.measure + " " + ABOUT.relation, unit), tr("chance"), tr("once in"), tr("paths that were so far")], order.map(i => [estimate(level[i], NaN, unit), smallWith(p[i], e[i]), grouped(1 / p[i], 0), grouped(FOUND.level_events[i], 0)])));
  });
  section("point", tr("What takes a path there"), [], body => {
    if (only("in_sight") === 1) return false;
    const share = FOUND.share, order = sorted(share).reverse().filter(k => share[k] >= 0.005), words = AXES.kind_words || AXES.kind;
    body.append(note(tr("The likeliest way: %s standard deviations from the middle, all drivers together; shares of the squared distance.", only("distance").toFixed(2))));
    chart(body, tr("Shares of the squared distance"), { type: "bar", data: { labels: order.map(k => words[k]), datasets: [{ label: "", data: order.map(k => 100 * share[k]), say: i => grouped(100 * share[order[i]], 1) + " %", backgroundColor: colour(1) }] },
      options: { indexAxis: "y", scales: { x: percentAxis(""), y: { ticks: { autoSkip: false }, grid: { display: false } } } } }, 60 + 26 * order.length);
    const years = AXES.year, drivers = AXES.driver, shift = (y, d) => FOUND.shift[y * drivers.length + d], moved = drivers.map((_, d) => d).filter(d => years.some((_, y) => Math.abs(shift(y, d)) > 0.05));
    if (years.length < 2 || !moved.length) return true;
    const word = d => words[AXES.kind.indexOf(drivers[d])] || drivers[d], style = d => ({ colour: colour(1 + d % (N_COLOURS - 1)), dash: DASHES[d % DASHES.length] });
    body.append(el("h3", {}, tr("The whole's drivers on that way, year by year, in standard deviations")));
    chart(body, tr("Drivers on the likeliest way"), { type: "line", data: { labels: years, datasets: moved.map(d => line(word(d), years.map((_, y) => shift(y, d)), style(d), y => signed(shift(y, d), 2), { pointRadius: 2.5 })) }, options: { scales: { x: yearAxis(), y: {} } } }, 240);
    body.append(key(moved.map(d => [word(d), style(d)])));
  });
  section("weights", tr("How good the estimate is"), [], body => {
    const rows = [[tr("paths run"), paths], [tr("of them with the event"), only("events")], [tr("paths of equal weight that would be as good"), only("effective_paths")], [tr("plain paths that would be needed for this error"), only("plain_paths")]].filter(([, v]) => v > 0);
    chart(body, tr("Paths, on a logarithmic scale"), { type: "bar", data: { labels: rows.map(([t]) => wrapped(t)), datasets: [{ label: "", data: rows.map(([, v]) => v), say: i => grouped(rows[i][1], 0), backgroundColor: colour(1) }] },
      options: { indexAxis: "y", scales: { x: { type: "logarithmic", min: 1, ticks: { callback: v => Math.abs(Math.log10(v) % 1) < 1e-9 ? plain(v) : null } }, y: { ticks: { autoSkip: false }, grid: { display: false } } } } }, 60 + 44 * rows.length);
    body.append(table(tr("What the weights say"), [tr("what"), tr("value"), tr("should be")], [
      [tr("mean weight of all paths"), only("mean_weight").toFixed(4) + " ± " + only("mean_weight_se").toFixed(4), tr("1 but for chance")],
      [tr("largest weight, of all weight of the event"), isNaN(only("largest_weight")) ? "–" : grouped(100 * only("largest_weight"), 2) + " %", tr("below 10 %")],
      [tr("relative standard error"), only("probability") > 0 ? grouped(100 * only("probability_se") / only("probability"), 1) + " %" : "–", ""]], { text: [2] }));
  });
}
