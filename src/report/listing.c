/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Choosing what is listed: names, policies, schemes, region, years. */
#include <math.h>
#include <string.h>

#include "base/i18n.h"
#include "base/memory.h"
#include "base/numbers.h"
#include "report/listing_inner.h"
#include "report/tables.h"

static const char *const weather[] = {N_("people"), N_("economy")};
static const char *const usual_names[] = {"revenue",        "expenditure", "balance",
                                          "reserve_months", "deficit",     "depleted_by"};
enum { N_SCHEMES = 3, N_WEATHER = 2 };

static int ends_with(const char *text, const char *end)
{
    size_t n = strlen(text), m = strlen(end);

    return n >= m && strcmp(text + n - m, end) == 0;
}

/* Errors of events are listed with their events. */
static int is_error(const pc_group *group, const pc_dataset *dataset)
{
    char name[160];

    if (!ends_with(dataset->name, "_se") || strlen(dataset->name) >= sizeof name) {
        return 0;
    }
    snprintf(name, sizeof name, "%.*s", (int)strlen(dataset->name) - 3, dataset->name);
    for (int d = 0; d < group->n_datasets; d++) {
        if (strcmp(group->datasets[d]->name, name) == 0) {
            return 1;
        }
    }
    return 0;
}

/* Numbers over statistic (or quantile or band), region and year; of transfers also over who gives. */
static int can_list(const pc_dataset *dataset)
{
    int others = 0;

    for (int axis = 0; axis < dataset->rank; axis++) {
        const char *name = dataset->dims[axis]->name;
        others += strcmp(name, "region") != 0 && strcmp(name, "year") != 0 && strcmp(name, "from") != 0;
    }
    return dataset->type != PC_TEXT && others <= 1;
}

static int is_listed(const pc_group *group, const pc_dataset *dataset)
{
    return can_list(dataset) && !is_error(group, dataset);
}

/* Who gives, of transfers; NULL for all other datasets. */
static const pc_dimension *from_axis(const pc_dataset *dataset)
{
    for (int axis = 0; axis < dataset->rank; axis++) {
        if (strcmp(dataset->dims[axis]->name, "from") == 0) {
            return dataset->dims[axis];
        }
    }
    return NULL;
}

static pc_code add_one(pc_listing *listing, const char *policy, const char *scheme, const pc_group *group,
                       const pc_dataset *dataset, size_t from, pc_status *status)
{
    pc_listing_item item = {.policy = policy, .scheme = scheme, .value = dataset, .from = from};
    const pc_dimension *gives = from_axis(dataset);
    char name[160];

    snprintf(item.name, sizeof item.name, "%s%s%s", dataset->name, gives ? " " : "",
             gives && gives->type == PC_TEXT && gives->coordinates ? ((char *const *)gives->coordinates)[from] : "");

    for (int axis = 0; axis < dataset->rank; axis++) {
        const pc_dimension *dim = dataset->dims[axis];
        if (strcmp(dim->name, "region") == 0) {
            item.has_area = 1;
        } else if (strcmp(dim->name, "year") == 0) {
            item.has_year = 1;
        } else if (dim != gives) {
            item.statistic = dim;
        }
    }
    snprintf(name, sizeof name, "%s_se", dataset->name);
    item.error = pc_results_find(listing->view.results, group->path, name);
    if (listing->n_items == listing->room) {
        size_t room = listing->room ? 2 * listing->room : 64;
        pc_listing_item *grown = pc_calloc(room, sizeof *grown);
        if (!grown) {
            return pc_fail(status, PC_ERR_FAIL, "no memory for a listing");
        }
        if (listing->n_items) {
            memcpy(grown, listing->items, listing->n_items * sizeof *grown);
        }
        pc_free(listing->items);
        listing->items = grown;
        listing->room = room;
    }
    listing->items[listing->n_items++] = item;
    return PC_OK;
}

static pc_code add_item(pc_listing *listing, const char *policy, const char *scheme, const pc_group *group,
                        const pc_dataset *dataset, pc_status *status)
{
    const pc_dimension *gives = from_axis(dataset);
    pc_code code = PC_OK;

    for (size_t from = 0; !code && from < (gives ? gives->size : 1); from++) {
        code = add_one(listing, policy, scheme, group, dataset, from, status);
    }
    return code;
}

