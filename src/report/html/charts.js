/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Charts: lines with bands and bars with whiskers, in colours that the colour-blind tell apart and that print in grey by
 * their dashes. */

const css = name => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
const DASHES = [[], [8, 4], [2, 3], [10, 3, 2, 3], [5, 2], [14, 4], [4, 2, 1, 2]];
const N_COLOURS = 7;
const colour = i => css("--series-" + i % N_COLOURS);
const faint = (hex, alpha) => hex + Math.round(255 * alpha).toString(16).padStart(2, "0");

/* Whiskers of two standard errors each way at the ends of bars: dataset.errors holds the standard errors. */
const whiskers = {
  id: "whiskers",
  afterDatasetsDraw(chart) {
    const c = chart.ctx, sideways = chart.options.indexAxis === "y";
    const scale = chart.scales[sideways ? "x" : "y"];
    chart.data.datasets.forEach((set, d) => {
      const meta = chart.getDatasetMeta(d);
      if (!set.errors || meta.hidden) return;
      c.save();
      c.strokeStyle = css("--text");
      c.lineWidth = 1.2;
      meta.data.forEach((bar, i) => {
        const e = 2 * set.errors[i], v = [set.data[i]].flat().at(-1);
        if (!(e > 0) || v === null || isNaN(v)) return;
        const lo = scale.getPixelForValue(v - e), hi = scale.getPixelForValue(v + e), cap = 3;
        c.beginPath();
        if (sideways) {
          c.moveTo(lo, bar.y); c.lineTo(hi, bar.y);
          for (const x of [lo, hi]) { c.moveTo(x, bar.y - cap); c.lineTo(x, bar.y + cap); }
        } else {
          c.moveTo(bar.x, lo); c.lineTo(bar.x, hi);
          for (const y of [lo, hi]) { c.moveTo(bar.x - cap, y); c.lineTo(bar.x + cap, y); }
        }
        c.stroke();
      });
      c.restore();
    });
  },
};

/* Light and dark stripes in bars, so that they differ in grey too. */
function stripes(hex) {
  const tile = document.createElement("canvas");
  tile.width = tile.height = 6;
  const c = tile.getContext("2d");
  c.fillStyle = faint(hex, 0.25);
  c.fillRect(0, 0, 6, 6);
  c.strokeStyle = hex;
  c.lineWidth = 1.5;
  for (const o of [-6, 0, 6]) { c.beginPath(); c.moveTo(o - 1, 7); c.lineTo(o + 7, -1); c.stroke(); }
  return c.createPattern(tile, "repeat");
}

/* Text of a point for the pointer, the keyboard and screen readers. */
const describe = (chart, i) => [[chart.data.labels[i]].flat().join(CHINESE ? "" : " "), ...chart.data.datasets.filter((s, d) => s.say && chart.isDatasetVisible(d))
  .map(s => (s.label ? s.label + " " : "") + s.say(i))].join("; ");

let beforeChart = null; /* what a page does to every chart */

function chart(body, label, config, height = 320) {
  const canvas = el("canvas", { role: "img", tabindex: 0, "aria-label": label + ". " + tr("Arrow keys read single values.") });
  const live = el("p", { class: "unseen", "aria-live": "polite" });
  const box = el("div", { class: "chart", style: `height:${height}px` }, canvas);
  body.append(box, live);
  const grid = { color: css("--grid"), borderColor: css("--grid") };
  const ticks = { color: css("--text"), font: { family: css("--font"), size: 12 } };
  beforeChart?.(config);
  const scales = config.options?.scales || {};
  for (const axis of ["x", "y"]) {
    const own = scales[axis] || {};
    scales[axis] = { ...own, grid: { ...grid, ...own.grid }, ticks: { ...ticks, ...own.ticks },
      title: { display: Boolean(own.title), text: own.title ? wrapped(own.title, innerWidth < 600 ? CHINESE ? 14 : 22 : 60) : "", color: css("--text"), font: { family: css("--font"), size: 12 } } };
  }
  const reach = config.data.datasets.filter(s => s.errors).flatMap(s => s.data.flatMap((v, i) => [-2, 2].map(k => [v].flat().at(-1) + k * s.errors[i]))).filter(Number.isFinite);
  if (reach.length) { /* room for the whiskers */
    const own = scales[config.options?.indexAxis === "y" ? "x" : "y"];
    own.suggestedMin = Math.min(own.suggestedMin ?? 0, ...reach);
    own.suggestedMax = Math.max(own.suggestedMax ?? 0, ...reach);
  }
  const made = new Chart(canvas, {
    ...config,
    plugins: [whiskers, ...config.plugins || []],
    options: {
      responsive: true, maintainAspectRatio: false, animation: false, normalized: true,
      interaction: { mode: "index", intersect: false, axis: config.options?.indexAxis === "y" ? "y" : "x" },
      ...config.options,
      scales,
      plugins: {
        legend: { display: false },
        ...config.options?.plugins,
        tooltip: {
          filter: item => Boolean(item.dataset.say),
          backgroundColor: css("--text"), titleColor: css("--page"), bodyColor: css("--page"),
          titleFont: { family: css("--font") }, bodyFont: { family: css("--font") },
          callbacks: { title: items => items.length ? [items[0].chart.data.labels[items[0].dataIndex]].flat().join(CHINESE ? "" : " ") : "", label: item => (item.dataset.label ? item.dataset.label + "  " : "") + item.dataset.say(item.dataIndex) },
        },
      },
    },
  });
  let index = -1;
  canvas.addEventListener("keydown", e => {
    const n = made.data.labels.length, step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[e.key];
    if (e.key === "Escape") index = -1;
    else if (e.key === "Home" || e.key === "End") index = e.key === "Home" ? 0 : n - 1;
    else if (step) index = Math.min(Math.max(index + step, 0), n - 1);
    else return;
    e.preventDefault();
    const active = index < 0 ? [] : made.data.datasets.map((s, d) => ({ datasetIndex: d, index })).filter(a => made.data.datasets[a.datasetIndex].say && made.isDatasetVisible(a.datasetIndex));
    const place = active.length ? made.getDatasetMeta(active[0].datasetIndex).data[index] : { x: 0, y: 0 };
    made.setActiveElements(active);
    made.tooltip.setActiveElements(active, { x: place.x, y: place.y });
    made.update("none");
    live.textContent = index < 0 ? "" : describe(made, index);
  });
  drawing.charts.push(made);
  return made;
}

