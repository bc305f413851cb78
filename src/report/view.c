/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/view.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/i18n.h"

const char *const pc_view_schemes[PC_VIEW_N_SCHEMES] = {"employee", "resident", "both"};

static const char *group_text(const pc_view *view, const char *group, const char *attribute)
{
    const pc_attribute *found = pc_group_find_attribute(pc_results_find_group(view->results, group), attribute);

    return found && found->type == PC_TEXT && found->text ? found->text : "";
}

static void add_policy(pc_view *view, const char *path)
{
    static const char tree[] = "policy/";
    const char *name = path + sizeof tree - 1;

    if (strncmp(path, tree, sizeof tree - 1) != 0 || strchr(name, '/') || strlen(name) >= sizeof view->policies[0] ||
        view->n_policies == PC_VIEW_MAX_POLICIES) {
        return;
    }
    strcpy(view->policies[view->n_policies++], name);
}

pc_code pc_view_open(const pc_results *results, pc_view *view, pc_status *status)
{
    const char *baseline;

    memset(view, 0, sizeof *view);
    view->results = results;
    view->baseline = -1;
    for (int d = 0; d < results->n_dimensions; d++) {
        const pc_dimension *dimension = results->dimensions[d];
        if (strcmp(dimension->name, "region") == 0 && dimension->type == PC_TEXT && dimension->coordinates) {
            view->region = dimension;
        } else if (strcmp(dimension->name, "year") == 0 && dimension->type == PC_I64 && dimension->coordinates) {
            view->year = dimension;
        }
    }
    for (int g = 0; g < results->n_groups; g++) {
        add_policy(view, results->groups[g]->path);
    }
    if (!view->region || !view->year || view->region->size == 0 || view->year->size == 0 || view->n_policies == 0) {
        return pc_fail(status, PC_ERR_INPUT,
                       "the file has no policies, regions or years: it is not a poolcast results file");
    }
    view->n_areas = (int)view->region->size;
    view->first_year = (int)((const int64_t *)view->year->coordinates)[0];
    view->last_year = (int)((const int64_t *)view->year->coordinates)[view->year->size - 1];
    baseline = group_text(view, "", "baseline");
    for (int p = 0; p < view->n_policies; p++) {
        if (strcmp(view->policies[p], baseline) == 0) {
            char first[sizeof view->policies[0]];
            strcpy(first, view->policies[p]);
            memmove(view->policies[1], view->policies[0], (size_t)p * sizeof view->policies[0]);
            strcpy(view->policies[0], first);
            view->baseline = 0;
        }
    }
    return PC_OK;
}

const char *pc_view_text(const pc_view *view, const char *attribute)
{
    return group_text(view, "", attribute);
}

double pc_view_number(const pc_view *view, const char *attribute, double standard)
{
    const pc_attribute *found = pc_group_find_attribute(pc_results_find_group(view->results, ""), attribute);

    if (!found || found->type == PC_TEXT) {
        return standard;
    }
    return found->type == PC_I64 ? (double)found->integer : found->number;
}

const char *pc_view_policy_text(const pc_view *view, const char *policy, const char *what)
{
    const pc_dataset *titles = pc_results_find(view->results, "inputs/policies", what);
    long at =
        titles && titles->rank == 1 && titles->type == PC_TEXT ? pc_dimension_find_text(titles->dims[0], policy) : -1;
    const char *text = at >= 0 ? ((char *const *)titles->data)[at] : NULL;

    return text ? text : "";
}

static const char *area_text(const pc_view *view, const char *dataset, int area)
{
    const pc_dataset *names = pc_results_find(view->results, "areas", dataset);
    const char *text = NULL;

    if (area < 0 || area >= view->n_areas) {
        return "";
    }
    if (names && names->type == PC_TEXT && (size_t)area < names->count) {
        text = ((char *const *)names->data)[area];
    }
    return text && *text ? text : ((char *const *)view->region->coordinates)[area];
}

const char *pc_view_area_name(const pc_view *view, int area)
{
    return area_text(view, "name", area);
}

const char *pc_view_area_name_en(const pc_view *view, int area)
{
    return area_text(view, "name_en", area);
}

const char *pc_view_area_shown(const pc_view *view, int area)
{
    return pc_language_is_chinese() ? pc_view_area_name(view, area) : pc_view_area_name_en(view, area);
}

const char *pc_view_title_shown(const pc_view *view)
{
    return pc_language_pick(pc_view_text(view, "title"), pc_view_text(view, "title_en"));
}

const char *pc_view_policy_shown(const pc_view *view, const char *policy)
{
    return pc_language_pick(pc_view_policy_text(view, policy, "title"), pc_view_policy_text(view, policy, "title_en"));
}

const char *pc_view_unit_shown(const char *unit)
{
    static const char *const units[] __attribute__((unused)) = {
        N_("yuan"),  N_("yuan/person"), N_("100m yuan"), N_("months"),        N_("persons"),   N_("year"),
        N_("years"), N_("fraction"),    N_("points"),    N_("fraction/year"), N_("yuan/year"), N_("1/year"),
        N_("index"), N_("rate"),        N_("s"),         N_("regions"),
    };

    return pc_translate(unit);
}

