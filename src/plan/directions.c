/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What quasi-random points are spent on: the few combinations of normals that move the balances of the whole most. The
 * baseline's central path is run with each normal up and down; the principal components of what that does to the
 * balances of all years, each scaled to 1, are the directions. They depend on the baseline alone.
 * Beside the province's normals and the drift's, what regions have in common counts: of each of their draws the
 * combination over the regions that moves the whole's balance most. */
#include <math.h>
#include <omp.h>
#include <stdlib.h>
#include <string.h>

#include "list.h"
#include "plan/plan.h"

static const double bump_size = 0.5; /* standard deviations */
enum { MAX_YEARS = 30, MAX_SWEEPS = 30, WEIGHT_YEARS = 20 };
/* In place of a year: the drift of mortality; uncertain parameter `draw`. */
enum { DRIFT = -1, UNCERTAIN = -2 };

/* One normal, up or down. */
typedef struct bump {
    int year;
    int draw;   /* of the province, or PC_PROVINCE_NORMALS + draw of the regions */
    int region; /* alone, before correlation; -1: all, by weight */
} bump;

typedef struct explorer {
    pc_sink sink; /* takes the whole's balances */
    const pc_plan *plan;
    int output, area, n_years;
    unsigned char *unwanted;
    size_t n_bumps, first; /* of the leaf that is run */
    const bump *bumps;
    double *balance; /* [year - 1][view][2 * n_bumps] bump b up at 2 b, down at 2 b + 1 */
    /* of the thread that runs the leaf */
    double *province, *drift, *uncertain, *migration, *region;
    void *memory;
    pc_sink **sinks;
} explorer;

static void take_row(pc_sink *sink, int output, int view, int area, int year, const double *lanes)
{
    const explorer *self = (const explorer *)sink;
    const size_t left = 2 * self->n_bumps - self->first, n = left < PC_LANES ? left : PC_LANES;

    if (output == self->output && area == self->area) {
        memcpy(self->balance + ((size_t)(year - 1) * PC_SCHEME_VIEWS + (size_t)view) * 2 * self->n_bumps + self->first,
               lanes, n * sizeof *lanes);
    }
}

/* The lanes' bumps of a regional draw and year into its rows [region]. */
static void bump_regions(const explorer *self, int year, int draw, double *rows)
{
    const pc_plan *plan = self->plan;
    const int n = plan->n_regions;
    const double *l = plan->scenario->region_correlated >> draw & 1u ? plan->region_cholesky : NULL;

    memset(rows, 0, (size_t)n * PC_LANES * sizeof *rows);
    for (size_t lane = 0; lane < PC_LANES && self->first + lane < 2 * self->n_bumps; lane++) {
        const bump *b = &self->bumps[(self->first + lane) / 2];
        const double x = (self->first + lane) % 2 ? -bump_size : bump_size;

        if (b->year != year || b->draw != PC_PROVINCE_NORMALS + draw) {
            continue;
        }
        for (int r = 0; r < n; r++) {
            double sum = 0;
            for (int k = 0; k < n; k++) {
                const double normal = b->region >= 0 ? k == b->region : plan->common_weights[draw * n + k];
                sum += normal * (l ? l[r * n + k] : r == k);
            }
            rows[(size_t)r * PC_LANES + lane] = x * sum;
        }
    }
}

static void bump_province(explorer *self)
{
    const double *l = self->plan->province_cholesky;

    memset(self->province, 0, (size_t)(self->n_years + 1) * PC_PROVINCE_ROWS * PC_LANES * sizeof(double));
    memset(self->drift, 0, PC_LANES * sizeof(double));
    memset(self->uncertain, 0, ((size_t)self->plan->n_uncertain_streams + 1) * PC_LANES * sizeof(double));
    for (size_t lane = 0; lane < PC_LANES && self->first + lane < 2 * self->n_bumps; lane++) {
        const bump *b = &self->bumps[(self->first + lane) / 2];
        const double x = (self->first + lane) % 2 ? -bump_size : bump_size;
        double *row;

        if (b->year < 0) {
            (b->year == DRIFT ? self->drift : self->uncertain + (size_t)b->draw * PC_LANES)[lane] = x;
            continue;
        }
        row = self->province + (size_t)b->year * PC_PROVINCE_ROWS * PC_LANES + lane;
        for (int d = b->draw; d < PC_PROVINCE_NORMALS; d++) {
            row[d * PC_LANES] = x * (l ? l[d * PC_PROVINCE_NORMALS + b->draw] : d == b->draw);
        }
    }
}

