/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The sheets of the workbook. */
#ifndef PC_REPORT_WORKBOOK_SHEETS_H
#define PC_REPORT_WORKBOOK_SHEETS_H

#include "report/export_inner.h"
#include "report/workbook/book.h"

/* What all sheets know. */
typedef struct pc_sheets {
    pc_book book;
    pc_view view;
    const pc_export_options *options;
    int n_policies, policies[PC_VIEW_MAX_POLICIES]; /* chosen ones, index into view.policies */
    int n_schemes, schemes[PC_VIEW_N_SCHEMES];
    pc_sheet charts; /* the sheet of charts, filled by the others */
    int n_charts;
} pc_sheets;

/* Names of sheets that others point to, translated. */
const char *pc_sheet_months_name(void);

/* A sheet of a topic, and its charts. The rows are a full grid of policy, scheme, area and year, in this order. */
void pc_sheet_topic(pc_sheets *self, const pc_topic *topic);
/* The fan with its choices; `months` are the rows of the topic 0. */
void pc_sheet_fan(pc_sheets *self);
void pc_sheet_answer(pc_sheets *self);
void pc_sheet_depletion(pc_sheets *self);
void pc_sheet_heat(pc_sheets *self);
void pc_sheet_first_year(pc_sheets *self);
void pc_sheet_winners(pc_sheets *self);
void pc_sheet_treasury(pc_sheets *self);
/* Who gives to whom, where the file has it. */
void pc_sheet_matrix(pc_sheets *self);
void pc_sheet_policies(pc_sheets *self);
void pc_sheet_base_year(pc_sheets *self);
void pc_sheet_parameters(pc_sheets *self);
void pc_sheet_quality(pc_sheets *self);
void pc_sheet_scenario(pc_sheets *self);

const char *pc_sheets_policy(const pc_sheets *self, int p); /* p-th chosen policy */
const char *pc_sheets_scheme(const pc_sheets *self, int s);
/* Puts a chart on the sheet of charts, `column` 0 or 1; the row follows when column 0 comes. */
void pc_sheets_add_chart(pc_sheets *self, lxw_chart *chart, int column);
/* A text of a 1-D text dataset at i; "" when absent. */
const char *pc_sheets_text(const pc_sheets *self, const char *group, const char *name, size_t i);

#endif
