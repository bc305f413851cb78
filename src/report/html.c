/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/html.h"

#include <glib.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "base/i18n.h"
#include "base/numbers.h"
#include "report/html_inner.h"
#include "report/uncertain.h"

/* No request of any kind may leave the page. */
const char pc_html_head[] =
    "<meta charset=\"utf-8\">\n"
    "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
    "<meta name=\"color-scheme\" content=\"light dark\">\n"
    "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; "
    "script-src 'unsafe-inline'; img-src data:\">\n"
    "<link rel=\"icon\" href=\"data:,\">\n";

void pc_html_put_escaped(FILE *out, const char *text)
{
    for (; *text; text++) {
        const char *name = *text == '<' ? "&lt;" : *text == '>' ? "&gt;" : *text == '&' ? "&amp;" : NULL;
        if (*text == '"') {
            name = "&quot;";
        }
        name ? fputs(name, out) : fputc(*text, out);
    }
}

void pc_html_put_element(FILE *out, const char *tag, const char *attributes, const char *text)
{
    fprintf(out, "<%s%s>", tag, attributes);
    pc_html_put_escaped(out, text);
    fprintf(out, "</%s>\n", tag);
}

/* The script marks its texts as tr("..."), with neither quotes nor backslashes inside. */
void pc_html_texts(const char *script, pc_json *json)
{
    static const char mark[] = "tr(\"";
    const char *at = script;
    char text[1024];

    while ((at = strstr(at, mark))) {
        size_t length = strcspn(at += sizeof mark - 1, "\"");
        if (length > 0 && length < sizeof text) {
            const char *translated;
            memcpy(text, at, length);
            text[length] = 0;
            translated = _(text);
            if (strcmp(translated, text) != 0) {
                pc_json_put_text(json, text, translated);
            }
        }
    }
}

static void put_heading(const pc_view *view, FILE *out)
{
    const char *title = pc_view_title_shown(view);
    double n = pc_view_number(view, "paths", 0);
    char paths[48], line[512];

    pc_html_put_element(out, "h1", "", *title ? title : _("Results without a title"));
    pc_format_grouped(paths, sizeof paths, n, 0);
    if (n > 0) {
        snprintf(line, sizeof line, _("%1$d to %2$d, %3$s simulated futures, seed %4$s"), view->first_year,
                 view->last_year, paths, pc_view_text(view, "seed"));
    } else {
        snprintf(line, sizeof line, _("%1$d to %2$d, central path only: no chances, no errors"), view->first_year,
                 view->last_year);
    }
    pc_html_put_element(out, "p", " class=\"run\"", line);
}

static void put_answers(const pc_view *view, FILE *out)
{
    char names[256], text[640];
    int n_uncertain;
    int n = 0;

    for (int s = 0; s < PC_VIEW_N_SCHEMES; s++) {
        const char *scheme = pc_view_schemes[s];
        char group[192], attributes[96];
        pc_answer answer;
        snprintf(group, sizeof group, "policy/%s/%s", view->policies[0], scheme);
        if (!pc_results_find_group(view->results, group)) {
            continue;
        }
        pc_html_answer(view, scheme, &answer);
        snprintf(attributes, sizeof attributes, " class=\"answer\" data-scheme=\"%s\"%s", scheme, n++ ? " hidden" : "");
        fprintf(out, "<ol%s>\n", attributes);
        for (int i = 0; i < PC_ANSWER_SENTENCES; i++) {
            if (*answer.sentences[i]) {
                fputs("<li>", out);
                pc_html_put_element(out, "b", "", answer.leads[i]);
                pc_html_put_escaped(out, answer.sentences[i]);
                if (i == 1 && *answer.caution) {
                    fputc(' ', out);
                    pc_html_put_escaped(out, answer.caution);
                }
                fputs("</li>\n", out);
            }
        }
        fputs("</ol>\n", out);
    }
    if (pc_view_number(view, "paths", 0) > 0) {
        pc_html_put_element(out, "p", " class=\"hint\"",
                            _("± is one standard error of the simulation; it says nothing about the model or the data. "
                              "* From the 2040s on: what present rules unchanged would do, not a forecast."));
        n_uncertain = pc_uncertain_parameters(view, names, sizeof names);
        if (n_uncertain > 0) {
            snprintf(text, sizeof text,
                     _("Not known exactly and drawn once a path: %d parameters, of %s. Their keys end in _se in the "
                       "scenario; the others are taken as known."),
                     n_uncertain, names);
            pc_html_put_element(out, "p", " class=\"hint\"", text);
        } else {
            pc_html_put_element(
                out, "p", " class=\"hint\"",
                _("Parameters are taken as known (but for base-year accounts where they are estimates): what is not "
                  "known of them is not in the figures."));
        }
    }
}

