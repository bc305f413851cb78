/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "poolcast.h"

#include <gsl/gsl_errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engine/run.h"
#include "store/store.h"

struct poolcast {
    pc_arena arena; /* owns the overrides */
    pc_files *files;
    const char **overrides;
    int n_overrides, room;
    pc_results *results;
};

const char *poolcast_version(void)
{
    return PC_VERSION;
}

static int report(const pc_status *status, char *why, size_t why_size)
{
    if (why && why_size > 0) {
        snprintf(why, why_size, "%s", status->message);
    }
    return (int)status->code;
}

poolcast *poolcast_open(const char *folder, char *why, size_t why_size)
{
    pc_status status = {0};
    poolcast *p = pc_calloc(1, sizeof *p);

    if (!p) {
        pc_fail(&status, PC_ERR_FAIL, "no memory");
    } else if (!(p->files = pc_files_open(folder, &status))) {
        poolcast_close(p);
        p = NULL;
    }
    report(&status, why, why_size);
    return p;
}

void poolcast_close(poolcast *p)
{
    if (p) {
        pc_results_free(p->results);
        pc_files_free(p->files);
        free(p->overrides);
        pc_arena_release(&p->arena);
        pc_free(p);
    }
}

int poolcast_set(poolcast *p, const char *key_value)
{
    char *copy = pc_arena_strdup(&p->arena, key_value);

    if (p->n_overrides == p->room) {
        int room = p->room ? 2 * p->room : 8;
        const char **more = realloc(p->overrides, (size_t)room * sizeof *more);
        if (!more) {
            return PC_ERR_FAIL;
        }
        p->overrides = more;
        p->room = room;
    }
    if (!copy) {
        return PC_ERR_FAIL;
    }
    p->overrides[p->n_overrides++] = copy;
    return PC_OK;
}

int poolcast_run(poolcast *p, int threads, char *why, size_t why_size)
{
    pc_status status = {0};
    pc_scenario *scenario = NULL;
    pc_plan *plan = NULL;
    pc_results *results = NULL;
    pc_run_options options = {.threads = threads};
    /* GSL's own handler would end the caller's program */
    gsl_error_handler_t *handler = gsl_set_error_handler_off();

    if (!pc_scenario_read(p->files, p->overrides, p->n_overrides, &scenario, &status) &&
        !pc_plan_build(scenario, &plan, &status) && !pc_run(plan, &options, &results, &status)) {
        pc_results_free(p->results);
        p->results = results;
    }
    pc_plan_free(plan);
    pc_scenario_free(scenario);
    gsl_set_error_handler(handler);
    return report(&status, why, why_size);
}

/* The region's index by identifier or by either name; -1 when there is none. */
static long find_region(const pc_results *results, const pc_dimension *dimension, const char *region)
{
    static const char *const columns[] = {"name", "name_en"};
    long index = region ? pc_dimension_find_text(dimension, region) : (long)dimension->size - 1;

    for (size_t c = 0; index < 0 && c < sizeof columns / sizeof *columns; c++) {
        const pc_dataset *names = pc_results_find(results, "areas", columns[c]);
        for (size_t i = 0; names && index < 0 && i < names->count; i++) {
            const char *name = ((char *const *)names->data)[i];
            if (name && strcmp(name, region) == 0) {
                index = (long)i;
            }
        }
    }
    return index;
}

static long find_number(const pc_dimension *dimension, const char *text)
{
    double wanted = text ? strtod(text, NULL) : NAN;

    for (size_t i = 0; dimension->type == PC_F64 && i < dimension->size; i++) {
        if (fabs(((const double *)dimension->coordinates)[i] - wanted) < 1e-12) {
            return (long)i;
        }
    }
    return -1;
}

double poolcast_value(const poolcast *p, const char *group, const char *dataset, const char *first, const char *region,
                      int year)
{
    const pc_dataset *set = p->results ? pc_results_find(p->results, group, dataset) : NULL;
    size_t at = 0;

    if (!set || set->type == PC_TEXT) {
        return NAN;
    }
    for (int d = 0; d < set->rank; d++) {
        const pc_dimension *dimension = set->dims[d];
        long index;

        if (strcmp(dimension->name, "region") == 0) {
            index = find_region(p->results, dimension, region);
        } else if (strcmp(dimension->name, "year") == 0) {
            index = pc_dimension_find_integer(dimension, year);
        } else if (dimension->type == PC_TEXT) {
            index = first ? pc_dimension_find_text(dimension, first) : -1;
        } else {
            index = find_number(dimension, first);
        }
        if (index < 0) {
            return NAN;
        }
        at = at * dimension->size + (size_t)index;
    }
    return pc_dataset_at(set, at);
}

int poolcast_save(const poolcast *p, const char *path, char *why, size_t why_size)
{
    pc_status status = {0};

    if (!p->results) {
        pc_fail(&status, PC_ERR_FAIL, "nothing to save: run first");
    } else {
        pc_store_save(p->results, path, &status);
    }
    return report(&status, why, why_size);
}
