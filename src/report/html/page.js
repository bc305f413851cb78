/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Elements, what is chosen, the bar of choices, sections and tables. */

function el(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (value === true) node.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined) node.setAttribute(name, value);
  }
  node.append(...children.flat().filter(c => c !== null && c !== undefined));
  return node;
}

const CHINESE = D.lang === "zh";
const areaName = a => CHINESE ? D.areas[a].name : D.areas[a].name_en;
const areaBoth = a => D.areas[a].name === D.areas[a].name_en ? D.areas[a].name :
  CHINESE ? `${D.areas[a].name} ${D.areas[a].name_en}` : `${D.areas[a].name_en} ${D.areas[a].name}`;
const policyName = p => D.policies[p].shown;
const schemeName = s => s === "employee" ? tr("Employee scheme") : s === "resident" ? tr("Resident scheme") : tr("Both schemes together");
const isRegion = a => D.areas[a].kind ? D.areas[a].kind === "region" : a < WHOLE;
const REGIONS = D.areas.map((_, a) => a).filter(isRegion);

/* ---- what is chosen ------------------------------------------------------------------------------------------------ */

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
const sections = [];

/* A section is drawn again when something it uses changes. draw(body) fills an empty element; it may return false: there is
 * nothing to show for this choice. */
function section(id, title, uses, draw) {
  sections.push({ id, title, uses, draw, charts: [] });
}
let drawing = null; /* the section being drawn, for its charts */

function drawSection(s) {
  s.charts.forEach(c => c.destroy());
  s.charts = [];
  s.body.replaceChildren();
  drawing = s;
  let shown = false;
  try {
    shown = s.draw(s.body);
  } catch (error) { /* a section that fails must not take the others with it */
    console.error(s.id, error);
  }
  drawing = null;
  s.node.hidden = shown === false;
  document.querySelector(`nav a[href="#${s.id}"]`).hidden = s.node.hidden;
}

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

/* ---- pieces -------------------------------------------------------------------------------------------------------- */

const note = text => el("p", { class: "note" }, text);
const caption = text => el("p", { class: "caption" }, text);

/* head: texts; body: rows of texts, the first cell of a row is its heading. Numbers stand right. */
function table(title, head, body, options = {}) {
  return el("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": title },
    el("table", { class: options.class }, el("caption", { class: options.hideCaption ? "unseen" : null }, title),
      el("thead", {}, el("tr", {}, head.map((h, i) => el("th", { scope: "col", class: options.text?.includes(i) ? "text" : null }, h)))),
      el("tbody", {}, body.map(r => el("tr", { class: r.mark }, r.map((c, i) =>
        i === 0 ? el("th", { scope: "row" }, c) : el("td", { class: options.text?.includes(i) ? "text" : null }, c)))))));
}
/* The same, folded away under a chart. */
const fold = (summary, ...content) => el("details", {}, el("summary", {}, summary), content);
const numbers = (title, head, body) => fold(tr("Numbers"), table(title, head, body));
