/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The drivers of a leaf: random streams turned into the correlated standard normals that the models take
 * (docs/model.md, Economy and Random numbers). A lane's drivers depend on its path number alone, never on the lanes
 * beside it. */
#ifndef PC_ENGINE_DRIVERS_H
#define PC_ENGINE_DRIVERS_H

#include "models/model.h"
#include "random/sobol.h"
#include "random/streams.h"

#include <stddef.h>
#include <stdint.h>

enum { PC_DRIVER_ACCOUNTS = 3 }; /* revenue, expenditure, balance of the base year */

/* What drives a result, in groups: what `explain` attributes variance to. The province's and the regions' draws of one
 * thing are one group; shocks hold the chi-squared of Student's t too. */
typedef enum pc_driver_group {
    PC_GROUP_MORTALITY,
    PC_GROUP_FERTILITY,
    PC_GROUP_MIGRATION,
    PC_GROUP_EMPLOYMENT,
    PC_GROUP_WAGES,
    PC_GROUP_COST,
    PC_GROUP_RETURNS,
    PC_GROUP_CLAIMS,
    PC_GROUP_SHOCKS,
    PC_GROUP_BEHAVIOUR,  /* levers' uncertain parameters */
    PC_GROUP_PARAMETERS, /* the models' uncertain parameters, base-year accounts, drift of mortality */
    PC_DRIVER_GROUPS
} pc_driver_group;
extern const char *const pc_driver_group_names[PC_DRIVER_GROUPS]; /* "mortality" ... */

/* A single driver or parameter to be moved. `index` of PROVINCE and REGION is a draw of random/streams.h, of BASE
 * scheme * PC_DRIVER_ACCOUNTS + account, of UNCERTAIN a row of the whole's, of UNCERTAIN_REGION one of the regions'. */
typedef enum pc_driver_kind {
    PC_DRIVER_NONE,
    PC_DRIVER_PROVINCE,
    PC_DRIVER_REGION,
    PC_DRIVER_DRIFT,
    PC_DRIVER_BASE,
    PC_DRIVER_LEVER,
    PC_DRIVER_UNCERTAIN,
    PC_DRIVER_UNCERTAIN_REGION
} pc_driver_kind;

/* Drivers as they are not on a path of their own; with plain sampling only. The other set of paths is that of the path
 * numbers from 2^62 on, which no run has: independent of all that runs draw. */
typedef struct pc_driver_mix {
    /* [PC_DRIVER_GROUPS][n_years + 1] 1: this group takes this year's draws (0: what is drawn once a path) from the
     * other set; NULL: none does */
    const unsigned char *other;
    /* One driver moved by `tilt` of its standard deviations in the sense that the mean of its draws over years and
     * regions is: each independent normal, before correlation, by tilt / sqrt(their number). */
    pc_driver_kind kind;
    int index;
    double tilt;
} pc_driver_mix;

/* Sums of weighted normals of a path, the normals before correlation, by coordinate (pc_drivers_at): what a linear
 * twin of a balance is. */
typedef struct pc_form_term {
    int form;
    double weight;
} pc_form_term;
typedef struct pc_forms {
    int n;
    const size_t *first; /* [coordinates + 1] where a coordinate's terms start */
    const pc_form_term *terms;
} pc_forms;

