/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "base/i18n.h"
#include "command.h"
#include "list.h"
#include "report/tables.h"
#include "report/view.h"

enum { WIDTH = 100, MAX_HEADS = 256 };

static int all_heads(const pc_head **heads)
{
    int n = 0;

    for (int i = 0; i < pc_n_heads && n < MAX_HEADS; i++) {
        heads[n++] = pc_all_heads[i];
    }
    for (int i = 0; i < pc_n_layers && n < MAX_HEADS; i++) {
        heads[n++] = &pc_all_layers[i]->head;
    }
    for (int i = 0; i < pc_n_levers && n < MAX_HEADS; i++) {
        heads[n++] = &pc_all_levers[i]->head;
    }
    for (int i = 0; i < pc_n_shortfalls && n < MAX_HEADS; i++) {
        heads[n++] = &pc_all_shortfalls[i]->head;
    }
    for (int i = 0; i < pc_n_measures && n < MAX_HEADS; i++) {
        heads[n++] = &pc_all_measures[i]->head;
    }
    return n;
}

static void field(const char *label, const char *text)
{
    if (text && *text) {
        printf("  %s\n", label);
        pc_text_wrap(stdout, _(text), 4, WIDTH);
    }
}

static void print_choice(const pc_param *param, char *text, size_t size)
{
    const char *at = param->choices ? param->choices : "";

    for (int i = 0; i < (int)param->value && strchr(at, '|'); i++) {
        at = strchr(at, '|') + 1;
    }
    snprintf(text, size, "%.*s", (int)strcspn(at, "|"), at);
}

static pc_code print_params(const pc_head *head, pc_status *status)
{
    pc_text_table *table;

    if (head->n_params == 0) {
        return PC_OK;
    }
    printf("  %s\n", _("parameters"));
    table = pc_text_table_new();
    pc_text_table_column(table, 0, "%s", _("key"));
    pc_text_table_column(table, 0, "%s", _("unit"));
    pc_text_table_column(table, 0, "%s", _("default"));
    pc_text_table_column(table, 0, "%s", _("allowed"));
    pc_text_table_column(table, 0, "%s", _("meaning"));
    for (int i = 0; i < head->n_params; i++) {
        const pc_param *p = head->params + i;
        char standard[64], allowed[256];
        switch (p->kind) {
        case PC_PARAM_CHOICE:
            print_choice(p, standard, sizeof standard);
            snprintf(allowed, sizeof allowed, "%s", p->choices ? p->choices : "");
            break;
        case PC_PARAM_BOOL:
            snprintf(standard, sizeof standard, "%s", p->value != 0 ? "true" : "false");
            snprintf(allowed, sizeof allowed, "true|false");
            break;
        case PC_PARAM_TEXT:
            standard[0] = 0;
            snprintf(allowed, sizeof allowed, "%s", _("text"));
            break;
        default:
            snprintf(standard, sizeof standard, "%g", p->value);
            snprintf(allowed, sizeof allowed, p->kind == PC_PARAM_SERIES ? _("%g to %g, by year") : _("%g to %g"),
                     p->lo, p->hi);
            break;
        }
        pc_text_table_row(table);
        pc_text_table_cell(table, "%s", p->key);
        pc_text_table_cell(table, "%s", pc_view_unit_shown(p->unit));
        pc_text_table_cell(table, "%s", standard);
        pc_text_table_cell(table, "%s", allowed);
        pc_text_table_cell(table, "%s", pc_translate(p->doc));
    }
    return pc_text_table_print(table, stdout, 4, status);
}

static pc_code print_outputs(const pc_head *head, pc_status *status)
{
    pc_text_table *table = NULL;

    for (int m = 0; m < pc_n_measures; m++) {
        if (&pc_all_measures[m]->head != head) {
            continue;
        }
        printf("  %s\n", _("outputs"));
        table = pc_text_table_new();
        pc_text_table_column(table, 0, "%s", _("name"));
        pc_text_table_column(table, 0, "%s", _("unit"));
        pc_text_table_column(table, 0, "%s", _("meaning"));
        for (int o = 0; o < pc_all_measures[m]->n_outputs; o++) {
            const pc_output *output = pc_all_measures[m]->outputs + o;
            pc_text_table_row(table);
            pc_text_table_cell(table, "%s", output->name);
            pc_text_table_cell(table, "%s", pc_view_unit_shown(output->unit));
            pc_text_table_cell(table, "%s", pc_translate(output->long_name));
        }
        return pc_text_table_print(table, stdout, 4, status);
    }
    return PC_OK;
}

static pc_code print_head(const pc_head *head, pc_status *status)
{
    pc_code code;

    printf("%s %s: %s\n", head->slot, head->name, pc_translate(head->title));
    field(_("what it does"), head->doc);
    field(_("equation"), head->equation);
    field(_("source"), head->source);
    code = print_params(head, status);
    code = code ? code : print_outputs(head, status);
    putchar('\n');
    return code;
}

static pc_code run(const pc_args *args, pc_status *status)
{
    const pc_head *heads[MAX_HEADS];
    const char *names[MAX_HEADS];
    int n = all_heads(heads), found = 0;
    pc_code code = PC_OK;

    for (int i = 0; !code && i < n; i++) {
        names[i] = heads[i]->name;
        if (args->n_words == 0 || strcmp(args->words[0], heads[i]->name) == 0 ||
            strcmp(args->words[0], heads[i]->slot) == 0) {
            code = print_head(heads[i], status);
            found = 1;
        }
    }
    return code || found ? code : pc_unknown(status, N_("model"), args->words[0], names, (size_t)n);
}

const pc_command pc_models_command = {
    .name = "models",
    .summary = N_("what is built in, with equations, sources and parameters"),
    .words_usage = "[NAME]",
    .max_words = 1,
    .words_complete = NULL,
    .description =
        N_("Prints every built-in model: people, economy, schemes, layers of pooling, levers, shortfall rules and "
           "measures. NAME is one of them or a kind: people, economy, scheme, layer, lever, shortfall, measure."),
    .run = run,
};
