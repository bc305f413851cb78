#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The report in a real browser: everything drawn, switches and keys work, nothing asks the network, and the numbers shown are
those of the results file.

usage: check_html.py PROGRAM SOURCE SCRATCH
"""
import json
import os
import re
import subprocess
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from browser import Browser  # noqa: E402

import h5py  # noqa: E402
import numpy  # noqa: E402

program, source, scratch = sys.argv[1:4]
os.makedirs(scratch, exist_ok=True)
LAST, FORECAST_END = 2074, 2040


def poolcast(*arguments, code=0, **variables):
    done = subprocess.run((program,) + arguments, capture_output=True, text=True, env=dict(os.environ, **variables))
    assert done.returncode == code, (arguments, done.returncode, done.stderr)
    return done.stderr


def place(name):
    return os.path.join(scratch, name)


def make():
    poolcast("run", source + "/scenarios/zhejiang", "--paths", "600", "-q", "--force", "-o", place("zhejiang.h5"))
    poolcast("run", source + "/scenarios/national", "--policies", "all", "--paths", "100", "-q", "--force", "-o",
             place("national.h5"))
    # rescues, so that the treasury's gross cost is not 0
    poolcast("run", source + "/scenarios/reference", "--paths", "64", "-q", "--force", "-o", place("reference.h5"))
    poolcast("run", source + "/scenarios/smoke", "--paths", "0", "-q", "--force", "-o", place("central.h5"))
    for name in ("zhejiang", "national", "reference", "central"):
        poolcast("report", place(name + ".h5"), "-o", place(name + ".html"))
    poolcast("report", place("zhejiang.h5"), "-o", place("zh.html"), "--lang", "zh")


# ---- what a page must do --------------------------------------------------------------------------------------------

DRAWN = """
return [...document.querySelectorAll("canvas")].filter(c => c.offsetParent).map(c => {
  const d = c.getContext("2d").getImageData(0, 0, c.width, c.height).data;
  const colours = new Set();
  for (let i = 0; i < d.length; i += 4) if (d[i + 3] > 40) colours.add(d[i] >> 4 << 8 | d[i + 1] >> 4 << 4 | d[i + 2] >> 4);
  return [c.closest("section").id, colours.size, c.getAttribute("aria-label")];
})"""


def check_page(browser, name, width, height, language):
    browser.resize(width, height)
    seconds = browser.open(place(name))
    console, asked = browser.complaints()
    assert not console and not asked, (name, console, asked)
    canvases = browser.js(DRAWN)
    assert len(canvases) >= 1, name
    for section, colours, label in canvases:
        assert colours >= 3 and label, (name, width, section, colours, label)
    inner, scroll = browser.js("return [innerWidth, document.documentElement.scrollWidth]")
    assert scroll <= inner, f"{name}: {scroll} px wide in a window of {inner}"
    bottom = browser.js("return document.querySelector('.answer:not([hidden])').getBoundingClientRect().bottom")
    assert bottom <= height, f"{name}: the answer ends at {bottom} of {height} px"
    assert browser.js("return document.documentElement.lang") == language
    return seconds, {section for section, _, _ in canvases}


def fingerprint(browser, section):
    return browser.js("const s = document.getElementById(arguments[0]); return s.innerText + "
                      "[...s.querySelectorAll('canvas')].map(c => c.toDataURL()).join()", section)


def choose(browser, key, value):
    browser.js("const c = document.querySelector(`[data-choice=${arguments[0]}]`); c.value = arguments[1];"
               "if (c.value !== String(arguments[1])) throw 'no such choice';"
               "c.dispatchEvent(new Event('change'))", key, str(value))


def check_switches(browser):
    browser.resize(1280, 800)
    browser.open(place("zhejiang.html"))
    for key, value, sections in (
            ("policy", 1, ("reserve", "flows", "map", "first", "winners", "transfers", "warning")),
            ("region", 7, ("chance", "reserve", "flows", "first", "ageing", "warning")),
            ("year", 2035, ("policies", "winners", "transfers")),
            ("money", "nominal", ("flows", "transfers")),
            ("until", LAST, ("chance", "reserve", "flows", "map", "first", "ageing", "equity", "warning")),
            ("scheme", "resident", ("policies", "chance", "reserve", "flows", "map", "first", "warning", "treasury"))):
        before = {section: fingerprint(browser, section) for section in sections}
        answer = browser.js("return document.querySelector('.answer:not([hidden])').innerText")
        choose(browser, key, value)
        for section in sections:
            assert fingerprint(browser, section) != before[section], f"{key} does not change section {section}"
        if key == "scheme":
            assert browser.js("return document.querySelector('.answer:not([hidden])').innerText") != answer
    # the buttons of a chart and of the map
    for section, button in (("chance", ".key button"), ("map", ".switch button:last-child")):
        before = fingerprint(browser, section)
        browser.js("document.querySelector(arguments[0]).click()", f"#{section} {button}")
        assert fingerprint(browser, section) != before, section
    before = fingerprint(browser, "equity")
    browser.js("const c = document.querySelector('#equity select'); c.selectedIndex = 2; c.dispatchEvent(new Event('change'))")
    assert fingerprint(browser, "equity") != before
    assert browser.complaints() == ([], [])


def check_keyboard(browser):
    from selenium.webdriver.common.keys import Keys
    browser.resize(1280, 800)
    browser.open(place("zhejiang.html"))
    press = lambda key: browser.driver.switch_to.active_element.send_keys(key)  # noqa: E731
    reached = []
    for _ in range(60):
        press(Keys.TAB)
        reached.append(browser.js("const e = document.activeElement; return e.dataset.choice || e.closest('section')?.id "
                                  "|| e.tagName"))
    for expected in ("scheme", "policy", "region", "year", "money", "until", "chance", "reserve", "map"):
        assert expected in reached, (expected, reached)
    ring = browser.js("return getComputedStyle(document.activeElement).outlineStyle")
    assert ring != "none", "what has the focus cannot be seen"
    for section in browser.js("return [...new Set([...document.querySelectorAll('canvas')].map(c => c.closest('section').id))]"):
        browser.js("document.querySelector(arguments[0]).focus()", f"#{section} canvas")
        press(Keys.ARROW_RIGHT)
        first = browser.js("return document.querySelector(arguments[0]).textContent", f"#{section} .chart + .unseen")
        press(Keys.END)
        last = browser.js("return document.querySelector(arguments[0]).textContent", f"#{section} .chart + .unseen")
        assert first and last and (first != last or section == "treasury"), (section, first, last)
    browser.js("document.querySelector('#map .scroll').focus()")
    press(Keys.ARROW_RIGHT)
    for _ in range(3):
        press(Keys.ARROW_RIGHT)
    press(Keys.ARROW_DOWN)
    said = browser.js("return document.querySelector('#map [aria-live]').textContent")
    assert said.startswith("Ningbo") and "2028" in said and "%" in said, said
    # the select changes by keys alone
    browser.js("document.querySelector('[data-choice=policy]').focus()")
    before = fingerprint(browser, "reserve")
    press(Keys.ARROW_UP)
    assert fingerprint(browser, "reserve") != before


def luminance(colour):
    parts = [int(x) / 255 for x in re.findall(r"\d+", colour)[:3]]
    parts = [x / 12.92 if x <= 0.03928 else ((x + 0.055) / 1.055) ** 2.4 for x in parts]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]


def contrast(a, b):
    light, dark = sorted((luminance(a), luminance(b)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def check_colours(browser):
    """Light and dark: texts by WCAG's 4.5, lines by its 3; lines differ by their dashes where colours are lost."""
    for scheme in ("light", "dark"):
        browser.prefer(scheme)
        browser.open(place("zhejiang.html"))
        look = browser.js("""
            const of = (s, p) => getComputedStyle(document.querySelector(s))[p];
            const rgb = name => { const e = document.createElement("i"); e.style.color = `var(${name})`; document.body.append(e);
              const c = getComputedStyle(e).color; e.remove(); return c; };
            return {page: of("html", "backgroundColor"), text: of("html", "color"), note: of(".note", "color"), link: of("nav a", "color"),
              panel: of(".answer", "backgroundColor"), shade: rgb("--shade"), lines: [0, 1, 2, 3, 4, 5, 6].map(i => rgb("--series-" + i)),
              cells: [...document.querySelectorAll(".heat tbody td[data-year]")].filter(c => c.textContent).map(c => [getComputedStyle(c).backgroundColor, getComputedStyle(c).color]),
              dashes: [...document.querySelectorAll("#chance .key path")].map(p => p.getAttribute("stroke-dasharray"))}""")
        assert (luminance(look["page"]) > 0.5) == (scheme == "light"), look
        for text in ("text", "note", "link"):
            assert contrast(look[text], look["page"]) >= 4.5, (scheme, text, look)
        assert contrast(look["text"], look["panel"]) >= 4.5
        for line in look["lines"]:
            assert contrast(line, look["page"]) >= 3 and contrast(line, look["shade"]) >= 2.7, (scheme, line)
        for back, fore in look["cells"]:
            assert contrast(back, fore) >= 3.9, (scheme, back, fore)
        assert len(set(look["dashes"])) == len(look["dashes"]) > 1, look["dashes"]
    browser.prefer("light")
    # the button goes through the three
    browser.open(place("zhejiang.html"))
    seen = []
    for _ in range(3):
        browser.js("document.querySelector('.theme').click()")
        seen.append(luminance(browser.js("return getComputedStyle(document.documentElement).backgroundColor")) > 0.5)
    assert seen == [True, False, True], seen


