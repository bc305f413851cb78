/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An explanation as CSV and JSON. */
#include "report/explain_view.h"
#include "report/study_inner.h"

void pc_explain_print_csv(const pc_explain_view *e, FILE *out)
{
    fputs("what,name,policy,value,value_se,second,second_se\n", out);
    for (size_t i = 0; i < e->n_shares * e->n_policies; i++) {
        fprintf(out, "%s,%s,%s", pc_study_text_at(e->kind, i / e->n_policies), e->shares[i / e->n_policies],
                e->policies[i % e->n_policies]);
        for (int k = PC_SEEN_FIRST; k <= PC_SEEN_TOTAL_SE; k++) {
            const double x = pc_dataset_at(e->set[k], i);
            pc_study_csv_numbers(out, &x, 1);
        }
        fputc('\n', out);
    }
    for (size_t i = 0; i < e->n_bars * e->n_policies; i++) {
        fprintf(out, "tornado,%s,%s", e->bars[i / e->n_policies], e->policies[i % e->n_policies]);
        for (int k = PC_SEEN_LOW; k <= PC_SEEN_HIGH_SE; k++) {
            const double x = pc_dataset_at(e->set[k], i);
            pc_study_csv_numbers(out, &x, 1);
        }
        fputc('\n', out);
    }
    for (size_t i = 0; i < e->n_ends * e->n_policies; i++) {
        fprintf(out, "path,%g,%s,%.0f,,", e->ends[i % e->n_ends], e->policies[i / e->n_ends],
                pc_dataset_at(e->set[PC_SEEN_PATH], i));
        pc_study_csv_number(out, pc_dataset_at(e->set[PC_SEEN_PATH_VALUE], i));
        fputs(",\n", out);
    }
}

/* Objects of one kind: the names of rows and policies, then some numbers. */
static void json_rows(pc_json *json, const pc_explain_view *e, const char *what, char *const *names, size_t n,
                      int first, int last)
{
    pc_json_open(json, what, '[');
    for (size_t i = 0; i < n * e->n_policies; i++) {
        pc_json_open(json, NULL, '{');
        pc_json_put_text(json, "name", names[i / e->n_policies]);
        pc_json_put_text(json, "policy", e->policies[i % e->n_policies]);
        for (int k = first; k <= last; k++) {
            pc_json_put_number(json, pc_seen_names[k], pc_dataset_at(e->set[k], i));
        }
        pc_json_close(json, '}');
    }
    pc_json_close(json, ']');
}

void pc_explain_print_json(const pc_explain_view *e, FILE *out)
{
    static const char *const texts[] = {"measure", "measure_unit", "scheme", "outcome", "replay"};
    static const char *const items[PC_TOLD_ITEMS] = {
        "wage",        "cost_per_member", "contributors",   "retirees",      "revenue",
        "expenditure", "reserve_months",  "central_months", "first_deficit", "first_depleted"};
    pc_json json = pc_study_json_begin(out);

    pc_study_json_texts(&json, e->results, pc_seen_group, texts, (int)(sizeof texts / sizeof *texts));
    pc_json_put_number(&json, "between_policies", pc_study_number(e->results, pc_seen_group, "between_policies"));
    pc_json_open(&json, "policies", '[');
    for (size_t p = 0; p < e->n_policies; p++) {
        pc_json_open(&json, NULL, '{');
        pc_json_put_text(&json, "policy", e->policies[p]);
        for (int k = PC_SEEN_MEAN; k <= PC_SEEN_VARIANCE; k++) {
            pc_json_put_number(&json, pc_seen_names[k], pc_explain_at(e, k, 0, p));
        }
        pc_json_close(&json, '}');
    }
    pc_json_close(&json, ']');
    json_rows(&json, e, "shares", e->shares, e->n_shares, PC_SEEN_FIRST, PC_SEEN_TOTAL_SE);
    json_rows(&json, e, "tornado", e->bars, e->n_bars, PC_SEEN_LOW, PC_SEEN_HIGH_SE);
    pc_json_open(&json, "paths", '[');
    for (size_t i = 0; i < e->n_ends * e->n_policies; i++) {
        pc_json_open(&json, NULL, '{');
        pc_json_put_text(&json, "policy", e->policies[i / e->n_ends]);
        pc_json_put_number(&json, "end", e->ends[i % e->n_ends]);
        pc_json_put_number(&json, "path", pc_dataset_at(e->set[PC_SEEN_PATH], i));
        pc_json_put_number(&json, "value", pc_dataset_at(e->set[PC_SEEN_PATH_VALUE], i));
        for (int k = 0; k < PC_TOLD_ITEMS; k++) {
            pc_json_put_number(&json, items[k], pc_explain_told(e, i / e->n_ends, i % e->n_ends, k));
        }
        pc_json_close(&json, '}');
    }
    pc_json_close(&json, ']');
    pc_study_json_end(&json);
}
