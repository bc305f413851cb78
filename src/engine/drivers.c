/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/drivers.h"

#include "base/math.h"
#include "base/math_kernels.h"

#include <gsl/gsl_cdf.h>
#include <string.h>

static const double pc_student_cut = 6.0;

static const uint64_t pc_other_paths = UINT64_C(1) << 62;

const char *const pc_driver_group_names[PC_DRIVER_GROUPS] = {"mortality", "fertility", "migration", "employment",
                                                             "wages",     "cost",      "returns",   "claims",
                                                             "shocks",    "behaviour", "parameters"};
static const pc_driver_group pc_province_groups[PC_PROVINCE_NORMALS] = {
    PC_GROUP_MORTALITY, PC_GROUP_FERTILITY, PC_GROUP_EMPLOYMENT, PC_GROUP_WAGES, PC_GROUP_COST, PC_GROUP_RETURNS};
static const pc_driver_group pc_region_groups[PC_REGION_DRAWS] = {
    PC_GROUP_MIGRATION, PC_GROUP_EMPLOYMENT, PC_GROUP_WAGES, PC_GROUP_COST,
    PC_GROUP_COST,      PC_GROUP_CLAIMS,     PC_GROUP_CLAIMS};

static size_t pc_drivers_base_rows(const pc_drivers_plan *plan)
{
    return (size_t)PC_SCHEMES * PC_DRIVER_ACCOUNTS * (size_t)plan->n_regions;
}

static size_t pc_drivers_rows(const pc_drivers_plan *plan)
{
    size_t n_dates = (size_t)plan->n_years + 1, n_regions = (size_t)plan->n_regions;

    return 3 + pc_drivers_base_rows(plan) + n_dates * (PC_PROVINCE_NORMALS + n_regions) + PC_REGION_DRAWS * n_regions +
           (size_t)plan->n_shock_instances * PC_SHOCK_DRAWS + (size_t)plan->n_levers + (size_t)plan->n_uncertain +
           (size_t)plan->n_directions + (plan->n_points ? n_dates * PC_COMMON_DRAWS : 0);
}

size_t pc_drivers_bytes(const pc_drivers_plan *plan)
{
    return pc_drivers_rows(plan) * PC_LANES * sizeof(double);
}

void pc_drivers_start(const pc_drivers_plan *plan, void *memory, pc_drivers *drivers)
{
    size_t n_dates = (size_t)plan->n_years + 1, n_regions = (size_t)plan->n_regions;
    double *next = memory;

    drivers->eps_drift = next;
    next += PC_LANES;
    drivers->scratch = next;
    next += PC_LANES;
    drivers->along = next;
    next += PC_LANES;
    drivers->eps_base = next;
    next += pc_drivers_base_rows(plan) * PC_LANES;
    drivers->province = next;
    next += n_dates * PC_PROVINCE_NORMALS * PC_LANES;
    drivers->migration = next;
    next += n_dates * n_regions * PC_LANES;
    drivers->region = next;
    next += PC_REGION_DRAWS * n_regions * PC_LANES;
    drivers->shock = plan->n_shock_instances > 0 ? next : NULL;
    next += (size_t)plan->n_shock_instances * PC_SHOCK_DRAWS * PC_LANES;
    drivers->lever = next;
    next += (size_t)plan->n_levers * PC_LANES;
    drivers->uncertain = next;
    next += (size_t)plan->n_uncertain * PC_LANES;
    drivers->quasi = next;
    next += (size_t)plan->n_directions * PC_LANES;
    drivers->common = next;
    pc_drivers_zero(plan, drivers);
}

void pc_drivers_zero(const pc_drivers_plan *plan, pc_drivers *drivers)
{
    memset(drivers->eps_drift, 0, pc_drivers_bytes(plan)); /* the first row of the whole block */
    for (int k = 0; k < plan->n_shock_instances; k++) {
        double *uniform = drivers->shock + (size_t)k * PC_SHOCK_DRAWS * PC_LANES;

        for (int lane = 0; lane < PC_LANES; lane++) {
            uniform[lane] = 1.0;
        }
    }
    drivers->clipped = 0;
}