/* long_name as src/engine/outcome.c puts it together: what kind of value, the output's own text, the difference. */
const char *pc_view_meaning(const pc_dataset *dataset, char *text, size_t size)
{
    static const struct {
        const char *prefix, *shown;
    } kinds[] = {{"probability: ", N_("probability: %s")},
                 {"quantiles: ", N_("quantiles: %s")},
                 {"mean by control variates: ", N_("mean by control variates: %s")},
                 {"standard error by control variates: ", N_("standard error by control variates: %s")},
                 {"plain paths that a path is worth by control variates: ",
                  N_("plain paths that a path is worth by control variates: %s")}};
    static const char error[] = "standard error of ", bound[] = "; where no path";
    static const char minus[] = ", policy minus baseline", level[] = "; var and tvar at level ";
    const char *name = dataset->long_name ? dataset->long_name : "", *kind = NULL, *at;
    char body[512], part[640], with_level[704];
    size_t n;

    if (strncmp(name, error, strlen(error)) == 0 && strstr(name, bound)) {
        name += strlen(error);
        snprintf(body, sizeof body, "%.*s", (int)(strstr(name, bound) - name), name);
        snprintf(text, size,
                 _("standard error of %s; where no path or every path had the event, the one-sided 95 %% bound 3/n"),
                 body);
        return text;
    }
    for (size_t k = 0; k < sizeof kinds / sizeof *kinds && !kind; k++) {
        if (strncmp(name, kinds[k].prefix, strlen(kinds[k].prefix)) == 0) {
            name += strlen(kinds[k].prefix);
            kind = kinds[k].shown;
        }
    }
    at = strstr(name, level);
    n = at ? (size_t)(at - name) : strlen(name);
    n -= n > strlen(minus) && strncmp(name + n - strlen(minus), minus, strlen(minus)) == 0 ? strlen(minus) : 0;
    snprintf(body, sizeof body, "%.*s", (int)n, name);
    snprintf(part, sizeof part, kind ? _(kind) : "%s", pc_translate(body));
    if (at) {
        snprintf(with_level, sizeof with_level, _("%s; var and tvar at level %s"), part, at + strlen(level));
    } else {
        snprintf(with_level, sizeof with_level, "%s", part);
    }
    snprintf(text, size, strncmp(name + n, minus, strlen(minus)) == 0 ? _("%s, policy minus baseline") : "%s",
             with_level);
    return text;
}

int pc_view_area_find(const pc_view *view, const char *text)
{
    long found = pc_dimension_find_text(view->region, text);

    for (int a = 0; found < 0 && a < view->n_areas; a++) {
        if (strcmp(pc_view_area_name(view, a), text) == 0 || strcasecmp(pc_view_area_name_en(view, a), text) == 0) {
            found = a;
        }
    }
    return (int)found;
}

/* Index of one value in a dataset; -1 when it is not there. A statistic (text) or a probability is looked up on the
 * axis that is neither region nor year. */
static long place(const pc_view *view, const pc_dataset *dataset, const char *statistic, double probability, int area,
                  int year)
{
    size_t index = 0;

    for (int axis = 0; dataset && axis < dataset->rank; axis++) {
        const pc_dimension *dim = dataset->dims[axis];
        long at = -1;
        if (strcmp(dim->name, "region") == 0) {
            at = area;
        } else if (strcmp(dim->name, "year") == 0) {
            at = (long)year - view->first_year;
        } else if (dim->type == PC_F64 && dim->coordinates) {
            for (size_t q = 0; q < dim->size; q++) {
                if (fabs(((const double *)dim->coordinates)[q] - probability) < 1e-9) {
                    at = (long)q;
                }
            }
        } else if (statistic) {
            at = pc_dimension_find_text(dim, statistic);
        }
        if (at < 0 || (size_t)at >= dim->size) {
            return -1;
        }
        index = index * dim->size + (size_t)at;
    }
    return dataset ? (long)index : -1;
}

double pc_view_value(const pc_view *view, const pc_dataset *dataset, const char *statistic, int area, int year)
{
    long index = place(view, dataset, statistic, NAN, area, year);

    return index < 0 ? NAN : pc_dataset_at(dataset, (size_t)index);
}

double pc_view_quantile(const pc_view *view, const pc_dataset *dataset, double probability, int area, int year)
{
    long index = place(view, dataset, NULL, probability, area, year);

    return index < 0 ? NAN : pc_dataset_at(dataset, (size_t)index);
}

const pc_dataset *pc_view_find(const pc_view *view, const char *tree, const char *policy, const char *scheme,
                               const char *name)
{
    char group[192];

    snprintf(group, sizeof group, "%s/%s/%s", tree, policy, scheme);
    return pc_results_find(view->results, group, name);
}

const pc_dataset *pc_view_error(const pc_view *view, const char *tree, const char *policy, const char *scheme,
                                const char *name)
{
    char error[160];

    snprintf(error, sizeof error, "%s_se", name);
    return pc_view_find(view, tree, policy, scheme, error);
}

