/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the treasury pays, gross and net side by side. */

section("treasury", tr("What it costs the treasury"), ["scheme"], body => {
  const shown = shownPolicies().filter(p => groupOf(p, state.scheme)?.treasury_net);
  if (!shown.length) return false;
  const get = (p, name) => groupOf(p, state.scheme)[name] || {};
  const rescued = shown.some(p => get(p, "treasury_gross").mean);
  const worst = grouped(100 * (1 - (D.treasury_alpha || 0.95)), 0);
  body.append(note(tr("Over the whole run to %1$s, discounted to %2$s, so in money of that year. Gross: what treasuries pay to funds that are short, and benefits nobody pays. Net: gross less the balances that are left at the end (a debt that is left counts as cost).", star(D.last), D.base_year)),
    el("p", { class: "warning" }, tr("Pooling lowers the gross cost because the surplus of some regions pays for the hole of others. That is no saving: those balances are then missing. Compare policies by the net cost. It adds up decades in which no rule changes, so read it as the size of the gap, not as a forecast.")));
  /* one scale for both, so that their sizes can be compared by eye */
  const most = Math.max(...shown.flatMap(p => ["treasury_gross", "treasury_net"].flatMap(n => ["mean", "var", "tvar"].map(k => get(p, n)[k] || 0)))) / 1e8;
  const least = Math.min(0, ...shown.flatMap(p => ["treasury_gross", "treasury_net"].flatMap(n => ["mean", "var", "tvar"].map(k => get(p, n)[k] || 0)))) / 1e8;
  const parts = ["treasury_gross", "treasury_net"].map(name => {
    const title = name === "treasury_gross" ? tr("Gross: paid by treasuries, and unpaid") : tr("Net: less the closing balances");
    const part = el("div", {}, el("h3", {}, title));
    if (name === "treasury_gross" && !rescued) {
      part.append(note(tr("0 under every policy: no policy here has a rescue by a treasury. Funds that are short go into debt, and the net cost is that debt less what other funds have left.")));
      return part;
    }
    const kinds = [["mean", tr("mean"), p => policyStyle(p).colour], ["var", tr("exceeded on %s % of paths (VaR)", worst), p => stripes(policyStyle(p).colour)], ["tvar", tr("mean of the worst %s % (TVaR)", worst), p => faint(policyStyle(p).colour, 0.35)]];
    chart(part, title, { type: "bar", data: { labels: shown.map(p => wrapped(policyName(p))), datasets: kinds.map(([k, label, fill]) => ({ label,
      data: shown.map(p => (get(p, name)[k] ?? NaN) / 1e8), errors: k === "mean" ? shown.map(p => get(p, name).se / 1e8) : undefined,
      say: i => money(get(shown[i], name)[k], k === "mean" ? get(shown[i], name).se : NaN), backgroundColor: shown.map(fill), borderColor: shown.map(p => policyStyle(p).colour), borderWidth: 1 })) },
      options: { indexAxis: "y", scales: { x: { title: tr("100 million yuan, present value"), suggestedMin: least, suggestedMax: most, ticks: { callback: v => v.toLocaleString("en"), maxTicksLimit: 6 } }, y: { ticks: { autoSkip: false }, grid: { display: false } } }, plugins: { shade: { off: true } } } }, 90 + 46 * shown.length);
    return part;
  });
  body.append(el("div", { class: "pair" }, parts), key([[tr("mean"), { colour: css("--text"), fill: css("--text") }], [tr("exceeded on %s % of paths (VaR)", worst), { colour: css("--text"), fill: faint(css("--text"), 0.45) }], [tr("mean of the worst %s % (TVaR)", worst), { colour: css("--text"), fill: faint(css("--text"), 0.15) }]]));
  const difference = (p, name) => p === BASELINE || BASELINE < 0 ? "" : money((groupOf(p, state.scheme, "difference")?.[name] || {}).mean, (groupOf(p, state.scheme, "difference")?.[name] || {}).se, true);
  body.append(table(tr("Cost to the treasury, 100 million yuan, present value"), [tr("Policy"), ...[tr("gross, mean"), tr("net, mean")].flatMap(h => [h, tr("change"), tr("spread (sd)"), "VaR", "TVaR"])],
    shown.map(p => [policyName(p), ...["treasury_gross", "treasury_net"].flatMap(n => [money(get(p, n).mean ?? get(p, n).central, get(p, n).se), difference(p, n), ...["sd", "var", "tvar"].map(k => money(get(p, n)[k]))])])));
  const payers = [["treasury_county", tr("counties")], ["treasury_city", tr("cities")], ["treasury_province", tr("provinces")], ["treasury_central", tr("centre")], ["treasury_unmet", tr("nobody: unpaid benefits")]].filter(([n]) => shown.some(p => get(p, n).mean));
  if (payers.length) {
    body.append(table(tr("Who pays the gross cost, mean, 100 million yuan"), [tr("Policy"), ...payers.map(([, label]) => label)], shown.map(p => [policyName(p), ...payers.map(([n]) => money(get(p, n).mean, get(p, n).se))])));
  }
  const rates = shown.filter(p => groupOf(p, state.scheme).level_rate);
  if (rates.length && rates.some(p => !isNaN(get(p, "level_rate").mean ?? NaN))) {
    body.append(fold(tr("By how much contributions would have to rise"), table(tr("Addition to the contribution rate, the same in every year, that would close the gap; points of the contribution base"), [tr("Policy"), tr("mean"), "VaR", "TVaR"], rates.map(p => [policyName(p), points(get(p, "level_rate").mean, get(p, "level_rate").se), points(get(p, "level_rate").var), points(get(p, "level_rate").tvar)]))));
  }
});
