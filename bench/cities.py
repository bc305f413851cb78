# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes a scenario of any number of made-up cities: the cities of scenarios/zhejiang again and again, each of its own size."""
import csv
import os
import shutil


def write(zhejiang, folder, n):
    """A copy of the scenario with n regions and two policies; made-up figures, for timing only."""
    os.makedirs(folder)
    for name in os.listdir(zhejiang):
        if name.endswith(".csv") and name != "regions.csv":
            shutil.copy(os.path.join(zhejiang, name), folder)
    with open(os.path.join(zhejiang, "regions.csv"), encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    extensive = [k for k in rows[0] if k in ("population", "employee_contributors", "employee_retirees", "resident_members")
                 or (k.endswith("_yuan") and k.split("_")[-2] in ("revenue", "expenditure", "balance"))]
    with open(os.path.join(folder, "regions.csv"), "w", encoding="utf-8", newline="") as file:
        out = csv.DictWriter(file, rows[0].keys())
        out.writeheader()
        for i in range(n):
            row = dict(rows[i % len(rows)])
            size = 0.5 + (i * 0.6180339887) % 1  # spread evenly, the same on every run
            row.update({k: str(round(float(row[k]) * size)) for k in extensive})
            row.update(code=str(700001 + i), name=f"C{i + 1}", name_en=f"C{i + 1}")
            out.writerow(row)
    with open(os.path.join(zhejiang, "scenario.yaml"), encoding="utf-8") as file:
        text = file.read()
    with open(os.path.join(folder, "scenario.yaml"), "w", encoding="utf-8") as file:
        file.write(text)
