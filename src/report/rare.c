/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The answer of `rare`. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/i18n.h"
#include "base/numbers.h"
#include "report/format.h"
#include "report/study.h"
#include "report/study_inner.h"

static const char group[] = "rare";
static const double shown_share = 0.005;

typedef struct hunted {
    const pc_results *results;
    const pc_dataset *share; /* [kind] */
    char *const *kinds;
} hunted;

static double number(const hunted *h, const char *name)
{
    return pc_study_number(h->results, group, name);
}

static double three_digits(double x)
{
    const double step = pow(10, floor(log10(x)) - 2);

    return step > 1 ? round(x / step) * step : round(x);
}

/* With two digits of the error; powers of ten where that would take many zeros. */
static void write_chance(char *text, size_t size, double p, double se)
{
    const int decimals = se > 0 ? 1 - (int)floor(log10(se)) : 12;

    if (decimals <= 8) {
        snprintf(text, size, "%.*f ± %.*f", decimals, p, decimals, se);
    } else {
        snprintf(text, size, "%.3g ± %.2g", p, se);
    }
}

static void print_answer(const hunted *h, FILE *out)
{
    const double p = number(h, "probability"), se = number(h, "probability_se");
    char paths[32], plain[32], effective[32], events[32], chance[64], once[32];
    pc_figure bound = pc_figure_estimate(number(h, "bound"), NAN, pc_study_text(h->results, group, "measure_unit"));

    pc_format_grouped(paths, sizeof paths, pc_study_number(h->results, "", "paths"), 0);
    pc_format_grouped(events, sizeof events, number(h, "events"), 0);
    fprintf(out, _("the chance of %s %s %s\n"), pc_study_text(h->results, group, "measure"),
            pc_study_text(h->results, group, "relation"), bound.text);
    fprintf(out, _("  policy %s, scheme %s; %s paths, seed %s\n"), pc_study_text(h->results, group, "policy"),
            pc_study_text(h->results, group, "scheme"), paths, pc_study_text(h->results, "", "seed"));
    if (number(h, "events") == 0) {
        fprintf(out, _("\n  answer: none of the paths had it, not even after the shift: it cannot be told from 0\n"));
    } else {
        write_chance(chance, sizeof chance, p, se);
        pc_format_grouped(once, sizeof once, three_digits(1 / p), 0);
        fprintf(out, _("\n  answer: %s, one standard error; once in %s paths\n"), chance, once);
    }
    if (number(h, "in_sight") == 1) {
        fprintf(out, _("  it happens on the central path: nothing was shifted, and %s of %s paths had it\n"), events,
                paths);
        return;
    }
    fprintf(
        out,
        _("  the means of the drivers were shifted by %.2f standard deviations, to the likeliest point of the event\n"),
        number(h, "distance"));
    if (number(h, "events") > 0) {
        pc_format_grouped(effective, sizeof effective, number(h, "effective_paths"), 0);
        pc_format_grouped(plain, sizeof plain, number(h, "plain_paths"), 0);
        fprintf(out,
                _("  %s of %s paths had it, as good as %s of equal weight; plain paths would need %s for this error\n"),
                events, paths, effective, plain);
    }
    fprintf(out, _("  mean weight of all paths %.4f ± %.4f, 1 but for chance\n"), number(h, "mean_weight"),
            number(h, "mean_weight_se"));
    if (number(h, "largest_weight") > 0.1) {
        fprintf(out, _("  one path has %.0f %% of the weight: take more paths before you believe the answer\n"),
                100 * number(h, "largest_weight"));
    }
}

/* What the point is made of, the largest part first. */
static void print_shares(const hunted *h, FILE *out)
{
    double above = INFINITY;
    size_t last = 0; /* of those as large as the one before, the later ones */
    int n = 0;

    for (size_t shown = 0; shown < h->share->count; shown++) {
        size_t best = h->share->count;
        for (size_t k = 0; k < h->share->count; k++) {
            const double x = pc_dataset_at(h->share, k);
            if (x >= shown_share && (x < above || (x == above && k > last)) &&
                (best == h->share->count || x > pc_dataset_at(h->share, best))) {
                best = k;
            }
        }
        if (best == h->share->count) {
            break;
        }
        above = pc_dataset_at(h->share, best);
        last = best;
        fprintf(out, n++ ? ", %s %.0f %%" : _("  what takes a path there, shares of the squared distance: %s %.0f %%"),
                _(h->kinds[best]), 100 * above);
    }
    fputs(n ? "\n" : "", out);
}

static const char *const numbers[] = {"probability",    "probability_se", "events",      "effective_paths",
                                      "largest_weight", "plain_paths",    "mean_weight", "mean_weight_se",
                                      "distance",       "point_measure",  "steps",       "in_sight"};
enum { N_NUMBERS = sizeof numbers / sizeof *numbers };

static void print_csv(const hunted *h, FILE *out)
{
    fputs("what,value\n", out);
    for (size_t i = 0; i < N_NUMBERS; i++) {
        fprintf(out, "%s,", numbers[i]);
        pc_study_csv_number(out, number(h, numbers[i]));
        fputc('\n', out);
    }
    for (size_t k = 0; k < h->share->count; k++) {
        fprintf(out, "\"share of %s\",", h->kinds[k]);
        pc_study_csv_number(out, pc_dataset_at(h->share, k));
        fputc('\n', out);
    }
}

static void print_json(const hunted *h, FILE *out)
{
    static const char *const texts[] = {"measure", "measure_unit", "policy", "scheme", "relation", "method"};
    pc_json json = pc_study_json_begin(out);

    pc_study_json_texts(&json, h->results, group, texts, (int)(sizeof texts / sizeof *texts));
    pc_json_put_number(&json, "bound", number(h, "bound"));
    pc_study_json_numbers(&json, h->results, group, numbers, N_NUMBERS);
    pc_json_open(&json, "share", '{');
    for (size_t k = 0; k < h->share->count; k++) {
        pc_json_put_number(&json, h->kinds[k], pc_dataset_at(h->share, k));
    }
    pc_json_close(&json, '}');
    pc_study_json_end(&json);
}

pc_code pc_report_rare(const pc_results *results, pc_listing_format format, FILE *out, pc_status *status)
{
    hunted h = {.results = results, .share = pc_results_find(results, group, "share")};

    if (!h.share || h.share->rank != 1 || h.share->dims[0]->type != PC_TEXT || !h.share->dims[0]->coordinates) {
        return pc_fail(status, PC_ERR_INPUT, "found no answer of the study, allowed a complete file");
    }
    h.kinds = h.share->dims[0]->coordinates;
    if (format == PC_LISTING_CSV) {
        print_csv(&h, out);
    } else if (format == PC_LISTING_JSON) {
        print_json(&h, out);
    } else {
        print_answer(&h, out);
        print_shares(&h, out);
    }
    return PC_OK;
}

pc_code pc_words_rare(const pc_results *results, FILE *out, pc_status *status)
{
    return pc_report_rare(results, PC_LISTING_TABLE, out, status); /* it has no table */
}
