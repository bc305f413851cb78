/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Parts of the report page, one file each. */
#ifndef PC_REPORT_HTML_INNER_H
#define PC_REPORT_HTML_INNER_H

#include <stdio.h>

#include "base/json.h"
#include "base/status.h"
#include "report/view.h"

enum { PC_ANSWER_SENTENCES = 3, PC_ANSWER_SIZE = 1024 };

/* The answer for one scheme in plain sentences made from the numbers, each after a few words that say what it is about;
 * a sentence may be empty. */
typedef struct pc_answer {
    const char *leads[PC_ANSWER_SENTENCES];
    char sentences[PC_ANSWER_SENTENCES][PC_ANSWER_SIZE];
    char caution[PC_ANSWER_SIZE]; /* about the second; often empty */
} pc_answer;
void pc_html_answer(const pc_view *view, const char *scheme, pc_answer *answer);
/* The policy that the answer's last sentence is about. */
int pc_html_headline(const pc_view *view, const char *scheme);

/* All numbers that the page shows, as one JSON object. Series of numbers are rounded to a scale fine enough for what is
 * shown and written as differences from year to year in base 64 (see html/data.js); equal blocks are written once.
 * `file` is the name of the results file. PC_ERR_FAIL when memory runs out. */
pc_code pc_html_data(const pc_view *view, const char *file, FILE *out, pc_status *status);

/* Names, policies, inputs and diagnostics, as members of an object. */
void pc_html_inputs(const pc_view *view, pc_json *json);

/* The texts of a page's script in the language of the report, as members of an object. */
void pc_html_texts(const char *script, pc_json *json);

/* Text and one element around a text, escaped. `attributes` starts with a blank. */
void pc_html_put_escaped(FILE *out, const char *text);
void pc_html_put_element(FILE *out, const char *tag, const char *attributes, const char *text);
extern const char pc_html_head[]; /* what stands first in every page's head */

/* A row of bars: two numbers about 0 with their errors (NaN: none) and what stands beside them. */
typedef struct pc_html_bar {
    const char *label;
    double value, error, other, other_error;
    const char *text;
} pc_html_bar;
/* Widens low <= 0 <= high until all bars fit: for tables that share a scale. */
void pc_html_widen(const pc_html_bar *bars, size_t n, double *low, double *high);
/* A table of label, text and bar under headings for label, bar and text, on the scale low .. high or what is needed
 * beyond; with `marks` the other number is a mark and not a bar. */
void pc_html_bars(FILE *out, const char *const headings[3], const pc_html_bar *bars, size_t n, int marks, double low,
                  double high);
/* Each line of a text as a paragraph; commands as such. */
void pc_html_lines(FILE *out, const char *text);

/* What the page of a study draws, as one JSON object: `run` has the root's attributes, `found` those of the study's
 * group and its datasets by name, row by row, with `axes` and `units`. */
void pc_html_study_data(const pc_results *results, const char *kind, const char *group, FILE *out);
/* A page's data, ready in memory, as an element that the scripts read; large ones packed. */
pc_code pc_html_put_data(const char *text, size_t size, FILE *out, pc_status *status);
/* Chart.js's licence, and after the data the scripts: what ends a page that draws. */
void pc_html_put_licence(FILE *out);
void pc_html_put_scripts(const char *script, FILE *out);

/* Bodies of the pages of studies that need no script. */
pc_code pc_html_stress(const pc_results *results, FILE *out, pc_status *status);
pc_code pc_html_explain(const pc_results *results, FILE *out, pc_status *status);

/* Files built into the library (cmake/embed.cmake), each closed by a zero. */
extern const unsigned char pc_html_style[], pc_html_script[], pc_html_study_script[], pc_html_chart_library[],
    pc_html_chart_licence[];

#endif
