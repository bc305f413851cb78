/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Economy: employment, wages, cost per head, returns, shocks, claims noise. One year at a time, PC_LANES paths. */
#ifndef PC_MODELS_ECONOMY_H
#define PC_MODELS_ECONOMY_H

#include "../model.h"

/* A shock as the kernel sees it. */
typedef struct pc_shock {
    const char *name;
    double probability;                                                /* a year */
    int duration;                                                      /* years */
    double m, s;                                                       /* log of the size: m + s eps */
    int regional;                                                      /* 0: province-wide, 1: one instance a region */
    double weight_revenue[PC_SCHEMES], weight_expenditure[PC_SCHEMES]; /* factor = exp(weight (m + s eps)) */
    int first_instance; /* its first row among all shock instances; n_regions rows if regional, else 1 */
} pc_shock;

/* How well phi and sigma of an AR(1) are known, drawn once a path: phi + e eps, kept within +-0.99; sigma exp(e eps).
 */
typedef struct pc_ar1_error {
    double phi, sigma;
} pc_ar1_error;

typedef struct pc_economy {
    int n_regions, n_years;
    pc_ar1 employment, employment_region;
    const double *employment_shift; /* [year] added to the log of the level on every path (a stress); NULL: nothing */
    const double *wage_growth; /* [year] mu_w */
    pc_ar1 wage, wage_region;
    const double *wage_start;         /* [region] yuan a year in the base year */
    double elasticity[PC_SCHEMES];    /* eta_s */
    const double *excess[PC_SCHEMES]; /* [year] xi_s(t) = xi_long + (xi_first - xi_long) d^(t - t0 - 1); [0] unused */
    pc_ar1 cost;
    pc_ar1 cost_region[PC_SCHEMES];
    double income_gap;         /* disposable income grows at gamma - gap */
    const double *return_mean; /* [year] */
    pc_ar1 return_ar;
    double return_floor;
    int n_shocks, n_shock_instances;
    const pc_shock *shocks;
    double claims_cv[PC_SCHEMES], claims_tau[PC_SCHEMES];
    /* [year][region] factors on the flows of every path (a stress), which act as a shock's do; all four or none (NULL) */
    const double *sure_revenue[PC_SCHEMES], *sure_expenditure[PC_SCHEMES];

    /* standard errors of parameters, drawn once a path; all 0: known */
    pc_ar1_error employment_error, wage_error, cost_error, return_error;
    double employment_trend; /* growth a year of the employment level, and: */
    double employment_trend_se, employment_region_trend_se;
    const double *employment_trend_years; /* [year] years that this growth has had by then, faded; NULL: none */
    double wage_growth_se, return_mean_se;
    double excess_se[PC_SCHEMES], excess_long_run_se[PC_SCHEMES], excess_decay[PC_SCHEMES];
} pc_economy;

/* Rows of what is drawn once a path for uncertain parameters; of an AR(1) phi, then sigma; of the excess of each scheme
 * the first year's, then the long run's. */
enum {
    PC_UNCERTAIN_EMPLOYMENT_TREND,
    PC_UNCERTAIN_EMPLOYMENT,
    PC_UNCERTAIN_WAGE_GROWTH = PC_UNCERTAIN_EMPLOYMENT + 2,
    PC_UNCERTAIN_WAGE,
    PC_UNCERTAIN_EXCESS = PC_UNCERTAIN_WAGE + 2,
    PC_UNCERTAIN_COST = PC_UNCERTAIN_EXCESS + 2 * PC_SCHEMES,
    PC_UNCERTAIN_RETURN_MEAN = PC_UNCERTAIN_COST + 2,
    PC_UNCERTAIN_RETURN,
    PC_UNCERTAIN_RETIREES = PC_UNCERTAIN_RETURN + 2,
    PC_UNCERTAIN_WHOLE,
    /* ... then, after the whole's rows, each [region] */
    PC_UNCERTAIN_REGION_EMPLOYMENT = 0,
    PC_UNCERTAIN_REGION_RETIREES,
    PC_UNCERTAIN_REGION
};

