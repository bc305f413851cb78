/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a reader is shown of a results file, topic by topic, with the words for it: shared by workbook and pictures. */
#ifndef PC_REPORT_TOPICS_H
#define PC_REPORT_TOPICS_H

#include "report/view.h"

typedef enum pc_unit_kind {
    PC_UNIT_CHANCE, /* fraction, shown as per cent */
    PC_UNIT_POINTS, /* difference of two chances, shown in points */
    PC_UNIT_MONEY,  /* yuan, shown in 100 million yuan */
    PC_UNIT_YUAN,   /* yuan a person */
    PC_UNIT_MONTHS,
    PC_UNIT_PERSONS,
    PC_UNIT_SHARE, /* fraction that is no chance, shown as per cent */
    PC_UNIT_NUMBER /* pure number */
} pc_unit_kind;

typedef struct pc_topic_measure {
    const char *name;  /* data set */
    const char *label; /* for a person, untranslated: show _(label) */
    pc_unit_kind unit;
    int real; /* divided by the price level */
} pc_topic_measure;

typedef struct pc_topic {
    const char *sheet; /* name of its sheet, untranslated, at most 31 characters in every language */
    const char *note;  /* what it says, untranslated */
    const char *tree;  /* policy, difference, people or economy */
    int has_area, has_year;
    const pc_topic_measure *measures;
    int n_measures;
    int charted; /* which of the measures is drawn for the whole; -1: none */
} pc_topic;

extern const pc_topic pc_topics[];
extern const int pc_n_topics;

/* "100 million yuan", translated; of real money with its base year, as "100 million yuan of 2024" into `text`. */
const char *pc_unit_text(pc_unit_kind unit, int real, int base_year, char *text, size_t size);
/* What a value of the file is multiplied by to be shown: 1e-8 for money, 100 for points, else 1. */
double pc_unit_scale(pc_unit_kind unit);
/* The scheme's name, translated. */
const char *pc_scheme_text(const char *scheme);
/* The policy's title in the reader's language; its name when it has none. */
const char *pc_policy_title(const pc_view *view, const char *policy);
#endif
