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

/* The page's texts in the language of the report, as members of an object. */
void pc_html_texts(pc_json *json);

/* Files built into the library (cmake/embed.cmake), each closed by a zero. */
extern const unsigned char pc_html_style[], pc_html_script[], pc_html_chart_library[], pc_html_chart_licence[];

#endif
