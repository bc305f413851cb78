/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The page of a study: what `show` prints, with bars where there is something to compare. No script. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "report/html.h"
#include "report/html_inner.h"
#include "report/study.h"
#include "report/study_inner.h"

enum { WIDTH = 240, HEIGHT = 18 };

/* Each line of a text as a paragraph; a line that is a command as one to be copied. */
void pc_html_lines(FILE *out, const char *text)
{
    char line[2048];

    while (*text) {
        const size_t length = strcspn(text, "\n"), blanks = strspn(text, " ");
        if (length > blanks) {
            snprintf(line, sizeof line, "%.*s", (int)(length - blanks), text + blanks);
            if (strncmp(line, "poolcast ", 9) == 0) {
                fputs("<p>", out);
                pc_html_put_element(out, "code", "", line);
                fputs("</p>\n", out);
            } else {
                pc_html_put_element(out, "p", blanks > 2 ? " class=\"note\"" : "", line);
            }
        }
        text += length + (text[length] == '\n');
    }
}

static double place(double x, double low, double high)
{
    return 4 + (WIDTH - 8) * (x - low) / (high - low);
}

static void put_whisker(FILE *out, double x, double error, double low, double high, double y)
{
    if (error > 0) {
        fprintf(out, "<path d=\"M%.1f %.1fH%.1f\" stroke=\"var(--text)\" stroke-width=\"1.5\"/>",
                place(fmax(x - 1.96 * error, low), low, high), y, place(fmin(x + 1.96 * error, high), low, high));
    }
}

static void put_bar(FILE *out, const pc_html_bar *bar, double low, double high, int marks)
{
    const double zero = place(0, low, high);

    fprintf(out, "<svg width=\"%d\" height=\"%d\" viewBox=\"0 0 %d %d\" aria-hidden=\"true\">", WIDTH, HEIGHT, WIDTH,
            HEIGHT);
    for (int k = 0; k < 2; k++) {
        const double x = k ? bar->other : bar->value, at = isfinite(x) ? place(x, low, high) : 0;
        if (!isfinite(x)) {
            continue;
        }
        if (k && marks) {
            fprintf(out, "<path d=\"M%.1f 2V%d\" stroke=\"var(--series-2)\" stroke-width=\"2\"/>", at, HEIGHT - 2);
            continue;
        }
        fprintf(out, "<rect x=\"%.1f\" y=\"4\" width=\"%.1f\" height=\"%d\" fill=\"var(--series-%d)\"/>",
                fmin(at, zero), fmax(fabs(at - zero), 0.5), HEIGHT - 8, k ? 2 : 1);
        put_whisker(out, x, k ? bar->other_error : bar->error, low, high, HEIGHT / 2.0);
    }
    fprintf(out, "<path d=\"M%.1f 0V%d\" stroke=\"var(--muted)\"/></svg>", zero, HEIGHT);
}

void pc_html_widen(const pc_html_bar *bars, size_t n, double *low, double *high)
{
    for (size_t i = 0; i < n; i++) {
        const double x[2] = {bars[i].value, bars[i].other}, error[2] = {bars[i].error, bars[i].other_error};
        for (int k = 0; k < 2; k++) {
            const double e = error[k] > 0 ? 1.96 * error[k] : 0;
            if (isfinite(x[k])) {
                *low = fmin(*low, x[k] - e);
                *high = fmax(*high, x[k] + e);
            }
        }
    }
}

void pc_html_bars(FILE *out, const char *const headings[3], const pc_html_bar *bars, size_t n, int marks, double low,
                  double high)
{
    pc_html_widen(bars, n, &low, &high);
    high = high > low ? high : low + 1;
    fputs("<div class=\"scroll\"><table>\n<thead><tr>", out);
    pc_html_put_element(out, "th", " class=\"text\"", headings[0]);
    pc_html_put_element(out, "th", "", headings[2]); /* the number first: a narrow screen has no room for both */
    pc_html_put_element(out, "th", " class=\"text\"", headings[1]);
    fputs("</tr></thead>\n<tbody>\n", out);
    for (size_t i = 0; i < n; i++) {
        fputs("<tr>", out);
        pc_html_put_element(out, "th", " scope=\"row\"", bars[i].label);
        pc_html_put_element(out, "td", "", bars[i].text);
        fputs("<td>", out);
        put_bar(out, &bars[i], low, high, marks);
        fputs("</td>", out);
        fputs("</tr>\n", out);
    }
    fputs("</tbody></table></div>\n", out);
}

/* What a study prints, in memory; free it. */
static pc_code printed(const pc_results *results,
                       pc_code (*print)(const pc_results *results, FILE *out, pc_status *status), char **text,
                       pc_status *status)
{
    size_t size = 0;
    FILE *memory = open_memstream(text, &size);
    pc_code code = memory ? print(results, memory, status) : pc_fail(status, PC_ERR_FAIL, "no memory for the report");

    if (memory && fclose(memory) != 0 && !code) {
        code = pc_fail(status, PC_ERR_FAIL, "no memory for the report");
    }
    return code;
}