/* What to draw; immutable, the caller owns what the pointers show. */
typedef struct pc_drivers_plan {
    uint64_t seed;
    int n_regions, n_years;
    const uint32_t *region_stream;   /* [region] */
    const double *province_cholesky; /* [6][6] lower, row-major, order kappa, f, h, w, c, i; NULL: identity */
    const double *region_cholesky;   /* [n_regions][n_regions] lower, table order; NULL: independent */
    unsigned region_correlated;      /* bit d: draw d of PC_REGION_DRAWS is correlated across regions */
    double student_nu;               /* degrees of freedom (> 2) of the province drivers; 0: normal */
    int n_shock_instances;
    const uint32_t *shock_stream; /* [instance] */
    uint32_t drift_stream;        /* of param:mortality.drift */
    const uint32_t *base_stream;  /* [scheme][account][region], uncertain base-year accounts; NULL: none */
    int n_levers;
    const uint32_t *lever_stream;       /* [n_levers] of the levers' uncertain parameters; NULL: none */
    int n_uncertain, n_uncertain_whole; /* the first are the whole's, then [parameter][region] */
    const uint32_t *uncertain_stream;   /* [n_uncertain] of the models' uncertain parameters; NULL: none */
    int mirrored;      /* path 256 k + 128 + i has the drivers of path 256 k + i with the signs turned */
    uint64_t n_points; /* quasi-random points of a scrambling, a multiple of PC_LANES; 0: plain paths */
    int n_directions;
    const double *directions;     /* [n_directions][coordinate], both as in plan.h */
    const double *common_weights; /* [PC_COMMON_DRAWS][region], as in plan.h */
    const pc_sobol_directions *sobol;
    /* Rare events: what happens to the normals before correlation, by coordinate (pc_drivers_at). */
    const double *given; /* [coordinate][PC_LANES] they in place of draws, without shocks; NULL: drawn */
    const double *tilt;  /* [coordinate] a direction and a shift of the means along it; NULL: none */
    int is_tilted;       /* 1: the shift is added; 0: `along` is filled alone */
    const double *shock_chance, *shock_tilted; /* [instance] of starting in a year, and in its place; NULL: none */
    int tilt_years;                            /* years in which shocks are tilted */
    const pc_driver_mix *mix;                  /* NULL: every path has its own numbers */
    const pc_forms *forms;                     /* NULL: none */
} pc_drivers_plan;

/* Rows of PC_LANES in memory given to pc_drivers_start; lanes from n_lanes on are copies of lane n_lanes-1. */
typedef struct pc_drivers {
    double *eps_drift; /* [] */
    double *eps_base;  /* [PC_SCHEMES][PC_DRIVER_ACCOUNTS][region] */
    double *province;  /* [year 0..n_years][PC_PROVINCE_NORMALS], year 0 is zero */
    double *migration; /* [year 0..n_years][region], year 0 is zero */
    double *region;    /* [PC_REGION_DRAWS][region], of one year */
    double *shock;     /* [instance][PC_SHOCK_DRAWS]: uniform of occurrence, normal of size; NULL without shocks */
    double *lever;     /* [n_levers] */
    double *uncertain; /* [n_uncertain] */
    double *scratch;   /* [] */
    double *along;     /* [] sum of tilt times normals and of logarithms of shocks' ratios, after the last year */
    double *common;    /* [year 0..n_years][PC_COMMON_DRAWS] regions' combinations, quasi-random points only */
    double *quasi;     /* [n_directions] */
    double *forms; /* [forms->n] complete after the last year with a term; the caller's, set after pc_drivers_start */
    uint64_t clipped; /* province drivers of real lanes of this leaf that were cut at +-6 (student_nu only) */
} pc_drivers;

/* Coordinates of a path: of each year the province's normals, then the regions' draws; at the end the drift, the
 * uncertain parameters, the base-year accounts and the levers. */
size_t pc_drivers_coordinates(const pc_drivers_plan *plan);
/* The coordinate of a regional draw (`draw` of PC_REGION_DRAWS), or of the province's draw with region -1. */
static inline size_t pc_drivers_at(const pc_drivers_plan *plan, int year, int draw, int region)
{
    const size_t n = (size_t)plan->n_regions, first = (size_t)(year - 1) * (PC_PROVINCE_NORMALS + PC_REGION_DRAWS * n);

    return region < 0 ? first + (size_t)draw : first + PC_PROVINCE_NORMALS + (size_t)draw * n + (size_t)region;
}

/* Bytes of memory that pc_drivers_start takes. */
size_t pc_drivers_bytes(const pc_drivers_plan *plan);

/* Lays the rows out in `memory` (pc_drivers_bytes, 64-byte aligned, owned by the caller) and sets the central path. */
void pc_drivers_start(const pc_drivers_plan *plan, void *memory, pc_drivers *drivers);

/* Fills what is wanted for all years at once: drift, base-year accounts, province, migration; sets `clipped`.
 * path0 is the first path, n_lanes (1 .. PC_LANES) the number of real ones. */
void pc_drivers_leaf(const pc_drivers_plan *plan, uint64_t path0, int n_lanes, pc_drivers *drivers);

/* Fills region and shock rows of one year (1 .. n_years). Migration is copied from the leaf's rows, so
 * pc_drivers_leaf must have been called for the same paths. */
void pc_drivers_year(const pc_drivers_plan *plan, uint64_t path0, int n_lanes, int year, pc_drivers *drivers);

/* The central path, for every year: all normals 0, shock uniforms 1, so that no shock starts. */
void pc_drivers_zero(const pc_drivers_plan *plan, pc_drivers *drivers);

#endif