static void pc_rows_pad(double *rows, size_t n_rows, size_t stride, int n_lanes)
{
    for (size_t i = 0; i < n_rows; i++) {
        double *row = rows + i * stride;

        for (int lane = n_lanes; lane < PC_LANES; lane++) {
            row[lane] = row[n_lanes - 1];
        }
    }
}

enum { HALF = PC_LANES / 2 };

/* Lanes from `lane` on whose draws are made together, and the first one's path among those that are drawn: the second
 * half of a leaf has the draws of the first, mirrored. */
static size_t pc_draw_segment(const pc_drivers_plan *plan, uint64_t path0, size_t n, size_t lane, uint64_t *path,
                              int *mirror)
{
    const uint64_t inside = (path0 + lane) % PC_LANES, left = HALF - inside % HALF;

    *mirror = plan->mirrored && inside >= HALF;
    *path = path0 + lane - (*mirror ? HALF : 0);
    return plan->mirrored && left < n - lane ? (size_t)left : n - lane;
}

static void pc_draw_uniform(const pc_drivers_plan *plan, uint64_t path0, size_t n, uint32_t year, uint32_t stream,
                            uint32_t first, size_t n_draws, double *out, size_t stride)
{
    uint64_t path;
    int mirror;

    for (size_t lane = 0, m; lane < n; lane += m) {
        m = pc_draw_segment(plan, path0, n, lane, &path, &mirror);
        pc_stream_uniform(plan->seed, path, m, year, stream, first, n_draws, out + lane, stride);
        for (size_t d = 0; mirror && d < n_draws; d++) {
            for (size_t i = lane; i < lane + m; i++) {
                out[d * stride + i] = 1.0 - out[d * stride + i];
            }
        }
    }
}

static void pc_row_turn(double *row, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        row[i] = -row[i];
    }
}

static void pc_draw_normal(const pc_drivers_plan *plan, uint64_t path0, size_t n, uint32_t year, uint32_t stream,
                           uint32_t first, size_t n_draws, double *out, size_t stride)
{
    uint64_t path;
    int mirror;

    for (size_t lane = 0, m; lane < n; lane += m) {
        m = pc_draw_segment(plan, path0, n, lane, &path, &mirror);
        if (mirror && lane >= HALF) { /* they are here already */
            for (size_t d = 0; d < n_draws; d++) {
                memcpy(out + d * stride + lane, out + d * stride + lane - HALF, m * sizeof *out);
            }
        } else {
            pc_stream_normal(plan->seed, path, m, year, stream, first, n_draws, out + lane, stride);
        }
        for (size_t d = 0; mirror && d < n_draws; d++) {
            pc_row_turn(out + d * stride + lane, m);
        }
    }
}

PC_KERNEL static void pc_row_scale(double *restrict row, double factor, const double *restrict x)
{
    for (int lane = 0; lane < PC_LANES; lane++) {
        row[lane] = factor * x[lane];
    }
}

PC_KERNEL static void pc_row_add(double *restrict row, double factor, const double *restrict x)
{
    for (int lane = 0; lane < PC_LANES; lane++) {
        row[lane] += factor * x[lane];
    }
}

/* rows <- L rows, L [n][n] lower. From the last row up, because row i needs rows 0 .. i as they were. The terms are
 * added in the order of the columns. */
static void pc_rows_correlate(double *rows, size_t n, const double *cholesky, double *scratch)
{
    for (size_t i = n; i-- > 0;) {
        pc_row_scale(scratch, cholesky[i * n], rows);
        for (size_t k = 1; k <= i; k++) {
            pc_row_add(scratch, cholesky[i * n + k], rows + k * PC_LANES);
        }
        memcpy(rows + i * PC_LANES, scratch, PC_LANES * sizeof(double));
    }
}

