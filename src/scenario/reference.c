/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The reference of all keys and the file of all defaults, both written from the schema. */
#include <stdio.h>
#include <string.h>

#include "base/i18n.h"
#include "base/numbers.h"
#include "scenario/schema.h"
#include "scenario/values.h"

/* The standard of a text key; "" where leaving it out means something of its own. */
static const char *standard_text(const pc_head *head, const pc_param *param)
{
    static char const *const tables[] = {"regions",   "population", "mortality", "fertility",
                                         "migration", "membership", "age_cost",  "pension_age"};
    static char const *const files[] = {"regions.csv",   "population.csv", "mortality.csv", "fertility.csv",
                                        "migration.csv", "membership.csv", "age_cost.csv",  "pension_age.csv"};

    if (head == &pc_schema_top && strncmp(param->key, "tables.", 7) == 0) {
        for (size_t i = 0; i < sizeof tables / sizeof *tables; i++) {
            if (strcmp(param->key + 7, tables[i]) == 0) {
                return files[i];
            }
        }
    }
    return "";
}

/* How the default is written in a scenario. */
static const char *standard(const pc_head *head, const pc_param *param, char *buffer, size_t size)
{
    char number[PC_NUMBER_SIZE];
    const char *choice = param->choices;

    switch (param->kind) {
    case PC_PARAM_TEXT:
        snprintf(buffer, size, "\"%s\"", standard_text(head, param));
        break;
    case PC_PARAM_BOOL:
        snprintf(buffer, size, "%s", param->value != 0 ? "true" : "false");
        break;
    case PC_PARAM_CHOICE:
        for (int i = 0; i < (int)param->value; i++) {
            choice += strcspn(choice, "|");
            choice += *choice == '|';
        }
        snprintf(buffer, size, "%.*s", (int)strcspn(choice, "|"), choice);
        break;
    default:
        pc_format_double(number, sizeof number, param->value);
        snprintf(buffer, size, "%s", number);
        break;
    }
    return buffer;
}

static void print_head(FILE *out, const pc_head *head, const char *prefix, int takes_over)
{
    char allowed[512], value[256];

    if (takes_over) {
        fprintf(out, "  %sover\n      %s\n", prefix,
                _("The partition whose groups it works in. Allowed: the name of a partition. Must be given."));
    }
    for (int p = 0; p < head->n_params; p++) {
        const pc_param *param = &head->params[p];
        fprintf(out, "  %s%s\n      %s\n      ", prefix, param->key, pc_translate(param->doc));
        fprintf(out, _("Allowed: %s."), pc_value_allowed(param, allowed, sizeof allowed));
        standard(head, param, value, sizeof value);
        if (head == &pc_schema_region && pc_schema_region_required(p)) {
            fputs(_(" Must be given."), out);
        } else if (strcmp(value, "\"\"") != 0 && strcmp(value, "nan") != 0) {
            fprintf(out, _(" Default: %s"), value);
        }
        fprintf(out, "\n");
    }
}

void pc_schema_print_reference(FILE *out)
{
    static const char *const titles[PC_SCHEMA_PLACES] = {N_("Keys at the top"),
                                                         N_("Table of regions"),
                                                         N_("Sections of the model"),
                                                         N_("Entries of shocks:"),
                                                         N_("Layers of a policy (layers:)"),
                                                         N_("Levers of a policy (levers:)"),
                                                         N_("Shortfall rules of a policy (shortfall:)")};
    int n;
    const pc_schema_part *part = pc_schema_parts(&n);

    for (int place = 0; place < PC_SCHEMA_PLACES; place++) {
        fprintf(out, "%s%s\n", place ? "\n" : "", _(titles[place]));
        for (int i = 0; i < pc_schema_n_heads((pc_schema_place)place); i++) {
            const pc_head *head = pc_schema_head((pc_schema_place)place, i);
            char prefix[128] = "";
            if (place == PC_PLACE_SECTION) {
                snprintf(prefix, sizeof prefix, "%s.", head->name);
            }
            if (place != PC_PLACE_TOP) {
                fprintf(out, "\n%s: %s\n  %s\n", head->name, pc_translate(head->title), pc_translate(head->doc));
            }
            print_head(out, head, prefix, pc_schema_takes_over((pc_schema_place)place, head));
        }
        for (int i = 0; place == PC_PLACE_TOP && i < n; i++) {
            fprintf(out, "  %s\n      %s\n      ", part[i].key, _(part[i].doc));
            fprintf(out, _("Allowed: %s."), _(part[i].shape));
            fprintf(out, part[i].standard[0] ? _(" Default: %s") : "%s", part[i].standard);
            fputc('\n', out);
        }
    }
}

void pc_schema_write_defaults(FILE *out)
{
    char value[256];
    int n;
    const pc_schema_part *part = pc_schema_parts(&n);

    fprintf(out, _("# Every key with its default. Keys with dots may be nested: a.b: 1 is a: {b: 1}.\n"));
    for (int p = 0; p < pc_schema_top.n_params; p++) {
        const pc_param *param = &pc_schema_top.params[p];
        standard(&pc_schema_top, param, value, sizeof value);
        fprintf(out, "%s%s: %s\n", strcmp(value, "\"\"") == 0 ? "# " : "", param->key, value);
    }
    for (int i = 0; i < n; i++) {
        fprintf(out, "%s%s: %s\n", part[i].standard[0] ? "" : "# ", part[i].key, part[i].standard);
    }
    for (int i = 0; i < pc_schema_n_heads(PC_PLACE_SECTION); i++) {
        const pc_head *head = pc_schema_head(PC_PLACE_SECTION, i);
        if (head->n_params > 0) {
            fprintf(out, "%s:\n", head->name);
        }
        for (int p = 0; p < head->n_params; p++) {
            const pc_param *param = &head->params[p];
            standard(head, param, value, sizeof value);
            fprintf(out, "  %s%s: %s\n", strcmp(value, "\"\"") == 0 ? "# " : "", param->key, value);
        }
    }
    fprintf(out, "policies:\n  city: {}\n");
}

void pc_schema_write_comments(FILE *out)
{
    char value[256], allowed[512];

    for (int i = 0; i < pc_schema_n_heads(PC_PLACE_SECTION); i++) {
        const pc_head *head = pc_schema_head(PC_PLACE_SECTION, i);
        if (head->n_params > 0) {
            fprintf(out, "#\n# %s:\n", head->name);
        }
        for (int p = 0; p < head->n_params; p++) {
            const pc_param *param = &head->params[p];
            fprintf(out, "#   %s: %s  # %s (%s)\n", param->key, standard(head, param, value, sizeof value),
                    pc_translate(param->doc), pc_value_allowed(param, allowed, sizeof allowed));
        }
    }
}
