/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The files of a rolled scenario: the old ones with the new year's figures in their places. */
#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/numbers.h"
#include "scenario/csv.h"
#include "scenario/schema.h"
#include "study/roll.h"

/* Its name where the old scenario has none. */
static const char exposure_file[] = "exposure.csv";

/* The value of a figure with the items until `last` taken in. */
static double value_of(const pc_roll *roll, int region, int column, pc_roll_item last)
{
    const size_t at = (size_t)region * PC_REGION_COLUMNS + (size_t)column;
    const int item = pc_roll_item_of((pc_region_column)column);

    return item >= 0 && item <= (int)last && !isnan(roll->observed[at]) ? roll->observed[at] : roll->projected[at];
}

static void print_number(FILE *out, double x)
{
    char text[PC_NUMBER_SIZE];

    pc_format_double(text, sizeof text, x);
    fputs(text, out);
}

static void print_cell(FILE *out, const char *text)
{
    if (!text[strcspn(text, ",\"\r\n")]) {
        fputs(text, out);
        return;
    }
    fputc('"', out);
    for (; *text; text++) {
        fputs(*text == '"' ? "\"\"" : (const char[]){*text, 0}, out);
    }
    fputc('"', out);
}

/* ---- tables
 * ------------------------------------------------------------------------------------------------------------ */

static const pc_file *file_of_regions(const pc_roll *roll)
{
    for (size_t i = 0; i < pc_files_count(roll->files); i++) {
        if (strcmp(pc_files_at(roll->files, i)->shown, roll->scenario->regions[0].place.file) == 0) {
            return pc_files_at(roll->files, i);
        }
    }
    return NULL;
}

/* The old table, cell by cell; figures that the year has moved are new, and columns that the accounts have and the
 * table had not come at its end. */
static pc_code write_regions(const pc_roll *roll, pc_roll_item last, FILE *out, pc_status *status)
{
    pc_arena arena = {0};
    pc_problems *problems = pc_arena_calloc(&arena, 1, sizeof *problems);
    const pc_file *file = file_of_regions(roll);
    const pc_table *table = problems && file ? pc_csv_read(file, &arena, problems, status) : NULL;
    const int code = table ? pc_csv_find(table, "code") : -1;
    int added[PC_REGION_COLUMNS], n_added = 0;

    if (code < 0) {
        pc_arena_release(&arena);
        return pc_fail(status, PC_ERR_FAIL, "the table of regions cannot be read again");
    }
    for (int c = 0; c < PC_REGION_COLUMNS; c++) {
        int some = 0;
        for (int r = 0; r < roll->n_regions; r++) {
            some |= !isnan(roll->observed[(size_t)r * PC_REGION_COLUMNS + (size_t)c]);
        }
        if (some && pc_csv_find(table, pc_schema_region.params[c].key) < 0) {
            added[n_added++] = c;
        }
    }
    for (int k = 0; k < table->n_columns; k++) {
        fprintf(out, "%s%s", k ? "," : "", table->header[k].text);
    }
    for (int k = 0; k < n_added; k++) {
        fprintf(out, ",%s", pc_schema_region.params[added[k]].key);
    }
    for (int row = 0; row < table->n_rows; row++) {
        int r = 0;
        while (r + 1 < roll->n_regions &&
               strcmp(roll->scenario->regions[r].id, pc_csv_cell(table, row, code)->text) != 0) {
            r++;
        }
        fputc('\n', out);
        for (int k = 0; k < table->n_columns + n_added; k++) {
            int c = k < table->n_columns ? 0 : added[k - table->n_columns];
            while (k < table->n_columns && c < PC_REGION_COLUMNS &&
                   strcmp(pc_schema_region.params[c].key, table->header[k].text) != 0) {
                c++;
            }
            fputs(k ? "," : "", out);
            if (c == PC_REGION_COLUMNS ||
                roll->projected[(size_t)r * PC_REGION_COLUMNS + (size_t)c] == roll->scenario->regions[r].value[c]) {
                const double now = c == PC_REGION_COLUMNS ? NAN : value_of(roll, r, c, last);
                if (c == PC_REGION_COLUMNS || now == roll->scenario->regions[r].value[c]) {
                    if (k < table->n_columns) {
                        print_cell(out, pc_csv_cell(table, row, k)->text);
                    }
                    continue;
                }
            }
            if (!isnan(value_of(roll, r, c, last))) {
                print_number(out, value_of(roll, r, c, last));
            }
        }
    }
    fputc('\n', out);
    pc_arena_release(&arena);
    return PC_OK;
}

