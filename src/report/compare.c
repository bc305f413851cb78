/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/compare.h"

#include <gsl/gsl_cdf.h>
#include <math.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "report/export_inner.h"

/* Expected number of false alarms over all tests. */
static const double alarms = 0.05;

typedef struct comparing {
    const pc_results *a, *b;
    pc_comparison *out;
    double paths_a, paths_b;
    int no_memory, pass; /* pass 0 counts tests, pass 1 has a threshold */
} comparing;

static void *grown(void *old, int n, int *room, size_t size)
{
    if (n < *room) {
        return old;
    }
    *room = *room ? 2 * *room : 64;
    return realloc(old, (size_t)*room * size);
}

__attribute__((format(printf, 4, 5))) static void add_input(comparing *self, const char *kind, const char *key,
                                                            const char *a, ...)
{
    pc_compare_input *list =
        grown(self->out->inputs, self->out->n_inputs, &self->out->room_inputs, sizeof *self->out->inputs);
    pc_compare_input *input;
    char both[400];
    char *bar;
    va_list args;

    if (!list) {
        self->no_memory = 1;
        return;
    }
    self->out->inputs = list;
    input = list + self->out->n_inputs++;
    memset(input, 0, sizeof *input);
    snprintf(input->kind, sizeof input->kind, "%s", kind);
    snprintf(input->key, sizeof input->key, "%s", key);
    va_start(args, a);
    vsnprintf(both, sizeof both, a, args);
    va_end(args);
    bar = strchr(both, '\x1f');
    snprintf(input->b, sizeof input->b, "%s", bar ? bar + 1 : "");
    snprintf(input->a, sizeof input->a, "%.*s", bar ? (int)(bar - both) : (int)strlen(both), both);
    for (char *p = input->a; *p; p++) {
        *p = *p == '\n' ? ' ' : *p;
    }
    for (char *p = input->b; *p; p++) {
        *p = *p == '\n' ? ' ' : *p;
    }
}

/* ---- attributes, files, inputs --------------------------------------------------------------------------------------
 */

static void attribute_text(const pc_results *results, const char *name, char *text, size_t size)
{
    const pc_attribute *found = pc_group_find_attribute(pc_results_find_group(results, ""), name);
    char number[PC_NUMBER_SIZE] = "";

    if (found && found->type == PC_I64) {
        snprintf(number, sizeof number, "%lld", (long long)found->integer);
    } else if (found && found->type != PC_TEXT) {
        pc_format_double(number, sizeof number, found->number);
    }
    snprintf(text, size, "%s", !found ? "" : found->type == PC_TEXT ? found->text : number);
}

/* 1 when the attribute is the same in both. */
static int compare_attribute(comparing *self, const char *kind, const char *name)
{
    char a[160], b[160];

    attribute_text(self->a, name, a, sizeof a);
    attribute_text(self->b, name, b, sizeof b);
    if (strcmp(a, b) == 0) {
        return 1;
    }
    add_input(self, kind, name, "%s\x1f%s", a, b);
    return 0;
}

static const char *text_at(const pc_dataset *dataset, size_t i)
{
    const char *text =
        dataset && dataset->type == PC_TEXT && i < dataset->count ? ((char *const *)dataset->data)[i] : "";

    return text ? text : "";
}

static long find_text(const pc_dataset *dataset, const char *text)
{
    for (size_t i = 0; dataset && i < dataset->count; i++) {
        if (strcmp(text_at(dataset, i), text) == 0) {
            return (long)i;
        }
    }
    return -1;
}

/* The first line in which two texts differ. */
static void compare_text(comparing *self, const char *name, const char *a, const char *b)
{
    int line = 1;

    while (*a || *b) {
        size_t n = strcspn(a, "\n"), m = strcspn(b, "\n");
        if (n != m || strncmp(a, b, n) != 0) {
            char key[200];
            snprintf(key, sizeof key, "%.120s:%d", name, line);
            add_input(self, "file", key, "%.*s\x1f%.*s", (int)(n < 150 ? n : 150), a, (int)(m < 150 ? m : 150), b);
            return;
        }
        line++;
        a += n + (a[n] == '\n');
        b += m + (b[m] == '\n');
    }
}

