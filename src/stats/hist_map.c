/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "stats/hist_map.h"

#include <math.h>
#include <stdlib.h>

#define MAX_ATOMS   3
#define MAX_RANKS   6 /* pieces between pilot order statistics */
#define MAX_GAPS    2 /* and spikes */
#define TAIL_PIECES 5 /* finite pieces of a tail; one more, without end, of one bin */
#define MAX_POINTS  32

typedef struct pilot {
    double x[PC_HIST_PILOT]; /* ascending, without atoms */
    int n;
    double atom[MAX_ATOMS];
    int n_atoms;
} pilot;

typedef struct plan {
    double point[MAX_POINTS];  /* left ends of pieces, ascending */
    double weight[MAX_POINTS]; /* of bins; 0 asks for one bin */
    double near_zero;          /* half the width of the neighbourhood of zero that has bins of its own; 0: none */
    int n;
} plan;

static int ascending(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

/* Sorts the finite values and takes out the atoms: values met at least twice (zero: at least once), the commonest
 * first. A continuous variable hardly ever repeats a double. */
static void read_pilot(pilot *p, const double *row, int n)
{
    double all[PC_HIST_PILOT];
    int m = 0, runs[MAX_ATOMS] = {0};

    p->n = p->n_atoms = 0;
    for (int i = 0; i < n && i < PC_HIST_PILOT; i++) {
        if (isfinite(row[i])) {
            all[m++] = row[i] + 0.0;
        }
    }
    pc_hist_sort(all, m);
    for (int i = 0, end; i < m; i = end) {
        for (end = i + 1; end < m && all[end] == all[i]; end++) {
        }
        if (end - i >= 2 || all[i] == 0) {
            int j = p->n_atoms < MAX_ATOMS ? p->n_atoms++ : MAX_ATOMS - 1;
            if (j == MAX_ATOMS - 1 && runs[j] >= end - i) {
                continue;
            }
            for (; j > 0 && runs[j - 1] < end - i; j--) {
                runs[j] = runs[j - 1];
                p->atom[j] = p->atom[j - 1];
            }
            runs[j] = end - i;
            p->atom[j] = all[i];
        }
    }
    for (int i = 0; i < m; i++) {
        int is_atom = 0;
        for (int j = 0; j < p->n_atoms; j++) {
            is_atom |= all[i] == p->atom[j];
        }
        if (!is_atom) {
            p->x[p->n++] = all[i];
        }
    }
}

static void add_point(plan *plan_, double x)
{
    if (plan_->n < MAX_POINTS && isfinite(x)) {
        plan_->point[plan_->n++] = x;
    }
}

static void sort_points(plan *plan_)
{
    int n = 0;

    qsort(plan_->point, (size_t)plan_->n, sizeof *plan_->point, ascending);
    for (int i = 0; i < plan_->n; i++) {
        if (n == 0 || plan_->point[i] > plan_->point[n - 1]) {
            plan_->point[n++] = plan_->point[i];
        }
    }
    plan_->n = n;
}

/* Between two knots a gap wider than half their distance parts two modes: its ends become knots, so that the modes get
 * the bins and not the void between them. */
static int add_gaps(plan *plan_, const pilot *p, const int *rank, int n_ranks)
{
    int n_gaps = 0;

    for (int k = 0; k + 1 < n_ranks && n_gaps < MAX_GAPS; k++) {
        double span = p->x[rank[k + 1]] - p->x[rank[k]], widest = 0;
        int at = rank[k];
        if (rank[k + 1] - rank[k] < 6) {
            continue;
        }
        for (int i = rank[k]; i < rank[k + 1]; i++) {
            if (p->x[i + 1] - p->x[i] > widest) {
                widest = p->x[i + 1] - p->x[i];
                at = i;
            }
        }
        if (widest > 0.5 * span) {
            add_point(plan_, p->x[at] + 0.02 * widest);
            add_point(plan_, p->x[at + 1] - 0.02 * widest);
            n_gaps++;
        }
    }
    return n_gaps;
}

/* The opposite: a few values much closer together than their neighbours may be the top of a spike, as where a rule
 * holds many paths at nearly the same value. The closest become pieces of their own. */
static void add_spikes(plan *plan_, const pilot *p, const int *rank, int n_ranks, int most)
{
    enum { CLOSE = 3 };

    for (int taken = 0, before = -1; taken < most; taken++) {
        double best = 6; /* times the density of the piece around */
        int at = -1;
        for (int k = 0; k + 1 < n_ranks; k++) {
            double each = (p->x[rank[k + 1]] - p->x[rank[k]]) / (rank[k + 1] - rank[k] > 0 ? rank[k + 1] - rank[k] : 1);
            for (int i = rank[k]; i + CLOSE - 1 <= rank[k + 1]; i++) {
                double width = p->x[i + CLOSE - 1] - p->x[i];
                int apart = before < 0 || i >= before + CLOSE || i + CLOSE <= before;
                if (apart && width > 0 && (CLOSE - 1) * each > best * width) {
                    best = (CLOSE - 1) * each / width;
                    at = i;
                }
            }
        }
        if (at < 0) {
            return;
        }
        add_point(plan_, p->x[at] - 0.5 * (p->x[at + CLOSE - 1] - p->x[at]));
        add_point(plan_, p->x[at + CLOSE - 1] + 0.5 * (p->x[at + CLOSE - 1] - p->x[at]));
        before = at;
    }
}

/* Rules of rescue act at zero, where paths crowd more than a pilot of few shows: with zero inside, its near
 * neighbourhood has pieces of its own. */
static void add_zero(plan *plan_, double low, double high)
{
    double near = (high - low) / 256;

    if (low < -near && high > near && isfinite(near)) {
        plan_->near_zero = near;
        add_point(plan_, -near);
        add_point(plan_, 0);
        add_point(plan_, nextafter(0, INFINITY)); /* zero itself: a bin of one value */
        add_point(plan_, near);
    }
}

static int is_atom_point(const pilot *p, double x)
{
    for (int j = 0; j < p->n_atoms; j++) {
        if (x == p->atom[j]) {
            return 1;
        }
    }
    return 0;
}

/* Bins of the middle pieces by the number of pilot values in them, or by that number smoothed over the neighbours if it
 * is more: too many bins cost nothing, too few a second pass. */
static void weigh_middle(plan *plan_, const pilot *p)
{
    double count[MAX_POINTS], width[MAX_POINTS];
    int n = plan_->n - 1, i = 0;

    for (int k = 0; k < n; k++) {
        for (count[k] = 0; i < p->n && p->x[i] < plan_->point[k + 1]; i++) {
            count[k] += p->x[i] >= plan_->point[k];
        }
        width[k] = plan_->point[k + 1] - plan_->point[k];
    }
    for (int k = 0; k < n; k++) {
        double mass = 0, span = 0, smooth;
        for (int j = k > 0 ? k - 1 : 0; j <= k + 1 && j < n; j++) {
            mass += count[j];
            span += width[j];
        }
        smooth = span > 0 && isfinite(span) ? mass * (width[k] / span) : count[k];
        smooth = fmax(count[k], fmin(smooth, 2 * count[k] + 2));
        if (plan_->point[k] >= -plan_->near_zero && plan_->point[k + 1] <= plan_->near_zero) {
            smooth += 0.06 * p->n;
        }
        plan_->weight[k] = is_atom_point(p, plan_->point[k]) ? 0 : fmax(smooth, 1);
        if (plan_->near_zero > 0 && plan_->point[k] == 0) {
            plan_->weight[k] = 0;
        }
    }
}

/* Points of the middle, from the low to the high end, the last being the start of the upper tail. Returns whether the
 * pilot says enough for a scale, which goes to scale[0] (low side) and scale[1]. */
static int plan_middle(plan *plan_, const pilot *p, double scale[2])
{
    int rank[MAX_RANKS + 1], n_ranks = 0, outer = p->n / 32, good = p->n >= 32;
    int n_pieces = p->n < 2 ? 0 : good ? (p->n - 2 * outer) / 16 : p->n / 4 + 1;
    double low, high;

    if (n_pieces > MAX_RANKS) {
        n_pieces = MAX_RANKS;
    }
    plan_->n = 0;
    plan_->near_zero = 0;
    for (int k = 0; p->n > 0 && k <= n_pieces; k++) {
        rank[n_ranks] = outer + (n_pieces ? k * (p->n - 1 - 2 * outer) / n_pieces : 0);
        add_point(plan_, p->x[rank[n_ranks++]]);
    }
    add_spikes(plan_, p, rank, n_ranks, MAX_GAPS - add_gaps(plan_, p, rank, n_ranks));
    for (int j = 0; j < p->n_atoms; j++) {
        add_point(plan_, p->atom[j]);
        add_point(plan_, nextafter(p->atom[j], INFINITY));
    }
    if (plan_->n == 0) {
        add_point(plan_, 0);
    }
    if (good) {
        add_zero(plan_, p->x[rank[0]], p->x[rank[n_ranks - 1]]);
    }
    sort_points(plan_);
    weigh_middle(plan_, p);
    low = plan_->point[0];
    high = plan_->point[plan_->n - 1];
    if (good) {
        scale[0] = p->x[outer + p->n / 10] - p->x[outer];
        scale[1] = p->x[p->n - 1 - outer] - p->x[p->n - 1 - outer - p->n / 10];
    } else {
        double span = high - low, size = fmax(fabs(low), fabs(high));
        int spread = span > 0x1p-40 * size && span > 0x1p-900;
        scale[0] = scale[1] = spread ? span / 16 : size > 0x1p-900 ? size * 0x1p-12 : 1;
    }
    return good;
}

/* Ends of the tail's pieces: first short ones, for a sharp end of the distribution, then far out for a heavy tail;
 * farther when the pilot knows little. */
static int tail_points(double *point, double from, double scale, int good, double sign)
{
    static const double reach_good[TAIL_PIECES] = {0.35, 1, 3, 12, 100},
                        reach_poor[TAIL_PIECES] = {16, 256, 4096, 65536, 0x1p20};
    int n = 0;

    for (int o = 0; o < TAIL_PIECES; o++) {
        double x = from + sign * scale * (good ? reach_good : reach_poor)[o];
        if (isfinite(x) && (n == 0 ? x != from : x != point[n - 1])) {
            point[n++] = x;
        }
    }
    return n;
}

void pc_hist_map_set(pc_hist_map *map, uint32_t n_bins, const double *row, int n)
{
    static const double share_good[TAIL_PIECES] = {0.26, 0.22, 0.22, 0.18, 0.12};
    static const double share_poor[TAIL_PIECES] = {0.2, 0.2, 0.2, 0.2, 0.2};
    pilot p;
    plan middle;
    double scale[2], point[PC_HIST_PIECES], weight[PC_HIST_PIECES], low[TAIL_PIECES], high[TAIL_PIECES], total = 0;
    int n_points = 0, n_low, n_high, good;
    uint32_t tail = n_bins / 4, spare, used = 0;

    read_pilot(&p, row, n);
    good = plan_middle(&middle, &p, scale);
    n_low = tail_points(low, middle.point[0], scale[0], good, -1);
    n_high = tail_points(high, middle.point[middle.n - 1], scale[1], good, 1);
    for (int k = 0; k + 1 < middle.n; k++) {
        total += middle.weight[k];
    }
    if (total <= 0 || p.n == 0) {
        tail = n_bins / 3;
    }
    /* Tail bins are many, since a pilot knows little about a tail, and cheap, since few values touch
     * them. Weights become numbers of bins; one bin for each outermost piece and each atom. */
    spare = n_bins - 2 * tail - PC_HIST_PIECES;
    point[n_points] = 0;
    weight[n_points++] = 0;
    for (int o = n_low; o-- > 0;) {
        point[n_points] = low[o];
        weight[n_points++] = (good ? share_good : share_poor)[o] * (tail - 2 * TAIL_PIECES);
    }
    for (int k = 0; k + 1 < middle.n; k++) {
        point[n_points] = middle.point[k];
        weight[n_points++] = middle.weight[k] > 0 ? spare * middle.weight[k] / total : 0;
    }
    for (int o = 0; o < n_high; o++) {
        point[n_points] = o ? high[o - 1] : middle.point[middle.n - 1];
        weight[n_points++] = (good ? share_good : share_poor)[o] * (tail - 2 * TAIL_PIECES);
    }
    point[n_points] = n_high ? high[n_high - 1] : middle.point[middle.n - 1];
    weight[n_points++] = 0;

    for (int k = 0; k < PC_HIST_PIECES; k++) {
        if (k < n_points) {
            uint32_t bins = weight[k] >= 1 ? (uint32_t)weight[k] : 1;
            double width = k + 1 < n_points ? point[k + 1] - point[k] : 0;
            double slope = width > 0 ? bins / width : 0;
            map->knot[k] = k ? point[k] : point[1];
            map->slope[k] = k && bins > 1 && isfinite(slope) ? slope : 0;
            map->range[k] = (int64_t)used | (int64_t)(used + bins - 1) << 32;
            used += bins;
        } else {
            map->knot[k] = NAN;
            map->slope[k] = 0;
            map->range[k] = (int64_t)(used - 1) | (int64_t)(used - 1) << 32;
        }
    }
    map->n_pieces = (uint32_t)n_points;
    map->n_bins = used;
    map->dense_first = pc_hist_first(map, (unsigned)n_low + 1);
    map->dense_last = pc_hist_last(map, (unsigned)(n_low + middle.n - 1));
}

double pc_hist_map_edge(const pc_hist_map *map, uint32_t bin)
{
    uint32_t k = map->n_pieces - 1;
    int64_t guess, low, high, least, most;

    if (bin == 0) {
        return -INFINITY;
    }
    if (bin >= map->n_bins) {
        return INFINITY;
    }
    while (pc_hist_first(map, k) > bin) {
        k--;
    }
    if (pc_hist_first(map, k) == bin) {
        return map->knot[k];
    }
    /* The inverse up to rounding, then the exact place by bisection over the doubles. */
    low = least = pc_hist_key(map->knot[k]);
    high = most = pc_hist_key(map->knot[k + 1]);
    guess = low;
    if (map->slope[k] > 0) {
        guess = pc_hist_key(map->knot[k] + (bin - pc_hist_first(map, k)) / map->slope[k]);
    }
    for (int64_t step = 1; guess > least && guess < most && step < INT64_C(1) << 40; step *= 4) {
        if (low == least && (uint64_t)guess - (uint64_t)least > (uint64_t)step &&
            pc_hist_bin(map, pc_hist_unkey(guess - step)) < bin) {
            low = guess - step;
        }
        if (high == most && (uint64_t)most - (uint64_t)guess > (uint64_t)step &&
            pc_hist_bin(map, pc_hist_unkey(guess + step)) >= bin) {
            high = guess + step;
        }
        if (low != least && high != most) {
            break;
        }
    }
    while ((uint64_t)high - (uint64_t)low > 1) { /* bin(low) < bin <= bin(high) */
        int64_t middle = (int64_t)((uint64_t)low + ((uint64_t)high - (uint64_t)low) / 2);
        if (pc_hist_bin(map, pc_hist_unkey(middle)) >= bin) {
            high = middle;
        } else {
            low = middle;
        }
    }
    return pc_hist_unkey(high);
}
