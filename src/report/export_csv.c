/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The folder of tidy tables. */
#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "report/export_inner.h"
#include "report/listing_inner.h"
#include "base/safe_file.h"

#define BYTE_ORDER_MARK "\xEF\xBB\xBF"

typedef struct folder {
    const char *path;
    const pc_export_options *options;
    pc_view view;
    pc_export_group groups[PC_EXPORT_MAX_GROUPS];
    int n_groups;
    pc_safe_stream dictionary;
} folder;

static pc_code make_directory(const char *path, pc_status *status)
{
    struct stat info;

    if (mkdir(path, 0777) == 0 || (errno == EEXIST && stat(path, &info) == 0 && S_ISDIR(info.st_mode))) {
        return PC_OK;
    }
    return pc_fail(status, PC_ERR_WRITE, "%s: cannot make the folder: %s", path,
                   errno == EEXIST ? strerror(ENOTDIR) : strerror(errno));
}

/* Opens DIRECTORY/NAME.csv and writes its mark and header. */
__attribute__((format(printf, 4, 5))) static pc_code open_table(const folder *f, pc_safe_stream *table,
                                                                pc_status *status, const char *format, ...)
{
    char path[4096];
    va_list args;
    size_t n = (size_t)snprintf(path, sizeof path, "%s/", f->path);
    pc_code code;

    if (n < sizeof path) {
        va_start(args, format);
        n += (size_t)vsnprintf(path + n, sizeof path - n, format, args);
        va_end(args);
    }
    if (n >= sizeof path) {
        return pc_fail(status, PC_ERR_WRITE, "%.200s: the name of the folder is too long", f->path);
    }
    code = pc_safe_stream_open(table, path, PC_SAFE_REPLACE, status);
    if (!code) {
        /* the stream outlives `path`: messages name the folder then */
        table->file.name = f->path;
        fputs(BYTE_ORDER_MARK, table->out);
    }
    return code;
}

static void cells(FILE *out, int n, const char *const *texts)
{
    for (int i = 0; i < n; i++) {
        if (i) {
            fputc(',', out);
        }
        pc_listing_csv_text(out, texts[i] ? texts[i] : "");
    }
}

static void line(FILE *out, int n, const char *const *texts)
{
    cells(out, n, texts);
    fputc('\n', out);
}

/* Axes that have no column of their own in every table: not region, year or statistic. */
static int is_further_axis(const pc_dataset *dataset, int axis)
{
    return axis != pc_export_statistic_axis(dataset) && strcmp(dataset->dims[axis]->name, "region") != 0 &&
           strcmp(dataset->dims[axis]->name, "year") != 0;
}

/* The rows of one dataset: places in the order of its axes, the statistics of a place together. `statistic` is what a
 * dataset without statistics is called. */
static void rows_at(FILE *out, const pc_export_group *where, const char *measure, const pc_dataset *dataset,
                    const char *statistic, const size_t *at)
{
    const int statistic_axis = pc_export_statistic_axis(dataset);
    const size_t n = statistic_axis < 0 ? 1 : dataset->dims[statistic_axis]->size;

    for (size_t k = 0; k < n; k++) {
        const char *region = "", *texts[3];
        char year[24] = "", name[96], further[128], number[PC_NUMBER_SIZE];
        size_t index = 0;
        texts[0] = where->policy;
        texts[1] = *where->scheme ? where->scheme : where->tree;
        for (int axis = 0; axis < dataset->rank; axis++) {
            const pc_dimension *dim = dataset->dims[axis];
            size_t i = axis == statistic_axis ? k : at[axis];
            index = index * dim->size + i;
            if (strcmp(dim->name, "region") == 0 && dim->type == PC_TEXT && dim->coordinates) {
                region = ((char *const *)dim->coordinates)[i];
            } else if (strcmp(dim->name, "year") == 0) {
                pc_export_coordinate(dim, i, year, sizeof year);
            } else if (axis == statistic_axis) {
                pc_export_coordinate(dim, i, name, sizeof name);
            }
        }
        texts[2] = region;
        cells(out, 3, texts);
        fprintf(out, ",%s", year);
        for (int axis = 0; axis < dataset->rank; axis++) {
            if (is_further_axis(dataset, axis)) {
                pc_export_coordinate(dataset->dims[axis], at[axis], further, sizeof further);
                fputc(',', out);
                pc_listing_csv_text(out, further);
            }
        }
        pc_export_number(dataset, index, number);
        fprintf(out, ",%s,%s,%s\n", measure, statistic_axis < 0 ? statistic : name, number);
    }
}