/* The path number from which a group draws in a year. */
static uint64_t path_of(const pc_drivers_plan *plan, uint64_t path0, pc_driver_group group, uint32_t year)
{
    const unsigned char *other = plan->mix ? plan->mix->other : NULL;

    return other && other[(size_t)group * ((size_t)plan->n_years + 1) + year] ? path0 + pc_other_paths : path0;
}

/* Moves a driver's row if it is the one to be moved; `count`: of its rows over years and regions. */
static void tilt_row(const pc_drivers_plan *plan, pc_driver_kind kind, int index, size_t count, double *row)
{
    const pc_driver_mix *mix = plan->mix;

    for (int lane = 0; mix && mix->kind == kind && mix->index == index && lane < PC_LANES; lane++) {
        row[lane] += mix->tilt / sqrt((double)count);
    }
}

/* Draws first .. first + n_draws - 1 of a stream as normals, each from the paths that its group draws from. */
static void draw_normals(const pc_drivers_plan *plan, uint64_t path0, size_t n, uint32_t year, uint32_t stream,
                         uint32_t first, size_t n_draws, const pc_driver_group *groups, double *out, size_t stride)
{
    if (!plan->mix || !plan->mix->other) {
        pc_draw_normal(plan, path0, n, year, stream, first, n_draws, out, stride);
        return;
    }
    for (size_t d = 0; d < n_draws; d++) {
        pc_draw_normal(plan, path_of(plan, path0, groups[d], year), n, year, stream, first + (uint32_t)d, 1,
                       out + d * stride, stride);
    }
}

/* Student's t of variance 1 from normals: one chi-squared for all six drivers of a lane and year. */
static uint64_t pc_province_student(const pc_drivers_plan *plan, uint64_t path0, int n_lanes, uint32_t year,
                                    double *rows, double *scratch)
{
    double nu = plan->student_nu;
    uint64_t n_cut = 0;

    pc_draw_uniform(plan, path_of(plan, path0, PC_GROUP_SHOCKS, year), (size_t)n_lanes, year, PC_STREAM_PROVINCE,
                    PC_DRAW_CHI2, 1, scratch, PC_LANES);
    for (int lane = 0; lane < n_lanes; lane++) {
        double widen = sqrt((nu - 2.0) / gsl_cdf_chisq_Pinv(scratch[lane], nu));

        for (int d = 0; d < PC_PROVINCE_NORMALS; d++) {
            double *x = rows + d * PC_LANES + lane, wide = *x * widen;

            if (fabs(wide) > pc_student_cut) {
                wide = copysign(pc_student_cut, wide);
                n_cut++;
            }
            *x = wide;
        }
    }
    pc_rows_pad(rows, PC_PROVINCE_NORMALS, PC_LANES, n_lanes);
    return n_cut;
}

size_t pc_drivers_coordinates(const pc_drivers_plan *plan)
{
    return pc_drivers_at(plan, plan->n_years + 1, 0, -1) + 1 + (size_t)plan->n_uncertain +
           (plan->base_stream ? pc_drivers_base_rows(plan) : 0) + (size_t)plan->n_levers;
}

/* What a study of rare events does to the rows of n coordinates from `first` on. */
static void pc_rows_tilt(const pc_drivers_plan *plan, size_t first, size_t n, double *rows, pc_drivers *drivers)
{
    if (plan->given) {
        memcpy(rows, plan->given + first * PC_LANES, n * PC_LANES * sizeof *rows);
    }
    for (size_t i = 0; plan->tilt && i < n; i++) {
        const double by = plan->tilt[first + i];
        double *row = rows + i * PC_LANES;

        for (int lane = 0; lane < PC_LANES && by != 0 && plan->is_tilted; lane++) {
            row[lane] += by;
        }
        if (by != 0) {
            pc_row_add(drivers->along, by, row);
        }
    }
}

