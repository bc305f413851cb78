/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/memory.h"
#include "report/html_inner.h"
#include "report/winners.h"

enum { TEXT_ROOM = 160 };

/* What the page needs of each policy and scheme. `scale` 0: money, by the run's own unit. */
typedef struct wanted {
    const char *tree, *name, *statistics; /* separated by blanks; NULL: a plain value */
    double scale;
} wanted;

static const wanted policy_wanted[] = {
    {"policy difference", "depleted_by", NULL, 1e6},
    {"policy difference", "depleted_by_se", NULL, 1e6},
    {"policy", "deficit", NULL, 1e6},
    {"policy", "deficit_se", NULL, 1e6},
    {"policy difference", "member_weighted_depletion_by", NULL, 1e6},
    {"policy difference", "member_weighted_depletion_by_se", NULL, 1e6},
    {"policy difference", "structural_shortfall", NULL, 1e6},
    {"policy difference", "structural_shortfall_se", NULL, 1e6},
    {"difference", "reserve_months", "mean se", 1e3},
    {"policy", "reserve_months", "central", 10},
    {"policy", "reserve_months_quantile", "0.05 0.25 0.5 0.75 0.95", 10},
    {"policy", "revenue", "mean", 0},
    {"policy", "expenditure", "mean", 0},
    {"policy", "other_outgo", "mean", 0},
    {"policy", "balance", "mean se", 0},
    {"policy", "net_transfer", "mean se", 0},
    {"policy", "net_transfer_to_date", "mean se", 1},
    {"policy", "depleted_by_giving", NULL, 1e6},
    {"policy", "depleted_by_giving_se", NULL, 1e6},
    {"policy", "ratio_quantile", "0.05 0.25 0.5 0.75 0.95", 1e3},
    {"policy", "months_dispersion", "mean se", 1e3},
    {"policy", "months_sd", "mean se", 1e3},
    {"policy", "months_concentration", "mean se", 1e3},
    {"policy", "cost_ratio_gini", "mean se", 1e6},
    {"policy", "cost_ratio_theil", "mean se", 1e6},
    {"policy", "benefit_concentration", "mean se", 1e6},
};

/* Of the whole alone. */
static const wanted whole_wanted[] = {{"policy", "reserve_months", "mean se", 1e3}};

static const wanted people_wanted[] = {
    {"", "aged_share_quantile", "0.05 0.25 0.5 0.75 0.95", 1e5},
    {"", "population", "mean", 1e-3},
    {"", "contributors", "mean", 1e-3},
    {"", "retirees", "mean", 1e-3},
    {"", "residents", "mean", 1e-3},
};

/* Sums over the horizon, with all their statistics. */
static const char *const totals[] = {"treasury_gross",  "treasury_net",     "treasury_province", "treasury_city",
                                     "treasury_county", "treasury_central", "treasury_unmet",    "level_rate"};

/* Chances by band of reserve, whatever bands the file has. */
static const char *const banded[] = {"months_below", "red_in_3_years", "red_in_3_years_se", "red_in_3_years_now",
                                     "red_in_3_years_now_se"};

typedef struct data {
    const pc_view *view;
    pc_json *json;
    pc_arena arena;
    char **blocks; /* [n_blocks] encoded series */
    uint64_t *hashes;
    int n_blocks, room, failed;
    double money_scale;
} data;

/* ---- series ---------------------------------------------------------------------------------------------------------
 */

