/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A scenario as its author wrote it: every value checked against the schema and typed, every place remembered, nothing
 * calculated. Read by pc_scenario_read from a folder (scenario.yaml and CSV tables beside it) or from files in memory.
 */
#ifndef PC_SCENARIO_SCENARIO_H
#define PC_SCENARIO_SCENARIO_H

#include <stddef.h>
#include <stdint.h>

#include "base/memory.h"
#include "base/status.h"
#include "model.h"
#include "scenario/files.h"

typedef struct pc_place {
    const char *file; /* as the user named it */
    int line, column; /* 1-based; 0: not from a file (default or --set) */
} pc_place;

/* A model section or an entry of a policy: values parallel to head->params. */
typedef struct pc_section {
    const pc_head *head;
    pc_value *values;
    pc_place *places;
    pc_place place;
} pc_section;

/* Columns of regions.csv that hold numbers. */
typedef enum pc_region_column {
    PC_COL_POPULATION,            /* persons */
    PC_COL_SHARE_0_14,            /* fraction */
    PC_COL_SHARE_60_PLUS,         /* fraction */
    PC_COL_BIRTHS_PER_1000,       /* optional: per 1000 people and year; NaN: not given */
    PC_COL_MORTALITY_FACTOR,      /* optional: 1 */
    PC_COL_NET_MIGRATION_RATE,    /* optional: 0, fraction/year */
    PC_COL_EMPLOYEE_CONTRIBUTORS, /* persons at 31 December */
    PC_COL_EMPLOYEE_RETIREES,     /* persons */
    PC_COL_RESIDENT_MEMBERS,      /* persons */
    PC_COL_WAGE_YUAN,             /* yuan a year */
    PC_COL_EMPLOYEE_RATE,         /* fraction, employer plus employee */
    PC_COL_POOLED_SHARE,          /* fraction of contributions that goes to the pooled fund */
    PC_COL_EMPLOYEE_REVENUE_YUAN,
    PC_COL_EMPLOYEE_EXPENDITURE_YUAN,
    PC_COL_EMPLOYEE_BALANCE_YUAN, /* may be negative */
    PC_COL_RESIDENT_REVENUE_YUAN,
    PC_COL_RESIDENT_EXPENDITURE_YUAN,
    PC_COL_RESIDENT_BALANCE_YUAN,  /* may be negative */
    PC_COL_ACCOUNT_BALANCE_YUAN,   /* optional: 0, individual accounts */
    PC_COL_RETIREE_CREDIT_YUAN,    /* optional: 0, yuan a retiree and year into the individual account */
    PC_COL_DISPOSABLE_INCOME_YUAN, /* optional: NaN, yuan a head and year */
    PC_COL_CENTRAL_SUBSIDY_SHARE,  /* optional: NaN, fraction of the subsidy paid by the centre */
    PC_REGION_COLUMNS
} pc_region_column;

typedef struct pc_region {
    const char *id;               /* column `code` */
    const char *name;             /* column `name` (any script) */
    const char *name_en;          /* optional: the same as name */
    const char *quality, *source; /* optional: "" */
    int host;                     /* column `carved_from`: index of the region whose people its members are; -1 */
    uint32_t stream;              /* column `stream`, else the numeric code, else FNV-1a-32 of the id */
    double value[PC_REGION_COLUMNS];
    pc_place place; /* of its row */
} pc_region;

/* A partition of the regions into groups: `whole` (always there), and those under `partitions:`. */
typedef struct pc_grouping {
    const char *name;
    int n_groups;
    const char **group_ids, **group_titles; /* [n_groups] */
    int *group_of;                          /* [region], -1: in no group */
    int reported;                           /* its groups are areas of the results */
} pc_grouping;

typedef struct pc_entry { /* a layer, a lever or a shortfall rule in a phase */
    pc_section section;
    int over; /* index of the partition, -1: the kind takes none */
} pc_entry;

typedef struct pc_phase_entry {
    int from_year; /* calendar year */
    int n_layers, n_levers, n_shortfalls;
    pc_entry *layers, *levers, *shortfalls;
    pc_place place;
} pc_phase_entry;

typedef struct pc_policy_entry {
    const char *name, *title, *title_en, *source, *note; /* texts never NULL */
    double *pension_age;          /* [n_years + 1][3] men, women cadres, women workers; NULL: the scenario's own */
    const char *pension_age_file; /* NULL: the scenario's own */
    double *vesting;              /* [n_years + 1] share that vests at 60; NULL: the scenario's own */
    int n_phases[PC_SCHEMES];
    pc_phase_entry *phases[PC_SCHEMES]; /* ascending by year */
    pc_place place;
} pc_policy_entry;

enum { PC_MAX_QUANTILES = 64 };

/* How paths are drawn: each by itself; in pairs whose drivers have opposite signs; such pairs, and scrambled Sobol
 * points for what moves the whole most. */