/* Adds the rows of n coordinates from `first` on to the forms that they belong to. */
static void pc_rows_forms(const pc_drivers_plan *plan, size_t first, size_t n, const double *rows, pc_drivers *drivers)
{
    for (size_t i = 0; plan->forms && i < n; i++) {
        for (size_t k = plan->forms->first[first + i]; k < plan->forms->first[first + i + 1]; k++) {
            const pc_form_term *term = &plan->forms->terms[k];
            pc_row_add(drivers->forms + (size_t)term->form * PC_LANES, term->weight, rows + i * PC_LANES);
        }
    }
}

/* Makes a shock start with another chance, by a change of its uniforms. */
static void pc_shock_tilt(const pc_drivers_plan *plan, int instance, double *uniform, double *along)
{
    const double p = plan->shock_chance[instance], q = plan->shock_tilted[instance];
    const double started = log(q / p), not_started = log((1 - q) / (1 - p));

    for (int lane = 0; lane < PC_LANES && q > p && p > 0; lane++) {
        double *u = &uniform[lane];
        if (plan->is_tilted) {
            *u = *u < q ? *u * (p / q) : p + (*u - q) * ((1 - p) / (1 - q));
        }
        along[lane] += *u < p ? started : not_started;
    }
}

/* A row for each stream, drawn once a path. */
static void draw_once(const pc_drivers_plan *plan, uint64_t path0, int n_lanes, pc_driver_group group,
                      const uint32_t *streams, int n, double *rows)
{
    path0 = path_of(plan, path0, group, 0);
    for (int k = 0; streams && k < n; k++) {
        double *row = rows + (size_t)k * PC_LANES;

        pc_draw_normal(plan, path0, (size_t)n_lanes, 0, streams[k], 0, 1, row, PC_LANES);
        pc_rows_pad(row, 1, PC_LANES, n_lanes);
    }
}

/* The normals in the order of the directions' coordinates. */
static double *pc_drivers_coordinate(pc_drivers *drivers, size_t n_years, size_t i)
{
    enum { N = PC_PROVINCE_NORMALS + PC_COMMON_DRAWS };
    const size_t year = i / N + 1, draw = i % N;

    if (i >= n_years * N) {
        return i == n_years * N ? drivers->eps_drift : drivers->uncertain + (i - n_years * N - 1) * PC_LANES;
    }
    return draw < PC_PROVINCE_NORMALS
               ? drivers->province + (year * PC_PROVINCE_NORMALS + draw) * PC_LANES
               : drivers->common + (year * PC_COMMON_DRAWS + draw - PC_PROVINCE_NORMALS) * PC_LANES;
}

/* Gives independent normals of all regions another combination by weight. */
static void pc_regions_share(const pc_drivers_plan *plan, int draw, const double *common, double *rows, double *scratch)
{
    const double *weights = plan->common_weights + draw * plan->n_regions;
    double any = 0;

    pc_row_scale(scratch, 1, common);
    for (int r = 0; r < plan->n_regions; r++) {
        pc_row_add(scratch, -weights[r], rows + (size_t)r * PC_LANES);
        any += weights[r] * weights[r];
    }
    for (int r = 0; r < plan->n_regions && any > 0; r++) {
        pc_row_add(rows + (size_t)r * PC_LANES, weights[r], scratch);
    }
}

/* Puts quasi-random normals in the place of what the normals are along the directions: what is left is independent of
 * them, so that all together are standard normals again. */
