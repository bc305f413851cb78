# SPDX-License-Identifier: GPL-3.0-or-later
"""poolcast plot: every picture in every format is drawn, the fan's lines are the file's numbers, bad choices are refused.

usage: check_plot.py POOLCAST RESULTS.h5 WORKDIR"""
import os
import re
import resource
import shutil
import signal
import struct
import subprocess
import sys
import zlib

try:
    import h5py
    import numpy as np
except ImportError as error:
    print("skipped:", error)
    sys.exit(77)

program, results, work = sys.argv[1:]
shutil.rmtree(work, ignore_errors=True)
os.makedirs(work)


def run(*args, code=0, **more):
    done = subprocess.run([program, "plot", *args], capture_output=True, text=True,
                          env={**os.environ, "LANGUAGE": "en"}, **more)
    assert done.returncode == code, (args, done.returncode, done.stderr)
    assert code == 0 or done.stderr.count("\n") == 1, done.stderr
    return done


def png_pixels(path):
    """Rows of bytes of an 8-bit RGB PNG."""
    with open(path, "rb") as file:
        data = file.read()
    assert data[:8] == b"\x89PNG\r\n\x1a\n"
    at, packed = 8, b""
    while at < len(data):
        (length,), kind = struct.unpack(">I", data[at:at + 4]), data[at + 4:at + 8]
        if kind == b"IHDR":
            width, height, depth, color = struct.unpack(">IIBB", data[at + 8:at + 18])
            assert depth == 8 and color == 2
        elif kind == b"IDAT":
            packed += data[at + 8:at + 8 + length]
        at += 12 + length
    raw = np.frombuffer(zlib.decompress(packed), np.uint8).reshape(height, 1 + 3 * width)
    rows, before = np.zeros((height, 3 * width), np.uint8), np.zeros(3 * width, np.uint8)
    for y in range(height):
        kind, line = raw[y, 0], raw[y, 1:].astype(int)
        if kind == 2:
            line = line + before
        elif kind != 0:
            out = np.zeros(3 * width, int)
            for i in range(3 * width):
                left, up, corner = (out[i - 3] if i > 2 else 0), int(before[i]), (int(before[i - 3]) if i > 2 else 0)
                guess = left + up - corner
                near = min((abs(guess - left), 0, left), (abs(guess - up), 1, up), (abs(guess - corner), 2, corner))[2]
                out[i] = (line[i] + {1: left, 3: (left + up) // 2, 4: near}[int(kind)]) & 255
            line = out
        before = rows[y] = (line & 255).astype(np.uint8)
    return rows.reshape(height, width, 3)


kinds = [line.split()[0] for line in run(results, "--what", "list").stdout.splitlines()]
assert len(kinds) >= 13
for kind in kinds:
    for ending, start in ((".svg", b"<?xml"), (".pdf", b"%PDF")):
        path = os.path.join(work, kind + ending)
        run(results, "--what", kind, "-o", path)
        with open(path, "rb") as file:
            assert file.read(len(start)) == start
        assert os.path.getsize(path) > 8000, path
path = os.path.join(work, "small.png")
run(results, "--what", "fan", "--size", "400x300", "-o", path)
pixels = png_pixels(path)
assert pixels.shape == (600, 800, 3)
assert (pixels != 255).any(axis=2).mean() > 0.05

with h5py.File(results) as f:
    baseline = f.attrs["baseline"]
    group = f["policy/%s/resident" % baseline]
    medians = group["reserve_months_quantile"][5, 0]
    name = f["areas/name"][()][0].decode()
# the median of a region by its Chinese name: the line in the picture is the numbers in the file, up to a scale
path = os.path.join(work, "region.svg")
run(results, "--what", "fan", "--region", name, "--scheme", "resident", "-o", path)
with open(path) as file:
    lines = re.findall(r'<path [^>]*stroke-width:2\.6[^>]*d="([^"]*)"', file.read())
assert len(lines) == 1, len(lines)
points = np.array([float(x) for x in re.findall(r"-?[0-9.]+", lines[0])]).reshape(-1, 2)
assert len(points) == len(medians), (len(points), len(medians))
slope, start = np.polyfit(medians, points[:, 1], 1)
assert slope < 0 and np.abs(start + slope * medians - points[:, 1]).max() < 0.05, "the line is not the median"

out = os.path.join(work, "no.svg")
for words, text in ((("--what", "fam"), "did you mean 'fan'"), (("--what", "fan", "--region", "nowhere"), "known:"),
                    (("--what", "fan", "--policy", "citi"), "did you mean"), (("--what", "fan", "--scheme", "x"), "known:"),
                    (("--what", "winners", "--policy", baseline), "baseline"), (("--what", "winners", "--year", "2200"),
                                                                               "allowed"),
                    (("--what", "ratio", "--scheme", "resident"), "cannot be drawn"),
                    (("--what", "fan", "--size", "9x9"), "--size")):
    assert text in run(results, *words, "-o", out, code=2).stderr, words
assert ".svg, .png and .pdf" in run(results, "--what", "fan", "-o", out + ".jpg", code=2).stderr
run(results, "--what", "fan", code=2)
run(__file__, "--what", "fan", "-o", out, code=2)
assert not os.path.exists(out)
run(results, "--what", "fan", "-o", "/no/such/folder/x.svg", code=74)


def limit():
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))


for ending in (".svg", ".png", ".pdf"):
    path = os.path.join(work, "full" + ending)
    assert "cannot write" in run(results, "--what", "fan", "-o", path, code=74, preexec_fn=limit).stderr
    assert not os.path.exists(path) and not [x for x in os.listdir(work) if x.endswith(".tmp")]
print("%d pictures" % len(kinds))
shutil.rmtree(work)