/* The items of one group, in the order of the names asked for. */
static pc_code add_group(pc_listing *listing, const char *path, const char *policy, const char *scheme,
                         pc_status *status)
{
    const pc_group *group = pc_results_find_group(listing->view.results, path);
    pc_code code = PC_OK;

    if (!group) {
        return PC_OK;
    }
    if (listing->n_names == 0) {
        for (int d = 0; !code && d < group->n_datasets; d++) {
            if (is_listed(group, group->datasets[d])) {
                code = add_item(listing, policy, scheme, group, group->datasets[d], status);
            }
        }
        return code;
    }
    for (int n = 0; !code && n < listing->n_names; n++) {
        const pc_dataset *dataset = pc_results_find(listing->view.results, path, listing->names[n]);
        if (dataset && can_list(dataset)) {
            code = add_item(listing, policy, scheme, group, dataset, status);
        }
    }
    return code;
}

static pc_code choose_names(pc_listing *listing, pc_status *status)
{
    const pc_listing_options *options = listing->options;
    const char *at = options->what;

    if (!at) {
        if (options->format == PC_LISTING_TABLE) {
            for (size_t i = 0; i < sizeof usual_names / sizeof *usual_names; i++) {
                listing->names[listing->n_names++] = usual_names[i];
            }
        }
        return PC_OK;
    }
    while (*at) {
        size_t n = strcspn(at, ",");
        if (listing->n_names == PC_LISTING_MAX || n >= sizeof listing->name_texts[0]) {
            return pc_fail(status, PC_ERR_INPUT, "too many or too long names: '%.60s'", at);
        }
        if (n > 0) {
            snprintf(listing->name_texts[listing->n_names], sizeof listing->name_texts[0], "%.*s", (int)n, at);
            listing->names[listing->n_names] = listing->name_texts[listing->n_names];
            listing->n_names++;
        }
        at += n + (at[n] == ',');
    }
    return listing->n_names ? PC_OK : pc_fail(status, PC_ERR_INPUT, "no name of a dataset was given");
}

pc_code pc_listing_unknown(pc_status *status, const char *kind, const char *word, const char *const *names, size_t n)
{
    const char *nearest = pc_nearest_name(word, names, n);
    char list[512] = "";
    size_t used = 0;

    if (nearest) {
        return pc_fail(status, PC_ERR_INPUT, "%s '%s' is not in the file; did you mean '%s'?", _(kind), word, nearest);
    }
    for (size_t i = 0; i < n && used + strlen(names[i]) + 3 < sizeof list; i++) {
        used += (size_t)snprintf(list + used, sizeof list - used, "%s%s", used ? _(", ") : "", names[i]);
    }
    return pc_fail(status, PC_ERR_INPUT, "%s '%s' is not in the file; known: %s", _(kind), word, list);
}

/* Every name asked for must be in some group of the tree. */
static pc_code check_names(const pc_listing *listing, pc_status *status)
{
    const pc_results *results = listing->view.results;
    const char *tree = listing->options->difference ? "difference/" : "policy/";

    for (int n = 0; listing->options->what && n < listing->n_names; n++) {
        const char *known[PC_LISTING_MAX * 2];
        size_t n_known = 0;
        int found = 0;
        for (int g = 0; g < results->n_groups && !found; g++) {
            const pc_group *group = results->groups[g];
            int inside = strncmp(group->path, tree, strlen(tree)) == 0 || strcmp(group->path, "people") == 0 ||
                         strcmp(group->path, "economy") == 0;
            for (int d = 0; inside && d < group->n_datasets && !found; d++) {
                found = strcmp(group->datasets[d]->name, listing->names[n]) == 0;
                if (n_known < PC_LISTING_MAX * 2) {
                    known[n_known++] = group->datasets[d]->name;
                }
            }
        }
        if (!found) {
            return pc_listing_unknown(status, N_("dataset"), listing->names[n], known, n_known);
        }
    }
    return PC_OK;
}

static pc_code choose_area(pc_listing *listing, pc_status *status)
{
    const char *known[512];
    size_t n = 0;

    listing->area = -1;
    if (!listing->options->region) {
        return PC_OK;
    }
    listing->area = pc_view_area_find(&listing->view, listing->options->region);
    if (listing->area >= 0) {
        return PC_OK;
    }
    for (int a = 0; a < listing->view.n_areas && n + 2 < sizeof known / sizeof *known; a++) {
        known[n++] = pc_view_area_name_en(&listing->view, a);
        known[n++] = pc_view_area_name(&listing->view, a);
    }
    return pc_listing_unknown(status, N_("region"), listing->options->region, known, n);
}