def check_print(browser, name):
    """A4, no more pages than sections, charts as wide as the sheet and drawn."""
    browser.prefer("dark")  # paper is white all the same
    browser.resize(1280, 800)
    browser.open(place(name))
    browser.js("window.widths = []; addEventListener('beforeprint', () => { for (const c of document.querySelectorAll('canvas')) "
               "if (c.offsetParent) widths.push(c.closest('section').getBoundingClientRect().right - c.getBoundingClientRect().right); "
               "window.paper = getComputedStyle(document.documentElement).backgroundColor; })")
    pdf = browser.pdf()
    with open(place(name.replace(".html", ".pdf")), "wb") as file:
        file.write(pdf)
    boxes = set(re.findall(rb"/MediaBox\s*\[([^\]]*)\]", pdf))
    assert boxes, "the PDF has no pages"
    for box in boxes:
        _, _, w, h = (float(x) for x in box.split())
        assert abs(w - 595.3) < 2 and abs(h - 841.9) < 2, box
    widths, paper = browser.js("return [widths, paper]")
    assert widths and min(widths) >= -1 and luminance(paper) > 0.9, (widths, paper)
    assert "paper" not in browser.js("return document.documentElement.className")
    browser.prefer("light")


# ---- numbers --------------------------------------------------------------------------------------------------------

