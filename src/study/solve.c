/* SPDX-License-Identifier: GPL-3.0-or-later */
/* First a scan over the range, which shows how the measure moves and where it crosses the bound; then GSL's Brent
 * solver in the bracket (halving for whole numbers); then two more points about the answer for the slope. Where the
 * scan never meets the bound, GSL's Brent minimiser looks between its best points. Every run uses the same paths, so
 * that the curve is the curve of those paths, without noise between points. */
#include "study/solve.h"

#include <gsl/gsl_errno.h>
#include <gsl/gsl_min.h>
#include <gsl/gsl_roots.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/numbers.h"

static const double beyond = 3; /* standard errors from which a step of the scan counts */

void pc_solve_change(const char *key, double x, char *text, size_t size)
{
    char number[PC_NUMBER_SIZE];

    pc_format_double(number, sizeof number, x);
    snprintf(text, size, "%s=%s", key, number);
}

typedef struct solver {
    pc_study *study;
    const pc_solve_problem *problem;
    const pc_quantity *quantity;
    pc_solve_answer *answer;
    int runs_left;
    pc_code code;
    pc_status *status;
} solver;

/* The point at x, run if it has not been yet; NULL after a failure. */
static pc_solve_point *point_at(solver *s, double x)
{
    pc_solve_answer *a = s->answer;
    pc_solve_point *p;
    char change[512], label[640];
    const char *changes[PC_SOLVE_MOST_CHANGES] = {change};
    pc_arena arena = {0};
    int at = 0, n_changes = 1;

    x = s->problem->whole ? round(x) : x;
    while (at < a->n_points && a->points[at].x < x) {
        at++;
    }
    if (at < a->n_points && a->points[at].x == x) {
        return &a->points[at];
    }
    if (a->n_points == PC_SOLVE_MAX_POINTS) {
        s->code = pc_fail(s->status, PC_ERR_FAIL, "no answer within %d runs", PC_SOLVE_MAX_POINTS);
        return NULL;
    }
    memmove(a->points + at + 1, a->points + at, (size_t)(a->n_points - at) * sizeof *a->points);
    a->n_points++;
    p = &a->points[at];
    *p = (pc_solve_point){.x = x};
    p->influence = pc_calloc((size_t)s->study->n_paths, sizeof *p->influence);
    if (!p->influence) {
        s->code = pc_fail(s->status, PC_ERR_FAIL, "no memory for %d paths", (int)s->study->n_paths);
        return NULL;
    }
    pc_solve_change(s->problem->key, x, change, sizeof change);
    snprintf(label, sizeof label, "%s", change);
    if (s->problem->changes) {
        s->code = s->problem->changes(s->problem->context, x, &arena, changes, &n_changes, s->status);
    }
    if (!s->code) {
        s->code = pc_study_run(s->study, changes, n_changes, label, &p->measure, p->influence, s->status);
    }
    pc_arena_release(&arena);
    if (!s->code && isnan(p->measure.value)) {
        s->code = pc_fail(s->status, PC_ERR_INPUT, "%s: not defined on any path at %s", s->quantity->text, change);
    }
    s->runs_left--;
    return s->code ? NULL : p;
}

/* How far the measure is from the bound: 0 or below where it is met. */
static double excess(const solver *s, double value)
{
    return s->quantity->relation < 0 ? value - s->quantity->bound : s->quantity->bound - value;
}

static double excess_at(double x, void *context)
{
    solver *s = context;
    const pc_solve_point *p = s->code ? NULL : point_at(s, x);

    return p ? excess(s, p->measure.value) : NAN;
}

static int met(const solver *s, const pc_solve_point *p)
{
    return pc_quantity_met(s->quantity, p->measure.value);
}

static void scan(solver *s)
{
    const pc_solve_problem *q = s->problem;
    const int n = q->n_scan > 2 ? q->n_scan : 2;

    for (int i = 0; i < n && !s->code; i++) {
        point_at(s, i == n - 1 ? q->hi : q->lo + (q->hi - q->lo) * i / (n - 1));
    }
}

static pc_solve_shape shape_of(const solver *s)
{
    const pc_solve_answer *a = s->answer;
    int up = 0, down = 0;

    for (int i = 1; i < a->n_points; i++) {
        const pc_solve_point *p = &a->points[i - 1], *q = &a->points[i];
        const double step = q->measure.value - p->measure.value;
        const double se =
            pc_estimate_paired_se(p->influence, q->influence, (size_t)s->study->n_paths, s->study->n_parts);
        up += step > beyond * se && step > 0;
        down += step < -beyond * se && step < 0;
    }
    return up && down ? PC_SOLVE_TURNING : up ? PC_SOLVE_RISING : down ? PC_SOLVE_FALLING : PC_SOLVE_FLAT;
}

/* Crossings of the bound between neighbours; the first or the last of them into lo and hi. */
static int crossings(const solver *s, int last, double *lo, double *hi)
{
    const pc_solve_answer *a = s->answer;
    int n = 0;

    for (int i = 1; i < a->n_points; i++) {
        if (met(s, &a->points[i - 1]) != met(s, &a->points[i])) {
            if (n++ == 0 || last) {
                *lo = a->points[i - 1].x;
                *hi = a->points[i].x;
            }
        }
    }
    return n;
}