static void compare_files(comparing *self)
{
    const pc_dataset *names_a = pc_results_find(self->a, "inputs/files", "name"),
                     *names_b = pc_results_find(self->b, "inputs/files", "name");
    const pc_dataset *set_a = pc_results_find(self->a, "inputs/files", "override"),
                     *set_b = pc_results_find(self->b, "inputs/files", "override");

    for (size_t i = 0; names_a && i < names_a->count; i++) {
        const char *name = text_at(names_a, i);
        long twin = find_text(names_b, name);
        if (twin < 0) {
            add_input(self, "file", name, "%s", "read\x1f");
        } else {
            compare_text(self, name, text_at(pc_results_find(self->a, "inputs/files", "text"), i),
                         text_at(pc_results_find(self->b, "inputs/files", "text"), (size_t)twin));
        }
    }
    for (size_t i = 0; names_b && i < names_b->count; i++) {
        if (find_text(names_a, text_at(names_b, i)) < 0) {
            add_input(self, "file", text_at(names_b, i), "%s", "\x1fread");
        }
    }
    for (size_t i = 0; set_a && i < set_a->count; i++) {
        if (find_text(set_b, text_at(set_a, i)) < 0) {
            add_input(self, "override", text_at(set_a, i), "%s", "given\x1f");
        }
    }
    for (size_t i = 0; set_b && i < set_b->count; i++) {
        if (find_text(set_a, text_at(set_b, i)) < 0) {
            add_input(self, "override", text_at(set_b, i), "%s", "\x1fgiven");
        }
    }
}

/* Index in another axis of the same coordinate; -1: none. */
static long twin_of(const pc_dimension *dim, size_t i, const pc_dimension *other)
{
    if (!dim->coordinates || !other->coordinates || dim->type != other->type) {
        return !dim->coordinates && !other->coordinates && i < other->size ? (long)i : -1;
    }
    if (dim->type == PC_TEXT) {
        return pc_dimension_find_text(other, ((char *const *)dim->coordinates)[i]);
    }
    for (size_t k = 0; k < other->size; k++) {
        size_t j = (k + i) % other->size; /* nearly always at the same place */
        size_t size = pc_type_size(dim->type);
        if (memcmp((const char *)dim->coordinates + i * size, (const char *)other->coordinates + j * size, size) == 0) {
            return (long)j;
        }
    }
    return -1;
}

/* Maps each axis of `a` to the same coordinates of `b`; NULL when they have other axes. */
static long *map_axes(const pc_dataset *a, const pc_dataset *b, size_t start[PC_MAX_RANK])
{
    size_t n = 0;
    long *map;

    if (a->rank != b->rank || a->type != b->type) {
        return NULL;
    }
    for (int axis = 0; axis < a->rank; axis++) {
        if (strcmp(a->dims[axis]->name, b->dims[axis]->name) != 0) {
            return NULL;
        }
        start[axis] = n;
        n += a->dims[axis]->size;
    }
    map = calloc(n + 1, sizeof *map);
    for (int axis = 0; map && axis < a->rank; axis++) {
        for (size_t i = 0; i < a->dims[axis]->size; i++) {
            map[start[axis] + i] = twin_of(a->dims[axis], i, b->dims[axis]);
        }
    }
    return map;
}

/* The place in `b` of element `index` of `a`, -1: none. `at` gets the indices of the axes of `a`. */
static long place_in(const pc_dataset *a, const pc_dataset *b, const long *map, const size_t *start, size_t index,
                     size_t at[PC_MAX_RANK])
{
    size_t rest = index, place = 0;

    for (int axis = a->rank - 1; axis >= 0; axis--) {
        at[axis] = rest % a->dims[axis]->size;
        rest /= a->dims[axis]->size;
    }
    for (int axis = 0; axis < a->rank; axis++) {
        long twin = map[start[axis] + at[axis]];
        if (twin < 0) {
            return -1;
        }
        place = place * b->dims[axis]->size + (size_t)twin;
    }
    return (long)place;
}