static void pc_drivers_quasi(const pc_drivers_plan *plan, uint64_t path0, int n_lanes, pc_drivers *drivers)
{
    const size_t n_years = (size_t)plan->n_years;
    const size_t n = n_years * (PC_PROVINCE_NORMALS + PC_COMMON_DRAWS) + 1 + (size_t)plan->n_uncertain;
    pc_sobol sobol;

    for (uint32_t year = 1; year <= (uint32_t)plan->n_years; year++) {
        double *common = drivers->common + (size_t)year * PC_COMMON_DRAWS * PC_LANES;

        pc_draw_normal(plan, path0, (size_t)n_lanes, year, PC_STREAM_PROVINCE, PC_DRAW_COMMON, PC_COMMON_DRAWS, common,
                       PC_LANES);
        pc_rows_pad(common, PC_COMMON_DRAWS, PC_LANES, n_lanes);
    }

    pc_sobol_scramble(plan->seed, (uint32_t)(path0 / plan->n_points), plan->n_directions, *plan->sobol, &sobol);
    for (size_t lane = 0, m; lane < (size_t)n_lanes; lane += m) {
        uint64_t path, point;
        int mirror;

        m = pc_draw_segment(plan, path0, (size_t)n_lanes, lane, &path, &mirror);
        point = path % plan->n_points;
        point = plan->mirrored ? point / PC_LANES * HALF + point % HALF : point;
        pc_sobol_uniform(&sobol, point, m, drivers->quasi + lane, PC_LANES);
        for (int k = 0; k < plan->n_directions; k++) {
            double *quasi = drivers->quasi + (size_t)k * PC_LANES + lane;

            pc_norm_inv_rows(quasi, quasi, m);
            if (mirror) {
                pc_row_turn(quasi, m);
            }
        }
    }
    pc_rows_pad(drivers->quasi, (size_t)plan->n_directions, PC_LANES, n_lanes);
    for (int k = 0; k < plan->n_directions; k++) {
        for (size_t i = 0; i < n; i++) {
            pc_row_add(drivers->quasi + (size_t)k * PC_LANES, -plan->directions[(size_t)k * n + i],
                       pc_drivers_coordinate(drivers, n_years, i));
        }
    }
    for (size_t i = 0; i < n; i++) {
        for (int k = 0; k < plan->n_directions; k++) {
            pc_row_add(pc_drivers_coordinate(drivers, n_years, i), plan->directions[(size_t)k * n + i],
                       drivers->quasi + (size_t)k * PC_LANES);
        }
    }
}

