#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every text of the sources that is marked for translation has one in each catalogue, none is doubtful, the
printf arguments fit, and the Chinese keeps to the terms of docs/glossary.md. Messages translate themselves: their
formats must be among the texts too. Exit 77 without gettext's tools.

usage: check_catalogue.py SOURCE [--lenient]

With --lenient a text without translation is named but is no failure.
"""
import glob
import os
import re
import shutil
import subprocess
import sys
import tempfile

source = sys.argv[1]
lenient = "--lenient" in sys.argv[2:]


def run(*command):
    done = subprocess.run(command, capture_output=True, text=True, env=dict(os.environ, LC_ALL="C.UTF-8"))
    if done.returncode != 0:
        sys.exit(f"{' '.join(command)}: exit {done.returncode}\n{done.stdout}{done.stderr}")
    return done.stdout


def entries(text):
    """[(flags, context and msgid, msgstr)] of a catalogue in gettext's text form, without its head."""
    found = []
    for block in re.split(r"\n\s*\n", text):
        flags = " ".join(line[2:] for line in block.splitlines() if line.startswith("#,"))
        parts = {}
        key = None
        for line in block.splitlines():
            match = re.match(r'(msgctxt|msgid|msgid_plural|msgstr(?:\[0\])?) "(.*)"$', line)
            if match:
                key = match[1]
                parts[key] = match[2]
            elif line.startswith('"') and key:
                parts[key] += line[1:-1]
        if parts.get("msgid"):
            found.append((flags, (parts.get("msgctxt", ""), parts["msgid"]),
                          parts.get("msgstr", parts.get("msgstr[0]", ""))))
    return found


def literals(text):
    return "".join(re.findall(r'"((?:[^"\\]|\\.)*)"', text))


def lost_messages(wanted):
    """Formats of pc_fail and pc_problem that xgettext has not seen, e.g. behind a comma inside braces."""
    texts = {key[1] for key in wanted}
    for path in glob.glob(os.path.join(source, "src/**/*.c"), recursive=True) + \
            glob.glob(os.path.join(source, "models/**/*.c"), recursive=True):
        with open(path, encoding="utf-8") as file:
            code = re.sub(r"/\*.*?\*/", "", file.read(), flags=re.S)
        for call in re.finditer(r"\bpc_(?:fail|problem)\((?!pc_)(.*?)\);", code, re.S):
            found = re.findall(r'"(?:[^"\\]|\\.)*"(?:\s*"(?:[^"\\]|\\.)*")*', call[1])
            text = literals(max(found, key=len)) if found else ""
            if found and text not in texts:
                yield f"{os.path.relpath(path, source)}: {text}"


def strayed_terms(present):
    """Translations without the Chinese term that the glossary gives (rows with a star)."""
    with open(os.path.join(source, "docs/glossary.md"), encoding="utf-8") as file:
        terms = re.findall(r"^\| ([^|]*?) \\\* \| ([^|]*?) \|", file.read(), re.M)
    assert len(terms) > 20, terms
    for english, chinese in terms:
        seen = re.compile(r"(?<![\w./-])" + re.escape(english) + r"(?![\w/]|\.\w)")
        for _, key, text in present:
            if text and seen.search(key[1]) and chinese not in text:
                yield f"'{english}' is not '{chinese}' in \"{text}\""


def main():
    if not all(shutil.which(tool) for tool in ("xgettext", "msgfmt")):
        print("skipped: gettext is missing")
        sys.exit(77)
    wrong = 0
    with tempfile.TemporaryDirectory() as scratch:
        pot = os.path.join(scratch, "poolcast.pot")
        run(os.path.join(source, "po/extract"), pot)
        with open(pot, encoding="utf-8") as file:
            wanted = {key for _, key, _ in entries(file.read())}
        assert len(wanted) > 250, f"only {len(wanted)} texts were found in the sources"
        for lost in lost_messages(wanted):
            print(f"not extracted: {lost}")
            wrong += 1
        catalogues = glob.glob(os.path.join(source, "po/*.po"))
        assert catalogues, "no catalogue"
        for catalogue in catalogues:
            name = os.path.basename(catalogue)
            run("msgfmt", "--check", "-o", os.devnull, catalogue)
            with open(catalogue, encoding="utf-8") as file:
                present = entries(file.read())
            translated = {key for flags, key, text in present if text and "fuzzy" not in flags}
            for key in sorted(wanted - translated):
                print(f"{name}: no translation of \"{key[1]}\"")
                wrong += not lenient
            for key in sorted({key for _, key, _ in present} - wanted):
                print(f"{name}: not in the sources any more: \"{key[1]}\"")
            for strayed in strayed_terms(present) if name.startswith("zh") else ():
                print(f"{name}: {strayed}")
                wrong += 1
            for flags, key, _ in present:
                if "fuzzy" in flags:
                    print(f"{name}: doubtful: \"{key[1]}\"")
                    wrong += 1
            print(f"{name}: {len(wanted & translated)} of {len(wanted)} texts translated")
    if wrong:
        sys.exit(f"{wrong} texts: run `cmake --build build/release --target update-po` and translate what is empty")


main()