static int is_same_value(const pc_dataset *a, size_t i, const pc_dataset *b, size_t k)
{
    if (a->type == PC_TEXT) {
        return strcmp(text_at(a, i), text_at(b, k)) == 0;
    }
    return memcmp((const char *)a->data + i * pc_type_size(a->type), (const char *)b->data + k * pc_type_size(b->type),
                  pc_type_size(a->type)) == 0;
}

static void value_text(const pc_dataset *dataset, size_t i, char *text, size_t size)
{
    char number[PC_NUMBER_SIZE];

    if (dataset->type == PC_TEXT) {
        snprintf(text, size, "%.150s", text_at(dataset, i));
    } else {
        pc_export_number(dataset, i, number);
        snprintf(text, size, "%s", number);
    }
}

/* A dataset under /inputs: one line for each parameter and series, one for every other table. 1 when it counts. */
static int compare_table(comparing *self, const char *group, const pc_dataset *a, const pc_dataset *b)
{
    const int each = strcmp(group, "inputs/parameters") == 0 || strcmp(group, "inputs/series") == 0;
    const char *kind = strcmp(group, "inputs/parameters") == 0 ? "parameter" : each ? "series" : "table";
    size_t start[PC_MAX_RANK] = {0}, at[PC_MAX_RANK] = {0};
    long n_different = 0, n_missing = 0;
    char key[400], x[160] = "", y[160] = "", last[200] = "";
    long *map = map_axes(a, b, start);

    snprintf(key, sizeof key, "%.100s/%.100s", group, a->name);
    if (!map) {
        add_input(self, kind, key, "%s", "other axes\x1fother axes");
        return 1;
    }
    for (size_t i = 0; i < a->count; i++) {
        long k = place_in(a, b, map, start, i, at);
        if (k < 0) {
            n_missing++;
            continue;
        }
        if (is_same_value(a, i, b, (size_t)k)) {
            continue;
        }
        n_different++;
        if (each && strcmp(a->name, "value") == 0) {
            char name[150];
            pc_export_coordinate(a->dims[0], at[0], name, sizeof name);
            value_text(a, i, x, sizeof x);
            value_text(b, (size_t)k, y, sizeof y);
            if (strcmp(name, last) != 0) {
                add_input(self, kind, name, "%s\x1f%s", x, y); /* of a series the first year that differs */
            }
            snprintf(last, sizeof last, "%s", name);
        } else if (n_different == 1) {
            value_text(a, i, x, sizeof x);
            value_text(b, (size_t)k, y, sizeof y);
        }
    }
    free(map);
    if (strcmp(a->name, "given") == 0) {
        return 0; /* whether a value was written or defaulted changes nothing */
    }
    if (n_different > 0 && !(each && strcmp(a->name, "value") == 0)) {
        snprintf(key, sizeof key, "%.100s/%.60s (%ld of %zu)", group, a->name, n_different, a->count);
        add_input(self, kind, key, "%s\x1f%s", x, y);
    }
    if (n_missing > 0 || a->count != b->count) {
        snprintf(key, sizeof key, "%.100s/%.60s", group, a->name);
        add_input(self, kind, key, "%zu values\x1f%zu values", a->count, b->count);
    }
    return n_different > 0 || n_missing > 0 || a->count != b->count;
}