/* Nearest to the bound, all points. */
static const pc_solve_point *nearest(const solver *s)
{
    const pc_solve_answer *a = s->answer;
    const pc_solve_point *best = &a->points[0];

    for (int i = 1; i < a->n_points; i++) {
        if (excess(s, a->points[i].measure.value) < excess(s, best->measure.value)) {
            best = &a->points[i];
        }
    }
    return best;
}

static int any_met(const solver *s)
{
    for (int i = 0; i < s->answer->n_points; i++) {
        if (met(s, &s->answer->points[i])) {
            return 1;
        }
    }
    return 0;
}

/* Between the neighbours of the best point of the scan. */
static void look_for_least(solver *s)
{
    const pc_solve_answer *a = s->answer;
    const double best = nearest(s)->x, range = s->problem->hi - s->problem->lo;
    double lo = best, hi = best;
    gsl_min_fminimizer *minimizer;
    gsl_function f = {excess_at, s};

    for (int i = 0; i < a->n_points; i++) {
        if (a->points[i].x == best) {
            lo = i > 0 ? a->points[i - 1].x : best;
            hi = i + 1 < a->n_points ? a->points[i + 1].x : best;
        }
    }
    if (lo == best || hi == best) { /* at an end of the range: is there a lower point just inside? */
        point_at(s, lo == best ? best + 0.1 * (hi - best) : best - 0.1 * (best - lo));
        return;
    }
    minimizer = gsl_min_fminimizer_alloc(gsl_min_fminimizer_brent);
    if (!minimizer) {
        s->code = pc_fail(s->status, PC_ERR_FAIL, "no memory for the minimiser");
        return;
    }
    if (gsl_min_fminimizer_set(minimizer, &f, best, lo, hi) == GSL_SUCCESS) { /* else flat: nothing lower */
        for (int i = 0; i < 12 && !s->code && !any_met(s) && s->runs_left > 0; i++) {
            if (gsl_min_fminimizer_iterate(minimizer) != GSL_SUCCESS ||
                gsl_min_fminimizer_x_upper(minimizer) - gsl_min_fminimizer_x_lower(minimizer) < 1e-3 * range) {
                break;
            }
        }
    }
    gsl_min_fminimizer_free(minimizer);
}

/* The slope about x of the narrowest chord over x whose ends differ beyond their error; 0: none. Nearer points differ
 * by single paths and say nothing. */
static double chord_about(const solver *s, double x)
{
    const pc_solve_answer *a = s->answer;
    double slope = 0, width = INFINITY;

    for (int i = 0; i < a->n_points; i++) {
        for (int j = i + 1; j < a->n_points; j++) {
            const pc_solve_point *p = &a->points[i], *q = &a->points[j];
            const double step = q->measure.value - p->measure.value;
            if (p->x <= x && q->x >= x && q->x - p->x < width &&
                fabs(step) > beyond * pc_estimate_paired_se(p->influence, q->influence, (size_t)s->study->n_paths,
                                                            s->study->n_parts)) {
                slope = step / (q->x - p->x);
                width = q->x - p->x;
            }
        }
    }
    return slope;
}

/* The error of an x that lies in [lo, hi], as far as it is known. */
static double rough_error(solver *s, double lo, double hi)
{
    const double slope = chord_about(s, (lo + hi) / 2);
    const pc_solve_point *p = point_at(s, lo);

    return p && slope != 0 ? p->measure.se / fabs(slope) : 0;
}

/* The narrowest pair of neighbours in [lo, hi] of which one meets the bound and the other does not. */
static void tighten(const solver *s, double *lo, double *hi)
{
    double left = *lo, right = *hi;

    for (int i = 1; i < s->answer->n_points; i++) {
        const pc_solve_point *p = &s->answer->points[i - 1], *q = &s->answer->points[i];
        if (p->x >= *lo && q->x <= *hi && met(s, p) != met(s, q) && q->x - p->x <= right - left) {
            left = p->x;
            right = q->x;
        }
    }
    *lo = left;
    *hi = right;
}

static void halve(solver *s, double *lo, double *hi)
{
    while (*hi - *lo > 1 && !s->code) {
        point_at(s, floor((*lo + *hi) / 2));
        tighten(s, lo, hi);
    }
}

/* Around a root as good as found: outward in doubling steps until the bracket is closed on both sides, then halving. */
static void close_in(solver *s, double root, double enough, double *lo, double *hi)
{
    double step = 0.45 * enough;

    tighten(s, lo, hi);
    while (!s->code && s->runs_left > 0 && *hi - *lo > enough) {
        const double left = fmax(root - step, *lo), right = fmin(root + step, *hi);
        if (step < *hi - *lo) {
            if (left > *lo) {
                point_at(s, left);
            }
            if (right < *hi && right > *lo) {
                point_at(s, right);
            }
        } else {
            point_at(s, (*lo + *hi) / 2);
        }
        tighten(s, lo, hi);
        step *= 2;
    }
}