/* Ninety characters that need no escape in JSON or HTML, the blank left for what is missing. */
static const char digits[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789!#$%'()*+,-./:;=>?@[]^_`{|}~";
enum { RADIX = 45 };
_Static_assert(sizeof digits - 1 == 2 * RADIX, "each digit twice: last, and with more to follow");

/* A step in digits of base 45, least first, of the upper 45 characters when more follow; the lowest bit is the sign. */
static char *encode_step(char *at, int64_t step)
{
    uint64_t rest = step < 0 ? ((uint64_t)(-step) << 1) | 1 : (uint64_t)step << 1;

    do {
        *at++ = digits[rest % RADIX + (rest >= RADIX ? RADIX : 0)];
        rest /= RADIX;
    } while (rest);
    return at;
}

static int block_of(data *self, const char *text, size_t length)
{
    uint64_t hash = UINT64_C(14695981039346656037);

    for (size_t i = 0; i < length; i++) {
        hash = (hash ^ (unsigned char)text[i]) * UINT64_C(1099511628211);
    }
    for (int b = 0; b < self->n_blocks; b++) {
        if (self->hashes[b] == hash && strcmp(self->blocks[b], text) == 0) {
            return b;
        }
    }
    if (self->n_blocks == self->room) {
        int room = self->room ? 2 * self->room : 256;
        char **blocks = realloc(self->blocks, (size_t)room * sizeof *blocks);
        self->blocks = blocks ? blocks : self->blocks;
        uint64_t *hashes = blocks ? realloc(self->hashes, (size_t)room * sizeof *hashes) : NULL;
        self->hashes = hashes ? hashes : self->hashes;
        if (!hashes) {
            self->failed = 1;
            return -1;
        }
        self->room = room;
    }
    self->hashes[self->n_blocks] = hash;
    self->blocks[self->n_blocks] = pc_arena_strdup(&self->arena, text);
    self->failed = self->failed || !self->blocks[self->n_blocks];
    return self->n_blocks++;
}

/* Index of a statistic or a quantile (its probability as text) on the first axis; -1: not there. */
static long statistic_at(const pc_dimension *dimension, const char *statistic)
{
    double probability;

    if (dimension->type == PC_TEXT) {
        return pc_dimension_find_text(dimension, statistic);
    }
    probability = strtod(statistic, NULL);
    for (size_t i = 0; dimension->type == PC_F64 && dimension->coordinates && i < dimension->size; i++) {
        if (fabs(((const double *)dimension->coordinates)[i] - probability) < 1e-9) {
            return (long)i;
        }
    }
    return -1;
}

/* 1 for (region, year) and (year) after `skip` axes. */
static int has_series(const pc_dataset *dataset, int skip)
{
    int rank = dataset->rank - skip;

    return (rank == 1 && strcmp(dataset->dims[skip]->name, "year") == 0) ||
           (rank == 2 && strcmp(dataset->dims[skip]->name, "region") == 0 &&
            strcmp(dataset->dims[skip + 1]->name, "year") == 0);
}

/* 1 when an event's standard errors are those of independent paths: then the page works them out itself. */
static int is_binomial(const data *self, const char *group, const pc_dataset *error)
{
    char name[TEXT_ROOM];
    const pc_dataset *event;
    double n = pc_view_number(self->view, "paths", 0);

    snprintf(name, sizeof name, "%.*s", (int)(strlen(error->name) - 3), error->name);
    event = pc_results_find(self->view->results, group, name);
    if (!event || event->count != error->count || n < 2) {
        return 0;
    }
    for (size_t i = 0; i < error->count; i++) {
        double p = pc_dataset_at(event, i), se = pc_dataset_at(error, i);
        double own = p == 0 || p == 1 ? 3 / n : sqrt(p * (1 - p) / (n - 1));
        if (!isnan(p) && !(fabs(se - own) < 1e-9)) {
            return 0;
        }
    }
    return 1;
}

/* Writes "NAME": [block, scale]; nothing where all values are missing. */
static void put_series(data *self, const char *key, const pc_dataset *dataset, size_t first, size_t n, double scale)
{
    char *text = pc_calloc(14 * n + 1, 1), *at = text;
    int64_t last = 0;
    int any = 0;

    if (!text) {
        self->failed = 1;
        return;
    }
    scale = scale > 0 ? scale : self->money_scale;
    for (size_t i = 0; i < n; i++) {
        double value = pc_dataset_at(dataset, first + i) * scale;
        if (!(fabs(value) < 9e15)) {
            *at++ = ' '; /* missing */
        } else {
            at = encode_step(at, llround(value) - last);
            last = llround(value);
            any = 1;
        }
    }
    if (any) {
        pc_json_open(self->json, key, '[');
        pc_json_put_integer(self->json, NULL, block_of(self, text, (size_t)(at - text)));
        pc_json_put_number(self->json, NULL, scale);
        pc_json_close(self->json, ']');
    }
    pc_free(text);
}

/* Chances are counts of paths: written as such they are exact and short. */
static double chance_scale(const data *self, const pc_dataset *dataset, double scale)
{
    double n = pc_view_number(self->view, "paths", 0);

    for (size_t i = 0; i < dataset->count; i++) {
        double count = n * pc_dataset_at(dataset, i);
        if (fabs(count - nearbyint(count)) > 1e-6) {
            return scale;
        }
    }
    return n > 0 ? n : scale;
}

static void put_wanted(data *self, const char *group, const wanted *item, int whole_only)
{
    const pc_dataset *dataset = pc_results_find(self->view->results, group, item->name);
    char word[32], key[TEXT_ROOM];
    const char *next = item->statistics;
    int used;

    if (!dataset) {
        return;
    }
    if (!next) {
        size_t length = strlen(item->name);
        if (length > 3 && strcmp(item->name + length - 3, "_se") == 0 && is_binomial(self, group, dataset)) {
            pc_json_put_text(self->json, item->name, "binomial");
        } else if (has_series(dataset, 0)) {
            put_series(self, item->name, dataset, 0, dataset->count, chance_scale(self, dataset, item->scale));
        }
        return;
    }
    for (; dataset->rank > 1 && has_series(dataset, 1) && sscanf(next, "%31s%n", word, &used) == 1; next += used) {
        long at = statistic_at(dataset->dims[0], word);
        size_t n = dataset->count / dataset->dims[0]->size, taken = whole_only ? self->view->year->size : n;
        if (at >= 0) {
            snprintf(key, sizeof key, "%s.%s", item->name, word);
            put_series(self, key, dataset, (size_t)(at + 1) * n - taken, taken, item->scale);
        }
    }
}

/* "NAME.BOUND" for each bound of the axis `band`; axes band, region and, but for the base year's, year. */
static void put_bands(data *self, const char *path)
{
    for (size_t i = 0; i < sizeof banded / sizeof *banded; i++) {
        const pc_dataset *dataset = pc_results_find(self->view->results, path, banded[i]);
        const pc_dimension *band = dataset && dataset->rank >= 2 ? dataset->dims[0] : NULL;
        if (!band || strcmp(band->name, "band") != 0 || band->type != PC_F64 || !band->coordinates) {
            continue;
        }
        for (size_t b = 0; b < band->size; b++) {
            char key[TEXT_ROOM];
            size_t n = dataset->count / band->size;
            snprintf(key, sizeof key, "%s.%g", banded[i], ((const double *)band->coordinates)[b]);
            put_series(self, key, dataset, b * n, n, 1e5);
        }
    }
}

/* What one region gives to another area, as "transfers.mean" and "transfers.se" over (from, region); of a run of the
 * central path alone "transfers.central". */
static void put_transfers(data *self, const char *path)
{
    static const char *const statistics[] = {"mean", "se", "central"};
    const pc_dataset *dataset = pc_results_find(self->view->results, path, "transfers");

    if (!dataset || dataset->rank != 3 || strcmp(dataset->dims[1]->name, "from") != 0 ||
        strcmp(dataset->dims[2]->name, "region") != 0) {
        return;
    }
    for (size_t i = 0; i < sizeof statistics / sizeof *statistics; i++) {
        long at = statistic_at(dataset->dims[0], statistics[i]);
        size_t n = dataset->count / dataset->dims[0]->size;
        char key[TEXT_ROOM];
        snprintf(key, sizeof key, "transfers.%s", statistics[i]);
        if (at >= 0 && (strcmp(statistics[i], "central") == 0) == !(pc_view_number(self->view, "paths", 0) > 0)) {
            put_series(self, key, dataset, (size_t)at * n, n, 0);
        }
    }
}

static void put_totals(data *self, const char *path)
{
    for (size_t t = 0; t < sizeof totals / sizeof *totals; t++) {
        const pc_dataset *dataset = pc_results_find(self->view->results, path, totals[t]);
        if (!dataset || dataset->rank != 1 || dataset->dims[0]->type != PC_TEXT) {
            continue;
        }
        pc_json_open(self->json, totals[t], '{');
        for (size_t i = 0; i < dataset->count; i++) {
            pc_json_put_number(self->json, ((char *const *)dataset->dims[0]->coordinates)[i],
                               pc_dataset_at(dataset, i));
        }
        pc_json_close(self->json, '}');
    }
}

/* First deficit and overdraft on the central path; from when on the policy helps members, and from when on no more. */
static void put_turns(data *self, const char *policy, const char *scheme)
{
    pc_turning turning = pc_view_turning(self->view, policy, scheme);
    pc_turn turn = pc_winners_turn(self->view, policy, scheme);

    pc_json_open(self->json, "turns", '{');
    pc_json_put_integer(self->json, "deficit", turning.deficit);
    pc_json_put_integer(self->json, "overdraft", turning.overdraft);
    pc_json_put_integer(self->json, "helps", turn.helps_from);
    pc_json_put_integer(self->json, "stops", turn.stops);
    pc_json_close(self->json, '}');
}

static void put_tree(data *self, const char *tree)
{
    const pc_view *view = self->view;

    pc_json_open(self->json, tree, '{');
    for (int p = 0; p < view->n_policies; p++) {
        pc_json_open(self->json, view->policies[p], '{');
        for (size_t s = 0; s < PC_VIEW_N_SCHEMES; s++) {
            char path[192];
            snprintf(path, sizeof path, "%s/%s/%s", tree, view->policies[p], pc_view_schemes[s]);
            if (!pc_results_find_group(view->results, path)) {
                continue;
            }
            pc_json_open(self->json, pc_view_schemes[s], '{');
            for (size_t w = 0; w < sizeof policy_wanted / sizeof *policy_wanted; w++) {
                if (strstr(policy_wanted[w].tree, tree)) {
                    put_wanted(self, path, policy_wanted + w, 0);
                }
            }
            if (strcmp(tree, "policy") == 0) {
                put_bands(self, path);
                put_transfers(self, path);
                put_wanted(self, path, whole_wanted, 1);
                put_turns(self, view->policies[p], pc_view_schemes[s]);
            }
            put_totals(self, path);
            pc_json_close(self->json, '}');
        }
        pc_json_close(self->json, '}');
    }
    pc_json_close(self->json, '}');
}

/* Money is rounded to a power of ten that leaves five digits to the smallest region's revenue, four where a page of
 * many policies and regions would grow beyond what opens quickly; the page shows one digit less. */
static double money_scale(const pc_view *view)
{
    const pc_dataset *revenue = NULL;
    double least = INFINITY;
    int n_digits = (double)view->n_policies * view->n_areas * (double)view->year->size > 20000 ? 4 : 5;

    for (int p = 0; p < view->n_policies && !revenue; p++) {
        revenue = pc_view_find(view, "policy", view->policies[p], "employee", "revenue");
    }
    for (int area = 0; area < view->n_areas; area++) {
        double value = pc_view_value(view, revenue, "central", area, view->first_year);
        least = value > 0 && value < least ? value : least;
    }
    return isfinite(least) ? pow(10, n_digits - 1 - floor(log10(least))) : 1e-5;
}

pc_code pc_html_data(const pc_view *view, const char *file, FILE *out, pc_status *status)
{
    pc_json json = {.out = out};
    data self = {.view = view, .json = &json, .money_scale = money_scale(view)};

    pc_json_open(&json, NULL, '{');
    pc_json_put_text(&json, "lang", pc_language());
    pc_json_put_text(&json, "file", file);
    pc_json_put_integer(&json, "first", view->first_year);
    pc_json_put_integer(&json, "last", view->last_year);
    pc_json_put_integer(&json, "hasBaseline", view->baseline >= 0);
    pc_json_put_integer(&json, "headline", pc_html_headline(view, "employee"));
    pc_json_put_number(&json, "moneyScale", self.money_scale);
    pc_html_inputs(view, &json);
    put_tree(&self, "policy");
    put_tree(&self, "difference");
    pc_json_open(&json, "people", '{');
    for (size_t w = 0; w < sizeof people_wanted / sizeof *people_wanted; w++) {
        put_wanted(&self, "people", people_wanted + w, 0);
    }
    pc_json_close(&json, '}');
    pc_json_open(&json, "text", '{');
    pc_html_texts((const char *)pc_html_script, &json);
    pc_json_close(&json, '}');
    pc_json_open(&json, "blocks", '[');
    for (int b = 0; b < self.n_blocks && !self.failed; b++) {
        pc_json_put_text(&json, NULL, self.blocks[b]);
    }
    pc_json_close(&json, ']');
    pc_json_close(&json, '}');
    pc_arena_release(&self.arena);
    free(self.blocks);
    free(self.hashes);
    return self.failed ? pc_fail(status, PC_ERR_FAIL, "no memory for the report") : PC_OK;
}