static int compare_inputs(comparing *self)
{
    int differ = 0;

    for (int pass = 0; pass < 2; pass++) {
        const pc_results *from = pass ? self->b : self->a, *to = pass ? self->a : self->b;
        for (int g = 0; g < from->n_groups; g++) {
            const pc_group *group = from->groups[g];
            if (strncmp(group->path, "inputs/", 7) != 0 || strcmp(group->path, "inputs/files") == 0) {
                continue;
            }
            for (int d = 0; d < group->n_datasets; d++) {
                const pc_dataset *twin = pc_results_find(to, group->path, group->datasets[d]->name);
                char key[256];
                if (twin && pass == 0) {
                    differ |= compare_table(self, group->path, group->datasets[d], twin);
                } else if (!twin) {
                    snprintf(key, sizeof key, "%.100s/%.100s", group->path, group->datasets[d]->name);
                    add_input(self, "table", key, "%s", pass ? "\x1fthere" : "there\x1f");
                    differ = 1;
                }
            }
        }
    }
    return differ;
}

/* ---- results --------------------------------------------------------------------------------------------------------
 */

/* The error of the difference of two estimates; 0: none is known. */
static double error_of(const comparing *self, double error_a, double error_b)
{
    if (!(error_a >= 0) || !(error_b >= 0)) {
        return 0;
    }
    if (self->out->mode == PC_COMPARE_NESTED) {
        int a_more = self->paths_a > self->paths_b;
        double more = a_more ? self->paths_a : self->paths_b, fewer = a_more ? self->paths_b : self->paths_a;
        return (a_more ? error_a : error_b) * sqrt(more / fewer - 1);
    }
    return sqrt(error_a * error_a + error_b * error_b);
}

static void take_place(pc_compare_row *row, const pc_dataset *dataset, const size_t *at)
{
    row->unit = dataset->units ? dataset->units : "";
    row->region[0] = 0;
    row->statistic[0] = 0;
    row->year = 0;
    for (int axis = 0; axis < dataset->rank; axis++) {
        const pc_dimension *dim = dataset->dims[axis];
        if (strcmp(dim->name, "region") == 0) {
            pc_export_coordinate(dim, at[axis], row->region, sizeof row->region);
        } else if (strcmp(dim->name, "year") == 0 && dim->type == PC_I64) {
            row->year = (int)((const int64_t *)dim->coordinates)[at[axis]];
        } else if (axis == pc_export_statistic_axis(dataset)) {
            pc_export_coordinate(dim, at[axis], row->statistic, sizeof row->statistic);
        }
    }
}

/* The element of the same place whose statistic is "se"; -1: none. */
static long error_place(const pc_dataset *dataset, const size_t *at)
{
    int axis = pc_export_statistic_axis(dataset);
    long se = axis >= 0 ? pc_dimension_find_text(dataset->dims[axis], "se") : -1;
    size_t place = 0;

    for (int k = 0; se >= 0 && k < dataset->rank; k++) {
        place = place * dataset->dims[k]->size + (k == axis ? (size_t)se : at[k]);
    }
    return se >= 0 ? (long)place : -1;
}

static int is_mean(const pc_dataset *dataset, const size_t *at)
{
    int axis = pc_export_statistic_axis(dataset);
    char text[64] = "";

    if (axis >= 0) {
        pc_export_coordinate(dataset->dims[axis], at[axis], text, sizeof text);
    }
    return strcmp(text, "mean") == 0;
}

/* One value that has an error in both files. */
static void test_value(comparing *self, pc_compare_row *row, const pc_dataset *dataset, const size_t *at, double a,
                       double a_error, double b, double b_error, double rounding)
{
    double error = error_of(self, a_error, b_error), apart = fabs(a - b), distance;

    if (!isfinite(a) || !isfinite(b) || !isfinite(a_error) || !isfinite(b_error)) {
        /* defined in one alone, or on a single path: chance can do that to a rare condition, so it is no test */
        return;
    }
    if (apart <= 1e-9 * fmax(fabs(a), fabs(b)) || apart <= rounding) {
        row->n_tests += error > 0;
        return;
    }
    row->n_tests++;
    distance = error > 0 ? apart / error : INFINITY;
    if (distance > self->out->threshold) {
        row->n_beyond++;
    }
    if (distance > row->largest) {
        row->largest = distance;
        row->a = a;
        row->b = b;
        row->a_error = a_error;
        row->b_error = b_error;
        row->error = error;
        take_place(row, dataset, at);
    }
}

