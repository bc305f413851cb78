/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the parts of the reader share; private to src/scenario. Every part adds what it finds wrong to `problems` and
 * goes on, so that all problems come in one go; only lack of memory (status) stops it. */
#ifndef PC_SCENARIO_READER_H
#define PC_SCENARIO_READER_H

#include "scenario/csv.h"
#include "scenario/scenario.h"
#include "scenario/values.h"
#include "scenario/yaml.h"

typedef struct pc_reader {
    const pc_files *files;
    pc_scenario *scenario;
    pc_arena *kept;    /* the scenario's */
    pc_arena *scratch; /* released after reading */
    pc_problems *problems;
    pc_status *status;
    const pc_node *root;
    int first_year;          /* latest year with which a series may start: base_year + 1, or that of the phase */
    const pc_table *regions; /* regions.csv, NULL when it could not be read */
} pc_reader;

/* A key beside the parameters of a head: found[i] is its node afterwards, NULL if absent. */
typedef struct pc_extra {
    const char *name; /* dotted, relative to the section */
    const pc_node *node;
    pc_spot key_spot;
} pc_extra;

void *pc_reader_keep(pc_reader *reader, size_t count, size_t size);
const char *pc_reader_text(pc_reader *reader, const char *text);
/* A file named in `from` (its names are relative to its own folder); a problem at `spot` if there is none. */
const pc_file *pc_reader_file(pc_reader *reader, const pc_file *from, const char *name, pc_spot spot);
/* File and table in one: NULL after a problem. */
const pc_table *pc_reader_table(pc_reader *reader, const pc_file *from, const char *name, pc_spot spot);
/* Place of the key in the file: where a message about something missing goes. */
pc_spot pc_reader_spot(const pc_reader *reader, const pc_node *node);

/* sections.c: sets all values to their defaults / reads a map into them. `node` NULL: nothing is given. */
void pc_section_start(pc_reader *reader, pc_section *section, const pc_head *head);
void pc_section_read(pc_reader *reader, pc_section *section, const pc_node *node, const char *title, pc_extra *extras,
                     int n_extras);
int pc_section_find(const pc_section *section, const char *key);
/* A series written as a number, a map or a CSV file name. 0 after a problem. */
int pc_series_read(pc_reader *reader, const pc_param *param, const char *name, const pc_node *node, double *out);

/* overrides.c */
void pc_overrides_apply(pc_reader *reader, pc_node *root, const char *const *overrides, int n_overrides);
/* The parameters of entry `index` of a list of layers, levers or rules, written as `name` or as {name: {...}}: a map.
 * NULL without memory. */
pc_node *pc_override_entry(pc_reader *reader, pc_node *list, int index);

/* spans.c: KEY[FROM:TO]OP=VALUE changes a series in some years. */
int pc_span_is(const char *override);
/* After the sections have been read. */
void pc_spans_apply(pc_reader *reader);

/* policy_overrides.c: policy.NAME.[ENTRY.]PARAMETER=value and policy.NAME.start=year; `part` without "policy". */
void pc_policy_override(pc_reader *reader, pc_node *root, char *const *part, int n, pc_spot spot, pc_node *value);

/* selection.c: the override `policies=NAME,NAME` or `policies=all`. */
/* The names of an override that selects policies; NULL for any other override. */
const char *pc_selection_names(const char *override);
/* Adds the policies of the library that a selection names, before other overrides change them. */
void pc_selection_add(pc_reader *reader, pc_node *root, const char *const *overrides, int n_overrides);
/* Leaves the baseline and what the last selection names, after everything was read. */
void pc_selection_keep(pc_scenario *s);

/* regions.c */
void pc_regions_read(pc_reader *reader, const pc_section *top, const pc_node *partitions);
void pc_partitions_read(pc_reader *reader, const pc_node *partitions);
int pc_region_find(const pc_scenario *scenario, const char *id);
/* All random streams of the scenario must differ. */
void pc_streams_check(pc_reader *reader);

/* people.c */
void pc_people_tables_read(pc_reader *reader, const pc_section *top);

/* years.c */
/* A pension-age table into [n_years + 1][3]; NULL after a problem. */
double *pc_pension_age_read(pc_reader *reader, const pc_file *from, const char *name, pc_spot spot);
void pc_prices_read(pc_reader *reader, const pc_section *top);

/* correlation.c */
void pc_correlation_read(pc_reader *reader, const pc_node *node);
void pc_region_correlation_read(pc_reader *reader, const pc_section *top, const pc_node *drivers);

/* policies.c */
void pc_policies_expand(pc_reader *reader, pc_node *root);
void pc_policies_read(pc_reader *reader, const pc_node *policies, pc_spot missing);
void pc_shocks_read(pc_reader *reader, const pc_node *node);

#endif