def tables_of(browser, section):
    """Every table of a section: {caption: (head, rows)}."""
    return {caption: (head, rows) for caption, head, rows in browser.js("""
        return [...document.querySelectorAll(`#${arguments[0]} table:not(.heat)`)].map(t => [t.caption.textContent,
          [...t.tHead.rows[0].cells].map(c => c.textContent), [...t.tBodies[0].rows].map(r => [...r.cells].map(c => c.textContent))])""",
                                                                                section)}


def same(shown, value, error=None, factor=1.0, unit="", terms=1):
    """A text against the numbers it stands for: half a unit of its last digit, and what the rounding of the page's numbers (a
    tenth of that unit at most for each term of a sum) adds."""
    text = shown.replace("−", "-").replace(",", "").replace(unit, "").strip()
    if numpy.isnan(value):
        assert text == "–", (shown, value)
        return 0
    if text[0] in "<>":  # no path or every path: the bound 3/n
        bound = factor * error if text[0] == "<" else factor * (1 - error)
        assert value in (0, 1) and abs(float(text[1:]) - bound) <= 0.005 * max(bound, 1), (shown, value, error)
        return 1
    parts = [part.strip() for part in text.split("±")]
    for part, exact in zip(parts, (value, error)):
        digits = len(part.split(".")[1]) if "." in part else 0
        room = 0.5 * 10 ** -digits * (1 + 0.1 * terms) + 1e-9
        assert abs(float(part) - factor * exact) <= room, (shown, factor * exact)
    if len(parts) == 1 and error is not None and unit:
        assert not 0 < error < 1 or value in (0, 1), (shown, "has no error")
    return 1


