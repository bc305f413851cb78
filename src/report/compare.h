/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Two results files side by side: which inputs differ, which results differ beyond their errors. */
#ifndef PC_REPORT_COMPARE_H
#define PC_REPORT_COMPARE_H

#include <stdio.h>

#include "report/listing.h"

typedef struct pc_compare_options {
    const char *name_a, *name_b; /* names of the files */
    pc_listing_format format;
} pc_compare_options;

/* How results are compared, from what the files say of themselves. */
typedef enum pc_compare_mode {
    PC_COMPARE_EQUAL,  /* same inputs, seed and number of paths: every number must be the same to the last bit */
    PC_COMPARE_NESTED, /* same inputs and seed, n < N paths: the first n are common; the error of a difference of means
                          is se_N sqrt(N/n - 1) */
    PC_COMPARE_APART /* else: sqrt(se_a^2 + se_b^2); with a common seed that is too wide, never too narrow, unless paths
                        of the two runs go against each other */
} pc_compare_mode;

/* What of the inputs or of the run differs. */
typedef struct pc_compare_input {
    char kind[24]; /* run, version, file, override, parameter, series, table, policy */
    char key[160], a[200], b[200];
} pc_compare_input;

/* A measure in a group whose values differ. */
typedef struct pc_compare_row {
    const char *group, *measure, *unit; /* unit of the measure, of a and b; "" without; into the results */
    long n_tests, n_beyond;             /* values with an error; those beyond the threshold */
    long n_values, n_unequal;           /* all values: not the same to the last bit */
    double largest; /* distance in errors of the value that is farthest apart; infinite without an error */
    char region[64], statistic[32];
    int year; /* 0: none */
    double a, a_error, b, b_error, error;
} pc_compare_row;

typedef struct pc_comparison {
    pc_compare_mode mode;
    int same_seed, same_version, inputs_differ; /* inputs: what counts, not the text of a file or a version */
    pc_compare_input *inputs;
    int n_inputs, room_inputs;
    pc_compare_row *rows;
    int n_rows, room_rows;
    long n_tests, n_beyond, n_values, n_unequal, n_unmatched;
    double threshold, expected_alarms; /* in errors; false alarms over all tests if only chance differs */
} pc_comparison;

/* Compares. The expected number of false alarms over all tests is 0.05: the threshold is Student's t (degrees of
 * freedom: the smaller number of paths less one) at 0.05 / (2 tests). Release with pc_compare_release. PC_ERR_INPUT for
 * files without policies. */
pc_code pc_compare(const pc_results *a, const pc_results *b, pc_comparison *comparison, pc_status *status);
void pc_compare_release(pc_comparison *comparison);

/* The comparison as text (verdict first), CSV or JSON. */
pc_code pc_report_compare(const pc_results *a, const pc_results *b, const pc_compare_options *options, FILE *out,
                          pc_status *status);

#endif