/* Steps to the next place (the statistic axis stands still); 0 after the last. */
static int next_place(const pc_dataset *dataset, size_t *at)
{
    const int statistic_axis = pc_export_statistic_axis(dataset);

    for (int axis = dataset->rank - 1; axis >= 0; axis--) {
        if (axis == statistic_axis) {
            continue;
        }
        if (++at[axis] < dataset->dims[axis]->size) {
            return 1;
        }
        at[axis] = 0;
    }
    return 0;
}

/* A measure, its error and its quantiles side by side where they have the same places, else one after the other. */
static void measure_rows(FILE *out, const pc_export_group *where, const pc_dataset *dataset)
{
    const pc_dataset *error = pc_export_error(where->group, dataset);
    const pc_dataset *quantiles = pc_export_quantiles(where->group, dataset);
    size_t at[PC_MAX_RANK] = {0}, other[PC_MAX_RANK] = {0};
    int together = quantiles && pc_export_statistic_axis(dataset) == 0 && pc_export_statistic_axis(quantiles) == 0 &&
                   quantiles->rank == dataset->rank;

    for (int axis = 1; together && axis < dataset->rank; axis++) {
        together = quantiles->dims[axis] == dataset->dims[axis];
    }
    do {
        rows_at(out, where, dataset->name, dataset, error ? "mean" : "value", at);
        if (error && error->rank == dataset->rank) {
            rows_at(out, where, dataset->name, error, "se", at);
        }
        if (together) {
            rows_at(out, where, dataset->name, quantiles, "", at);
        }
    } while (next_place(dataset, at) && !ferror(out));
    if (quantiles && !together) {
        do {
            rows_at(out, where, dataset->name, quantiles, "", other);
        } while (next_place(quantiles, other) && !ferror(out));
    }
}

static void describe(folder *f, const char *table, const pc_group *group, const pc_dataset *dataset)
{
    const pc_dataset *quantiles = group ? pc_export_quantiles(group, dataset) : NULL;
    int statistic_axis = pc_export_statistic_axis(dataset);
    char axes[256] = "", statistics[512] = "";
    const char *texts[] = {table, dataset->name, dataset->units, axes, statistics, dataset->long_name};
    size_t used = 0;

    for (int axis = 0; axis < dataset->rank; axis++) {
        if (axis != statistic_axis && used < sizeof axes) {
            used +=
                (size_t)snprintf(axes + used, sizeof axes - used, "%s%s", used ? " " : "", dataset->dims[axis]->name);
        }
    }
    used = 0;
    if (statistic_axis < 0) {
        used = (size_t)snprintf(statistics, sizeof statistics, "%s",
                                group && pc_export_error(group, dataset) ? "mean se" : "value");
    }
    for (int pass = 0; pass < 2; pass++) {
        const pc_dataset *from = pass ? quantiles : dataset;
        int axis = from ? pc_export_statistic_axis(from) : -1;
        for (size_t i = 0; axis >= 0 && i < from->dims[axis]->size && used < sizeof statistics; i++) {
            char text[64];
            pc_export_coordinate(from->dims[axis], i, text, sizeof text);
            used += (size_t)snprintf(statistics + used, sizeof statistics - used, "%s%s", used ? " " : "", text);
        }
    }
    line(f->dictionary.out, 6, texts);
}