/* What the rounding of sums can make of a zero: far below the largest number of the dataset. */
static double rounding_of(const pc_dataset *a, const pc_dataset *b)
{
    double largest = 0;

    for (size_t i = 0; i < a->count; i++) {
        double x = fabs(pc_dataset_at(a, i));
        largest = isfinite(x) && x > largest ? x : largest;
    }
    for (size_t i = 0; i < b->count; i++) {
        double x = fabs(pc_dataset_at(b, i));
        largest = isfinite(x) && x > largest ? x : largest;
    }
    return 1e-12 * largest;
}

static void compare_dataset(comparing *self, const pc_group *group_a, const pc_group *group_b, const pc_dataset *a,
                            const pc_dataset *b, pc_compare_row *row)
{
    const pc_dataset *event_a = pc_export_error(group_a, a), *event_b = pc_export_error(group_b, b);
    size_t start[PC_MAX_RANK] = {0}, at[PC_MAX_RANK] = {0}, other[PC_MAX_RANK] = {0};
    long *map = map_axes(a, b, start);
    double rounding = rounding_of(a, b);

    if (!map) {
        self->out->n_unmatched += (long)a->count;
        return;
    }
    for (size_t i = 0; i < a->count; i++) {
        long k = place_in(a, b, map, start, i, at);
        if (k < 0) {
            self->out->n_unmatched++;
            continue;
        }
        row->n_values++;
        if (!is_same_value(a, i, b, (size_t)k)) {
            row->n_unequal++;
        }
        if (event_a && event_b && event_a->count == a->count && event_b->count == b->count) {
            test_value(self, row, a, at, pc_dataset_at(a, i), pc_dataset_at(event_a, i), pc_dataset_at(b, (size_t)k),
                       pc_dataset_at(event_b, (size_t)k), rounding);
        } else if (is_mean(a, at)) {
            long se_a = error_place(a, at), se_b;
            for (int axis = 0; axis < a->rank; axis++) {
                other[axis] = (size_t)map[start[axis] + at[axis]];
            }
            se_b = error_place(b, other);
            if (se_a >= 0 && se_b >= 0) {
                test_value(self, row, a, at, pc_dataset_at(a, i), pc_dataset_at(a, (size_t)se_a),
                           pc_dataset_at(b, (size_t)k), pc_dataset_at(b, (size_t)se_b), rounding);
            }
        }
    }
    free(map);
}

static void compare_group(comparing *self, const pc_group *group)
{
    const pc_group *twin = pc_results_find_group(self->b, group->path);

    for (int d = 0; twin && d < group->n_datasets; d++) {
        const pc_dataset *a = group->datasets[d], *b = pc_results_find(self->b, group->path, a->name);
        pc_compare_row row = {.group = group->path, .measure = a->name};
        if (!b || a->type == PC_TEXT) {
            continue;
        }
        compare_dataset(self, group, twin, a, b, &row);
        self->out->n_tests += row.n_tests;
        self->out->n_values += row.n_values;
        self->out->n_unequal += row.n_unequal;
        self->out->n_beyond += row.n_beyond;
        if (self->pass == 1 && (row.n_beyond > 0 || (self->out->mode == PC_COMPARE_EQUAL && row.n_unequal > 0))) {
            pc_compare_row *list = grown(self->out->rows, self->out->n_rows, &self->out->room_rows, sizeof *list);
            if (!list) {
                self->no_memory = 1;
                return;
            }
            self->out->rows = list;
            list[self->out->n_rows++] = row;
        }
    }
}

static int is_result(const char *path)
{
    return strncmp(path, "policy/", 7) == 0 || strncmp(path, "difference/", 11) == 0 || strcmp(path, "people") == 0 ||
           strcmp(path, "economy") == 0;
}