/* Pages beyond this are packed: then they need a browser that can unpack (since 2023), smaller ones run in any. */
enum { MOST_PLAIN = 4000000 };

static pc_code put_packed(const char *text, size_t size, FILE *out, pc_status *status)
{
    uLongf n = compressBound(size);
    unsigned char *packed = malloc(n);
    char *digits;

    if (!packed || compress2(packed, &n, (const unsigned char *)text, size, 9) != Z_OK) {
        free(packed);
        return pc_fail(status, PC_ERR_FAIL, "no memory for the report");
    }
    digits = g_base64_encode(packed, n);
    fputs("<script type=\"text/plain\" id=\"data\" data-old=\"", out);
    pc_html_put_escaped(out, _("This page needs a browser of 2023 or later."));
    fprintf(out, "\">%s</script>\n", digits);
    g_free(digits);
    free(packed);
    return PC_OK;
}

/* JSON inside a script element: "<" stands only in texts and may not begin a tag. */
pc_code pc_html_put_data(const char *text, size_t size, FILE *out, pc_status *status)
{
    if (size > MOST_PLAIN) {
        return put_packed(text, size, out, status);
    }
    fputs("<script type=\"application/json\" id=\"data\">", out);
    for (const char *at = text; *at; at++) {
        *at == '<' ? fputs("\\u003c", out) : fputc(*at, out);
    }
    fputs("</script>\n", out);
    return PC_OK;
}

void pc_html_put_licence(FILE *out)
{
    fputs("<details>\n<summary>Chart.js</summary><pre>", out);
    pc_html_put_escaped(out, (const char *)pc_html_chart_licence);
    fputs("</pre></details>\n", out);
}

void pc_html_put_scripts(const char *script, FILE *out)
{
    fprintf(out, "<script>%s</script>\n<script>\n(async () => {\n\"use strict\";\n%s})();\n</script>\n",
            (const char *)pc_html_chart_library, script);
}

static pc_code put_data(const pc_view *view, const char *file, FILE *out, pc_status *status)
{
    char *text = NULL;
    size_t size = 0;
    FILE *memory = open_memstream(&text, &size);
    pc_code code;

    if (!memory) {
        return pc_fail(status, PC_ERR_FAIL, "no memory for the report");
    }
    code = pc_html_data(view, file, memory, status);
    if (fclose(memory) != 0 && !code) {
        code = pc_fail(status, PC_ERR_FAIL, "no memory for the report");
    }
    code = code ? code : pc_html_put_data(text, size, out, status);
    free(text);
    return code;
}

pc_code pc_report_html(const pc_results *results, const pc_html_options *options, FILE *out, pc_status *status)
{
    pc_view view;
    pc_code code = pc_view_open(results, &view, status);
    const char *file = options && options->file ? options->file : "RESULTS.h5";

    if (code) {
        return code;
    }
    fprintf(out, "<!doctype html>\n<html lang=\"%s\">\n<head>\n%s", pc_language_is_chinese() ? "zh-CN" : "en",
            pc_html_head);
    pc_html_put_element(out, "title", "", pc_view_title_shown(&view));
    fprintf(out, "<style>\n%s</style>\n</head>\n<body>\n<header>\n", (const char *)pc_html_style);
    put_heading(&view, out);
    put_answers(&view, out);
    fputs("</header>\n<noscript>", out);
    pc_html_put_escaped(out, _("Charts and tables need JavaScript."));
    fputs("</noscript>\n<main></main>\n<footer>\n", out);
    pc_html_put_licence(out);
    fputs("</footer>\n", out);
    code = put_data(&view, file, out, status);
    pc_html_put_scripts((const char *)pc_html_script, out);
    fputs("</body>\n</html>\n", out);
    return code;
}