void pc_drivers_leaf(const pc_drivers_plan *plan, uint64_t path0, int n_lanes, pc_drivers *drivers)
{
    size_t n = (size_t)n_lanes, n_regions = (size_t)plan->n_regions, n_base = pc_drivers_base_rows(plan);
    const size_t once = pc_drivers_at(plan, plan->n_years + 1, 0, -1);
    size_t last = once;

    drivers->clipped = 0;
    draw_once(plan, path0, n_lanes, PC_GROUP_PARAMETERS, &plan->drift_stream, 1, drivers->eps_drift);
    tilt_row(plan, PC_DRIVER_DRIFT, 0, 1, drivers->eps_drift);

    if (plan->base_stream) {
        draw_once(plan, path0, n_lanes, PC_GROUP_PARAMETERS, plan->base_stream, (int)n_base, drivers->eps_base);
        for (size_t i = 0; i < n_base; i++) {
            tilt_row(plan, PC_DRIVER_BASE, (int)(i / n_regions), n_regions, drivers->eps_base + i * PC_LANES);
        }
    } else {
        memset(drivers->eps_base, 0, n_base * PC_LANES * sizeof(double));
    }

    draw_once(plan, path0, n_lanes, PC_GROUP_BEHAVIOUR, plan->lever_stream, plan->n_levers, drivers->lever);
    draw_once(plan, path0, n_lanes, PC_GROUP_PARAMETERS, plan->uncertain_stream, plan->n_uncertain, drivers->uncertain);
    for (int k = 0; plan->lever_stream && k < plan->n_levers; k++) {
        tilt_row(plan, PC_DRIVER_LEVER, k, 1, drivers->lever + (size_t)k * PC_LANES);
    }
    for (int k = 0; plan->uncertain_stream && k < plan->n_uncertain; k++) {
        const int own = k - plan->n_uncertain_whole;
        tilt_row(plan, own < 0 ? PC_DRIVER_UNCERTAIN : PC_DRIVER_UNCERTAIN_REGION, own < 0 ? k : own / plan->n_regions,
                 own < 0 ? 1 : n_regions, drivers->uncertain + (size_t)k * PC_LANES);
    }
    memset(drivers->along, 0, PC_LANES * sizeof(double));
    pc_rows_tilt(plan, last, 1, drivers->eps_drift, drivers);
    last += 1;
    pc_rows_tilt(plan, last, (size_t)plan->n_uncertain, drivers->uncertain, drivers);
    last += (size_t)plan->n_uncertain;
    if (plan->base_stream) {
        pc_rows_tilt(plan, last, n_base, drivers->eps_base, drivers);
        last += n_base;
    }
    pc_rows_tilt(plan, last, (size_t)plan->n_levers, drivers->lever, drivers);

    for (uint32_t year = 1; year <= (uint32_t)plan->n_years; year++) {
        double *province = drivers->province + (size_t)year * PC_PROVINCE_NORMALS * PC_LANES;

        draw_normals(plan, path0, n, year, PC_STREAM_PROVINCE, 0, PC_PROVINCE_NORMALS, pc_province_groups, province,
                     PC_LANES);
        pc_rows_pad(province, PC_PROVINCE_NORMALS, PC_LANES, n_lanes);
        for (int d = 0; d < PC_PROVINCE_NORMALS; d++) {
            tilt_row(plan, PC_DRIVER_PROVINCE, d, (size_t)plan->n_years, province + d * PC_LANES);
        }
        pc_rows_tilt(plan, pc_drivers_at(plan, (int)year, 0, -1), PC_PROVINCE_NORMALS, province, drivers);
    }
    if (plan->n_points) {
        pc_drivers_quasi(plan, path0, n_lanes, drivers);
    }
    if (plan->forms) {
        memset(drivers->forms, 0, (size_t)plan->forms->n * PC_LANES * sizeof(double));
        pc_rows_forms(plan, once, 1, drivers->eps_drift, drivers);
        pc_rows_forms(plan, once + 1, (size_t)plan->n_uncertain, drivers->uncertain, drivers);
        last = once + 1 + (size_t)plan->n_uncertain;
        if (plan->base_stream) {
            pc_rows_forms(plan, last, n_base, drivers->eps_base, drivers);
            last += n_base;
        }
        pc_rows_forms(plan, last, (size_t)plan->n_levers, drivers->lever, drivers);
    }

    for (uint32_t year = 1; year <= (uint32_t)plan->n_years; year++) {
        double *province = drivers->province + (size_t)year * PC_PROVINCE_NORMALS * PC_LANES;
        double *migration = drivers->migration + (size_t)year * n_regions * PC_LANES;

        pc_rows_forms(plan, pc_drivers_at(plan, (int)year, 0, -1), PC_PROVINCE_NORMALS, province, drivers);
        if (plan->province_cholesky) {
            pc_rows_correlate(province, PC_PROVINCE_NORMALS, plan->province_cholesky, drivers->scratch);
        }
        if (plan->student_nu > 0.0 && !plan->given) {
            drivers->clipped += pc_province_student(plan, path0, n_lanes, year, province, drivers->scratch);
        }

        for (size_t r = 0; r < n_regions; r++) {
            draw_normals(plan, path0, n, year, plan->region_stream[r], PC_DRAW_MIGRATION, 1,
                         pc_region_groups + PC_DRAW_MIGRATION, migration + r * PC_LANES, PC_LANES);
        }
        pc_rows_pad(migration, n_regions, PC_LANES, n_lanes);
        pc_rows_tilt(plan, pc_drivers_at(plan, (int)year, PC_DRAW_MIGRATION, 0), n_regions, migration, drivers);
        if (plan->n_points) {
            pc_regions_share(plan, PC_DRAW_MIGRATION, drivers->common + (size_t)year * PC_COMMON_DRAWS * PC_LANES,
                             migration, drivers->scratch);
        }
        pc_rows_forms(plan, pc_drivers_at(plan, (int)year, PC_DRAW_MIGRATION, 0), n_regions, migration, drivers);
        for (size_t r = 0; r < n_regions; r++) {
            tilt_row(plan, PC_DRIVER_REGION, PC_DRAW_MIGRATION, (size_t)plan->n_years * n_regions,
                     migration + r * PC_LANES);
        }
        if (plan->region_cholesky && (plan->region_correlated >> PC_DRAW_MIGRATION & 1u)) {
            pc_rows_correlate(migration, n_regions, plan->region_cholesky, drivers->scratch);
        }
    }
}