static void write_population(const pc_roll *roll, pc_roll_item last, FILE *out)
{
    fputs("region,sex,age,persons\n", out);
    for (int r = 0; r < roll->n_regions; r++) {
        const double *people = roll->population + (size_t)r * PC_SEXES * PC_AGES;
        const double scale =
            value_of(roll, r, PC_COL_POPULATION, last) / value_of(roll, r, PC_COL_POPULATION, PC_ROLL_PASSING);
        for (int i = 0; i < PC_SEXES * PC_AGES; i++) {
            fprintf(out, "%s,%s,%d,", roll->scenario->regions[r].id, i < PC_AGES ? "female" : "male", i % PC_AGES);
            print_number(out, people[i] * scale);
            fputc('\n', out);
        }
    }
}

/* The profile of membership as the cohorts brought it to the new base year. */
static void write_membership(const pc_roll *roll, FILE *out)
{
    fputs("region,age_from,profile\n", out);
    for (int r = 0; r < roll->n_regions; r++) {
        for (int a = 0; a < PC_AGES; a++) {
            const double *e = &roll->membership[r * PC_AGES + a];
            if (a == 0 || e[0] != e[-1]) {
                fprintf(out, "%s,%d,", roll->scenario->regions[r].id, a);
                print_number(out, e[0]);
                fputc('\n', out);
            }
        }
    }
}

static void write_exposure(const pc_roll *roll, FILE *out)
{
    fputs("region", out);
    for (int k = 0; k < PC_BASE_SUMS; k++) {
        fprintf(out, ",%s", pc_base_sums[k]);
    }
    for (int r = 0; r < roll->n_regions; r++) {
        fprintf(out, "\n%s", roll->scenario->regions[r].id);
        for (int k = 0; k < PC_BASE_SUMS; k++) {
            fputc(',', out);
            print_number(out, roll->exposure[r * PC_BASE_SUMS + k]);
        }
    }
    fputc('\n', out);
}

/* 1 where a table's head has these columns. */
static int has_columns(const pc_file *file, const char *const *columns, int n)
{
    const char *end = strchr(file->text, '\n');
    char head[512];

    snprintf(head, sizeof head, "%.*s", (int)(end ? end - file->text : 0), file->text);
    for (int i = 0; i < n; i++) {
        if (!strstr(head, columns[i])) {
            return 0;
        }
    }
    return 1;
}

/* What becomes of a table of the old scenario. */
static pc_code write_table(const pc_roll *roll, const pc_file *file, pc_roll_item last, FILE *out, pc_status *status)
{
    static const char *const population[] = {"sex", "age", "persons"}, *const membership[] = {"age_from", "profile"};
    static const char *const exposure[] = {"region", "aged", "retiree_rcost"};

    if (file == file_of_regions(roll)) {
        return write_regions(roll, last, out, status);
    }
    if (has_columns(file, population, 3)) {
        write_population(roll, last, out);
    } else if (has_columns(file, membership, 2)) {
        write_membership(roll, out);
    } else if (has_columns(file, exposure, 3)) {
        write_exposure(roll, out);
    } else {
        fwrite(file->text, 1, file->size, out);
    }
    return PC_OK;
}

/* The table of exposures is there already: the base year has been moved before. */
static int has_exposure(const pc_roll *roll)
{
    return roll->scenario->base_exposure != NULL;
}

/* ---- scenario.yaml
 * ----------------------------------------------------------------------------------------------------- */

/* A number written at a place of the text, or, where it was not written, a line to be put in. */
typedef struct edit {
    char key[64]; /* "mortality.kappa", "base_year" */
    double value;
    const char *text;  /* instead of the value */
    size_t at, length; /* in the text; length 0: not written */
} edit;

