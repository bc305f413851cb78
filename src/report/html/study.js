/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the pages of studies share: the study's group of the file, units, charts over a number. */

const ABOUT = D.found.about, AXES = D.found.axes;
/* Datasets by name, row by row; what is missing is NaN. */
const FOUND = Object.fromEntries(Object.entries(D.found.values).map(([name, v]) => [name, v.map(x => x === null ? NaN : x)]));
const only = name => FOUND[name] ? FOUND[name][0] : ABOUT[name] ?? NaN;

const inPercent = unit => ["1", "fraction", "fraction/year"].includes(unit);
/* What the numbers of a unit are multiplied by in charts, and what stands at the axis. */
const factorOf = unit => inPercent(unit) ? 100 : unit === "yuan" ? 1e-8 : 1;
const unitName = unit => inPercent(unit) ? "%" : unit === "yuan" ? tr("100 million yuan") : unit === "months" ? tr("months") : unit === "persons" ? tr("persons") : "";
/* Ticks say per cent themselves. */
const axisName = unit => inPercent(unit) ? "" : unitName(unit);
const tickOf = unit => v => unit === "year" ? String(v) : inPercent(unit) ? plain(v) + " %" : plain(v);
const plain = v => Math.abs(v) < 1e-12 ? "0" : Math.abs(v) < 1e-4 ? v.toExponential(1) : Number(v.toPrecision(6)).toLocaleString("en", { maximumFractionDigits: 6 });
const keyTitle = (text, unit) => axisName(unit) ? text + ", " + axisName(unit) : text;
const titled = (text, unit) => unitName(unit) ? text + ", " + unitName(unit) : text;

/* A value with its error, as many digits as the error leaves, as the terminal writes it. */
function estimate(value, error, unit, change = false) {
  if (isNaN(value)) return "–";
  if (unit === "year" && !change) return isNaN(error) ? String(value) : value.toFixed(1) + " ±" + error.toFixed(1);
  if (unit === "yuan") return money(value, error, change);
  if (unit === "1" && !change && (value === 0 || value === 1) && error > 0) return chance(value, error);
  const percent = inPercent(unit), x = (percent ? 100 : 1) * value, e = (percent ? 100 : 1) * error, size = Math.abs(x);
  let d = size >= 1000 ? 0 : size >= 100 ? 1 : size >= 10 ? 2 : size >= 1 ? 3 : 4, tail = "";
  if (e > 0) {
    d = Math.min(Math.max(Math.ceil(-Math.log10(1.05 * e)), 0), d + 2);
    if (e >= 0.5 * 10 ** -d) tail = grouped(e, d);
  }
  let text = grouped(size < 0.5 * 10 ** -d ? 0 : x, d);
  if (!tail && text.includes(".")) text = text.replace(/0+$/, "").replace(/\.$/, "");
  return (change && x > 0 && /[1-9]/.test(text) ? "+" : "") + text + (percent && !change ? " %" : "") + (tail ? " ±" + tail : "");
}

const areaName = id => {
  const i = D.areas.id ? D.areas.id.indexOf(id) : -1;
  return !id ? tr("all regions") : i < 0 ? id : CHINESE ? D.areas.name[i] : D.areas.name_en[i];
};
const schemeName = s => s === "employee" ? tr("Employee scheme") : s === "resident" ? tr("Resident scheme") : s === "both" ? tr("Both schemes together") : s;
/* "depleted_any(2035)" with what it is. */
const measureText = () => ABOUT.measure_meaning ? tr("%1$s: %2$s", ABOUT.measure, ABOUT.measure_meaning) : ABOUT.measure;

/* Points over a number: x and y in units of the axes. */
const pointsOf = (x, y) => x.map((v, i) => ({ x: v, y: y[i] }));
const numberAxis = (title, unit, more = {}) => ({ type: "linear", title, ticks: { callback: tickOf(unit), maxRotation: 0, autoSkipPadding: 12, includeBounds: false }, ...more });
/* A line with its points and the band of two standard errors; `say` by point. */
function curve(x, y, e, style, say, label = "") {
  return [...band(pointsOf(x, y.map((v, i) => v - 2 * (e[i] || 0))), pointsOf(x, y.map((v, i) => v + 2 * (e[i] || 0))), style.colour, 0.2),
    line(label, pointsOf(x, y), style, say, { pointRadius: 2.5 })];
}
const NARROW = innerWidth < 600;
const sorted = v => v.map((_, i) => i).sort((a, b) => v[a] - v[b]);
const span = v => v.filter(x => !isNaN(x)).reduce(([lo, hi], x) => [Math.min(lo, x), Math.max(hi, x)], [Infinity, -Infinity]);

/* Intervals lying down, with a dot in each: rows of {label, low, high (arrays, the widest last), value, median, say}. */
function intervals(body, label, rows, title, unit, more = {}) {
  const hex = colour(1), n = rows[0].low.length, all = rows.flatMap(r => [...r.low, ...r.high, r.value]).filter(x => !isNaN(x));
  const [least, most] = span(all), room = 0.03 * (most - least || 1);
  const labels = rows.map(r => wrapped(r.label, NARROW ? 16 : CHINESE ? 20 : 40));
  const bar = k => ({ label: "", data: rows.map(r => [r.low[k], r.high[k]]), backgroundColor: faint(hex, [0.6, 0.35, 0.18][k + 3 - n] ?? 0.2), borderWidth: 0, barThickness: [10, 8, 6][k + 3 - n], grouped: false, order: n - k });
  const dot = (of, style) => ({ type: "scatter", label: "", data: rows.map((r, i) => ({ x: of(r), y: i })), yAxisID: "y", ...style });
  chart(body, label, { type: "bar", data: { labels, datasets: [
    { ...dot(r => r.value, { pointStyle: "rectRot", radius: 5, backgroundColor: colour(2), borderColor: colour(2) }), say: i => rows[i].say, order: 0 },
    ...Array.from({ length: n }, (_, k) => bar(k))] },
    options: { indexAxis: "y", ...more, scales: { x: numberAxis(title, unit, { min: least - room, max: most + room }), y: { ticks: { autoSkip: false }, grid: { display: false } } } } }, 60 + (8 + 14 * Math.max(...labels.map(l => l.length))) * rows.length);
}