static void region_year(void *context, int year, pc_year_drivers *drivers)
{
    explorer *self = context;

    for (int d = 0; d < PC_COMMON_DRAWS; d++) {
        bump_regions(self, year, d, self->region + (size_t)d * (size_t)self->plan->n_regions * PC_LANES);
    }
    drivers->region = self->region;
    drivers->shock = NULL;
}

/* One thread's explorer, in the place of a copy of the whole's. Returns 0 without memory. */
static int start_thread(explorer *self)
{
    const pc_plan *plan = self->plan;
    const size_t n_dates = (size_t)self->n_years + 1, n_regions = (size_t)plan->n_regions;

    self->province = pc_calloc(n_dates * PC_PROVINCE_ROWS * PC_LANES, sizeof(double));
    self->drift = pc_calloc(PC_LANES, sizeof(double));
    self->uncertain = pc_calloc(((size_t)plan->n_uncertain_streams + 1) * PC_LANES, sizeof(double));
    self->migration = pc_calloc(n_dates * n_regions * PC_LANES, sizeof(double));
    self->region = pc_calloc(PC_REGION_DRAWS * n_regions * PC_LANES, sizeof(double));
    self->memory = pc_calloc(pc_world_bytes(&plan->world), 1);
    self->sinks = pc_calloc((size_t)plan->world.n_policies + 1, sizeof(pc_sink *));
    if (self->sinks) {
        self->sinks[1 + plan->scenario->baseline] = &self->sink;
    }
    return self->province && self->drift && self->uncertain && self->migration && self->region && self->memory &&
           self->sinks;
}

static void release_thread(explorer *self)
{
    pc_free(self->province);
    pc_free(self->drift);
    pc_free(self->uncertain);
    pc_free(self->migration);
    pc_free(self->region);
    pc_free(self->memory);
    pc_free(self->sinks);
}

/* Bumps from `first` on, a leaf of them. */
static void explore_leaf(explorer *self, size_t first)
{
    const pc_plan *plan = self->plan;
    const size_t row = (size_t)plan->n_regions * PC_LANES;
    pc_world_source source = pc_plan_central_source(plan);
    pc_world_audit audit = {0};

    self->first = first;
    bump_province(self);
    for (int year = 1; year <= self->n_years; year++) {
        bump_regions(self, year, PC_DRAW_MIGRATION, self->migration + (size_t)year * row);
    }
    source.province = self->province;
    source.eps_drift = self->drift;
    source.uncertain = plan->uncertain_stream ? self->uncertain : NULL;
    source.migration = self->migration;
    source.year = region_year;
    source.context = self;
    pc_world_leaf(&plan->world, &source, PC_LANES, self->sinks, 1, self->memory, &audit);
}

/* Runs all bumps on the central path, over the threads that OpenMP gives: they write to places of their own. */
static pc_code explore(explorer *self, const bump *bumps, size_t n_bumps, pc_status *status)
{
    const size_t n_leaves = (2 * n_bumps + PC_LANES - 1) / PC_LANES, most = (size_t)omp_get_max_threads();
    int failed = 0;

    pc_free(self->balance);
    self->balance = pc_calloc((size_t)self->n_years * PC_SCHEME_VIEWS * 2 * n_bumps + 1, sizeof(double));
    if (!self->balance) {
        return pc_fail(status, PC_ERR_FAIL, "no memory for quasi-random points");
    }
    self->bumps = bumps;
    self->n_bumps = n_bumps;
#pragma omp parallel num_threads((int)(n_leaves < most ? n_leaves : most)) reduction(+ : failed)
    {
        explorer own = *self;

        failed += !start_thread(&own);
#pragma omp for schedule(dynamic, 1)
        for (size_t first = 0; first < 2 * n_bumps; first += PC_LANES) {
            if (!failed) {
                explore_leaf(&own, first);
            }
        }
        release_thread(&own);
    }
    return failed ? pc_fail(status, PC_ERR_FAIL, "no memory for quasi-random points") : PC_OK;
}

