/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A small made-up world for the tests of people: every table filled, nothing real. */
#ifndef PC_TESTS_PEOPLE_WORLD_H
#define PC_TESTS_PEOPLE_WORLD_H

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "people/people.h"
#include "people/retirement.h"

enum { REGIONS = 3, YEARS = 12, RULES = 2, CELLS = PC_SEXES * PC_AGES };

typedef struct world {
    pc_people p;
    pc_membership_rule rules[RULES];
    double population[REGIONS][CELLS], alpha[CELLS], beta[CELLS], q[REGIONS];
    double f[PC_AGES], tfr[YEARS + 1], v[REGIONS], sex_ratio[YEARS + 1];
    double psi[CELLS], n[REGIONS], fade[YEARS + 1], weight[YEARS + 1][REGIONS];
    double e[RULES][YEARS + 1][REGIONS][PC_AGES], rho[RULES][YEARS + 1][PC_SEXES][PC_AGES];
    double k_act[PC_AGES], k_ret[PC_AGES], k_res[PC_AGES];
    /* drivers: as pc_people_run takes them */
    double drift[PC_LANES], kappa[YEARS + 1][PC_LANES], fertility[YEARS + 1][PC_LANES];
    double migration[YEARS + 1][REGIONS][PC_LANES];
} world;

static uint64_t world_seed = 20240229;

static inline double uniform(void)
{
    uint64_t z = world_seed += 0x9e3779b97f4a7c15u;

    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return ((double)((z ^ (z >> 31)) >> 11) + 0.5) * 0x1p-53;
}

static inline double normal(void)
{
    return sqrt(-2 * log(uniform())) * cos(6.283185307179586 * uniform());
}

