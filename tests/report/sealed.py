# SPDX-License-Identifier: GPL-3.0-or-later
"""Results files changed on purpose: the checksum at the end is written as src/store/safe_file.c does, so that the change
itself is what the program finds."""
import os
import shutil
import struct

import h5py

MASK = (1 << 64) - 1


def mix(state, word):
    state = ((state ^ word) * 0x9E3779B97F4A7C15) & MASK
    return state ^ (state >> 32)


def seal(path):
    """Appends the checksum."""
    with open(path, "rb") as file:
        content = file.read()
    state, padded = 0, content + b"\0" * (8 - len(content) % 8)
    for (word,) in struct.iter_unpack("<Q", padded):
        state = mix(state, word)
    with open(path, "ab") as file:
        file.write(b"pc-sum1\n" + struct.pack("<Q", mix(state, len(content))))


def changed(source, path, change):
    """A copy of a results file after change(h5py file); None: nothing but a new checksum."""
    shutil.copy(source, path)
    os.truncate(path, os.path.getsize(path) - 16)
    if change:
        with h5py.File(path, "r+") as file:
            change(file)
    seal(path)
    return path
