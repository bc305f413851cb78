# SPDX-License-Identifier: GPL-3.0-or-later
"""Options with which a scenario takes its parameters as known: the peers draw none, so neither does what they are compared with."""
ERRORS = ("membership.retirees_se", "membership.regional_retirees_se", "employment.trend_se", "employment.regional_trend_se",
          "wages.growth_se", "wages.sigma_se", "cost.sigma_se", "cost.employee.excess_se", "cost.employee.excess_long_run_se",
          "cost.resident.excess_se", "cost.resident.excess_long_run_se")
OPTIONS = [word for key in ERRORS for word in ("--set", key + "=0")]