def check_numbers(browser):
    browser.resize(1280, 800)
    browser.open(place("zhejiang.html"))
    file = h5py.File(place("zhejiang.h5"))
    policies = [name.decode() for name in file["inputs/policies/policy"][()]]
    price = file["inputs/prices/price_level"][()][1:]
    years = list(file["policy/city/employee/year"][()])
    n, seen = 0, {}

    def look(policy, scheme, tree="policy"):
        key = (tree, policy, scheme)
        if key not in seen:
            seen[key] = {name: data[()] for name, data in file[f"{tree}/{policy}/{scheme}"].items() if isinstance(data, h5py.Dataset)}
        return seen[key]

    for scheme, region, policy, year in (("employee", 11, 2, 2040), ("resident", 7, 1, 2035), ("both", 0, 3, 2030)):
        choose(browser, "scheme", scheme)
        choose(browser, "region", region)
        choose(browser, "policy", policy)
        choose(browser, "year", year)
        name, at = policies[policy], years.index(year)
        group, change = look(name, scheme), look(name, scheme, "difference")
        shown = browser.js("return [...document.querySelectorAll('[data-choice=policy] option')].map(o => o.textContent)")
        # policy table
        tables = list(tables_of(browser, "policies").values())
        for row in tables[0][1]:
            g = look(policies[shown.index(row[0].replace(" (baseline)", ""))], scheme)
            for text, y in zip(row[1:5], (2030, 2035, 2040, 2050)):
                n += same(text, g["member_weighted_depletion_by"][years.index(y)], g["member_weighted_depletion_by_se"][years.index(y)], 100, " %")
        for row in tables[1][1]:
            g = look(policies[shown.index(row[0])], scheme)
            for text, share in zip(row[1:4], (0.1, 0.5, 0.9)):
                first = numpy.argmax(g["depleted_by"][-1] >= share)
                assert text.rstrip("*") == (str(years[first]) if g["depleted_by"][-1].max() >= share else ">2074"), (text, share)
        # chances by year, all policies
        head, rows = next(iter(tables_of(browser, "chance").values()))
        for i, row in enumerate(rows):
            for title, text in zip(head[1:], row[1:]):
                g = look(policies[shown.index(title)], scheme)
                key = "member_weighted_depletion_by" if region == 11 else "depleted_by"
                value, error = (g[key][i], g[key + "_se"][i]) if region == 11 else (g[key][region, i], g[key + "_se"][region, i])
                n += same(text, value, error, 100, " %")
        # fan
        _, rows = next(iter(tables_of(browser, "reserve").values()))
        quantiles = list(file["policy/city/employee/quantile"][()])
        for i, row in enumerate(rows):
            for text, q in zip(row[1:6], (0.05, 0.25, 0.5, 0.75, 0.95)):
                n += same(text, group["reserve_months_quantile"][quantiles.index(q), region, i])
            n += same(row[6], group["reserve_months"][3, region, i])
        # money, real
        _, rows = next(iter(tables_of(browser, "flows").values()))
        for i, row in enumerate(rows):
            outgo = group["expenditure"][0, region, i] + group["other_outgo"][0, region, i]
            n += same(row[1], group["revenue"][0, region, i] / price[i], None, 1e-8)
            n += same(row[2], outgo / price[i], None, 1e-8, terms=2)
            n += same(row[3], group["balance"][0, region, i] / price[i], group["balance"][2, region, i] / price[i], 1e-8)
        # map: whole per cents
        cells = browser.js("return [...document.querySelectorAll('.heat td[data-year]')].map(c => [+c.dataset.area, +c.dataset.year, c.textContent])")
        assert len(cells) == 12 * 26
        for area, y, text in cells:
            p = group["depleted_by"][area, years.index(y)]
            assert text == ("●" if p >= 0.995 else "" if p < 0.005 else str(int(100 * p + 0.5))) or abs(100 * p % 1 - 0.5) < 1e-6, (text, p)
            n += 1
        # winners
        names = [x.decode() for x in file["areas/name_en"][()]]
        for caption, (_, rows) in tables_of(browser, "winners").items():
            for row in rows:
                area = [a for a, x in enumerate(names) if row[0].startswith(x)][0]
                if "points" in caption and row[1] != "0":
                    n += same(row[1], change["depleted_by"][area, at], change["depleted_by_se"][area, at], 100)
                elif "months" in caption and row[1] != "0":
                    n += same(row[1], change["reserve_months"][0, area, at], change["reserve_months"][2, area, at])
        # treasury
        _, rows = next(iter(tables_of(browser, "treasury").values()))
        for row in rows:
            g = look(policies[shown.index(row[0])], scheme)
            n += same(row[6], g["treasury_net"][0], g["treasury_net"][2], 1e-8) + same(row[8], g["treasury_net"][1], None, 1e-8)
            n += same(row[9], g["treasury_net"][4], None, 1e-8) + same(row[10], g["treasury_net"][5], None, 1e-8)
        # bands
        _, rows = next(iter(tables_of(browser, "warning").values())) if scheme != "both" else (0, [])
        for i, row in enumerate(rows):
            below = [group["months_below"][b, region, i] if "months_below" in group else group[f"months_below_{months}"][region, i]
                     for b, months in enumerate((0, 3, 6, 9, 15))]
            for text, value in zip(row[1:], numpy.diff([0] + below + [1])):
                value = 0 if abs(value) < 1e-9 else value
                error = 3 / 600 if value in (0, 1) else (value * (1 - value) / 599) ** 0.5
                n += same(text, value, error, 100, " %")
    assert n > 3000, n
    return n


