/* SPDX-License-Identifier: GPL-3.0-or-later */
/* People: Lee-Carter mortality, fertility, migration, cohorts by single age and sex, membership of the employee scheme;
 * what later stages need is the sums below, at each 31 December. */
#ifndef PC_MODELS_PEOPLE_H
#define PC_MODELS_PEOPLE_H

#include <stdint.h>

#include "../model.h"

/* Sums over ages and sexes of the people N of a region at 31 December. */
enum {
    PC_SUM_POPULATION,    /* sum N */
    PC_SUM_AGED,          /* sum of N from age 60 */
    PC_SUM_RESIDENT_COST, /* sum N k_res */
    PC_SUM_COMMON,
    /* ... then, for each membership rule: */
    PC_RULE_CONTRIBUTORS = 0,  /* A  = sum N e (1 - rho) */
    PC_RULE_RETIREES,          /* Q  = sum N e rho */
    PC_RULE_CONTRIBUTOR_COST,  /* sum N e (1 - rho) k_act */
    PC_RULE_RETIREE_COST,      /* sum N e rho k_ret */
    PC_RULE_CONTRIBUTOR_RCOST, /* sum N e (1 - rho) k_res */
    PC_RULE_RETIREE_RCOST,     /* sum N e rho k_res */
    PC_RULE_SUMS
};
#define PC_SUM_OF_RULE(rule, sum) (PC_SUM_COMMON + (rule)*PC_RULE_SUMS + (sum))

/* ... then, for each age group that a policy asks for, the cost sums over its ages alone: one of all people, and for
 * each membership rule these. */
enum {
    PC_GROUP_CONTRIBUTOR_COST,
    PC_GROUP_RETIREE_COST,
    PC_GROUP_CONTRIBUTOR_RCOST,
    PC_GROUP_RETIREE_RCOST,
    PC_GROUP_RULE_SUMS
};

/* Ages from .. to, both included, 0 <= from <= to <= 100. */
typedef struct pc_age_group {
    int from, to;
} pc_age_group;

/* A membership rule: who belongs to the employee scheme and who of them is retired. The same on every path. */
typedef struct pc_membership_rule {
    const double *e;           /* [year][region][age] membership fraction */
    const double *rho;         /* [year][sex][age] retired part of an age */
    const double *h_cap;       /* [year][region] min(h_max, 1 / max_a e (1 - rho)) */
    const double *retired_cap; /* [year][region] max(1, 1 / max_a e rho); NULL: retirees are as the cohorts give */
} pc_membership_rule;

/* Everything the people kernel reads; immutable. */
typedef struct pc_people {
    int n_regions, n_years, n_rules;
    const double *population; /* [region][sex][age] at 31 December of the base year */

    const double *alpha, *beta;     /* [sex][age] of log death rates */
    const double *mortality_factor; /* [region] q_r */
    double kappa_start, kappa_drift, kappa_drift_se, kappa_sigma;
    const double *kappa_shift; /* [year] added to the index on every path (a stress); NULL: nothing */

    const double *fertility_share; /* [age] f_a, sums to 1 over 15..49 */
    const double *tfr;             /* [year] */
    const double *tfr_factor;      /* [region] v_r */
    const double *sex_ratio;       /* [year] boys per girl */
    pc_ar1 tfr_ar;

    const double *migration_share; /* [sex][age] psi, sums to 1, 0 at age 0 */
    const double *migration_rate;  /* [region] mean net rate */
    const double *migration_fade;  /* [year] */
    const double *migration_extra; /* [year] added to every net rate, after closing (a stress); NULL: nothing */
    pc_ar1 migration_ar;
    int migration_closed;
    const double *closed_weight; /* [year][region], sums to 1 over regions, weights of year's mean rate; NULL: the
                                    lane's own populations (only for the central path, which defines the weights:
                                    pc_migration_weights reads them from its sums) */

    const pc_membership_rule *rules; /* [n_rules] */
    int band_lo, band_hi; /* ages band_lo <= a < band_hi is where rho may be between 0 and 1 under any rule, sex and
                             year: pc_retired_band gives it. 1 <= band_lo <= band_hi <= 101; rho is taken as 0 below and
                             as 1 from band_hi on without looking */
    int rules_share_e;    /* 1: e is the same table under all rules (that of rule 0 is read outside the band) */

    /* retirees beyond what the cohorts give: mean growth a year, standard errors of the whole's and of a region's own,
     * drawn once a path, correlation of the whole's with that of the employment level; see pc_membership_retirees */
    double retirees_trend, retirees_se, retirees_region_se, retirees_correlation;
    const double *retirees_years; /* [year] years that this growth has had by then, faded; NULL: none */

    const double *k_act, *k_ret, *k_res; /* [age] age-cost indices */
    double health_shift;                 /* 0: indices are fixed; else read at a - shift (e60(t) - e60(t0)) */

    int n_age_groups; /* 0: no policy asks for any, and nothing more is summed */
    const pc_age_group *age_groups;
    /* [region] the region among whose people the members of a carve-out without territory are counted, -1: the region
     * has people of its own; NULL: all have. A host is no carve-out itself. A carve-out's population is 0 and so are
     * its common sums; those of its rules are sums over the host's people by its own e. */
    const int *host;
} pc_people;

