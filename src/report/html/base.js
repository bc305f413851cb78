/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What every page has: its data and texts, figures, elements, sections and tables. */

/* Large pages are packed by zlib, in base 64. */
async function unpacked(element) {
  if (element.type === "application/json") return element.textContent;
  if (typeof DecompressionStream === "undefined") {
    document.querySelector("main").textContent = element.dataset.old;
    throw new Error(element.dataset.old);
  }
  const bytes = Uint8Array.from(atob(element.textContent), c => c.charCodeAt(0));
  return new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"))).text();
}
const D = JSON.parse(await unpacked(document.getElementById("data")));

/* A text in the language of the page; %s and %1$s are replaced. The texts are collected from calls tr with a literal. */
function tr(text, ...values) {
  let next = 0;
  return (D.text[text] || text).replace(/%(?:(\d+)\$)?s|%%/g, (all, n) => all === "%%" ? "%" : values[n ? n - 1 : next++]);
}

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

/* ---- figures, written as the terminal writes them ---------------------------------------------------------------- */

const grouped = (x, decimals) => {
  const [whole, part] = Math.abs(x).toFixed(decimals).split(".");
  const digits = whole.replace(/\B(?=(\d{3})+$)/g, ",") + (part ? "." + part : "");
  return (x < 0 && /[1-9]/.test(digits) ? "−" : "") + digits;
};
const signed = (x, decimals) => (x > 0 ? "+" : "") + grouped(x, decimals);
const decimalsFor = error => !(error > 0) || error >= 0.095 ? 1 : error >= 0.0095 ? 2 : 3;

function chance(p, se) {
  if (isNaN(p)) return "–";
  if ((p <= 0 || p >= 1) && se > 0 && se < 1) {
    return p <= 0 ? "<" + Number((100 * se).toPrecision(2)) + " %" : ">" + Number((100 - 100 * se).toPrecision(4)) + " %";
  }
  if (!(se > 0 && se < 1)) return grouped(100 * p, 1) + " %";
  const d = decimalsFor(100 * se);
  return grouped(100 * p, d) + " % ±" + grouped(100 * se, d);
}
/* 100 million yuan, with no more digits than the page's numbers have. */
const MOST_DECIMALS = D.moneyScale ? Math.max(Math.round(Math.log10(D.moneyScale * 1e8)) - 1, 0) : 3;
function money(yuan, se, sign = false) {
  const x = yuan / 1e8, e = se / 1e8;
  if (isNaN(x)) return "–";
  if (Math.abs(x) < 0.0005 && !(e >= 0.0005)) return "0";
  let d = Math.abs(x) >= 1000 ? 0 : Math.abs(x) >= 100 ? 1 : Math.abs(x) >= 1 ? 2 : 3;
  d = Math.min(d, MOST_DECIMALS);
  if (!(e > 0)) return (sign ? signed : grouped)(x, d);
  d = Math.min(d, e >= 9.5 ? 0 : e >= 0.95 ? 1 : e >= 0.095 ? 2 : 3);
  return (sign ? signed : grouped)(x, d) + " ±" + grouped(e, e >= 0.5 || d > 0 ? d : 1);
}
const number = (x, decimals) => isNaN(x) || x === null ? "–" : grouped(x, decimals);

/* ---- sections ---------------------------------------------------------------------------------------------------- */

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

/* ---- pieces ------------------------------------------------------------------------------------------------------ */

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