def check_answer(browser):
    """The sentences against the file, and that nothing is claimed that the errors don't carry."""
    browser.open(place("zhejiang.html"))
    said = browser.js("return document.querySelector('.answer').innerText").replace("−", "-")
    file = h5py.File(place("zhejiang.h5"))
    years = list(file["policy/city/employee/year"][()])
    base = file["policy/city/employee"]
    for year in (2035, 2040):
        p = 100 * base["member_weighted_depletion_by"][years.index(year)]
        e = 100 * base["member_weighted_depletion_by_se"][years.index(year)]
        assert f"{p:.1f} % ±{e:.1f}" in said, (said, p, e)
    change = {name: (file[f"difference/{name}/employee/member_weighted_depletion_by"][years.index(2040)],
                     file[f"difference/{name}/employee/member_weighted_depletion_by_se"][years.index(2040)])
              for name in file["difference"]}
    certain = {name: v for name, (v, e) in change.items() if abs(v) > 2 * e}
    best = min(certain, key=certain.get)
    titles = dict(zip(file["inputs/policies/policy"][()], file["inputs/policies/title_en"][()]))
    if certain[best] < 0:
        assert titles[best.encode()].decode() + "” lowers this chance most" in said, (said, certain)
    assert f"{100 * change[best][0]:+.1f}" in said, (said, change)
    by = base["depleted_by"][:11]
    first = numpy.argmax((by >= 0.5).any(axis=0))
    name = file["areas/name_en"][()][numpy.argmax(by[:, first])].decode()
    assert name in said and str(years[first])[:3] in said, (said, name, years[first])


