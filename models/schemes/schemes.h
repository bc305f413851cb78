/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The two schemes before pooling: contributors, retirees, residents, revenue, expenditure, other outgo, and the
 * individual accounts as a memo. One year at a time, PC_LANES paths, one set of flows per membership rule. */
#ifndef PC_MODELS_SCHEMES_H
#define PC_MODELS_SCHEMES_H

#include "../economy/economy.h"
#include "../people/people.h"

/* How resident financing per head grows. */
typedef enum pc_financing { PC_FINANCING_INCOME, PC_FINANCING_TABLE, PC_FINANCING_STEP } pc_financing;

/* Who pays a resident's financing: `individual` is the members' part, of the rest (the subsidy) the centre pays
 * `central`, and of what that leaves the province `province`, counties `county`, cities what remains. Fractions. */
typedef struct pc_financing_split {
    double individual, central, province, county;
} pc_financing_split;

typedef struct pc_schemes {
    int n_regions, n_years, n_rules;
    const pc_membership_rule *rules;
    const double *base_exposure; /* [sum][region] base-year exposure of the sums of rule 0 (pc_calibration_output) */
    const double *outside_contributors, *outside_retirees; /* [region] o_r >= 1 on each */
    const double *enrolment; /* [region] c_r, share of non-members of the employee scheme who are residents */

    /* employee revenue R = Act w b tau phi */
    const double *wage_start;   /* [region] w in the base year, yuan a year: as in pc_economy */
    const double *base_ratio;   /* [region] b */
    const double *rate;         /* [region] tau, employer plus employee */
    const double *pooled_share; /* [region] phi */
    /* individual accounts (memo) */
    const double *account_start; /* [region] yuan */
    double account_use;          /* fraction used a year */
    /* credits to retirees' accounts, yuan a retiree and year */
    const double *credit;      /* [region] in the base year */
    double credit_wage_linked; /* 0: fixed in yuan; 1: grows with the region's wage */

    /* resident revenue R = Res F */
    const double *financing_start; /* [region] F in the base year, yuan a head */
    pc_financing financing;
    const double *financing_growth; /* [year] log growth (TABLE), or points above income growth (INCOME) */
    const double *financing_step;   /* [year] yuan a head and year (STEP) */
    const pc_financing_split *split; /* [year][region]; NULL: not known (tests) */
    const double *income_start;     /* [region] disposable income per head in the base year, yuan */

    const double *cost_start[PC_SCHEMES];    /* [region] C: yuan per unit of cost exposure in the base year */
    const double *major_illness[PC_SCHEMES]; /* [year] share of revenue to major-illness insurance */
    const double *benefit[PC_SCHEMES];       /* [year] beta, 1 in the base year */

    /* Base-year accounts (yuan) and their uncertainty, sd of ln, drawn once a path. other_start is X at the published
     * figures, as pc_calibrate gives it. */
    const double *revenue_start[PC_SCHEMES], *expenditure_start[PC_SCHEMES], *other_start[PC_SCHEMES],
        *balance_start[PC_SCHEMES];             /* [region]; expenditure_start is E without X */
    int expenditure_includes_other[PC_SCHEMES]; /* whether the published base-year expenditure was E + X */
    double sd_revenue[PC_SCHEMES], sd_expenditure[PC_SCHEMES], sd_balance[PC_SCHEMES];
    const double *cpi; /* [year] price level, 1 in the base year */
    double claims_cv[PC_SCHEMES], claims_tau[PC_SCHEMES];

    int n_age_groups; /* as in pc_people: cost by age is known of these */
    const pc_age_group *age_groups;
    const int *host; /* [region] as in pc_people: a host's residents are those whom its carve-outs leave; NULL: no
                        carve-outs */
} pc_schemes;

/* What shifts a path's base-year accounts, for the whole run: revenue and balance are multiplied by exp(sd eps); where
 * the published expenditure P = E + X, the drawn figure P exp(sd eps) less the X that goes with the drawn revenue, over
 * E, is the multiplier of E (at least 0); else exp(sd eps). Without E the multiplier is 1. */
typedef struct pc_base_factors {
    double *revenue[PC_SCHEMES], *expenditure[PC_SCHEMES], *balance[PC_SCHEMES]; /* [region][PC_LANES] multipliers */
} pc_base_factors;

/* Flows of one scheme in one year under one membership rule, before pooling and levers. Rows [region][PC_LANES]. */
typedef struct pc_flows {
    double *revenue;      /* R, yuan */
    double *expenditure;  /* E, yuan */
    double *credits;      /* part of X that goes to retirees' accounts (residents: 0) */
    double *other;        /* X = credits + major-illness share of revenue */
    double *payroll;      /* Act w b; residents: disposable income of the members */
    double *base;         /* Act w b phi; residents: the same as payroll */
    double *members;      /* Act + Ret, or Res */
    double *contributors; /* Act, or Res */
    double *retirees;     /* Ret, or 0 */
    double *account;      /* individual accounts at 31 December (employee; NULL for residents) */
    double *expected;  /* cost that age and sex explain: C beta cost U, without noise, shocks and base factors; levers
                          leave it alone. Base year: E as published */
    double *age_share; /* [group][contributors, retirees; residents: all][region] part of `expected` that members of
                          the age group cause, 0 where nothing is expected and in the base year; NULL without groups */
} pc_flows;

/* Parts of `age_share`: employees' groups are known apart. */
enum { PC_PART_CONTRIBUTORS, PC_PART_RETIREES };
static inline int pc_age_parts(int scheme)
{
    return scheme == PC_EMPLOYEE ? 2 : 1;
}

/* Bytes of the multipliers' rows; the memory must start on a 64-byte boundary. */
size_t pc_base_factors_bytes(const pc_schemes *schemes);
/* eps: [scheme][account: revenue, expenditure, balance][region][PC_LANES] standard normals (NULL: all multipliers 1).
 * Lays `factors` out in `memory`. */
void pc_base_factors_start(const pc_schemes *schemes, const double *eps, void *memory, pc_base_factors *factors);

/* Bytes of the state, rows of the flows included; the memory must start on a 64-byte boundary. */
size_t pc_schemes_state_bytes(const pc_schemes *schemes);
/* Lays out flows[rule][scheme] inside `state` and sets them to the base year: the published accounts times the path's
 * multipliers, persons from the base exposure. The past does not depend on a policy, so all rules open alike, with the
 * exposure of rule 0. Opens the individual accounts. `factors` NULL: all multipliers 1. */
void pc_schemes_start(const pc_schemes *schemes, const pc_base_factors *factors, void *state,
                      pc_flows (*flows)[PC_SCHEMES]);
/* The flows of year index `year` (1 .. n_years, each year once and in order) for every rule. `sums_before`, `sums_now`:
 * [sum][region][PC_LANES] at 31 December of the year before and of this year. `noise` 0 leaves claims noise out
 * (central path). Sets `capped` (may be NULL) to the number of (rule 0, region, lane < n_lanes) in which employment was
 * above its cap. No allocation, no error. */
void pc_schemes_step(const pc_schemes *schemes, int year, const double *sums_before, const double *sums_now,
                     const pc_weather *weather, const pc_base_factors *factors, int noise, int n_lanes, void *state,
                     pc_flows (*flows)[PC_SCHEMES], unsigned long *capped);

#endif
