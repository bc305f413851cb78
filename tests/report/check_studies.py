#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Pages of studies in a real browser: everything drawn in both languages on wide and narrow screens, nothing asks the network,
and what is drawn and written in tables are the numbers of the file.

usage: check_studies.py PROGRAM SOURCE SCRATCH
"""
import json
import math
import os
import re
import subprocess
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from browser import Browser  # noqa: E402

import h5py  # noqa: E402

program, source, scratch = sys.argv[1:4]
os.makedirs(scratch, exist_ok=True)
SMOKE = source + "/scenarios/smoke"


def poolcast(*arguments):
    done = subprocess.run((program,) + arguments, capture_output=True, text=True)
    assert done.returncode == 0, (arguments, done.returncode, done.stderr)


def place(name):
    return os.path.join(scratch, name)


def study(name, *arguments):
    poolcast(*arguments, "-q", "--force", "-o", place(name + ".h5"))


def make():
    bound = "130000000000"
    study("solve", "solve", SMOKE, "--vary", "cost.employee.excess", "--range", "0:10%", "--until", "balance(2030) >= " + bound, "--paths", "100")
    study("whole", "solve", SMOKE, "--vary", "policy.unified.start", "--range", "2025:2032", "--find", "largest",
          "--until", "depleted_any(2034) <= 5 %", "--paths", "100")
    study("unreachable", "solve", SMOKE, "--vary", "wages.sigma", "--range", "0:5%", "--until", "depleted_any(2034) <= 0", "--paths", "100")
    study("curve", "solve", SMOKE, "--vary", "cost.employee.excess", "--grid", "0:10%:4", "--measure", "reserve_months(2030)", "--paths", "100")
    study("grid", "solve", SMOKE, "--vary", "cost.employee.excess", "--grid", "0:10%:4", "--vary", "employee.major_illness", "--grid", "0:6%:3",
          "--until", "balance(2030) >= " + bound, "--paths", "100")
    study("reverse", "stress", SMOKE, "--reverse", "cost_up", "--until", "balance(2030) <= " + bound, "--paths", "200")
    study("rare", "rare", SMOKE, "--event", "reserve_months(2027) <= 20", "--paths", "2000")
    study("tianjin", "backtest", source + "/scenarios/backtest/tianjin_2014", "--paths", "300")
    study("provinces", "backtest", source + "/scenarios/backtest/provinces_2009", "--paths", "200")
    for name in ("calibration", "rolled"):
        subprocess.run(["rm", "-rf", place(name)], check=True)
    poolcast("calibrate", source + "/scenarios/calibration/china", "--accounts", SMOKE, "-q", "-o", place("calibration"))
    with open(SMOKE + "/regions.csv", encoding="utf-8") as file:
        first = file.readlines()[1].split(",")[0]
    with open(place("accounts.csv"), "w", encoding="utf-8") as file:
        file.write(f"year,code,wage_yuan,employee_balance_yuan\n2025,{first},90000,2.5e9\n")
    poolcast("roll", SMOKE, "--accounts", place("accounts.csv"), "--paths", "200", "-q", "-o", place("rolled"))
    for name, path in (("calibration", "calibration/calibration.h5"), ("rolled", "rolled/roll.h5")):
        os.replace(place(path), place(name + ".h5"))


# what every page must have drawn, and the least number of pictures
PAGES = {"solve": (("curve",), 1), "whole": (("curve",), 1), "unreachable": (("curve",), 1), "curve": (("curve",), 1),
         "grid": (("map", "curves"), 2), "reverse": (("curve",), 1), "rare": (("levels", "point", "weights"), 4),
         "tianjin": (("series", "calibration", "scores"), 8), "provinces": (("single", "calibration", "scores"), 3),
         "calibration": (("history", "mortality", "parameters", "correlation", "regions"), 12), "rolled": (("change", "accounts"), 4)}

DRAWN = """
return [...document.querySelectorAll("canvas")].map(c => {
  const d = c.getContext("2d").getImageData(0, 0, c.width, c.height).data, colours = new Set();
  for (let i = 0; i < d.length; i += 4) if (d[i + 3] > 40) colours.add(d[i] >> 4 << 8 | d[i + 1] >> 4 << 4 | d[i + 2] >> 4);
  return [c.closest("section").id, colours.size, c.getAttribute("aria-label")];
})"""

# axes' titles that do not fit beside their axis
CUT = """
return [...document.querySelectorAll("canvas")].flatMap(c => {
  const chart = Chart.getChart(c), pen = c.getContext("2d");
  return Object.values(chart.scales).filter(s => s.options.title?.display).flatMap(s => {
    pen.font = `${s.options.title.font.size}px ${s.options.title.font.family}`;
    return [s.options.title.text].flat().filter(t => pen.measureText(t).width > (s.isHorizontal() ? s.width : s.height));
  });
})"""

# the numbers in the pictures of a section: [[dataset, ...], ...], whatever says its values first
CHARTS = """
return [...document.querySelectorAll(`#${arguments[0]} canvas`)].map(c => Chart.getChart(c).data.datasets.map(s =>
  ({ said: Boolean(s.say), says: s.say ? s.data.map((_, i) => s.say(i)) : [], errors: s.errors || null, band: s.fill === "-1",
     data: s.data.map(p => p !== null && typeof p === "object" && !Array.isArray(p) ? [p.x, p.y] : p) })))"""

TABLES = """
return [...document.querySelectorAll(`#${arguments[0]} table`)].map(t => [...t.rows].map(r => [...r.cells].map(c => c.textContent)))"""


def check_page(browser, name, language, width):
    browser.resize(width, 800)
    browser.open(place(f"{name}.{language}.html"))
    console, asked = browser.complaints()
    assert not console and not asked, (name, language, console, asked)
    sections, least = PAGES[name]
    canvases = browser.js(DRAWN)
    assert len(canvases) >= least, (name, len(canvases))
    for section, colours, label in canvases:
        assert colours >= 3 and label, (name, language, width, section, colours, label)
    for section in sections:
        assert browser.js("const s = document.getElementById(arguments[0]); return s && !s.hidden && s.innerText.length > 20", section), (name, section)
    assert not browser.js(CUT), (name, language, width, browser.js(CUT))
    inner, scroll = browser.js("return [innerWidth, document.documentElement.scrollWidth]")
    assert scroll <= inner, f"{name}: {scroll} px wide in a window of {inner}"
    shown = browser.js("return document.body.innerText")
    for word in ("NaN", "undefined", "[object", "null"):
        assert word not in shown, (name, language, word)
    if language == "zh":
        text = browser.js("return [...document.querySelectorAll('h2, h3, .note, .caption, .answer p, nav a, .key li, th[scope=col]')].map(e => e.innerText)")
        english = [t for t in text if re.search(r"[a-z]{3,} [a-z]{2,} [a-z]{2,}", t)]
        assert not english, (name, english)
    assert len(browser.js("return document.querySelector('pre.plain').textContent")) > 40, name


def close(drawn, exact, what):
    assert (drawn is None and math.isnan(exact)) or abs(drawn - exact) <= 1e-9 * max(1, abs(exact)), (what, drawn, exact)
    return 1


def read(name):
    return h5py.File(place(name + ".h5"))


def charts(browser, name, section):
    browser.resize(1280, 800)
    browser.open(place(name + ".en.html"))
    return browser.js(CHARTS, section)


def shows(text, value, factor=1.0):
    """A figure as text against the number: half a unit of its last digit."""
    number = re.match(r"[-−+]?[\d,]+(\.\d+)?", text.strip()).group().replace(",", "").replace("−", "-")
    digits = len(number.split(".")[1]) if "." in number else 0
    assert abs(float(number) - factor * value) <= 0.5000001 * 10 ** -digits, (text, factor * value)
    return 1


def check_curve(browser, name, group, axis):
    """solve, reverse, curve: points in order, the bound, the answer."""
    file, n = read(name)[group], 0
    unit = file["measure"].attrs["units"]
    unit, key = (u.decode() if isinstance(u, bytes) else u for u in (unit, file[axis].attrs["units"]))
    factor, key_factor = {"yuan": 1e-8, "1": 100}.get(unit, 1), {"fraction": 100, "1": 100, "fraction/year": 100}.get(key, 1)
    pairs = sorted(zip(file[axis][()], file["measure"][()], file["measure_se"][()]))
    sets = charts(browser, name, "curve")[0]
    drawn = next(s for s in sets if s["said"])
    assert len(drawn["data"]) == len(pairs), (name, len(drawn["data"]), len(pairs))
    for (x, y), says, (value, measure, error) in zip(drawn["data"], drawn["says"], pairs):
        n += close(x, key_factor * value, name) + close(y, factor * measure, name)
        if not says.startswith(("<", ">")):
            n += shows(says, measure, factor)
    low, high = [s["data"] for s in sets[:2]][::-1]
    bands = sorted((low, high), key=lambda d: sum(p[1] for p in d))
    for (_, a), (_, b), (_, y, e) in zip(*bands, pairs):
        n += close(a, factor * (y - 2 * e), name) + close(b, factor * (y + 2 * e), name)
    if "bound" in file.attrs:
        bound = factor * file.attrs["bound"]
        assert any(len(s["data"]) == 2 and all(abs(p[1] - bound) < 1e-9 * max(1, abs(bound)) for p in s["data"]) for s in sets), (name, "no bound")
    if "answer" in file:
        answer = [s["data"][0] for s in sets if len(s["data"]) == 1]
        n += close(answer[0][0], key_factor * file["answer"][()], name) + close(answer[0][1], factor * file["answer_measure"][()], name)
    return n


def check_grid(browser):
    file, n = read("grid")["grid"], 0
    line = next(s for s in charts(browser, "grid", "map")[0] if s["said"])
    for (x, y), second, at in zip(line["data"], file["second"][()], file["line"][()]):
        n += close(x, 100 * second, "grid") + (0 if y is None or math.isnan(at) else close(y, 100 * at, "grid"))
    rows = browser.js(TABLES, "map")[0][1:]
    for i, row in enumerate(rows[:-1]):
        n += shows(row[0], file["first"][i], 100)
        for j, text in enumerate(row[1:]):
            n += shows(text, file["measure"][i, j], 1e-8)
    curves = [s for s in browser.js(CHARTS, "curves")[0] if s["said"]]
    for j, curve in enumerate(curves):
        for i, (_, y) in enumerate(curve["data"]):
            n += close(y, 1e-8 * file["measure"][i, j], "curves")
    return n


def check_rare(browser):
    file, n = read("rare")["rare"], 0
    pairs = sorted((x, p) for x, p in zip(file["level"][()], file["level_chance"][()]) if p > 0)
    drawn = next(s for s in charts(browser, "rare", "levels")[0] if s["said"])
    for (x, y), (level, p) in zip(drawn["data"], pairs):
        n += close(x, level, "rare") + close(y, p, "rare")
    at = min(range(len(pairs)), key=lambda i: abs(pairs[i][0] - file.attrs["bound"]))
    assert abs(pairs[at][1] - file["probability"][()]) < 1e-15, "the level at the bound is the answer"
    assert all(a[1] <= b[1] + 1e-15 for a, b in zip(pairs, pairs[1:])), "the chance falls with the distance"
    shares = browser.js(CHARTS, "point")[0][0]["data"]
    for drawn_share, share in zip(shares, sorted(file["share"][()], reverse=True)):
        n += close(drawn_share, 100 * share, "share")
    return n


def check_backtest(browser):
    file, n = read("tianjin")["backtest"], 0
    measures = [m.decode() for m in file["measure"][()]]
    years = file["outcome_year"][()]
    pictures = charts(browser, "tianjin", "series")
    for picture, measure in zip(pictures, dict.fromkeys(measures)):
        rows = sorted((years[i], i) for i in range(len(years)) if measures[i] == measure)
        unit = file["unit"][rows[0][1]].decode()
        factor = {"yuan": 1e-8, "persons": 1e-4}.get(unit, 1)
        seen = [v for v in picture[-1]["data"] if v is not None]
        assert len(seen) == len(rows), (measure, seen)
        for value, (_, i) in zip(seen, rows):
            n += close(value, factor * file["observed"][i], measure)
        for level, (high, low) in enumerate(((4, 5), (2, 3), (0, 1))):  # the widest is drawn first
            for k, name in ((high, "high"), (low, "low")):
                for value, (_, i) in zip(picture[k]["data"][-len(rows):], rows):
                    n += close(value, factor * file[name][i, level], (measure, name, level))
        known = [v for v in picture[-2]["data"] if v is not None]
        table = [file["known_value"][i] for i in range(len(file["known_value"])) if file["known_measure"][i].decode() == measure]
        assert len(known) == len(table) and abs(known[-1] - factor * table[-1]) < 1e-9 * abs(known[-1]), (measure, known, table)
    share = browser.js(CHARTS, "calibration")
    for level in range(3):
        inside = sum(file["low"][i, level] <= file["observed"][i] <= file["high"][i, level] for i in range(len(years)))
        n += close(share[0][0]["data"][level], 100 * inside / len(years), "coverage")
    fifths = [0] * 5
    for p in file["pit"][()]:
        fifths[min(int(5 * p), 4)] += 1
    assert share[1][0]["data"] == fifths, (share[1][0]["data"], fifths)
    file = read("provinces")["backtest"]
    single = charts(browser, "provinces", "single")[0]
    order = sorted(range(len(file["median"])), key=lambda i: -file["median"][i])
    for k, i in enumerate(order):
        n += close(single[0]["data"][k][0], file["observed"][i], "provinces")
        for level in range(3):
            n += close(single[1 + level]["data"][k][0], file["low"][i, level], "low") + close(single[1 + level]["data"][k][1], file["high"][i, level], "high")
    assert any("Guangdong" in row[0] for row in browser.js(TABLES, "scores")[0]), "regions have names"
    return n


def check_calibration(browser):
    file, n = read("calibration")["calibration"], 0
    pictures = charts(browser, "calibration", "history")
    names = [s.decode() for s in file["series"][()]]
    for picture, name, seen in zip(pictures, names, file["observed"][()]):
        show = math.exp if name in ("fertility", "employment") else lambda v: 100 * v
        drawn = [v for v in picture[-1]["data"] if v is not None]
        for value, exact in zip(drawn, [v for v in seen if not math.isnan(v)]):
            n += close(value, show(exact), name)
    pictures = browser.js(CHARTS, "mortality")
    for (_, k), exact in zip(next(s for s in pictures[0] if s["said"])["data"], file["kappa"][()]):
        n += close(k, exact, "kappa")
    worst = max(abs(file["e0_observed"][()] - file["e0_fitted"][()]).flat)
    n += close(worst, file.attrs["e0_error"], "the largest miss of life expectancy")
    for sex in (0, 1):
        for a, drawn in enumerate(pictures[2][sex]["data"]):
            n += close(drawn, math.exp(file["alpha"][sex, a]), "alpha") + close(pictures[3][sex]["data"][a], file["beta"][sex, a], "beta")
    points = browser.js("return Chart.getChart(document.querySelector('#regions canvas')).data.datasets.filter(s => s.say).map(s => s.borderColor + s.pointStyle)")
    assert len(points) == len(set(points)) > 6, points
    for row, value in zip(browser.js(TABLES, "parameters")[0][1:], file["value"][()]):
        n += shows(row[1], value)
    for row, values in zip(browser.js(TABLES, "regions")[0][1:], file["regional_constant"][()].T):
        for text, value in zip(row[1:], values):
            n += shows(text, value)
    return n


def check_roll(browser):
    file, n = read("rolled")["roll"], 0
    units = [u.decode() for u in file["measure_unit"][()]]
    pictures = charts(browser, "rolled", "change")
    for q, picture in enumerate(pictures):
        factor = {"yuan": 1e-8, "1": 100}.get(units[q], 1)
        bars, items = picture[0]["data"], file["change"][()].shape[0]
        n += close(bars[0][1], factor * file["value"][0, q], "old") + close(bars[-1][1], factor * file["value"][items, q], "new")
        for i in range(items):
            n += close(bars[1 + i][1] - bars[1 + i][0], factor * file["change"][i, q], "item")
            n += close(picture[0]["errors"][1 + i], factor * file["change_se"][i, q], "error")
    return n


def check_damaged():
    """A file without one of its parts is refused or drawn without it, never a page with a wrong number."""
    copy = place("damaged.h5")
    for name, group, gone in (("solve", "solve", "measure_se"), ("grid", "grid", "line_se"), ("tianjin", "backtest", "high"),
                              ("calibration", "calibration", "low80"), ("rolled", "roll", "change_se"), ("rare", "rare", "share")):
        with open(place(name + ".h5"), "rb") as source_file, open(copy, "wb") as target:
            target.write(source_file.read())
        with h5py.File(copy, "r+") as file:
            del file[group][gone]
        done = subprocess.run((program, "report", copy, "-o", place("damaged.html")), capture_output=True, text=True)
        assert done.returncode == 2 and done.stderr.count("\n") == 1, (name, gone, done.returncode, done.stderr)
    assert not os.path.exists(place("damaged.html"))


if "KEEP" not in os.environ:
    make()
for page in PAGES:
    for tongue in ("en", "zh"):
        poolcast("report", place(page + ".h5"), "-o", place(f"{page}.{tongue}.html"), "--lang", tongue)
check_damaged()
with Browser() as chromium:
    for page in PAGES:
        for tongue in ("en", "zh"):
            for screen in (1280, 390):
                check_page(chromium, page, tongue, screen)
    total = sum(check_curve(chromium, name, group, axis) for name, group, axis in (
        ("solve", "solve", "value"), ("whole", "solve", "value"), ("unreachable", "solve", "value"), ("reverse", "solve", "value"), ("curve", "grid", "first")))
    total += check_grid(chromium) + check_rare(chromium) + check_backtest(chromium) + check_calibration(chromium) + check_roll(chromium)
    print(total, "numbers agree with the files")
    assert total > 1200, total