enum { PC_CONTROL_YEARS_MAX = 8 };
typedef enum pc_sampling { PC_SAMPLING_PLAIN, PC_SAMPLING_ANTITHETIC, PC_SAMPLING_RQMC } pc_sampling;

/* Sums over people whose exposure of the base year a table may give, in the order of models/schemes/calibration.h. */
enum { PC_BASE_SUMS = 9 };
extern const char *const pc_base_sums[PC_BASE_SUMS];

typedef struct pc_scenario {
    pc_arena arena;
    const pc_files *files; /* the bytes it was read from; the caller's, must outlive the scenario */
    const char *title, *title_en, *note;
    const char *whole_id, *whole_name, *whole_name_en;
    int base_year, horizon; /* horizon in years: the last year is base_year + horizon */
    uint64_t paths, seed;
    pc_sampling sampling; /* plain where there are no paths */
    int n_replicates;     /* independent parts of paths / n_replicates from which errors come; 1 with plain sampling */
    double student_nu;    /* 0: normal */
    double quantiles[PC_MAX_QUANTILES];
    int n_quantiles;
    int quantiles_all; /* quantiles of every moment output too */

    int n_regions;
    pc_region *regions;
    int has_region_population;  /* population table gives each region's ages */
    double *population;         /* [sex][age], or [region][sex][age] */
    double *alpha, *beta;       /* [sex][age] */
    double *fertility_share;    /* [age] */
    double *migration_share;    /* [sex][age] */
    int has_region_membership;  /* membership table gives each region's profile */
    double *membership_profile; /* [age], or [region][age] */
    double
        *base_exposure; /* [region][PC_BASE_SUMS] exposure of the base year over the sum at its end; NULL: not known */
    double *age_cost_act, *age_cost_ret, *age_cost_res; /* [age] */
    double *pension_age;                                /* [n_years + 1][3] */
    double *cpi;                                        /* [n_years + 1] price level, base year = 1 */

    double correlation[36];     /* order kappa, fertility, employment, wage, cost, return; identity by default */
    double *region_correlation; /* [region][region], NULL: independent */
    unsigned region_correlated; /* bit d: draw d (streams.h) is correlated across regions */

    int n_sections;
    pc_section *sections; /* one for each head in pc_all_heads */
    int n_shocks;
    pc_section *shocks;
    const char **shock_names;

    int n_groupings; /* the first is `whole` */
    pc_grouping *groupings;

    int n_policies;
    pc_policy_entry *policies;
    int baseline; /* index of the policy that others are compared with */

    double treasury_alpha; /* level of VaR and TVaR, 0.95 */
    double months_bands[16];
    int n_months_bands;
    int control_years[PC_CONTROL_YEARS_MAX]; /* calendar years with estimates by control variates, ascending */
    int n_control_years;

    int n_overrides; /* texts "key=value" from --set, as given; they are not written into the files */
    const char **overrides;

    int n_problems; /* warnings kept for the report (quality notes) */
} pc_scenario;

/* Reads and checks everything. On bad input returns PC_ERR_INPUT and `status->message` holds up to 20 problems, each
 *   file:line:column: found VALUE, allowed WHAT
 *     | source line
 *     |    ^
 * `overrides`: n texts "key=value" from --set, applied before the checks (key dotted; policy keys too:
 * policies.zhejiang.employee.2026.layers.0.levy, or for short policy.zhejiang.levy wherever in that policy it stands,
 * and policy.zhejiang.start=2028 to move its phases; policies=NAME,NAME keeps these and the baseline, each a policy of
 * the scenario or of the library beside it, policies=all keeps all). On success the scenario is owned by the caller. */
pc_code pc_scenario_read(const pc_files *files, const char *const *overrides, int n_overrides, pc_scenario **out,
                         pc_status *status);
void pc_scenario_free(pc_scenario *scenario);

/* The index of a policy; -1 when the scenario has none of that name. */
int pc_scenario_policy(const pc_scenario *scenario, const char *name);

/* Value of a model parameter, e.g. pc_scenario_number(s, "mortality.sigma"); the key must exist (else NaN). */
double pc_scenario_number(const pc_scenario *scenario, const char *key);
const double *pc_scenario_series(const pc_scenario *scenario, const char *key);
const pc_value *pc_scenario_value(const pc_scenario *scenario, const char *key);
/* What a dotted key that may be set is: a key of the top, of a model section or a shock, or
 * policy.NAME.[ENTRY.]PARAMETER of a policy of the scenario (or of a lever that it could get); NULL when there is none.
 * *policy: index of the policy, -1: none; *schemes: bits of the schemes in whose phases it stands, 0: not in a policy.
 */
const pc_param *pc_scenario_param(const pc_scenario *scenario, const char *key, int *policy, unsigned *schemes);

#endif