def check_gaps(browser):
    """What a file lacks is left out without complaint: pages whose data are taken away piece by piece."""
    text = open(place("zhejiang.html"), encoding="utf-8").read()
    head, rest = text.split('id="data">', 1)
    data, tail = rest.split("</script>", 1)
    whole = json.loads(data)

    def strip(page, keep):
        for tree in ("policy", "difference"):
            for schemes in page[tree].values():
                for group in schemes.values():
                    for name in [name for name in group if not keep(name)]:
                        del group[name]

    names = sorted({name.split(".")[0] for schemes in whole["policy"].values() for group in schemes.values() for name in group})
    variants = [("only chances", lambda page: strip(page, lambda name: name.startswith("depleted_by"))),
                ("nothing", lambda page: strip(page, lambda name: False)),
                ("no differences", lambda page: page.update(difference={})),
                ("no people, no inputs", lambda page: page.update(people={}, files=[], parameters=[], series={}, price=[],
                                                                  diagnostics={}, comment="", history=""))]
    for name in names:
        variants.append(("no " + name, lambda page, name=name: strip(page, lambda n: not n.startswith(name))))
    browser.resize(1280, 800)
    wrong = 0
    for what, change in variants:
        page = json.loads(data)
        change(page)
        with open(place("gaps.html"), "w", encoding="utf-8") as file:
            file.write(head + 'id="data">' + json.dumps(page).replace("<", "\\u003c") + "</script>" + tail)
        browser.open(place("gaps.html"))
        shown = browser.js("return document.querySelector('main').innerText")
        console, asked = browser.complaints()
        if console or asked:
            print(what, console, asked)
            wrong += 1
        assert "NaN" not in shown and "undefined" not in shown, what
    assert not wrong


# ---- files that are no results --------------------------------------------------------------------------------------

def check_refusals():
    whole = open(place("central.h5"), "rb").read()
    broken = place("broken.h5")
    page = place("kept.html")
    for content, reason in ((whole[:len(whole) // 2], "cut short"), (b"Not a results file, but long enough", "not a results"),
                            (b"", "too short"), (whole[:5000] + bytes([whole[5000] ^ 1]) + whole[5001:], "damaged")):
        with open(broken, "wb") as file:
            file.write(content)
        with open(page, "w") as file:
            file.write("kept")
        message = poolcast("report", broken, "-o", page, code=2)
        assert reason in message and message.count("\n") == 1, message
        assert open(page).read() == "kept"
    assert poolcast("report", place("absent.h5"), "-o", page, code=2).count("\n") == 1
    message = poolcast("report", place("central.h5"), "-o", place("central.h5"), code=2)
    assert "results file" in message and open(place("central.h5"), "rb").read() == whole
    assert "cannot" in poolcast("report", place("central.h5"), "-o", place("no/such/folder.html"), code=74)
    poolcast("report", place("central.h5"), "-o", page)
    once = open(page, "rb").read()
    poolcast("report", place("central.h5"), "-o", page)
    assert open(page, "rb").read() == once and once.rstrip().endswith(b"</html>")


def check_sizes():
    for name, most in (("zhejiang.html", 3), ("national.html", 5)):
        size = os.path.getsize(place(name)) / 1e6
        assert size <= most, f"{name} has {size:.2f} MB, allowed {most}"
    text = open(place("national.html"), encoding="utf-8").read()
    assert not re.search(r"(?:src|href)=[\"']?(?:https?:)?//", text), "the page refers to another one"


if "KEEP" not in os.environ:
    make()
check_refusals()
check_sizes()
with Browser() as chromium:
    everything = {"chance", "reserve", "flows", "first", "winners", "transfers", "ageing", "equity", "warning", "treasury"}
    for page_name, tongue in (("zhejiang.html", "en"), ("zh.html", "zh-CN")):
        for size in ((1280, 800), (390, 844)):
            _, drawn = check_page(chromium, page_name, *size, tongue)
            assert drawn >= everything, everything - drawn
    check_page(chromium, "reference.html", 1280, 800, "en")
    check_page(chromium, "central.html", 390, 844, "en")
    took, _ = check_page(chromium, "national.html", 1280, 800, "en")
    print(f"the national report with all policies is drawn in {took:.2f} s")
    assert took < 2, took
    check_gaps(chromium)
    check_switches(chromium)
    check_keyboard(chromium)
    check_colours(chromium)
    check_print(chromium, "zhejiang.html")
    check_print(chromium, "zh.html")
    print(check_numbers(chromium), "numbers agree with the results file")
    check_answer(chromium)