static double effect(const explorer *self, int year, int view, size_t bump_index)
{
    const double *balance =
        self->balance + ((size_t)(year - 1) * PC_SCHEME_VIEWS + (size_t)view) * 2 * self->n_bumps + 2 * bump_index;

    return balance[0] - balance[1];
}

static double dot(const double *a, const double *b, size_t n)
{
    double sum[4] = {0};

    for (size_t i = 0; i < n; i++) {
        sum[i % 4] += a[i] * b[i];
    }
    return (sum[0] + sum[1]) + (sum[2] + sum[3]);
}

/* Makes a row 1 long; 0 when it has no length. */
static int make_unit(double *row, size_t n)
{
    const double size = sqrt(dot(row, row, n));

    for (size_t i = 0; i < n; i++) {
        row[i] = size > 0 && isfinite(size) ? row[i] / size : 0;
    }
    return size > 0 && isfinite(size);
}

/* What each region's draw, in one year, does to the whole's balance some years later. */
static pc_code weigh_regions(explorer *self, pc_plan *plan, bump *bumps, pc_status *status)
{
    const int n = plan->n_regions, year = (plan->n_years + 3) / 4;
    const int later = year + WEIGHT_YEARS < plan->n_years ? year + WEIGHT_YEARS : plan->n_years;
    pc_code code;

    for (int d = 0; d < PC_COMMON_DRAWS; d++) {
        for (int r = 0; r < n; r++) {
            bumps[d * n + r] = (bump){year, PC_PROVINCE_NORMALS + d, r};
        }
    }
    code = explore(self, bumps, (size_t)PC_COMMON_DRAWS * (size_t)n, status);
    for (int d = 0; d < PC_COMMON_DRAWS && !code; d++) {
        double *weights = plan->common_weights + d * n;
        for (int r = 0; r < n; r++) {
            weights[r] = effect(self, later, PC_BOTH, (size_t)(d * n + r));
        }
        make_unit(weights, (size_t)n);
    }
    return code;
}

/* One-sided Jacobi: turns the rows against each other until all are orthogonal; they are then the principal components
 * times their sizes. */
static void make_orthogonal(double *rows, size_t n_rows, size_t n)
{
    for (int sweep = 0, turned = 1; sweep < MAX_SWEEPS && turned; sweep++) {
        turned = 0;
        for (size_t i = 0; i + 1 < n_rows; i++) {
            for (size_t j = i + 1; j < n_rows; j++) {
                double *a = rows + i * n, *b = rows + j * n;
                const double aa = dot(a, a, n), bb = dot(b, b, n), ab = dot(a, b, n);
                double zeta, t, c, s;

                if (fabs(ab) <= 1e-8 * sqrt(aa * bb) || aa < 1e-16 || bb < 1e-16) {
                    continue;
                }
                turned = 1;
                zeta = (bb - aa) / (2 * ab);
                t = (zeta < 0 ? -1.0 : 1.0) / (fabs(zeta) + sqrt(1 + zeta * zeta));
                c = 1 / sqrt(1 + t * t);
                s = c * t;
                for (size_t k = 0; k < n; k++) {
                    const double x = a[k], y = b[k];
                    a[k] = c * x - s * y;
                    b[k] = s * x + c * y;
                }
            }
        }
    }
}

/* The longest rows, made 1 long and orthogonal to the last digit, up to `most`; how many. */
static int keep_longest(double *rows, size_t n_rows, size_t n, double *out, int most)
{
    double longest = 0;
    int kept = 0;

    while (kept < most) {
        double *row = out + (size_t)kept * n, best = 0;
        size_t at = 0;

        for (size_t i = 0; i < n_rows; i++) {
            const double size = dot(rows + i * n, rows + i * n, n);
            at = size > best ? i : at;
            best = size > best ? size : best;
        }
        longest = longest > 0 ? longest : best;
        if (!(best > 1e-10 * longest)) {
            break;
        }
        memcpy(row, rows + at * n, n * sizeof *row);
        memset(rows + at * n, 0, n * sizeof *rows);
        make_unit(row, n);
        for (int k = 0; k < kept; k++) {
            const double share = dot(row, out + (size_t)k * n, n);
            for (size_t i = 0; i < n; i++) {
                row[i] -= share * out[(size_t)k * n + i];
            }
        }
        kept += make_unit(row, n);
    }
    return kept;
}

