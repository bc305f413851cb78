#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which language is spoken when, that no language changes a results file, and that nothing in Chinese output is English.

usage: check_language.py PROGRAM SOURCE [--lenient]

With --lenient English in Chinese output is named but is no failure.
"""
import os
import re
import subprocess
import sys
import tempfile

program, source = sys.argv[1:3]
lenient = "--lenient" in sys.argv[3:]
SMOKE = os.path.join(source, "scenarios/smoke")
VARIABLES = ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LC_NUMERIC", "LC_CTYPE", "LANG")


def poolcast(*arguments, **variables):
    environment = {key: value for key, value in os.environ.items() if key not in VARIABLES}
    return subprocess.run((program,) + arguments, capture_output=True, text=True, encoding="utf-8",
                          env=dict(environment, **variables))


def check_choice():
    """The environments and what they ask for; the locales need not be installed."""
    chinese = [{"LANG": "zh_CN.UTF-8"}, {"LANG": "zh_CN"}, {"LC_ALL": "zh_CN.UTF-8"}, {"LC_MESSAGES": "zh_CN.UTF-8"},
               {"LANG": "zh_CN.GBK"}, {"LANG": "zh_SG.UTF-8"}, {"LANGUAGE": "zh_CN"},
               {"LANGUAGE": "zh_CN:en", "LANG": "en_US.UTF-8"}, {"LANGUAGE": "fr:zh", "LANG": "fr_FR.UTF-8"},
               {"LC_MESSAGES": "zh_CN.UTF-8", "LANG": "en_US.UTF-8"}, {"LC_ALL": "", "LANG": "zh_CN.UTF-8"},
               {"LANGUAGE": "", "LANG": "zh_CN.UTF-8"}, {"LANG": "C.UTF-8", "LANGUAGE": "zh_CN"}]
    english = [{}, {"LANG": "C"}, {"LANG": "en_US.UTF-8"}, {"LC_ALL": "C", "LANGUAGE": "zh_CN"},
               {"LC_ALL": "POSIX", "LANG": "zh_CN.UTF-8"}, {"LC_ALL": "C.UTF-8", "LANG": "zh_CN.UTF-8"},
               {"LANG": "de_DE.UTF-8"}, {"LANGUAGE": "en:zh_CN", "LANG": "zh_CN.UTF-8"},
               {"LANGUAGE": "fr", "LANG": "zh_CN.UTF-8"}, {"LANG": "zh_TW.UTF-8"},
               {"LC_MESSAGES": "en_US.UTF-8", "LANG": "zh_CN.UTF-8"}]
    for spoken, environments in (("没有命令“shwo”；是否指“show”？", chinese), ("unknown command 'shwo'", english)):
        for environment in environments:
            done = poolcast("shwo", **environment)
            assert done.returncode == 2 and spoken in done.stderr, (environment, done.stderr)
    # --lang outdoes them, wherever it stands
    for environment in (chinese[0], chinese[6], english[0], english[3]):
        for arguments in (("--lang", "zh", "shwo"), ("shwo", "--lang", "zh"), ("shwo", "--lang=zh", "x"),
                          ("--lang", "en", "shwo", "--lang", "zh")):
            assert "没有命令“shwo”" in poolcast(*arguments, **environment).stderr, (arguments, environment)
        assert "unknown command 'shwo'" in poolcast("--lang", "en", "shwo", **environment).stderr, environment
    for arguments in (("--lang", "fr", "version"), ("version", "--lang", "klingon"), ("version", "--lang="),
                      ("version", "--lang")):
        done = poolcast(*arguments)
        assert done.returncode == 2 and "en or zh" in done.stderr and not done.stdout, (arguments, done)
    done = poolcast("version", "--lan", "zh")
    assert done.returncode == 2 and "did you mean '--lang'" in done.stderr, done.stderr
    done = poolcast("show", "--", "--lang")  # behind a lone -- it is a name
    assert done.returncode == 2 and "--lang: " in done.stderr, done.stderr


def check_results(scratch):
    """The same bytes in every language, and numbers with a point."""
    speakers = {"c": {"LC_ALL": "C"}, "utf8": {"LC_ALL": "C.UTF-8"}, "zh": {"LANG": "zh_CN.UTF-8"},
                "language": {"LANGUAGE": "zh_CN"}, "de": {"LANG": "de_DE.UTF-8", "LC_NUMERIC": "de_DE.UTF-8"}}
    options = ("--paths", "100", "--horizon", "12", "-q", "--force", "--reproducible", "-o")
    contents = {}
    for speaker, environment in speakers.items():
        file = os.path.join(scratch, "results.h5")
        done = poolcast("run", SMOKE, *options, file, **environment)
        assert done.returncode == 0 and not done.stdout and not done.stderr, done
        with open(file, "rb") as written:
            contents[speaker] = written.read()
        listed = poolcast("show", file, "--csv", **environment).stdout
        assert listed.startswith("policy,scheme,region,year,measure,statistic,value\n") and ".5" in listed
    for where in ("before", "after"):
        line = ("--lang", "zh", "run", SMOKE) if where == "before" else ("run", SMOKE, "--lang", "zh")
        done = poolcast(*line, *options, file)
        assert done.returncode == 0, done.stderr
        with open(file, "rb") as written:
            contents[where] = written.read()
    assert all(content == contents["c"] for content in contents.values()), \
        [speaker for speaker, content in contents.items() if content != contents["c"]]
    # a file that keeps its command line keeps the same one in every language
    done = poolcast("--lang", "zh", "run", SMOKE, "--paths", "0", "-q", "-o", file)
    with open(file, "rb") as written:
        assert b"--lang" not in written.read()
    english, chinese = (poolcast("show", file, "--json", "--lang", lang).stdout for lang in ("en", "zh"))
    assert english == chinese and english.startswith("{"), "JSON depends on the language"


def english(text):
    """Runs of English words: what is left when command lines, formulas and quoted lines of files are taken away. Names of
    data and keys have no blanks and so make no runs."""
    found, formula = [], False
    for line in text.splitlines():
        if re.match(r"  \S", line):
            formula = line.strip() == "公式"
        if formula or line.startswith("  | "):
            continue
        line = re.sub(r"poolcast [ -~]*|--[a-z]+ [a-z|]+|treasury_net [a-z]+", "", line)
        line = re.sub(r"^(people|economy|scheme|layer|lever|shortfall|measure) [a-z_]+: ", "", line)
        found += [f"{run.group(0)!r} in: {line.strip()}" for run in
                  re.finditer(r"[A-Za-z]?[a-z]{2,} (?:[a-z]{2,} )*[a-z]{2,}\b(?! *[=(])", line)]
    return found


def chinese_outputs(scratch):
    """(command line, what it says in Chinese), good and bad ones."""
    commands = re.findall(r"^  ([a-z]+) ", poolcast("--help", LC_ALL="C").stdout, re.M)
    assert len(commands) >= 8, commands
    results = os.path.join(scratch, "results.h5")
    scenario = os.path.join(scratch, "mine")
    good = [("--help",), ("help", "keys"), ("models",), ("init", scenario), ("validate", SMOKE, "--paths", "100"),
            ("run", SMOKE, "--paths", "300", "--force", "-o", results), ("show", results, "--winners"),
            ("show", results, "--what", "list"), ("show", results, "--what", "depleted_by,balance,treasury_net"),
            ("show", results, "--difference"), ("replay", SMOKE, "--path", "central", "--policy", "city")]
    good += [(command, "--help") for command in commands]
    broken = os.path.join(scratch, "broken")
    bad = [("shwo",), ("run",), ("run", "--pahts"), ("run", SMOKE, "--paths"), ("run", SMOKE, "--threads", "x"),
           ("run", "nowhere"), ("show", "nowhere"), ("show", os.path.join(SMOKE, "regions.csv")),
           ("show", results, "--what", "blance"), ("show", results, "--region", "City X"),
           ("show", results, "--year", "1990"), ("show", results, "--csv", "--json"), ("models", "xyz"), ("replay", SMOKE),
           ("run", SMOKE, "--set", "horizon=5000"), ("run", SMOKE, "--set", "horizon"), ("run", SMOKE, "-o", "/dev/null"),
           ("validate", SMOKE, "--policies", "nowhere"), ("init", SMOKE), ("validate", broken)]
    os.mkdir(broken)
    for name in os.listdir(SMOKE):
        with open(os.path.join(SMOKE, name), "rb") as old, open(os.path.join(broken, name), "wb") as new:
            content = old.read()
            if name == "scenario.yaml":
                content = content.replace(b"horizon: 20", b"horizon: 20x\nhorzion: 5")
                content += b"\nquantiles: [0.5, 0.1]\nshocks: 3\ndistribution: {t: 3}\n"
            new.write(content)
    for arguments in good + bad:
        done = poolcast("--lang", "zh", *arguments)
        assert (done.returncode == 0) == (arguments in good), (arguments, done)
        said = done.stdout if arguments in good else done.stderr
        said = said.replace("  Three regions in the likeness of a large, a small old and a middling city. All figures are for "
                            "testing only.\n", "")  # the scenario's own note
        assert re.search("[一-龥]", said), (arguments, said)
        yield " ".join(arguments), said


def check_chinese(scratch):
    left = [f"poolcast {line}: {run}" for line, said in chinese_outputs(scratch) for run in english(said)]
    for run in left:
        print(run)
    assert lenient or not left, f"{len(left)} times English in Chinese output"
    assert english("this is English") and english("  is unknown") and not english("没有名为“x”的键，参见 poolcast run --help")


def main():
    check_choice()
    with tempfile.TemporaryDirectory() as scratch:
        check_results(scratch)
        check_chinese(scratch)
    print("languages chosen, results the same")


main()