static pc_code choose_years(pc_listing *listing, pc_status *status)
{
    const pc_listing_options *options = listing->options;
    int first = listing->view.first_year, last = listing->view.last_year;

    listing->first_year = options->first_year ? options->first_year : first;
    listing->last_year = options->last_year ? options->last_year : last;
    if (listing->first_year < first || listing->last_year > last || listing->first_year > listing->last_year) {
        return pc_fail(status, PC_ERR_INPUT, "years %d to %d: allowed %d to %d", listing->first_year,
                       listing->last_year, first, last);
    }
    listing->usual_years = options->format == PC_LISTING_TABLE && !options->first_year && !options->region;
    return PC_OK;
}

static pc_code choose_items(pc_listing *listing, pc_status *status)
{
    const pc_listing_options *options = listing->options;
    const char *tree = options->difference ? "difference" : "policy";
    const char *policy_names[PC_VIEW_MAX_POLICIES];
    int known_scheme = !options->scheme, known_policy = !options->policy;
    pc_code code = PC_OK;

    for (int s = 0; s < N_SCHEMES; s++) {
        known_scheme = known_scheme || strcmp(options->scheme, pc_view_schemes[s]) == 0;
    }
    if (!known_scheme) {
        return pc_listing_unknown(status, N_("scheme"), options->scheme, pc_view_schemes, N_SCHEMES);
    }
    for (int p = 0; !code && p < listing->view.n_policies; p++) {
        const char *policy = listing->view.policies[p];
        policy_names[p] = policy;
        if (options->policy && strcmp(options->policy, policy) != 0) {
            continue;
        }
        known_policy = 1;
        for (int s = 0; !code && s < N_SCHEMES; s++) {
            char path[192];
            if (options->scheme ? strcmp(options->scheme, pc_view_schemes[s]) != 0
                                : s == N_SCHEMES - 1 && options->format == PC_LISTING_TABLE) {
                continue;
            }
            snprintf(path, sizeof path, "%s/%s/%s", tree, policy, pc_view_schemes[s]);
            code = add_group(listing, path, policy, pc_view_schemes[s], status);
        }
    }
    if (!known_policy) {
        return pc_listing_unknown(status, N_("policy"), options->policy, policy_names,
                                  (size_t)listing->view.n_policies);
    }
    for (int w = 0; !code && !options->policy && !options->scheme && !options->difference && w < N_WEATHER; w++) {
        code = add_group(listing, weather[w], "", weather[w], status);
    }
    return code;
}

int pc_listing_has_year(const pc_listing *listing, int year)
{
    if (year < listing->first_year || year > listing->last_year) {
        return 0;
    }
    return !listing->usual_years || year == 2030 || year == 2035 || year == 2040 || year == 2050 ||
           (listing->view.last_year < 2030 && year == listing->view.last_year);
}

const char *pc_listing_unit(const pc_listing *listing, const pc_listing_item *item)
{
    const char *unit = item->value->units ? item->value->units : "";

    (void)listing;
    return strcmp(unit, "1") == 0 ? "" : unit;
}

static double price_level(const pc_listing *listing, const pc_listing_item *item, int year)
{
    if (!listing->options->real || !item->has_year || strncmp(pc_listing_unit(listing, item), "yuan", 4) != 0) {
        return 1;
    }
    return pc_view_price_level(&listing->view, year);
}

static double cell_at(const pc_listing *listing, const pc_listing_item *item, const pc_dataset *dataset, int k,
                      int area, int year)
{
    size_t index = 0;

    for (int axis = 0; axis < dataset->rank; axis++) {
        const pc_dimension *dim = dataset->dims[axis];
        size_t at = dim == item->statistic             ? (size_t)k
                    : strcmp(dim->name, "from") == 0   ? item->from
                    : strcmp(dim->name, "region") == 0 ? (size_t)area
                                                       : (size_t)(year - listing->view.first_year);
        index = index * dim->size + at;
    }
    return pc_dataset_at(dataset, index);
}

double pc_listing_value(const pc_listing *listing, const pc_listing_item *item, int k, int area, int year)
{
    return cell_at(listing, item, item->value, k, area, year) / price_level(listing, item, year);
}