/* Derivatives of the balances by every normal; what matters of them becomes the directions. */
static pc_code find_directions(explorer *self, pc_plan *plan, bump *bumps, double *rows, pc_status *status)
{
    const size_t n = pc_plan_coordinates(plan);
    const int step = (plan->n_years + MAX_YEARS - 1) / MAX_YEARS;
    size_t n_rows = 0;
    pc_code code;

    for (size_t i = 0; i < n; i++) {
        bumps[i] = (bump){(int)(i / PC_COORDINATES_YEAR) + 1, (int)(i % PC_COORDINATES_YEAR), -1};
    }
    for (size_t i = (size_t)plan->n_years * PC_COORDINATES_YEAR, k = 0; i < n; i++, k++) {
        bumps[i] = k == 0 ? (bump){DRIFT, 0, -1} : (bump){UNCERTAIN, (int)k - 1, -1};
    }
    code = explore(self, bumps, n, status);
    for (int view = 0; view < PC_SCHEMES && !code; view++) {
        for (int year = plan->n_years; year >= 1; year -= step) {
            double *row = rows + n_rows * n;
            for (size_t i = 0; i < n; i++) {
                row[i] = effect(self, year, view, i);
            }
            n_rows += (size_t)make_unit(row, n);
        }
    }
    if (!code) {
        make_orthogonal(rows, n_rows, n);
        plan->n_directions = keep_longest(rows, n_rows, n, plan->directions, PC_SOBOL_DIMENSIONS);
    }
    return code;
}

/* Bits of the numbers of n points. */
static int bits_of(uint64_t n)
{
    int bits = 0;

    while (bits < PC_SOBOL_BITS && UINT64_C(1) << bits < n) {
        bits++;
    }
    return bits;
}

size_t pc_plan_coordinates(const pc_plan *plan)
{
    return (size_t)plan->n_years * PC_COORDINATES_YEAR + 1 + (size_t)plan->n_uncertain_streams;
}

pc_code pc_plan_directions(pc_plan *plan, pc_status *status)
{
    const size_t n = pc_plan_coordinates(plan), n_weights = PC_COMMON_DRAWS * (size_t)plan->n_regions;
    const size_t n_outputs = (size_t)pc_outputs_count();
    explorer self = {.sink = {.row = take_row}, .plan = plan, .area = plan->n_areas - 1, .n_years = plan->n_years};
    bump *bumps = pc_calloc(n > n_weights ? n : n_weights, sizeof *bumps);
    double *rows = pc_calloc((size_t)PC_SCHEMES * MAX_YEARS * n, sizeof *rows);
    pc_code code = PC_OK;

    self.unwanted = pc_calloc(n_outputs, 1);
    plan->directions = pc_plan_numbers(plan, (size_t)PC_SOBOL_DIMENSIONS * n);
    plan->common_weights = pc_plan_numbers(plan, n_weights);
    plan->sobol = pc_arena_calloc(&plan->arena, 1, sizeof *plan->sobol);
    if (!bumps || !rows || !self.unwanted || !plan->directions || !plan->common_weights || !plan->sobol ||
        !pc_sobol_read(bits_of(plan->scenario->paths / (uint64_t)plan->scenario->n_replicates), *plan->sobol)) {
        code = pc_fail(status, PC_ERR_FAIL, "no memory for quasi-random points");
        goto out;
    }
    for (size_t o = 0; o < n_outputs; o++) {
        self.unwanted[o] = strcmp(pc_output_at((int)o)->name, "balance") != 0;
        self.output = self.unwanted[o] ? self.output : (int)o;
    }
    self.sink.unwanted = self.unwanted;
    code = weigh_regions(&self, plan, bumps, status);
    code = code ? code : find_directions(&self, plan, bumps, rows, status);
out:
    pc_free(bumps);
    pc_free(rows);
    pc_free(self.unwanted);
    pc_free(self.balance);
    return code;
}
