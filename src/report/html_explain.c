/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The page of an explanation: its words, shares and standard deviations as bars, the typical paths. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/memory.h"
#include "report/explain_view.h"
#include "report/format.h"
#include "report/html_inner.h"
#include "report/study_inner.h"

/* "wages" or "wages 2025-2029", its first part in the reader's words. */
static void label_share(const char *name, char *label, size_t size)
{
    const char *years = strchr(name, ' ');
    char group[64];

    snprintf(group, sizeof group, "%.*s", (int)(years ? years - name : (long)strlen(name)), name);
    snprintf(label, size, "%s%s", pc_explain_word(group), years ? years : "");
}

static pc_code put_shares(const pc_explain_view *e, size_t policy, const char *kind, FILE *out, pc_status *status)
{
    const char *const headings[3] = {strcmp(kind, "period") == 0 ? _("years") : _("drivers"),
                                     _("bar: alone; mark: with all that it has in common"), _("alone / in all")};
    pc_html_bar *bars = pc_calloc(e->n_shares + 1, sizeof *bars);
    char(*texts)[2 * PC_FIGURE_SIZE + 8] = pc_calloc(e->n_shares + 1, sizeof *texts);
    char(*labels)[96] = pc_calloc(e->n_shares + 1, sizeof *labels);
    size_t n = 0;

    for (size_t k = 0; k < e->n_shares && bars && texts && labels; k++) {
        const double first = pc_explain_at(e, PC_SEEN_FIRST, k, policy);
        const double total = pc_explain_at(e, PC_SEEN_TOTAL, k, policy);
        const double error = pc_explain_at(e, PC_SEEN_FIRST_SE, k, policy);
        pc_figure alone, in_all;
        if (!pc_explain_is_kind(e, k, kind)) {
            continue;
        }
        alone = pc_figure_share(first, error);
        in_all = pc_figure_share(total, pc_explain_at(e, PC_SEEN_TOTAL_SE, k, policy));
        snprintf(texts[n], sizeof *texts, "%s / %s", alone.text, in_all.text);
        label_share(e->shares[k], labels[n], sizeof *labels);
        bars[n] = (pc_html_bar){labels[n], first, error, total, NAN, texts[n]};
        n++;
    }
    if (bars && texts && labels) {
        pc_html_bars(out, headings, bars, n, 1, 0, 0);
    }
    pc_free(bars);
    pc_free(texts);
    pc_free(labels);
    return bars && texts && labels ? PC_OK : pc_fail(status, PC_ERR_FAIL, "no memory for the report");
}

static pc_code put_tornado(const pc_explain_view *e, FILE *out, pc_status *status)
{
    const char *const headings[3] = {_("driver or parameter"), _("blue: higher; orange: lower"), _("lower / higher")};
    pc_ranked_bar *order = pc_calloc(e->n_bars, sizeof *order);
    pc_html_bar *bars = pc_calloc(e->n_bars, sizeof *bars);
    char(*texts)[2 * PC_FIGURE_SIZE + 8] = pc_calloc(e->n_bars, sizeof *texts);
    size_t n = 0;

    if (order && bars && texts) {
        pc_explain_rank_bars(e, order);
        for (size_t i = 0; i < e->n_bars && order[i].size > 0; i++) {
            const size_t k = order[i].bar;
            const double low = pc_explain_at(e, PC_SEEN_LOW, k, 0), high = pc_explain_at(e, PC_SEEN_HIGH, k, 0);
            const double low_se = pc_explain_at(e, PC_SEEN_LOW_SE, k, 0);
            const double high_se = pc_explain_at(e, PC_SEEN_HIGH_SE, k, 0);
            pc_figure down = pc_figure_change(low, low_se, e->unit, 1);
            pc_figure up = pc_figure_change(high, high_se, e->unit, 1);
            snprintf(texts[n], sizeof *texts, "%s / %s", down.text, up.text);
            bars[n] = (pc_html_bar){pc_explain_word(e->bars[k]), high, high_se, low, low_se, texts[n]};
            n++;
        }
        pc_html_bars(out, headings, bars, n, 0, 0, 0);
    }
    pc_free(order);
    pc_free(bars);
    pc_free(texts);
    return order && bars && texts ? PC_OK : pc_fail(status, PC_ERR_FAIL, "no memory for the report");
}

/* Text that a printer of the text report makes, as paragraphs. */
static pc_code put_printed(const pc_explain_view *e, void (*print)(const pc_explain_view *view, FILE *out), FILE *out,
                           pc_status *status)
{
    char *text = NULL;
    size_t size = 0;
    FILE *memory = open_memstream(&text, &size);

    if (memory) {
        print(e, memory);
    }
    if (!memory || fclose(memory) != 0) {
        free(text);
        return pc_fail(status, PC_ERR_FAIL, "no memory for the report");
    }
    pc_html_lines(out, text);
    free(text);
    return PC_OK;
}

pc_code pc_html_explain(const pc_results *results, FILE *out, pc_status *status)
{
    pc_explain_view e;
    char line[512];
    pc_code code = pc_explain_view_open(results, &e, status);

    if (code) {
        return code;
    }
    snprintf(line, sizeof line, "%s%s", pc_study_text(results, pc_seen_group, "measure"), pc_figure_unit(e.unit));
    fputs("<section>\n", out);
    pc_html_put_element(out, "h2", "", line);
    fputs("<div class=\"answer\">\n", out);
    code = put_printed(&e, pc_explain_print_words, out, status);
    fputs("</div>\n</section>\n", out);
    for (size_t p = 0; p < e.n_policies && !code; p++) {
        snprintf(line, sizeof line, _("Share of the variance under %s"), e.policies[p]);
        fputs("<section>\n", out);
        pc_html_put_element(out, "h2", "", line);
        code = put_shares(&e, p, "group", out, status);
        pc_html_put_element(out, "h3", "", _("Which years matter: the process of these years"));
        code = code ? code : put_shares(&e, p, "period", out, status);
        if (p == 0 && !code) {
            pc_html_put_element(out, "h3", "", _("The largest of the process by years"));
            code = put_shares(&e, p, "cross", out, status);
        }
        fputs("</section>\n", out);
    }
    if (!code && e.n_bars) {
        snprintf(line, sizeof line, _("Change of the mean under %s by one standard deviation%s"), e.policies[0],
                 pc_figure_in_percent(e.unit) ? _(", points") : pc_figure_unit(e.unit));
        fputs("<section>\n", out);
        pc_html_put_element(out, "h2", "", line);
        code = put_tornado(&e, out, status);
        fputs("</section>\n", out);
    }
    fputs("<section>\n", out);
    pc_html_put_element(out, "h2", "", _("Typical paths"));
    code = code ? code : put_printed(&e, pc_explain_print_typical, out, status);
    fputs("</section>\n", out);
    return code;
}
