/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Elements, what is chosen, the bar of choices, sections and tables. */

const areaName = a => CHINESE ? D.areas[a].name : D.areas[a].name_en;
const areaBoth = a => D.areas[a].name === D.areas[a].name_en ? D.areas[a].name :
  CHINESE ? `${D.areas[a].name} ${D.areas[a].name_en}` : `${D.areas[a].name_en} ${D.areas[a].name}`;
const policyName = p => D.policies[p].shown;
const schemeName = s => s === "employee" ? tr("Employee scheme") : s === "resident" ? tr("Resident scheme") : tr("Both schemes together");
const isRegion = a => D.areas[a].kind ? D.areas[a].kind === "region" : a < WHOLE;
const REGIONS = D.areas.map((_, a) => a).filter(isRegion);

/* ---- what is chosen ---------------------------------------------------------------------------------------------- */

const DETAIL_END = 2050; /* beyond it debts grow so large that nothing else would be seen */
const others = D.policies.map((_, p) => p).filter(p => p !== BASELINE);
const state = {
  scheme: SCHEMES[0],
  policy: D.headline !== BASELINE || !others.length ? D.headline : others[0],
  region: WHOLE,
  year: Math.min(Math.max(FORECAST_END, D.first), D.last),
  money: "base",
  until: D.last > DETAIL_END ? DETAIL_END : D.last,
};
/* The years that charts show. */
const shownYears = () => YEARS.filter(y => y <= state.until);

function choose(key, value) {
  state[key] = value;
  for (const control of document.querySelectorAll(`[data-choice="${key}"]`)) control.value = String(value);
  if (key === "scheme") showAnswer();
  sections.filter(s => s.uses.includes(key)).forEach(drawSection);
}

function showAnswer() {
  for (const answer of document.querySelectorAll(".answer")) answer.hidden = answer.dataset.scheme !== state.scheme;
}

function select(key, label, options) {
  const box = el("select", { "data-choice": key, onchange: () => choose(key, isNaN(box.value) ? box.value : Number(box.value)) },
    options.map(([value, text]) => el("option", { value }, text)));
  box.value = String(state[key]);
  return el("label", { class: "choice " + key }, el("span", {}, label), box);
}

function choicesBar() {
  const years = YEARS.filter(y => y % 5 === 0 || y === D.last);
  return el("form", { class: "choices", "aria-label": tr("What is shown"), onsubmit: e => e.preventDefault() },
    select("scheme", tr("Scheme"), SCHEMES.map(s => [s, schemeName(s)])),
    select("policy", tr("Policy"), D.policies.map((_, p) => [p, policyName(p)])),
    select("region", tr("Region"), [WHOLE, ...D.areas.map((_, a) => a).filter(a => a !== WHOLE)].map(a => [a, areaBoth(a)])),
    select("year", tr("Year"), years.map(y => [y, star(y)])),
    select("money", tr("Money"), [["base", tr("yuan of %s", D.base_year)], ["nominal", tr("nominal yuan")]]),
    D.last > DETAIL_END && D.first < DETAIL_END ? select("until", tr("Charts to"), [[DETAIL_END, star(DETAIL_END)], [D.last, star(D.last)]]) : "");
}

const moneyUnit = () => state.money === "base" ? tr("100 million yuan of %s", D.base_year) : tr("100 million yuan, nominal");
/* An amount of a year in the money that is chosen. */
const inMoney = (yuan, year) => state.money === "base" ? yuan / price(year) : yuan;

/* ---- charts of policies by year ---------------------------------------------------------------------------------- */

/* The baseline is always the dark solid line, the others follow in order. */
const policyStyle = p => p === BASELINE || BASELINE < 0 && p === 0 ? { colour: colour(0), dash: [] } :
  { colour: colour(1 + others.indexOf(p) % (N_COLOURS - 1)), dash: DASHES[1 + (others.indexOf(p) + Math.floor(others.indexOf(p) / (N_COLOURS - 1))) % (DASHES.length - 1)] };

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

/* Charts over years end where the reader wants it. */
beforeChart = config => {
  if (config.data.labels === YEARS) {
    const n = shownYears().length;
    config.data.labels = shownYears();
    config.data.datasets.forEach(s => { s.data = s.data.slice(0, n); });
  }
  config.plugins = [shade];
  config.options = { layout: { padding: { top: config.options?.plugins?.shade?.off ? 0 : 18 } }, ...config.options };
};

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