static void compare_policies(comparing *self)
{
    for (int pass = 0; pass < 2; pass++) {
        const pc_results *from = pass ? self->b : self->a, *to = pass ? self->a : self->b;
        for (int g = 0; g < from->n_groups; g++) {
            const char *path = from->groups[g]->path;
            if (strncmp(path, "policy/", 7) == 0 && !strchr(path + 7, '/') && !pc_results_find_group(to, path)) {
                add_input(self, "policy", path + 7, "%s", pass ? "\x1fthere" : "there\x1f");
            }
        }
    }
}

static int farthest_first(const void *x, const void *y)
{
    const pc_compare_row *a = x, *b = y;

    return a->largest > b->largest ? -1 : a->largest < b->largest ? 1 : strcmp(a->measure, b->measure);
}

pc_code pc_compare(const pc_results *a, const pc_results *b, pc_comparison *comparison, pc_status *status)
{
    static const char *const runs[] = {"base_year", "horizon", "baseline"};
    static const char *const versions[] = {"source", "libraries", "format_version"};
    comparing self = {.a = a, .b = b, .out = comparison};
    pc_view *view = calloc(1, sizeof *view);
    pc_code code = view ? pc_view_open(a, view, status) : pc_fail(status, PC_ERR_FAIL, "no memory for a comparison");

    memset(comparison, 0, sizeof *comparison);
    if (code) {
        goto out;
    }
    self.paths_a = pc_view_number(view, "paths", 0);
    code = pc_view_open(b, view, status);
    if (code) {
        goto out;
    }
    self.paths_b = pc_view_number(view, "paths", 0);
    comparison->same_seed = compare_attribute(&self, "run", "seed");
    comparison->same_seed &= compare_attribute(&self, "run", "sampling"); /* else they are other paths */
    comparison->same_seed &= compare_attribute(&self, "run", "replicate_paths");
    compare_attribute(&self, "run", "paths");
    for (int i = 0; i < 3; i++) {
        comparison->inputs_differ |= !compare_attribute(&self, "run", runs[i]);
    }
    comparison->same_version = 1;
    for (int i = 0; i < 3; i++) {
        comparison->same_version &= compare_attribute(&self, "version", versions[i]);
    }
    compare_files(&self);
    compare_policies(&self);
    comparison->inputs_differ |= compare_inputs(&self);
    comparison->mode = comparison->inputs_differ || !comparison->same_seed ? PC_COMPARE_APART
                       : self.paths_a == self.paths_b                      ? PC_COMPARE_EQUAL
                       : self.paths_a > 0 && self.paths_b > 0              ? PC_COMPARE_NESTED
                                                                           : PC_COMPARE_APART;
    comparison->expected_alarms = alarms;
    comparison->threshold = INFINITY;
    for (self.pass = 0; self.pass < 2; self.pass++) {
        double freedom = fmin(self.paths_a, self.paths_b) - 1;
        if (self.pass == 1 && comparison->n_tests > 0 && freedom >= 1) {
            comparison->threshold = gsl_cdf_tdist_Qinv(alarms / (2.0 * (double)comparison->n_tests), freedom);
        }
        comparison->n_tests = comparison->n_values = comparison->n_unequal = comparison->n_beyond = 0;
        comparison->n_unmatched = 0;
        for (int g = 0; g < a->n_groups && !self.no_memory; g++) {
            if (is_result(a->groups[g]->path)) {
                compare_group(&self, a->groups[g]);
            }
        }
    }
    if (self.no_memory) {
        code = pc_fail(status, PC_ERR_FAIL, "no memory for a comparison");
    } else if (comparison->n_rows > 0) {
        qsort(comparison->rows, (size_t)comparison->n_rows, sizeof *comparison->rows, farthest_first);
    }
out:
    free(view);
    return code;
}

void pc_compare_release(pc_comparison *comparison)
{
    free(comparison->inputs);
    free(comparison->rows);
    memset(comparison, 0, sizeof *comparison);
}
