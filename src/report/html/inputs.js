/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the figures rest on: quality of the data, assumptions, diagnostics, how to cite and repeat. */

const QUALITY = { official: tr("official: printed by an authority"), derived: tr("derived: arithmetic on official figures"), estimate: tr("estimate: built from other figures, published by nobody"), judged: tr("judged: an expert's assumption") };
const qualityName = q => QUALITY[q] || q || tr("not stated");

/* Rows of the Markdown tables whose last column is "quality". */
function sourceRows(text) {
  let inside = false;
  const rows = [];
  for (const l of text.split("\n")) {
    const cells = l.startsWith("|") ? l.slice(1).replace(/\|\s*$/, "").split("|").map(c => c.trim()) : null;
    if (!cells) inside = false;
    else if (/^quality$/i.test(cells.at(-1))) inside = true;
    else if (inside && !/^[-: ]+$/.test(cells[0])) rows.push(cells);
  }
  return rows;
}
const plain = text => text.replace(/\*\*|`/g, "");

section("quality", tr("How good are the data?"), [], body => {
  /* the note may be in both languages, line by line */
  const lines = (D.comment || "").trim().split("\n"), own = lines.filter(l => /[\u4e00-\u9fff]/.test(l) === CHINESE);
  if (D.comment) body.append(el("p", { class: "comment" }, (own.length ? own : lines).join(CHINESE ? "" : " ")));
  const graded = REGIONS.filter(a => D.areas[a].quality), kinds = [...new Set(graded.map(a => D.areas[a].quality))];
  if (kinds.length) {
    body.append(table(tr("Accounts and members of the regions"), [tr("Quality"), tr("Regions"), ""], kinds.map(q => {
      const list = graded.filter(a => D.areas[a].quality === q);
      return [qualityName(q), String(list.length), list.map(areaName).join(CHINESE ? "、" : ", ")];
    }), { text: [2] }));
  }
  const sources = (D.files || []).find(f => f.name === "SOURCES.md");
  if (sources) {
    const graded = sourceRows(sources.text), counts = Object.keys(QUALITY).map(q => [q, graded.filter(r => r.at(-1).startsWith(q)).length]).filter(([, n]) => n);
    if (counts.length) {
      body.append(table(tr("All inputs, by the entries of SOURCES.md"), [tr("Quality"), tr("Entries")], counts.map(([q, n]) => [qualityName(q), String(n)])));
      body.append(fold(tr("What each input rests on"), table(tr("What each input rests on"), [tr("Input"), tr("Origin"), tr("Quality")], graded.map(r => [plain(r[0]), plain(r.length > 2 ? r[1] : ""), plain(r.at(-1))]), { text: [1, 2] })));
    }
    body.append(fold(tr("SOURCES.md in full"), el("pre", { tabindex: 0 }, sources.text)));
    return;
  }
  const tables = (D.files || []).filter(f => f.quality);
  if (tables.length) {
    body.append(table(tr("Tables of the scenario, rows by quality"), [tr("Table"), tr("Quality of its rows")], tables.map(f => [f.name, Object.entries(f.quality).map(([q, n]) => qualityName(q) + ": " + n).join("; ") || tr("not stated row by row: see the scenario's SOURCES.md")]), { text: [1] }));
  }
});

section("assumptions", tr("Assumptions as used"), [], body => {
  const timelines = D.policies.map(p => el("div", { class: "policy" }, el("h3", {}, p.shown, el("code", {}, p.id)),
    p.shown !== p.title && p.title ? el("p", {}, p.title) : null, p.shown !== p.title_en && p.title_en ? el("p", {}, p.title_en) : null,
    p.source ? el("p", {}, tr("Source: %s", p.source)) : null, p.note ? el("p", {}, p.note) : null));
  body.append(fold(tr("Policies: what they are and where they come from"), timelines));
  const given = D.parameters.filter(p => p[3]), standard = D.parameters.filter(p => !p[3]);
  const show = p => [p[0], p[1] === null ? tr("by year, see below") : String(p[1]), p[2] === "1" ? "" : p[2]];
  const head = [tr("Key"), tr("Value"), tr("Unit")];
  if (given.length) body.append(fold(tr("Parameters set in the scenario (%s)", given.length), table(tr("Parameters set in the scenario"), head, given.map(show), { text: [2] })));
  if (standard.length) body.append(fold(tr("Parameters at their default (%s)", standard.length), table(tr("Parameters at their default"), head, standard.map(show), { text: [2] })));
  const names = Object.keys(D.series || {});
  if (names.length) {
    const years = [D.base_year, ...YEARS].filter(y => y === D.base_year || y === D.first || y % 5 === 0 || y === D.last);
    body.append(fold(tr("Parameters by year"), table(tr("Parameters by year"), [tr("Key"), ...years.map(star)], names.map(n => [n, ...years.map(y => { const v = D.series[n][y - D.base_year]; return v === null || v === undefined ? "–" : String(Number(v.toPrecision(5))); })]))));
  }
  for (const f of (D.files || []).filter(f => f.text && f.name !== "SOURCES.md")) body.append(fold(f.name, el("pre", { tabindex: 0 }, f.text)));
  if (D.overrides?.length) body.append(el("p", {}, tr("Set on the command line:"), " ", D.overrides.map(o => el("code", {}, o))));
});

section("diagnostics", tr("Diagnostics of the run"), [], body => {
  const d = D.diagnostics || {}, rows = [[tr("Paths"), grouped(D.paths, 0), tr("an error falls with the square root of it")], [tr("Seed"), String(D.seed), ""]];
  const add = (name, label, meaning, show = x => grouped(x, 0)) => { if (d[name] !== undefined && d[name] !== null) rows.push([label, show(d[name]), meaning]); };
  add("identity_residual", tr("Largest residual of the books"), tr("relative; above 1e-9 the run would be defective"), x => x.toExponential(1));
  add("rank_bound_max", tr("Largest error of a quantile's rank"), tr("share of the paths"), x => String(Number(x.toPrecision(2))));
  add("drivers_clipped", tr("Random drivers held at a bound"), tr("times, over all paths, regions and years"));
  add("migration_bounded", tr("Migration held at its bound"), tr("times, over all paths, regions and years"));
  add("employment_capped", tr("Employment held at its cap"), tr("times, over all paths, regions and years"));
  add("refined_windows", tr("Histograms made finer"), "");
  add("refine_rounds", tr("Rounds of making finer"), "");
  add("seconds", tr("Time of the run, seconds"), "", x => number(x, 1));
  add("threads", tr("Threads"), tr("the results do not depend on them"));
  for (const name of Object.keys(d).filter(n => !["identity_residual", "rank_bound_max", "drivers_clipped", "migration_bounded", "employment_capped", "refined_windows", "refine_rounds", "seconds", "threads"].includes(n))) rows.push([name, String(d[name]), ""]);
  rows.push([tr("All paths that were asked for"), D.complete ? tr("yes") : tr("no"), ""]);
  body.append(table(tr("Diagnostics"), [tr("What"), tr("Value"), tr("Meaning")], rows, { text: [2] }));
  if (D.gains?.rows.length) {
    body.append(table(tr("How many independent paths a path is worth"), [tr("Estimate of the baseline"), ...D.gains.years.map(star)], D.gains.rows.map(([scheme, label, controlled, ...gains]) =>
      [controlled ? tr("%1$s: %2$s, with control variates", scheme, label) : tr("%1$s: %2$s", scheme, label), ...gains.map(g => g === null ? "–" : String(Number(g.toPrecision(2))))])));
  }
});

section("cite", tr("How to cite and to reproduce"), [], body => {
  const title = CHINESE ? D.title || D.title_en : D.title_en || D.title;
  body.append(el("p", {}, tr("Cite as: %1$s. Simulated with %2$s, %3$s paths, seed %4$s.", title || D.file, D.source, grouped(D.paths, 0), D.seed)),
    el("p", {}, tr("The results file holds every input. Run it again, look at one path, or read its tables:")),
    el("pre", { tabindex: 0 }, [`poolcast run ${D.file} -o again.h5`, `poolcast replay ${D.file} --path 7`, `poolcast show ${D.file}`, `poolcast report ${D.file} -o report.html`].join("\n")),
    el("p", {}, [D.source, D.libraries].filter(Boolean).join("; ")));
  if (D.history) body.append(el("p", {}, tr("Written by: %s", D.history)));
  if (D.files?.length) body.append(fold(tr("Checksums of the inputs (SHA-256)"), table(tr("Checksums of the inputs (SHA-256)"), [tr("File"), "SHA-256"], D.files.map(f => [f.name, el("code", {}, f.sha256)]), { text: [1] })));
});