/* Narrows a bracket whose ends differ in meeting the bound. Well below the error that the paths leave, the steps of the
 * curve of these paths would only be followed for their own sake. */
static void narrow(solver *s, double *lo, double *hi)
{
    const double least = 1e-6 * (s->problem->hi - s->problem->lo);
    double enough = least, root = NAN, last;
    gsl_root_fsolver *brent = gsl_root_fsolver_alloc(gsl_root_fsolver_brent);
    gsl_function f = {excess_at, s};

    if (!brent) {
        s->code = pc_fail(s->status, PC_ERR_FAIL, "no memory for the solver");
        return;
    }
    if (gsl_root_fsolver_set(brent, &f, *lo, *hi) == GSL_SUCCESS) {
        do { /* until the steps are smaller than these paths can tell, or the root was hit */
            last = root;
            enough = fmax(least, 0.1 * rough_error(s, *lo, *hi));
            if (s->code || gsl_root_fsolver_iterate(brent) != GSL_SUCCESS) {
                break;
            }
            root = gsl_root_fsolver_root(brent);
            tighten(s, lo, hi);
        } while (s->runs_left > 0 && *hi - *lo > enough && !(fabs(root - last) < enough));
    }
    gsl_root_fsolver_free(brent);
    close_in(s, isnan(root) ? (*lo + *hi) / 2 : root, enough, lo, hi);
}

/* The slope about x over a step that moves the measure by a few of its errors. */
static void slope_about(solver *s, double x)
{
    const pc_solve_problem *q = s->problem;
    const double range = q->hi - q->lo;
    pc_solve_answer *a = s->answer;
    double slope, step, left, right;
    const pc_solve_point *p, *r;

    a->slope = a->slope_se = a->x_se = NAN;
    slope = chord_about(s, x);
    step = slope != 0 ? 3 * point_at(s, x)->measure.se / fabs(slope) : 0.05 * range;
    step = fmin(fmax(step, 1e-6 * range), 0.05 * range);
    step = q->whole ? fmax(1, round(step)) : step;
    left = fmax(q->lo, x - step);
    right = fmin(q->hi, x + step);
    p = point_at(s, left);
    r = p ? point_at(s, right) : NULL;
    if (!r || right <= left) {
        return;
    }
    p = point_at(s, left);
    r = point_at(s, right);
    a->slope = (r->measure.value - p->measure.value) / (right - left);
    a->slope_se = pc_estimate_paired_se(p->influence, r->influence, (size_t)s->study->n_paths, s->study->n_parts) /
                  (right - left);
    if (fabs(a->slope) > 2 * a->slope_se) {
        a->x_se = point_at(s, x)->measure.se / fabs(a->slope);
    }
}

static void finish(solver *s, double x)
{
    pc_solve_answer *a = s->answer;
    const pc_solve_point *p = s->code ? NULL : point_at(s, x);

    if (p) {
        a->x = p->x;
        a->measure = p->measure;
    }
}

pc_code pc_solve(pc_study *study, const pc_solve_problem *problem, pc_solve_answer *answer, pc_status *status)
{
    solver s = {study, problem, study->asks[0].quantity, answer, problem->max_runs, PC_OK, status};
    double lo = problem->lo, hi = problem->hi;
    int edges, largest;

    *answer = (pc_solve_answer){.x = NAN, .x_se = NAN, .slope = NAN, .slope_se = NAN};
    scan(&s);
    if (s.code) {
        return s.code;
    }
    answer->shape = shape_of(&s);
    s.runs_left = problem->max_runs;
    if (!any_met(&s)) {
        look_for_least(&s);
    }
    if (s.code) {
        return s.code;
    }
    largest = problem->find == PC_SOLVE_LARGEST || (problem->find == PC_SOLVE_AUTO && met(&s, &answer->points[0]) &&
                                                    !met(&s, &answer->points[answer->n_points - 1]));
    answer->find = largest ? PC_SOLVE_LARGEST : PC_SOLVE_SMALLEST;
    if (!any_met(&s)) {
        answer->outcome = PC_SOLVE_UNREACHABLE;
        finish(&s, nearest(&s)->x);
        return s.code;
    }
    edges = crossings(&s, largest, &lo, &hi);
    if (met(&s, largest ? &answer->points[answer->n_points - 1] : &answer->points[0])) {
        answer->outcome = PC_SOLVE_ALWAYS;
        answer->more_edges = edges;
        finish(&s, largest ? problem->hi : problem->lo);
        return s.code;
    }
    answer->more_edges = edges - 1;
    (problem->whole ? halve : narrow)(&s, &lo, &hi);
    if (!s.code) {
        const pc_solve_point *p = point_at(&s, lo);
        const double x = p && met(&s, p) ? lo : hi; /* the end that meets the bound on these paths */
        answer->outcome = PC_SOLVE_FOUND;
        answer->width = hi - lo;
        slope_about(&s, x);
        finish(&s, x);
    }
    return s.code;
}

void pc_solve_release(pc_solve_answer *answer)
{
    for (int i = 0; i < answer->n_points; i++) {
        pc_free(answer->points[i].influence);
    }
    answer->n_points = 0;
}