static size_t offset_of(const char *text, int line, int column)
{
    const char *at = text;

    for (int k = 1; k < line && at; k++) {
        at = strchr(at, '\n');
        at += at != NULL;
    }
    return at ? (size_t)(at - text) + (size_t)(column - 1) : 0;
}

/* A number with its unit ends before a comma, a bracket, a comment or the line's end. */
static size_t length_of(const char *at)
{
    size_t n = strcspn(at, ",}]#\n\r");

    while (n > 0 && isspace((unsigned char)at[n - 1])) {
        n--;
    }
    return n;
}

/* Keys of a section that the passing of a year moves. */
static void section_edits(const pc_roll *roll, const char *text, edit *edits, int *n)
{
    static const char *const fading[] = {"fertility", "migration", "employment", "wages", "cost", "returns"};
    static const char *const schemes[PC_SCHEMES] = {"employee", "resident"};
    const pc_scenario *s = roll->scenario;
    char key[64];

    snprintf(edits[*n].key, sizeof edits->key, "mortality.kappa");
    edits[(*n)++].value = pc_scenario_number(s, "mortality.kappa") + pc_scenario_number(s, "mortality.drift");
    for (size_t k = 0; k < sizeof fading / sizeof *fading; k++) {
        double phi, start;
        snprintf(key, sizeof key, "%s.phi", fading[k]);
        phi = pc_scenario_number(s, key);
        snprintf(key, sizeof key, "%s.start", fading[k]);
        start = pc_scenario_number(s, key);
        snprintf(edits[*n].key, sizeof edits->key, "%s", key);
        edits[(*n)++].value = phi * start;
    }
    for (int v = 0; v < PC_SCHEMES; v++) {
        double last, decay;
        snprintf(key, sizeof key, "cost.%s.excess_long_run", schemes[v]);
        last = pc_scenario_number(s, key);
        snprintf(key, sizeof key, "cost.%s.decay", schemes[v]);
        decay = pc_scenario_number(s, key);
        snprintf(edits[*n].key, sizeof edits->key, "cost.%s.excess", schemes[v]);
        edits[*n].value = last + (pc_scenario_number(s, edits[*n].key) - last) * decay;
        (*n)++;
        snprintf(key, sizeof key, "cost.%s.excess_se", schemes[v]);
        snprintf(edits[*n].key, sizeof edits->key, "%s", key);
        edits[*n].value = pc_scenario_number(s, key) * decay;
        (*n)++;
    }
    for (int i = 0; i < *n; i++) { /* where they stand */
        const char *dot = strchr(edits[i].key, '.');
        for (int k = 0; dot && k < s->n_sections; k++) {
            const pc_section *section = &s->sections[k];
            if (strncmp(section->head->name, edits[i].key, (size_t)(dot - edits[i].key)) != 0 ||
                section->head->name[dot - edits[i].key]) {
                continue;
            }
            for (int p = 0; p < section->head->n_params; p++) {
                if (strcmp(section->head->params[p].key, dot + 1) == 0 && section->places[p].line > 0) {
                    edits[i].at = offset_of(text, section->places[p].line, section->places[p].column);
                    edits[i].length = length_of(text + edits[i].at);
                }
            }
        }
    }
}

/* The line "key:" of a text, at its beginning; NULL. */
static const char *line_of(const char *text, const char *key, size_t length)
{
    for (const char *at = text; at; at = strchr(at, '\n') ? strchr(at, '\n') + 1 : NULL) {
        if (strncmp(at, key, length) == 0 && at[length] == ':') {
            return at + length + 1;
        }
    }
    return NULL;
}

static void top_edit(const char *text, const char *key, double value, edit *e)
{
    const char *at = line_of(text, key, strlen(key));

    snprintf(e->key, sizeof e->key, "%s", key);
    e->value = value;
    if (at) {
        at += strspn(at, " ");
        e->at = (size_t)(at - text);
        e->length = length_of(at);
    }
}

static int by_place(const void *a, const void *b)
{
    const edit *x = a, *y = b;

    return (x->at > y->at) - (x->at < y->at);
}