static pc_code print_whole(const pc_results *results, FILE *out, pc_status *status)
{
    return pc_report_study(results, PC_LISTING_TABLE, out, status);
}

typedef struct page_of_study {
    const char *kind, *title;
    pc_code (*body)(const pc_results *results, FILE *out, pc_status *status); /* a page without script, or NULL */
    /* else: its sentences; charts and tables are drawn from this group of the file */
    pc_code (*words)(const pc_results *results, FILE *out, pc_status *status);
    const char *group;
} page_of_study;

static const page_of_study pages[] = {
    {"stress", N_("Stress test"), pc_html_stress, NULL, NULL},
    {"explain", N_("What drives the result"), pc_html_explain, NULL, NULL},
    {"reverse", N_("Reverse stress test"), NULL, pc_words_solve, "solve"},
    {"solve", N_("A value that meets a bound"), NULL, pc_words_solve, "solve"},
    {"grid", N_("A measure over keys"), NULL, pc_words_grid, "grid"},
    {"backtest", N_("A forecast and what happened"), NULL, pc_words_backtest, "backtest"},
    {"calibrate", N_("Parameters from a history"), NULL, pc_words_calibration, "calibration"},
    {"rare", N_("The chance of a rare event"), NULL, pc_words_rare, "rare"},
    {"roll", N_("A year has passed: the base year moves on"), NULL, pc_words_roll, "roll"}};

/* The sentences before the charts. */
static pc_code put_words(const page_of_study *page, const pc_results *results, FILE *out, pc_status *status)
{
    char *text = NULL;
    pc_code code = printed(results, page->words, &text, status);

    if (!code) {
        fputs("<div class=\"answer\">\n", out);
        pc_html_lines(out, text);
        fputs("</div>\n<noscript>", out);
        pc_html_put_escaped(out, _("Charts and tables need JavaScript."));
        fputs("</noscript>\n", out);
    }
    free(text);
    return code;
}

/* What `show` prints, folded, for those who want it or have no script; then the data and the scripts. */
static pc_code put_drawn(const page_of_study *page, const pc_results *results, FILE *out, pc_status *status)
{
    char *text = NULL, *data = NULL;
    size_t size = 0;
    FILE *memory;
    pc_code code = printed(results, print_whole, &text, status);

    if (!code) {
        fputs("<details>\n", out);
        pc_html_put_element(out, "summary", "", _("As text, as the terminal shows it"));
        fputs("<div class=\"scroll\">", out);
        pc_html_put_element(out, "pre", " class=\"plain\"", text);
        fputs("</div></details>\n", out);
        pc_html_put_licence(out);
        memory = open_memstream(&data, &size);
        if (memory) {
            pc_html_study_data(results, page->kind, page->group, memory);
        }
        code = !memory || fclose(memory) != 0 ? pc_fail(status, PC_ERR_FAIL, "no memory for the report")
                                              : pc_html_put_data(data, size, out, status);
    }
    free(text);
    free(data);
    return code;
}

pc_code pc_report_study_html(const pc_results *results, FILE *out, pc_status *status)
{
    const char *kind = pc_study_text(results, "", "study"), *title = pc_study_title(results), *heading;
    const page_of_study *page = NULL;
    pc_code code = PC_OK;

    for (size_t i = 0; i < sizeof pages / sizeof *pages; i++) {
        page = strcmp(pages[i].kind, kind) == 0 ? &pages[i] : page;
    }
    if (!page) {
        return pc_fail(status, PC_ERR_INPUT, "found no study that this version knows (it says '%s')", kind);
    }
    heading = _(page->title);
    title = *title && strcmp(kind, "calibrate") != 0 ? title : heading;
    fprintf(out, "<!doctype html>\n<html lang=\"%s\">\n<head>\n%s", pc_language_is_chinese() ? "zh-CN" : "en",
            pc_html_head);
    pc_html_put_element(out, "title", "", title);
    fprintf(out, "<style>\n%s</style>\n</head>\n<body>\n<header>\n", (const char *)pc_html_style);
    pc_html_put_element(out, "h1", "", title);
    if (title != heading) {
        pc_html_put_element(out, "p", " class=\"run\"", heading);
    }
    code = page->words ? put_words(page, results, out, status) : PC_OK;
    fputs("</header>\n<main>\n", out);
    code = code || !page->body ? code : page->body(results, out, status);
    fputs("</main>\n<footer>\n", out);
    pc_html_put_element(
        out, "p", " class=\"hint\"",
        strcmp(kind, "calibrate") == 0
            ? _("± is one standard error of what the history says; it says nothing about years that are unlike it.")
            : _("± is one standard error of the simulation, a line in a bar its 95 % interval; it says nothing "
                "about the model or the data."));
    code = code || !page->words ? code : put_drawn(page, results, out, status);
    fputs("</footer>\n", out);
    if (page->words) {
        pc_html_put_scripts((const char *)pc_html_study_script, out);
    }
    fputs("</body>\n</html>\n", out);
    return code;
}
