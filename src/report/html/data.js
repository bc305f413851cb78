/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The page's numbers. A series is [block, scale]; a block is text that holds the steps from value to value in
 * digits of base 45, least first, of the upper 45 characters when more follow, the lowest bit of the number its sign; a
 * blank is a missing value. Blocks over (region, year) have the years running fastest. Written by html_data.c. In place of a series
 * "binomial" says that the standard errors are those of independent paths. */

const YEARS = Array.from({ length: D.last - D.first + 1 }, (_, i) => D.first + i);
const N_AREAS = D.areas.length, WHOLE = N_AREAS - 1;
const SCHEMES = ["employee", "resident", "both"].filter(s => Object.values(D.policy)[0][s]);
const BASELINE = D.hasBaseline ? 0 : -1;
const CENTRAL_ONLY = !(D.paths > 0);
const FORECAST_END = 2040; /* later years say what present rules would do */

const RADIX = 45;
const DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789!#$%'()*+,-./:;=>?@[]^_`{|}~";
const VALUE_OF_DIGIT = new Map([...DIGITS].map((c, i) => [c, i]));
const decoded = new Map();

function decode(block, scale) {
  const key = block + "/" + scale;
  if (decoded.has(key)) return decoded.get(key);
  const values = [];
  let last = 0, step = 0, unit = 1;
  for (const c of D.blocks[block]) {
    if (c === " ") {
      values.push(NaN);
      continue;
    }
    const digit = VALUE_OF_DIGIT.get(c);
    step += (digit % RADIX) * unit;
    unit *= RADIX;
    if (digit < RADIX) {
      last += step % 2 ? -(step - 1) / 2 : step / 2;
      values.push(last / scale);
      step = 0;
      unit = 1;
    }
  }
  decoded.set(key, values);
  return values;
}

/* Values by year of one region (datasets by year alone have only one row), or null when the file lacks them. */
function rows(group, name, area) {
  const series = group && group[name];
  if (!series) return null;
  if (series === "binomial") {
    return rows(group, name.slice(0, -3), area).map(pathError);
  }
  const values = decode(series[0], series[1]);
  return values.length === YEARS.length ? values : values.slice(area * YEARS.length, (area + 1) * YEARS.length);
}
const groupOf = (policy, scheme, tree = "policy") => (D[tree][D.policies[policy].id] || {})[scheme];
const series = (policy, scheme, name, area = WHOLE, tree = "policy") => rows(groupOf(policy, scheme, tree), name, area);
const has = (name, tree = "policy") => D.policies.some(p => SCHEMES.some(s => (D[tree][p.id] || {})[s]?.[name]));

/* Index of a year, and the price level of it (1 in the base year). */
const at = year => year - D.first;
const price = year => D.price[year - D.base_year] || NaN;

/* A share of independent paths, whose error follows from it. */
const pathError = p => p <= 1e-9 || p >= 1 - 1e-9 ? 3 / D.paths : Math.sqrt(p * (1 - p) / Math.max(D.paths - 1, 1));
const ofPaths = p => chance(Math.abs(p) < 1e-9 ? 0 : Math.abs(p - 1) < 1e-9 ? 1 : p, pathError(p));
function points(x, se) {
  if (isNaN(x)) return "–";
  if (x === 0) return "0";
  if (!(se > 0)) return signed(100 * x, 1);
  const d = decimalsFor(100 * se);
  return signed(100 * x, d) + " ±" + grouped(100 * se, d);
}
function months(x, se, sign = true) {
  const d = se > 0 && se < 0.095 ? 2 : 1;
  if (isNaN(x)) return "–";
  if (Math.abs(x) < 0.005 && !(se >= 0.005)) return "0";
  return (sign ? signed : grouped)(x, se === undefined || isNaN(se) ? 1 : d) + (se > 0 ? " ±" + grouped(se, d) : "");
}
const star = year => year > FORECAST_END ? year + "*" : String(year);