void pc_drivers_year(const pc_drivers_plan *plan, uint64_t path0, int n_lanes, int year, pc_drivers *drivers)
{
    size_t n = (size_t)n_lanes, n_regions = (size_t)plan->n_regions, stride = n_regions * PC_LANES;
    enum { FIRST = PC_DRAW_MIGRATION + 1 };

    memcpy(drivers->region + PC_DRAW_MIGRATION * stride, drivers->migration + (size_t)year * stride,
           stride * sizeof(double));
    for (size_t r = 0; r < n_regions; r++) {
        double *rows = drivers->region + FIRST * stride + r * PC_LANES;

        draw_normals(plan, path0, n, (uint32_t)year, plan->region_stream[r], FIRST, PC_REGION_DRAWS - FIRST,
                     pc_region_groups + FIRST, rows, stride);
        pc_rows_pad(rows, PC_REGION_DRAWS - FIRST, stride, n_lanes);
        for (int d = FIRST; d < PC_REGION_DRAWS; d++) {
            tilt_row(plan, PC_DRIVER_REGION, d, (size_t)plan->n_years * n_regions, rows + (size_t)(d - FIRST) * stride);
        }
    }
    pc_rows_tilt(plan, pc_drivers_at(plan, year, FIRST, 0), (PC_REGION_DRAWS - FIRST) * n_regions,
                 drivers->region + FIRST * stride, drivers);
    for (int d = FIRST; plan->n_points && d < PC_COMMON_DRAWS; d++) {
        pc_regions_share(plan, d, drivers->common + ((size_t)year * PC_COMMON_DRAWS + (size_t)d) * PC_LANES,
                         drivers->region + (size_t)d * stride, drivers->scratch);
    }
    pc_rows_forms(plan, pc_drivers_at(plan, year, FIRST, 0), (PC_REGION_DRAWS - FIRST) * n_regions,
                  drivers->region + FIRST * stride, drivers);
    if (plan->region_cholesky) {
        for (unsigned d = FIRST; d < PC_REGION_DRAWS; d++) {
            if (plan->region_correlated >> d & 1u) {
                pc_rows_correlate(drivers->region + d * stride, n_regions, plan->region_cholesky, drivers->scratch);
            }
        }
    }

    for (int k = 0; k < plan->n_shock_instances && !plan->given; k++) {
        double *rows = drivers->shock + (size_t)k * PC_SHOCK_DRAWS * PC_LANES;

        pc_draw_uniform(plan, path_of(plan, path0, PC_GROUP_SHOCKS, (uint32_t)year), n, (uint32_t)year,
                        plan->shock_stream[k], 0, PC_SHOCK_DRAWS, rows, PC_LANES);
        pc_norm_inv_rows(rows + PC_DRAW_SHOCK_SIZE * PC_LANES, rows + PC_DRAW_SHOCK_SIZE * PC_LANES, n);
        pc_rows_pad(rows, PC_SHOCK_DRAWS, PC_LANES, n_lanes);
        if (plan->shock_tilted && year <= plan->tilt_years) {
            pc_shock_tilt(plan, k, rows + PC_DRAW_SHOCK_START * PC_LANES, drivers->along);
        }
    }
}
