/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/export.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "report/export_inner.h"
#include "report/listing_inner.h"

static void add_tree(const pc_view *view, const pc_export_options *options, const char *tree, pc_export_group *groups,
                     int *n)
{
    for (int p = 0; p < view->n_policies; p++) {
        if (options->policy && strcmp(options->policy, view->policies[p]) != 0) {
            continue;
        }
        for (int s = 0; s < PC_VIEW_N_SCHEMES; s++) {
            char path[192];
            const pc_group *group;
            if (options->scheme && strcmp(options->scheme, pc_view_schemes[s]) != 0) {
                continue;
            }
            snprintf(path, sizeof path, "%s/%s/%s", tree, view->policies[p], pc_view_schemes[s]);
            group = pc_results_find_group(view->results, path);
            if (group && *n < PC_EXPORT_MAX_GROUPS) {
                groups[*n] = (pc_export_group){.group = group, .tree = tree, .scheme = pc_view_schemes[s]};
                strcpy(groups[(*n)++].policy, view->policies[p]);
            }
        }
    }
}

int pc_export_groups(const pc_view *view, const pc_export_options *options, pc_export_group *groups)
{
    static const char *const weather[] = {"people", "economy"};
    int n = 0;

    add_tree(view, options, "policy", groups, &n);
    add_tree(view, options, "difference", groups, &n);
    for (int w = 0; w < 2; w++) {
        const pc_group *group = pc_results_find_group(view->results, weather[w]);
        if (group && n < PC_EXPORT_MAX_GROUPS) {
            groups[n++] = (pc_export_group){.group = group, .tree = weather[w], .scheme = ""};
        }
    }
    return n;
}

static const pc_dataset *relative(const pc_group *group, const pc_dataset *dataset, const char *ending)
{
    char name[192];

    snprintf(name, sizeof name, "%s%s", dataset->name, ending);
    for (int d = 0; d < group->n_datasets; d++) {
        if (strcmp(group->datasets[d]->name, name) == 0) {
            return group->datasets[d];
        }
    }
    return NULL;
}

const pc_dataset *pc_export_quantiles(const pc_group *group, const pc_dataset *dataset)
{
    return relative(group, dataset, "_quantile");
}

const pc_dataset *pc_export_error(const pc_group *group, const pc_dataset *dataset)
{
    return relative(group, dataset, "_se");
}

static int is_wanted(const char *name, const char *what)
{
    size_t length = strlen(name);

    for (const char *at = what; at && *at;) {
        size_t n = strcspn(at, ",");
        if (n == length && strncmp(at, name, n) == 0) {
            return 1;
        }
        at += n + (at[n] == ',');
    }
    return !what;
}

int pc_export_is_measure(const pc_group *group, const pc_dataset *dataset, const pc_export_options *options)
{
    static const char *const endings[] = {"_se", "_quantile", "_quantile_rank_bound"};
    size_t length = strlen(dataset->name);

    if (dataset->type == PC_TEXT || !is_wanted(dataset->name, options->what)) {
        return 0;
    }
    for (size_t e = 0; e < sizeof endings / sizeof *endings; e++) {
        size_t n = strlen(endings[e]);
        char owner[160];
        if (length <= n || length - n >= sizeof owner || strcmp(dataset->name + length - n, endings[e]) != 0) {
            continue;
        }
        snprintf(owner, sizeof owner, "%.*s", (int)(length - n), dataset->name);
        for (int d = 0; d < group->n_datasets; d++) {
            if (strcmp(group->datasets[d]->name, owner) == 0) {
                return 0;
            }
        }
    }
    return 1;
}

int pc_export_statistic_axis(const pc_dataset *dataset)
{
    static const char *const names[] = {"statistic", "total_statistic", "quantile"};

    for (int axis = 0; axis < dataset->rank; axis++) {
        for (size_t n = 0; n < sizeof names / sizeof *names; n++) {
            if (strcmp(dataset->dims[axis]->name, names[n]) == 0) {
                return axis;
            }
        }
    }
    return -1;
}