int pc_view_central_only(const pc_view *view)
{
    return pc_view_number(view, "paths", 1) == 0;
}

pc_reading pc_view_read(const pc_view *view, const char *tree, const char *policy, const char *scheme, const char *name,
                        int area, int year)
{
    const pc_dataset *value = pc_view_find(view, tree, policy, scheme, name);
    const pc_dataset *error = pc_view_error(view, tree, policy, scheme, name);
    int central = pc_view_central_only(view);
    pc_reading reading;

    reading.value = pc_view_value(view, value, central ? "central" : "mean", area, year);
    reading.error = central ? NAN : error ? pc_view_value(view, error, NULL, area, year) : NAN;
    if (!central && !error) {
        reading.error = pc_view_value(view, value, "se", area, year);
    }
    return reading;
}

pc_turning pc_view_turning(const pc_view *view, const char *policy, const char *scheme)
{
    static const char *const names[] = {"revenue", "expenditure", "other_outgo", "balance"};
    pc_turning turning = {0, 0};

    for (int y = view->last_year; y >= view->first_year; y--) {
        double x[4];
        for (int i = 0; i < 4; i++) {
            x[i] = pc_view_value(view, pc_view_find(view, "policy", policy, scheme, names[i]), "central",
                                 view->n_areas - 1, y);
        }
        turning.deficit = x[0] < x[1] + (isnan(x[2]) ? 0 : x[2]) ? y : turning.deficit;
        turning.overdraft = x[3] < 0 ? y : turning.overdraft;
    }
    return turning;
}

double pc_view_price_level(const pc_view *view, int year)
{
    const pc_dataset *level = pc_results_find(view->results, "inputs/prices", "price_level");
    long at = level && level->rank == 1 ? pc_dimension_find_integer(level->dims[0], year) : -1;

    return at >= 0 ? pc_dataset_at(level, (size_t)at) : NAN;
}

int pc_view_is_region(const pc_view *view, int area)
{
    const pc_dataset *kind = pc_results_find(view->results, "areas", "kind");

    if (area < 0 || area >= view->n_areas) {
        return 0;
    }
    if (kind && kind->type == PC_TEXT && (size_t)area < kind->count) {
        return strcmp(((char *const *)kind->data)[area], "region") == 0;
    }
    return area < view->n_areas - 1;
}

int pc_view_usual_years(const pc_view *view, int years[PC_VIEW_N_YEARS])
{
    static const int usual[PC_VIEW_N_YEARS] = {2030, 2035, 2040, 2050};
    int n = 0;

    for (int i = 0; i < PC_VIEW_N_YEARS; i++) {
        if (usual[i] >= view->first_year && usual[i] <= view->last_year) {
            years[n++] = usual[i];
        }
    }
    if (n == 0) {
        years[n++] = view->last_year;
    }
    return n;
}

int pc_view_share_year(const pc_view *view, const pc_dataset *by, int area, double share)
{
    for (int y = view->first_year; by && y <= view->last_year; y++) {
        if (pc_view_value(view, by, NULL, area, y) >= share) {
            return y;
        }
    }
    return 0;
}

/* A policy of the inputs whose results are not there. */
static pc_code check_policies(const pc_results *results, pc_status *status)
{
    const pc_dataset *titles = pc_results_find(results, "inputs/policies", "title");

    if (!titles || titles->rank != 1 || titles->dims[0]->type != PC_TEXT || !titles->dims[0]->coordinates) {
        return pc_fail(status, PC_ERR_INPUT, "the file lacks the titles in group /inputs/policies");
    }
    for (size_t p = 0; p < titles->count; p++) {
        const char *policy = ((char *const *)titles->dims[0]->coordinates)[p];
        for (int s = 0; s < PC_VIEW_N_SCHEMES; s++) {
            char path[192];
            snprintf(path, sizeof path, "policy/%s/%s", policy, pc_view_schemes[s]);
            if (!pc_results_find_group(results, path)) {
                return pc_fail(status, PC_ERR_INPUT, "the file lacks group /%s", path);
            }
        }
    }
    return PC_OK;
}

pc_code pc_view_check(const pc_results *results, pc_status *status)
{
    static const char *const groups[] = {"policy",          "people",        "economy", "areas",
                                         "inputs/policies", "inputs/prices", "quality"};
    const pc_attribute *version = pc_group_find_attribute(pc_results_find_group(results, ""), "format_version");

    if (!version || version->type != PC_I64) {
        return pc_fail(status, PC_ERR_INPUT, "the file has no format version: it is not a poolcast results file");
    }
    if (version->integer != PC_FORMAT_VERSION) {
        return pc_fail(status, PC_ERR_INPUT,
                       "the file has format version %lld, this program reads %d: run the scenario again, or use the "
                       "program that wrote it",
                       (long long)version->integer, PC_FORMAT_VERSION);
    }
    for (size_t g = 0; g < sizeof groups / sizeof *groups; g++) {
        if (!pc_results_find_group(results, groups[g])) {
            return pc_fail(status, PC_ERR_INPUT, "the file lacks group /%s", groups[g]);
        }
    }
    return check_policies(results, status);
}