/* The table of one measure over all groups of a tree. */
static pc_code measure_table(folder *f, const char *tree, const pc_group *first, const pc_dataset *sample,
                             pc_status *status)
{
    pc_safe_stream table = {0};
    char name[256];
    pc_code code = open_table(f, &table, status, "%s/%s.csv", tree, sample->name);

    if (code) {
        goto out;
    }
    fputs("policy,scheme,region,year", table.out);
    for (int axis = 0; axis < sample->rank; axis++) {
        if (is_further_axis(sample, axis)) {
            fprintf(table.out, ",%s", sample->dims[axis]->name);
        }
    }
    fputs(",measure,statistic,value\n", table.out);
    for (int g = 0; g < f->n_groups && !ferror(table.out); g++) {
        const pc_export_group *where = f->groups + g;
        const pc_dataset *dataset =
            strcmp(where->tree, tree) == 0 ? pc_results_find(f->view.results, where->group->path, sample->name) : NULL;
        if (dataset && dataset->rank == sample->rank) {
            measure_rows(table.out, where, dataset);
        }
    }
    code = pc_safe_stream_commit(&table, status);
    if (!code) {
        snprintf(name, sizeof name, "%s/%s.csv", tree, sample->name);
        describe(f, name, first, sample);
    }
out:
    pc_safe_stream_release(&table);
    return code;
}

/* 1 when an earlier group of the same tree has the measure: its table is written already. */
static int is_done(const folder *f, int g, const char *name)
{
    for (int earlier = 0; earlier < g; earlier++) {
        if (strcmp(f->groups[earlier].tree, f->groups[g].tree) == 0 &&
            pc_results_find(f->view.results, f->groups[earlier].group->path, name)) {
            return 1;
        }
    }
    return 0;
}

static pc_code all_measures(folder *f, pc_status *status)
{
    pc_code code = PC_OK;

    for (int g = 0; !code && g < f->n_groups; g++) {
        const pc_group *group = f->groups[g].group;
        char path[4096];
        int made = 0;
        for (int d = 0; !code && d < group->n_datasets; d++) {
            const pc_dataset *dataset = group->datasets[d];
            if (!pc_export_is_measure(group, dataset, f->options) || is_done(f, g, dataset->name)) {
                continue;
            }
            if (!made++) {
                snprintf(path, sizeof path, "%.4000s/%s", f->path, f->groups[g].tree);
                code = make_directory(path, status);
            }
            code = code ? code : measure_table(f, f->groups[g].tree, group, dataset, status);
        }
    }
    return code;
}

/* Datasets of one group that share their first axis, as columns beside it. */
static pc_code columns_table(folder *f, const char *name, const char *path, const char *key, pc_status *status)
{
    const pc_group *group = pc_results_find_group(f->view.results, path);
    pc_safe_stream table = {0};
    const pc_dimension *dim = NULL;
    char file[64];
    pc_code code;

    for (int d = 0; group && d < group->n_datasets && !dim; d++) {
        if (group->datasets[d]->rank == 1 && strcmp(group->datasets[d]->dims[0]->name, key) == 0) {
            dim = group->datasets[d]->dims[0];
        }
    }
    if (!dim) {
        return PC_OK;
    }
    code = open_table(f, &table, status, "%s.csv", name);
    if (code) {
        goto out;
    }
    snprintf(file, sizeof file, "%s.csv", name);
    fprintf(table.out, "%s", key);
    for (int d = 0; d < group->n_datasets; d++) {
        if (group->datasets[d]->rank == 1 && group->datasets[d]->dims[0] == dim) {
            fprintf(table.out, ",%s", group->datasets[d]->name);
            describe(f, file, NULL, group->datasets[d]);
        }
    }
    fputc('\n', table.out);
    for (size_t i = 0; i < dim->size; i++) {
        char text[256];
        const char *cell = text;
        pc_export_coordinate(dim, i, text, sizeof text);
        cells(table.out, 1, &cell);
        for (int d = 0; d < group->n_datasets; d++) {
            const pc_dataset *dataset = group->datasets[d];
            if (dataset->rank != 1 || dataset->dims[0] != dim) {
                continue;
            }
            fputc(',', table.out);
            if (dataset->type == PC_TEXT) {
                cell = ((char *const *)dataset->data)[i];
            } else {
                pc_export_number(dataset, i, text);
                cell = text;
            }
            cells(table.out, 1, &cell);
        }
        fputc('\n', table.out);
    }
    code = pc_safe_stream_commit(&table, status);
out:
    pc_safe_stream_release(&table);
    return code;
}