/* Index of a sum of an age group: of all people times k_res (`rule` -1), or PC_GROUP_... of a rule. */
static inline int pc_sum_of_group(int n_rules, int group, int rule, int sum)
{
    int first = PC_SUM_OF_RULE(n_rules, 0) + group * (1 + n_rules * PC_GROUP_RULE_SUMS);

    return rule < 0 ? first : first + 1 + rule * PC_GROUP_RULE_SUMS + sum;
}

static inline int pc_people_is_carved(const pc_people *people, int region)
{
    return people->host && people->host[region] >= 0;
}

typedef struct pc_people_counts {
    uint64_t migration_bounded; /* cohort-years in which the bound of one half of the survivors bit */
    double migration_withheld;  /* persons withheld by it (a sum in lane order) */
} pc_people_counts;

/* The number of sums a region has. */
int pc_people_n_sums(const pc_people *people);
/* Years to run at a time, 1 .. n_years: all, unless there are so many regions that their sums would take hundreds of
 * megabytes a leaf. */
int pc_people_block(const pc_people *people);
/* Scratch bytes for runs in blocks of so many years (n_years for pc_people_run), 64-byte aligned; about 23 kB a region,
 * and 400 kB a region more where there are several blocks. Cleared or not. */
size_t pc_people_scratch_bytes(const pc_people *people, int block);

/* Standard normals in whole rows of PC_LANES, of which n_lanes count (1 <= n_lanes <= PC_LANES); lanes beyond the last
 * path hold copies of its drivers. */
typedef struct pc_people_drivers {
    int n_lanes;
    const double *drift;             /* [lane] */
    const double *kappa, *fertility; /* the row of year t (1-based) at + t * year_stride */
    size_t year_stride;
    const double *migration; /* the row of (t, region) at + (t * n_regions + region) * PC_LANES */
} pc_people_drivers;

/* Runs all years of one leaf.
 *   sums: [year 0..n_years][sum][region][PC_LANES], 64-byte aligned, written in all lanes (the last ones by copies).
 *   counts: set, of lanes below n_lanes only.
 * `fast` 0 selects the plain kernel: same bits (the order of operations is in cohort.h). With health_shift the plain
 * kernel is used either way. A lane's numbers do not depend on the other lanes. Thread-safe when scratch, sums and
 * counts are the thread's own. All drivers 0 and n_lanes 1: the central path. */
void pc_people_run(const pc_people *people, const pc_people_drivers *drivers, double *sums, pc_people_counts *counts,
                   void *scratch, int fast);
/* The same block by block, to the same bits: years first .. first + block - 1, where there are so many; `first` 1,
 * 1 + block, ... in turn with one scratch. sums: [block + 1][sum][region][PC_LANES], of years first - 1 on. counts: set
 * by the first block, added to by the last. */
void pc_people_block_run(const pc_people *people, int first, int block, const pc_people_drivers *drivers, double *sums,
                         pc_people_counts *counts, void *scratch, int fast);
/* A region's people of the first lane at the end of the last block run in that scratch, there being more than one:
 * out[sex][age]. */
void pc_people_kept(const pc_people *people, int block, void *scratch, int region, double *out);

#endif