/* Rows of the drivers, in the order of the draws of the random streams. */
enum { PC_ROW_KAPPA, PC_ROW_FERTILITY, PC_ROW_EMPLOYMENT, PC_ROW_WAGE, PC_ROW_COST, PC_ROW_RETURN, PC_PROVINCE_ROWS };
enum {
    PC_ROW_MIGRATION,
    PC_ROW_REGION_EMPLOYMENT,
    PC_ROW_REGION_WAGE,
    PC_ROW_REGION_COST,                              /* one for each scheme */
    PC_ROW_CLAIMS = PC_ROW_REGION_COST + PC_SCHEMES, /* one for each scheme */
    PC_REGION_ROWS = PC_ROW_CLAIMS + PC_SCHEMES
};

/* Drivers of one year, standard normals after correlation. NULL province or region: all zero. */
typedef struct pc_year_drivers {
    const double *province; /* [PC_PROVINCE_ROWS][PC_LANES]: kappa, fertility, employment, wage, cost, return */
    const double *region;   /* [PC_REGION_ROWS][region][PC_LANES]: migration, employment, wage, cost employee,
                               cost resident, claims employee, claims resident */
    const double *shock;    /* [instance][2][PC_LANES]: uniform of occurrence, normal of size; NULL: no shock strikes */
    const double *uncertain; /* [PC_UNCERTAIN_WHOLE, then PC_UNCERTAIN_REGION times region][PC_LANES], the same in all
                                years and read in the first; NULL: all parameters at their values */
} pc_year_drivers;

/* The economy of one year, read-only for everything after it. Rows of PC_LANES. */
typedef struct pc_weather {
    int year;
    double *interest;         /* [] i(t) */
    double *discount;         /* [] product of (1 + i) from t0+1 to t: value at t of 1 yuan of 31 December t0 */
    double *employment;       /* [region] exp(x_h + y_h), before the caps */
    double *wage_growth;      /* [region] gamma */
    double *wage;             /* [region] yuan a year */
    double *income;           /* [region] disposable income per head relative to the base year (1 in the base year) */
    double *cost[PC_SCHEMES]; /* [region] cost level relative to the base year */
    double *shock_revenue[PC_SCHEMES], *shock_expenditure[PC_SCHEMES]; /* [region] factors; NULL without shocks and sure factors */
    const double *claims_eps[PC_SCHEMES]; /* [region] normals of claims noise, of this year's drivers; NULL in the base
                                             year and without region drivers: no noise */
} pc_weather;

/* Bytes of the state, weather rows included. The memory must start on a 64-byte boundary. */
size_t pc_economy_state_bytes(const pc_economy *economy);
/* Lays out `weather` inside `state` and sets both to the base year (year 0): levels at their start, employment 1 (the
 * base year's accounts are calibrated at h = 1), wage growth 0, interest max(floor, mean + start), discount 1, shocks
 * inactive. The AR(1) states are at their `start`. No allocation, no error. */
void pc_economy_start(const pc_economy *economy, void *state, pc_weather *weather);
/* Steps to year index `year` (1 .. n_years). With drivers->province all zero and no shock rows: the central path. */
void pc_economy_step(const pc_economy *economy, int year, const pc_year_drivers *drivers, void *state,
                     pc_weather *weather);

/* Excess growth of cost per head that decays to its long-run value (docs/model.md, Economy):
 * xi(t) = long_run + (first - long_run) decay^(year - 1), year = t - t0 >= 1. Year 0 gives 0.
 * Check: pc_cost_excess(0.013, 0.003, 0.93, 2) = 0.0123. */
double pc_cost_excess(double first, double long_run, double decay, int year);

/* Claims noise of one region and scheme (docs/model.md, Economy), rows of PC_LANES:
 * z = exp(s eps - s^2 / 2), s^2 = ln(1 + cv^2 / members + tau^2); mean 1; z = 1 where members < 1.
 * `cv` is the coefficient of variation of one member's yearly cost, `tau` the region's own yearly noise.
 * Check: members 1225, cv 3.5, tau 0, eps 1: z = exp(0.0997513 - 0.00497517) = 1.099413. `z` may not overlap the
 * inputs. */
void pc_noise_row(double cv, double tau, const double *members, const double *eps, double *z);

#endif
