#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The README's picture of the report: its top and two of its charts.

    docs/figures/make_report_picture.py results/zhejiang.html docs/figures/report.png

Needs Debian's chromium, chromium-driver, python3-selenium and python3-pil.
"""
import os
import sys
import tempfile

from PIL import Image

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../tests/report"))
from browser import Browser  # noqa: E402

WIDTH, TOP, GAP = 1100, 670, 16
SECTIONS = ("chance", "map")


def main():
    page, picture = os.path.abspath(sys.argv[1]), sys.argv[2]
    pieces = []
    with Browser() as browser, tempfile.TemporaryDirectory() as scratch:
        browser.resize(WIDTH, TOP)
        browser.open(page)
        browser.js("const c = document.querySelector('[data-choice=policy]'); c.selectedIndex = 0; c.dispatchEvent(new Event('change'))")
        parts = [{"x": 0, "y": 0, "width": WIDTH, "height": TOP}]
        for section in SECTIONS:
            box = browser.js("const r = document.getElementById(arguments[0]).getBoundingClientRect();"
                             "return [r.top + scrollY, r.height]", section)
            parts.append({"x": 0, "y": box[0], "width": WIDTH, "height": box[1]})
        browser.js("document.querySelector('.choices').style.position = 'static'")
        for i, part in enumerate(parts):
            name = os.path.join(scratch, f"{i}.png")
            browser.picture(name, part)
            pieces.append(Image.open(name).convert("RGB"))
    whole = Image.new("RGB", (WIDTH, sum(p.height for p in pieces) + GAP * (len(pieces) - 1)), "white")
    y = 0
    for piece in pieces:
        whole.paste(piece, (0, y))
        y += piece.height + GAP
    whole.quantize(160, method=Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE).save(picture, optimize=True)


main()