/* A key that was not written: into its section, behind the brace or as a line of its own. */
static void place_new(const char *text, edit *e)
{
    const char *dot = strchr(e->key, '.'), *at = dot ? line_of(text, e->key, (size_t)(dot - e->key)) : NULL;

    if (at) {
        const char *brace = at + strspn(at, " ");
        e->at = (size_t)(*brace == '{'      ? brace + 1 - text
                         : strchr(at, '\n') ? strchr(at, '\n') + 1 - text
                                            : (long)strlen(text));
    } else {
        e->at = strlen(text);
    }
}

static void print_value(const edit *e, FILE *out)
{
    if (e->text) {
        fputs(e->text, out);
    } else {
        print_number(out, e->value);
    }
}

static void print_edit(const char *text, const edit *e, FILE *out)
{
    const char *dot = strchr(e->key, '.');

    if (e->length) {
        print_value(e, out);
    } else if (!dot || e->at == strlen(text)) {
        fprintf(out, "%.*s: %s%s%s", dot ? (int)(dot - e->key) : (int)strlen(e->key), e->key, dot ? "{" : "",
                dot ? dot + 1 : "", dot ? ": " : "");
        print_value(e, out);
        fputs(dot ? "}\n" : "\n", out);
    } else {
        const int flow = e->at > 0 && text[e->at - 1] == '{';
        fprintf(out, "%s%s: ", flow ? "" : "  ", dot + 1);
        print_value(e, out);
        fputs(flow ? ", " : "\n", out);
    }
}

static void write_scenario(const pc_roll *roll, const char *text, FILE *out)
{
    edit edits[24] = {{.length = 0}};
    int n = 0, kept = 0;
    size_t done = 0;

    section_edits(roll, text, edits, &n);
    top_edit(text, "base_year", roll->base_year, &edits[n++]);
    top_edit(text, "horizon", roll->scenario->horizon - 1, &edits[n++]);
    if (!has_exposure(roll)) {
        snprintf(edits[n].key, sizeof edits->key, "tables.exposure");
        edits[n++].text = exposure_file;
    }
    for (int i = 0; i < n; i++) { /* what stays as it is needs no line */
        const double now =
            strchr(edits[i].key, '.') && !edits[i].text ? pc_scenario_number(roll->scenario, edits[i].key) : NAN;
        if (edits[i].text || edits[i].value != now) {
            edits[kept] = edits[i];
            if (edits[kept].length == 0) {
                place_new(text, &edits[kept]);
            }
            kept++;
        }
    }
    qsort(edits, (size_t)kept, sizeof *edits, by_place);
    for (int i = 0; i < kept; i++) {
        fwrite(text + done, 1, edits[i].at - done, out);
        print_edit(text, &edits[i], out);
        done = edits[i].at + edits[i].length;
    }
    fputs(text + done, out);
}

pc_code pc_roll_files(const pc_roll *roll, pc_roll_item last, pc_files **out, pc_status *status)
{
    const size_t n = pc_files_count(roll->files);
    pc_files *files = pc_files_memory();
    pc_code code = files ? PC_OK : pc_fail(status, PC_ERR_FAIL, "no memory for the scenario");

    for (size_t i = 0; i < n + (has_exposure(roll) ? 0 : 1) && !code; i++) {
        const pc_file *file = i < n ? pc_files_at(roll->files, i) : NULL;
        char *text = NULL;
        size_t size = 0;
        FILE *stream = open_memstream(&text, &size);

        if (!stream) {
            code = pc_fail(status, PC_ERR_FAIL, "no memory for the scenario");
            break;
        }
        if (i == 0) {
            write_scenario(roll, file->text, stream);
        } else if (file) {
            code = write_table(roll, file, last, stream, status);
        } else {
            write_exposure(roll, stream);
        }
        if (fclose(stream)) {
            code = code ? code : pc_fail(status, PC_ERR_FAIL, "no memory for the scenario");
        }
        code = code ? code : pc_files_put(files, file ? file->name : exposure_file, text, size, status);
        free(text);
    }
    if (code) {
        pc_files_free(files);
        files = NULL;
    }
    *out = files;
    return code;
}