static void attribute_text(const pc_attribute *attribute, char *number, const char **text)
{
    *text = number;
    if (attribute->type == PC_TEXT) {
        *text = attribute->text;
    } else if (attribute->type == PC_I64) {
        snprintf(number, PC_NUMBER_SIZE, "%lld", (long long)attribute->integer);
    } else {
        pc_format_double(number, PC_NUMBER_SIZE, attribute->number);
    }
}

/* Attributes of the root, then the single numbers of /quality. */
static pc_code about_table(folder *f, pc_status *status)
{
    static const char *const head[] = {"name", "value", "unit", "meaning"};
    const pc_group *root = pc_results_find_group(f->view.results, "");
    const pc_group *quality = pc_results_find_group(f->view.results, "quality");
    pc_safe_stream table = {0};
    pc_code code = open_table(f, &table, status, "about.csv");

    if (code) {
        goto out;
    }
    line(table.out, 4, head);
    for (int a = 0; root && a < root->n_attributes; a++) {
        char number[PC_NUMBER_SIZE];
        const char *texts[] = {root->attributes[a].name, NULL, "", ""};
        attribute_text(root->attributes + a, number, &texts[1]);
        line(table.out, 4, texts);
    }
    for (int d = 0; quality && d < quality->n_datasets; d++) {
        const pc_dataset *dataset = quality->datasets[d];
        char number[PC_NUMBER_SIZE];
        const char *texts[] = {dataset->name, number, dataset->units, dataset->long_name};
        if (dataset->rank == 0 && dataset->type != PC_TEXT) {
            pc_export_number(dataset, 0, number);
            line(table.out, 4, texts);
        }
    }
    code = pc_safe_stream_commit(&table, status);
out:
    pc_safe_stream_release(&table);
    return code;
}

pc_code pc_export_csv(const pc_results *results, const char *directory, const pc_export_options *options,
                      pc_status *status)
{
    static const char *const head[] = {"table", "measure", "unit", "axes", "statistics", "meaning"};
    folder *f = calloc(1, sizeof *f);
    pc_code code;

    if (!f) {
        return pc_fail(status, PC_ERR_FAIL, "no memory for an export");
    }
    f->path = directory;
    f->options = options;
    code = pc_export_check(results, options, status);
    code = code ? code : pc_view_open(results, &f->view, status);
    code = code ? code : make_directory(directory, status);
    code = code ? code : open_table(f, &f->dictionary, status, "dictionary.csv");
    if (code) {
        goto out;
    }
    line(f->dictionary.out, 6, head);
    f->n_groups = pc_export_groups(&f->view, options, f->groups);
    code = all_measures(f, status);
    code = code ? code : columns_table(f, "regions", "areas", "region", status);
    code = code ? code : columns_table(f, "policies", "inputs/policies", "policy", status);
    code = code ? code : columns_table(f, "parameters", "inputs/parameters", "parameter", status);
    code = code ? code : columns_table(f, "base_year", "inputs/calibration", "input_region", status);
    code = code ? code : columns_table(f, "prices", "inputs/prices", "input_year", status);
    code = code ? code : about_table(f, status);
    /* last, so that it never names a table that is not there */
    code = code ? code : pc_safe_stream_commit(&f->dictionary, status);
out:
    if (f) {
        pc_safe_stream_release(&f->dictionary);
    }
    free(f);
    return code;
}