/* Rules share e; volatilities on; closed off; no cost shift. Released with pc_free. */
static inline world *world_new(void)
{
    world *w = pc_calloc(1, sizeof *w);
    double ages[PC_RETIREMENT_CATEGORIES][YEARS + 1], fertile = 0, moving = 0;
    pc_people *p = &w->p;

    for (int i = 0; i < CELLS; i++) {
        const int a = i % PC_AGES;
        w->alpha[i] = (a == 0 ? -5 : -9.5 + 0.085 * a) + (i < PC_AGES ? -0.3 : 0);
        w->beta[i] = 0.01 + 0.0001 * (100 - a);
        w->psi[i] = a == 0 ? 0 : exp(-0.5 * (a - 26) * (a - 26) / 60.0) + 0.001;
        moving += w->psi[i];
        for (int r = 0; r < REGIONS; r++) {
            w->population[r][i] = (1 + r) * 1000 * exp(-0.0004 * a * a) * (0.8 + 0.4 * uniform());
        }
    }
    for (int a = 0; a < PC_AGES; a++) {
        w->f[a] = a >= 15 && a < 50 ? exp(-0.5 * (a - 28) * (a - 28) / 25.0) : 0;
        fertile += w->f[a];
        w->k_act[a] = 0.5 + 0.010 * a;
        w->k_ret[a] = 1.5 + 0.002 * a * a / 10;
        w->k_res[a] = 0.6 + 0.00013 * a * a;
    }
    for (int i = 0; i < CELLS; i++) {
        w->psi[i] /= moving;
    }
    for (int a = 0; a < PC_AGES; a++) {
        w->f[a] /= fertile;
    }
    for (int t = 0; t <= YEARS; t++) {
        w->tfr[t] = 1.0 + 0.02 * t;
        w->sex_ratio[t] = 1.12 - 0.002 * t;
        w->fade[t] = 1 - t / 25.0;
        for (int r = 0; r < REGIONS; r++) {
            w->weight[t][r] = (1 + r) / 6.0;
        }
    }
    for (int j = 0; j < RULES; j++) {
        for (int t = 0; t <= YEARS; t++) {
            ages[PC_MEN][t] = 60 + (j ? 0.2 * t : 0);
            ages[PC_WOMEN_CADRES][t] = 55 + (j ? 0.2 * t : 0);
            ages[PC_WOMEN_WORKERS][t] = 50 + (j ? 0.3 * t : 0);
            for (int r = 0; r < REGIONS; r++) {
                for (int a = 0; a < PC_AGES; a++) {
                    w->e[j][t][r][a] = a < 20 ? 0 : 0.3 + 0.1 * r + 0.003 * (a - 20) + 0.002 * t;
                }
            }
        }
        pc_retired_part(YEARS, &ages[0][0], 0.45, &w->rho[j][0][0][0]);
        w->rules[j] = (pc_membership_rule){&w->e[j][0][0][0], &w->rho[j][0][0][0], NULL, NULL};
    }
    for (int r = 0; r < REGIONS; r++) {
        w->q[r] = r == 1 ? 1.1 : 1;
        w->v[r] = 1 + 0.1 * r;
        w->n[r] = 0.006 * (r - 1);
    }
    for (int lane = 0; lane < PC_LANES; lane++) {
        w->drift[lane] = normal();
        for (int t = 0; t <= YEARS; t++) {
            w->kappa[t][lane] = normal();
            w->fertility[t][lane] = normal();
            for (int r = 0; r < REGIONS; r++) {
                w->migration[t][r][lane] = normal();
            }
        }
    }
    *p = (pc_people){.n_regions = REGIONS,
                     .n_years = YEARS,
                     .n_rules = RULES,
                     .population = &w->population[0][0],
                     .alpha = w->alpha,
                     .beta = w->beta,
                     .mortality_factor = w->q,
                     .kappa_start = 1,
                     .kappa_drift = -1.2,
                     .kappa_drift_se = 0.3,
                     .kappa_sigma = 2.5,
                     .fertility_share = w->f,
                     .tfr = w->tfr,
                     .tfr_factor = w->v,
                     .sex_ratio = w->sex_ratio,
                     .tfr_ar = {0.9, 0.05, 0.02},
                     .migration_share = w->psi,
                     .migration_rate = w->n,
                     .migration_fade = w->fade,
                     .migration_ar = {0.7, 0.004, 0.001},
                     .closed_weight = &w->weight[0][0],
                     .rules = w->rules,
                     .rules_share_e = 1,
                     .k_act = w->k_act,
                     .k_ret = w->k_ret,
                     .k_res = w->k_res};
    p->band_lo = PC_AGES;
    p->band_hi = 1;
    for (int j = 0; j < RULES; j++) {
        pc_retired_band(YEARS, w->rules[j].rho, &p->band_lo, &p->band_hi);
    }
    return w;
}

static inline pc_people_drivers world_drivers(const world *w, int n_lanes)
{
    return (pc_people_drivers){.n_lanes = n_lanes,
                               .drift = w->drift,
                               .kappa = &w->kappa[0][0],
                               .fertility = &w->fertility[0][0],
                               .year_stride = PC_LANES,
                               .migration = &w->migration[0][0][0]};
}

/* Rows of sums for a world: [year][sum][region][PC_LANES]. */
static inline double *world_run(const world *w, int n_lanes, int fast, pc_people_counts *counts)
{
    const size_t n_sums = (size_t)pc_people_n_sums(&w->p);
    double *sums = pc_calloc((size_t)(w->p.n_years + 1) * n_sums * (size_t)w->p.n_regions * PC_LANES, sizeof *sums);
    void *scratch = pc_calloc(pc_people_scratch_bytes(&w->p, w->p.n_years), 1);
    const pc_people_drivers drivers = world_drivers(w, n_lanes);
    pc_people_counts own;

    pc_people_run(&w->p, &drivers, sums, counts ? counts : &own, scratch, fast);
    pc_free(scratch);
    return sums;
}

static inline double sum_at(const world *w, const double *sums, int year, int sum, int region, int lane)
{
    return sums[(((size_t)year * (size_t)pc_people_n_sums(&w->p) + (size_t)sum) * (size_t)w->p.n_regions +
                 (size_t)region) *
                    PC_LANES +
                (size_t)lane];
}

#endif