void pc_export_coordinate(const pc_dimension *dimension, size_t i, char *text, size_t size)
{
    char number[PC_NUMBER_SIZE];

    if (!dimension->coordinates) {
        snprintf(text, size, "%zu", i);
    } else if (dimension->type == PC_TEXT) {
        snprintf(text, size, "%s", ((char *const *)dimension->coordinates)[i]);
    } else if (dimension->type == PC_F64) {
        pc_format_double(number, sizeof number, ((const double *)dimension->coordinates)[i]);
        snprintf(text, size, "%s%s", strcmp(dimension->name, "quantile") == 0 ? "q" : "", number);
    } else if (dimension->type == PC_I64) {
        snprintf(text, size, "%lld", (long long)((const int64_t *)dimension->coordinates)[i]);
    } else {
        snprintf(text, size, "%d", ((const int32_t *)dimension->coordinates)[i]);
    }
}

void pc_export_number(const pc_dataset *dataset, size_t index, char text[PC_NUMBER_SIZE])
{
    double x = pc_dataset_at(dataset, index);

    text[0] = 0;
    if (!isfinite(x)) {
        return;
    }
    if (dataset->type == PC_F32) {
        /* nine digits always tell one float from the next; most need fewer */
        for (int digits = 6; digits <= 9; digits++) {
            snprintf(text, PC_NUMBER_SIZE, "%.*g", digits, x);
            if (strtof(text, NULL) == (float)x) {
                return;
            }
        }
    } else {
        pc_format_double(text, PC_NUMBER_SIZE, x);
    }
}

pc_code pc_export_check(const pc_results *results, const pc_export_options *options, pc_status *status)
{
    static pc_export_options all;
    const char *names[512];
    pc_export_group *groups;
    size_t n_names = 0;
    pc_view *view = calloc(1, sizeof *view);
    pc_code code = PC_ERR_FAIL;
    int n_groups, known = 0;

    groups = calloc(PC_EXPORT_MAX_GROUPS, sizeof *groups);
    if (!view || !groups) {
        code = pc_fail(status, PC_ERR_FAIL, "no memory for an export");
        goto out;
    }
    code = pc_view_open(results, view, status);
    if (code) {
        goto out;
    }
    for (int p = 0; p < view->n_policies; p++) {
        names[p] = view->policies[p];
        known |= options->policy && strcmp(options->policy, names[p]) == 0;
    }
    if (options->policy && !known) {
        code = pc_listing_unknown(status, N_("policy"), options->policy, names, (size_t)view->n_policies);
        goto out;
    }
    known = 0;
    for (int s = 0; s < PC_VIEW_N_SCHEMES; s++) {
        known |= options->scheme && strcmp(options->scheme, pc_view_schemes[s]) == 0;
    }
    if (options->scheme && !known) {
        code = pc_listing_unknown(status, N_("scheme"), options->scheme, pc_view_schemes, PC_VIEW_N_SCHEMES);
        goto out;
    }
    n_groups = options->what ? pc_export_groups(view, options, groups) : 0;
    for (int g = 0; g < n_groups; g++) {
        for (int d = 0; d < groups[g].group->n_datasets && n_names < sizeof names / sizeof *names; d++) {
            const pc_dataset *dataset = groups[g].group->datasets[d];
            int twice = !pc_export_is_measure(groups[g].group, dataset, &all);
            for (size_t i = 0; i < n_names && !twice; i++) {
                twice = strcmp(names[i], dataset->name) == 0;
            }
            if (!twice) {
                names[n_names++] = dataset->name;
            }
        }
    }
    for (const char *at = options->what; !code && at && *at;) {
        size_t n = strcspn(at, ",");
        char word[160];
        snprintf(word, sizeof word, "%.*s", (int)n, at);
        known = 0;
        for (size_t i = 0; i < n_names; i++) {
            known |= strcmp(names[i], word) == 0;
        }
        code = known ? PC_OK : pc_listing_unknown(status, N_("measure"), word, names, n_names);
        at += n + (at[n] == ',');
    }
out:
    free(groups);
    free(view);
    return code;
}