double pc_listing_error(const pc_listing *listing, const pc_listing_item *item, int k, int area, int year)
{
    if (item->error) {
        return cell_at(listing, item, item->error, k, area, year) / price_level(listing, item, year);
    }
    if (item->statistic) {
        long se = pc_dimension_find_text(item->statistic, "se");
        return se >= 0 ? pc_listing_value(listing, item, (int)se, area, year) : NAN;
    }
    return NAN;
}

void pc_listing_statistic(const pc_listing_item *item, int k, char *text, size_t size)
{
    const pc_dimension *dim = item->statistic;

    if (!dim) {
        snprintf(text, size, "%s", item->error ? "mean" : "value");
    } else if (dim->type == PC_TEXT && dim->coordinates) {
        snprintf(text, size, "%s", ((char *const *)dim->coordinates)[k]);
    } else if (dim->type == PC_F64 && dim->coordinates) {
        char number[PC_NUMBER_SIZE];
        pc_format_double(number, sizeof number, ((const double *)dim->coordinates)[k]);
        snprintf(text, size, "%s%s", strcmp(dim->name, "quantile") ? dim->name : "q", number);
    } else {
        snprintf(text, size, "%d", k);
    }
}

pc_code pc_report_listing(const pc_results *results, const pc_listing_options *options, FILE *out, pc_status *status)
{
    pc_listing *listing = pc_calloc(1, sizeof *listing);
    pc_code code;

    if (!listing) {
        return pc_fail(status, PC_ERR_FAIL, "no memory for a listing");
    }
    listing->options = options;
    listing->out = out;
    code = pc_view_open(results, &listing->view, status);
    code = code ? code : choose_names(listing, status);
    code = code ? code : check_names(listing, status);
    code = code ? code : choose_area(listing, status);
    code = code ? code : choose_years(listing, status);
    code = code ? code : choose_items(listing, status);
    if (!code && options->real && !pc_results_find(results, "inputs/prices", "price_level")) {
        code = pc_fail(status, PC_ERR_INPUT, "the file has no price level: values in base-year yuan cannot be given");
    }
    if (!code && listing->n_items == 0) {
        code = pc_fail(status, PC_ERR_INPUT, "nothing in the file fits these choices");
    }
    if (!code && options->format == PC_LISTING_CSV) {
        pc_listing_csv(listing);
    } else if (!code && options->format == PC_LISTING_JSON) {
        pc_listing_json(listing);
    } else if (!code) {
        code = pc_listing_tables(listing, status);
    }
    pc_free(listing->items);
    pc_free(listing);
    return code;
}

static void name_rows(pc_text_table *table, const pc_results *results, const char *path, const char *where)
{
    const pc_group *group = pc_results_find_group(results, path);

    for (int d = 0; group && d < group->n_datasets; d++) {
        const pc_dataset *dataset = group->datasets[d];
        char axes[128] = "", meaning[640];
        size_t used = 0;
        if (!is_listed(group, dataset)) {
            continue;
        }
        for (int axis = 0; axis < dataset->rank && used < sizeof axes; axis++) {
            used += (size_t)snprintf(axes + used, sizeof axes - used, "%s%s", axis ? _(", ") : "",
                                     dataset->dims[axis]->name);
        }
        pc_text_table_row(table);
        pc_text_table_cell(table, "%s", dataset->name);
        pc_text_table_cell(table, "%s", pc_view_unit_shown(dataset->units));
        pc_text_table_cell(table, "%s", axes);
        pc_text_table_cell(table, "%s", where);
        pc_text_table_cell(table, "%s", pc_view_meaning(dataset, meaning, sizeof meaning));
    }
}

pc_code pc_report_names(const pc_results *results, FILE *out, pc_status *status)
{
    pc_view view;
    pc_text_table *table;
    char path[192];
    pc_code code = pc_view_open(results, &view, status);

    if (code) {
        return code;
    }
    table = pc_text_table_new();
    pc_text_table_column(table, 0, "%s", _("name"));
    pc_text_table_column(table, 0, "%s", _("unit"));
    pc_text_table_column(table, 0, "%s", _("over"));
    pc_text_table_column(table, 0, "%s", C_("belongs to", "of"));
    pc_text_table_column(table, 0, "%s", _("meaning"));
    snprintf(path, sizeof path, "policy/%s/employee", view.policies[0]);
    name_rows(table, results, path, _("policy and scheme"));
    for (int w = 0; w < N_WEATHER; w++) {
        name_rows(table, results, weather[w], _(weather[w]));
    }
    return pc_text_table_print(table, out, 0, status);
}
