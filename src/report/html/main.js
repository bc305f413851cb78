/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Puts the page together; draws again for another colour scheme and for paper. */

const THEMES = ["auto", "light", "dark"];
const themeName = t => t === "auto" ? tr("colours: as the system") : t === "light" ? tr("colours: light") : tr("colours: dark");
const page = document.documentElement;

function drawAll() {
  sections.forEach(drawSection);
}

const themeButton = el("button", { type: "button", class: "theme", onclick: () => {
  page.dataset.theme = THEMES[(THEMES.indexOf(page.dataset.theme) + 1) % THEMES.length];
  themeButton.textContent = themeName(page.dataset.theme);
  drawAll();
} });
page.dataset.theme = "auto";
themeButton.textContent = themeName("auto");

const main = document.querySelector("main");
for (const s of sections) {
  s.body = el("div", { class: "body" });
  s.node = el("section", { id: s.id, "aria-labelledby": s.id + "-title" }, el("h2", { id: s.id + "-title" }, s.title), s.body);
  main.append(s.node);
}
if (!D.study) main.before(choicesBar());
document.querySelector("header").append(el("nav", { "aria-label": tr("Sections") }, sections.map(s => el("a", { href: "#" + s.id }, s.title)), themeButton));

/* The first sections at once, the rest when the browser has shown them. */
let waiting = 0;
function drawNext() {
  if (waiting < sections.length) {
    drawSection(sections[waiting++]);
    if (waiting < 3) drawNext();
    else setTimeout(drawNext, 0);
  } else {
    page.dataset.ready = "yes";
  }
}
drawNext();

matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => page.dataset.theme === "auto" && drawAll());
/* Paper is white and narrow: light colours, and charts as wide as the sheet. */
let opened = [];
addEventListener("beforeprint", () => {
  page.classList.add("paper");
  opened = [...document.querySelectorAll("#assumptions details:not([open])")].filter(d => !d.querySelector("pre"));
  opened.forEach(d => { d.open = true; });
  drawAll();
});
addEventListener("afterprint", () => {
  page.classList.remove("paper");
  opened.forEach(d => { d.open = false; });
  drawAll();
});
