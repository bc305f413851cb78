/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Charts: lines with bands and bars with whiskers, in colours that the colour-blind tell apart and that print in grey by
 * their dashes. */

const css = name => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
const DASHES = [[], [8, 4], [2, 3], [10, 3, 2, 3], [5, 2], [14, 4], [4, 2, 1, 2]];
const N_COLOURS = 7;
const colour = i => css("--series-" + i % N_COLOURS);
/* The baseline is always the dark solid line, the others follow in order. */
const policyStyle = p => p === BASELINE || BASELINE < 0 && p === 0 ? { colour: colour(0), dash: [] } :
  { colour: colour(1 + others.indexOf(p) % (N_COLOURS - 1)), dash: DASHES[1 + (others.indexOf(p) + Math.floor(others.indexOf(p) / (N_COLOURS - 1))) % (DASHES.length - 1)] };
const faint = (hex, alpha) => hex + Math.round(255 * alpha).toString(16).padStart(2, "0");

/* Shades the years that are no forecast. */
const shade = {
  id: "shade",
  beforeDatasetsDraw(chart, _, options) {
    const x = chart.scales.x, labels = chart.data.labels, first = labels.findIndex(y => y > FORECAST_END);
    if (options.off || first < 0 || !x) return;
    const { top, bottom, right } = chart.chartArea;
    const left = first > 0 ? (x.getPixelForValue(first) + x.getPixelForValue(first - 1)) / 2 : chart.chartArea.left;
    const c = chart.ctx;
    c.save();
    c.fillStyle = css("--shade");
    c.fillRect(left, top, right - left, bottom - top);
    c.fillStyle = css("--muted");
    c.font = "11px " + css("--font");
    c.textBaseline = "bottom";
    c.textAlign = "right";
    c.fillText(tr("shaded: present rules unchanged, not a forecast"), right, top - 3);
    c.restore();
  },
};

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
        const e = 2 * set.errors[i], v = set.data[i];
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
const describe = (chart, i) => [chart.data.labels[i], ...chart.data.datasets.filter((s, d) => s.say && chart.isDatasetVisible(d))
  .map(s => (s.label ? s.label + " " : "") + s.say(i))].join("; ");

function chart(body, label, config, height = 320) {
  const canvas = el("canvas", { role: "img", tabindex: 0, "aria-label": label + ". " + tr("Arrow keys read single values.") });
  const live = el("p", { class: "unseen", "aria-live": "polite" });
  const box = el("div", { class: "chart", style: `height:${height}px` }, canvas);
  body.append(box, live);
  const grid = { color: css("--grid"), borderColor: css("--grid") };
  const ticks = { color: css("--text"), font: { family: css("--font"), size: 12 } };
  if (config.data.labels === YEARS) {
    const n = shownYears().length;
    config.data.labels = shownYears();
    config.data.datasets.forEach(s => { s.data = s.data.slice(0, n); });
  }
  const scales = config.options?.scales || {};
  for (const axis of ["x", "y"]) {
    const own = scales[axis] || {};
    scales[axis] = { ...own, grid: { ...grid, ...own.grid }, ticks: { ...ticks, ...own.ticks },
      title: { display: Boolean(own.title), text: own.title || "", color: css("--text"), font: { family: css("--font"), size: 12 } } };
  }
  const made = new Chart(canvas, {
    ...config,
    plugins: [shade, whiskers],
    options: {
      responsive: true, maintainAspectRatio: false, animation: false, normalized: true,
      interaction: { mode: "index", intersect: false, axis: config.options?.indexAxis === "y" ? "y" : "x" },
      layout: { padding: { top: config.options?.plugins?.shade?.off ? 0 : 18 } },
      ...config.options,
      scales,
      plugins: {
        legend: { display: false },
        ...config.options?.plugins,
        tooltip: {
          filter: item => Boolean(item.dataset.say),
          backgroundColor: css("--text"), titleColor: css("--page"), bodyColor: css("--page"),
          titleFont: { family: css("--font") }, bodyFont: { family: css("--font") },
          callbacks: { label: item => (item.dataset.label ? item.dataset.label + "  " : "") + item.dataset.say(item.dataIndex) },
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

/* A short line as in the chart, for legends. */
const swatch = style => {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("width", 30);
  svg.setAttribute("height", 10);
  svg.setAttribute("aria-hidden", "true");
  svg.innerHTML = style.fill ? `<rect width="30" height="10" fill="${style.fill}" stroke="${style.colour}"/>` :
    `<path d="M0 5H30" stroke="${style.colour}" stroke-width="2.5" stroke-dasharray="${(style.dash || []).join(" ")}"/>`;
  return svg;
};
const key = entries => el("ul", { class: "key" }, entries.map(([label, style]) => el("li", {}, swatch(style), label)));

/* Buttons that show and hide policies. `marks(p)` are the dataset indices of a policy. */
function policyKey(made, policies, shown, marks) {
  return el("div", { class: "key", role: "group", "aria-label": tr("Policies in the chart") }, policies.map(p => {
    const button = el("button", { type: "button", "aria-pressed": String(shown.has(p)), onclick: () => {
      shown.has(p) ? shown.delete(p) : shown.add(p);
      button.setAttribute("aria-pressed", String(shown.has(p)));
      marks(p).forEach(d => made.setDatasetVisibility(d, shown.has(p)));
      made.update("none");
    } }, swatch(policyStyle(p)), policyName(p));
    return button;
  }));
}

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