/* A line; with `low` and `high` the band between them under it. */
function line(label, values, style, say, more = {}) {
  return { label, data: values, say, borderColor: style.colour, backgroundColor: style.colour, borderDash: style.dash || [],
    borderWidth: style.width ?? 2, pointRadius: 0, pointHitRadius: 6, spanGaps: false, ...more };
}
function band(low, high, hex, alpha, more = {}) {
  const edge = { pointRadius: 0, borderWidth: 0, borderColor: "transparent", ...more };
  return [{ ...edge, data: high, fill: false }, { ...edge, data: low, fill: "-1", backgroundColor: faint(hex, alpha) }];
}

/* Points by colour and shape: each series has another of both, and as 7 colours and 6 shapes have no common divisor, no two of
 * 42 series are alike. The shapes as Chart.js names them, and their outlines in a swatch. */
const SHAPES = { circle: "M11 5a4 4 0 1 0 8 0a4 4 0 1 0-8 0", rect: "M12 2h6v6h-6z", triangle: "M15 2l4 6h-8z", rectRot: "M15 1l4 4-4 4-4-4z", cross: "M15 1v8M11 5h8", crossRot: "M12 2l6 6M12 8l6-6" };
const pointed = i => ({ colour: colour(i), point: Object.keys(SHAPES)[i % Object.keys(SHAPES).length] });

/* A short line as in the chart, or its point, for legends. */
const swatch = style => {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("width", 30);
  svg.setAttribute("height", 10);
  svg.setAttribute("aria-hidden", "true");
  svg.innerHTML = style.point ? `<path d="${SHAPES[style.point]}" fill="${style.colour}" stroke="${style.colour}" stroke-width="1.5"/>` : style.fill ? `<rect width="30" height="10" fill="${style.fill}" stroke="${style.colour}"/>` :
    `<path d="M0 5H30" stroke="${style.colour}" stroke-width="2.5" stroke-dasharray="${(style.dash || []).join(" ")}"/>`;
  return svg;
};
const key = entries => el("ul", { class: "key" }, entries.map(([label, style]) => el("li", {}, swatch(style), label)));

/* A long name on several lines. */
function wrapped(text, most = CHINESE ? 13 : 26) {
  const lines = [""];
  for (const word of CHINESE ? [...text] : text.split(/(?<= )/)) {
    if ((lines.at(-1) + word).length > most && lines.at(-1)) lines.push("");
    lines[lines.length - 1] += word;
  }
  return lines.map(l => l.trim());
}

const percentAxis = (title, more = {}) => ({ title, min: 0, ticks: { callback: v => v + " %" }, ...more });
const yearAxis = () => ({ ticks: { maxRotation: 0, autoSkip: true, autoSkipPadding: 14 }, grid: { display: false } });

/* Colours by chance: light to dark (the other way round on a dark page) in steps that grey keeps apart. */
function heat(p) {
  const from = css("--heat-from"), to = css("--heat-to"), part = k => [from, to].map(h => parseInt(h.slice(1 + 2 * k, 3 + 2 * k), 16));
  return "rgb(" + [0, 1, 2].map(k => { const [a, b] = part(k); return Math.round(a + (b - a) * p); }).join(",") + ")";
}
/* From which per cent on the text of a cell takes the other colour: where that reads better. */
function heatTurn(colours) {
  const light = c => c.map(x => x / 255).map(x => x <= 0.03928 ? x / 12.92 : ((x + 0.055) / 1.055) ** 2.4).reduce((s, x, k) => s + [0.2126, 0.7152, 0.0722][k] * x, 0.05);
  const hex = h => [1, 3, 5].map(k => parseInt(h.slice(k, k + 2), 16)), low = light(hex(css("--heat-low"))), high = light(hex(css("--heat-high")));
  const ratio = (a, b) => Math.max(a, b) / Math.min(a, b);
  return colours.map(c => light(c.match(/\d+/g).map(Number))).findIndex(c => ratio(c, high) > ratio(c, low));
}
