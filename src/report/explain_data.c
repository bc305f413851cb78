/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An explanation as CSV and JSON. */
#include "base/json.h"
#include "report/explain_view.h"
#include "report/study_inner.h"

void pc_explain_print_csv(const pc_explain_view *e, FILE *out)
{
    fputs("what,name,policy,value,value_se,second,second_se\n", out);
    for (size_t i = 0; i < e->n_shares * e->n_policies; i++) {
        fprintf(out, "%s,%s,%s", pc_study_text_at(e->kind, i / e->n_policies), e->shares[i / e->n_policies],
                e->policies[i % e->n_policies]);
        for (int k = PC_SEEN_FIRST; k <= PC_SEEN_TOTAL_SE; k++) {
            fputc(',', out);
            pc_study_csv_number(out, pc_dataset_at(e->set[k], i));
        }
        fputc('\n', out);
    }
    for (size_t i = 0; i < e->n_bars * e->n_policies; i++) {
        fprintf(out, "tornado,%s,%s", e->bars[i / e->n_policies], e->policies[i % e->n_policies]);
        for (int k = PC_SEEN_LOW; k <= PC_SEEN_HIGH_SE; k++) {
            fputc(',', out);
            pc_study_csv_number(out, pc_dataset_at(e->set[k], i));
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
static void json_rows(const pc_explain_view *e, const char *what, char *const *names, size_t n, int first, int last,
                      FILE *out)
{
    fprintf(out, ", \"%s\": [", what);
    for (size_t i = 0; i < n * e->n_policies; i++) {
        fprintf(out, "%s{\"name\": ", i ? ", " : "");
        pc_json_text(out, names[i / e->n_policies]);
        fputs(", \"policy\": ", out);
        pc_json_text(out, e->policies[i % e->n_policies]);
        for (int k = first; k <= last; k++) {
            fprintf(out, ", \"%s\": ", pc_seen_names[k]);
            pc_study_json_number(out, pc_dataset_at(e->set[k], i));
        }
        fputs("}", out);
    }
    fputs("]", out);
}

void pc_explain_print_json(const pc_explain_view *e, FILE *out)
{
    static const char *const texts[] = {"measure", "measure_unit", "scheme", "outcome", "replay"};
    static const char *const items[PC_TOLD_ITEMS] = {
        "wage",        "cost_per_member", "contributors",   "retirees",      "revenue",
        "expenditure", "reserve_months",  "central_months", "first_deficit", "first_depleted"};

    fputs("{", out);
    pc_study_json_texts(e->results, pc_seen_group, texts, 5, out);
    fputs(", \"between_policies\": ", out);
    pc_study_json_number(out, pc_study_number(e->results, pc_seen_group, "between_policies"));
    fputs(", \"policies\": [", out);
    for (size_t p = 0; p < e->n_policies; p++) {
        fprintf(out, "%s{\"policy\": ", p ? ", " : "");
        pc_json_text(out, e->policies[p]);
        for (int k = PC_SEEN_MEAN; k <= PC_SEEN_VARIANCE; k++) {
            fprintf(out, ", \"%s\": ", pc_seen_names[k]);
            pc_study_json_number(out, pc_explain_at(e, k, 0, p));
        }
        fputs("}", out);
    }
    fputs("]", out);
    json_rows(e, "shares", e->shares, e->n_shares, PC_SEEN_FIRST, PC_SEEN_TOTAL_SE, out);
    json_rows(e, "tornado", e->bars, e->n_bars, PC_SEEN_LOW, PC_SEEN_HIGH_SE, out);
    fputs(", \"paths\": [", out);
    for (size_t i = 0; i < e->n_ends * e->n_policies; i++) {
        fprintf(out, "%s{\"policy\": ", i ? ", " : "");
        pc_json_text(out, e->policies[i / e->n_ends]);
        fprintf(out, ", \"end\": %g, \"path\": %.0f, \"value\": ", e->ends[i % e->n_ends],
                pc_dataset_at(e->set[PC_SEEN_PATH], i));
        pc_study_json_number(out, pc_dataset_at(e->set[PC_SEEN_PATH_VALUE], i));
        for (int k = 0; k < PC_TOLD_ITEMS; k++) {
            fprintf(out, ", \"%s\": ", items[k]);
            pc_study_json_number(out, pc_explain_told(e, i / e->n_ends, i % e->n_ends, k));
        }
        fputs("}", out);
    }
    fputs("]}\n", out);
}
