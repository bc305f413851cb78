/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Writes a small results file in the shape of a real one: `make_sample FILE`. check_netcdf.py opens it. */
#include <math.h>
#include <stdio.h>

#include "results/results.h"
#include "store/store.h"

int main(int argc, char **argv)
{
    static const char *const regions[] = {"东部", "中部", "西部", "whole"};
    static const char *const statistics[] = {"mean", "sd", "se", "central"};
    static const double levels[] = {0.05, 0.5, 0.95};
    static const char *const groups[] = {"policy/baseline/employee", "policy/全国统筹/employee"};
    int32_t years[40];
    pc_status status = {0};
    pc_results *results = pc_results_new();
    const pc_dimension *statistic, *region, *year, *quantile, *path;

    if (argc != 2) {
        fprintf(stderr, "usage: make_sample FILE\n");
        return PC_ERR_INPUT;
    }
    for (int i = 0; i < 40; i++) {
        years[i] = 2024 + i;
    }
    pc_results_attribute_text(results, "", "Conventions", "CF-1.10");
    pc_results_attribute_text(results, "", "title", "样本 sample");
    pc_results_attribute_text(results, "", "history", "");
    pc_results_attribute_integer(results, "", "seed", 42);
    pc_results_attribute_number(results, "", "scale", 0.25);
    statistic = pc_results_dimension(results, "statistic", 4, PC_TEXT, statistics, NULL, "statistic over paths");
    region = pc_results_dimension(results, "region", 4, PC_TEXT, regions, NULL, "region");
    year = pc_results_dimension(results, "year", 40, PC_I32, years, "year", "calendar year");
    quantile = pc_results_dimension(results, "quantile", 3, PC_F64, levels, "1", "quantile level");
    path = pc_results_dimension(results, "path", 5, PC_F64, NULL, NULL, NULL);
    for (int g = 0; g < 2; g++) {
        pc_dataset *d =
            pc_results_dataset(results, groups[g], "balance", PC_F64, 3,
                               (const pc_dimension *[]){statistic, region, year}, "yuan", "balance at year end");
        for (size_t i = 0; d && i < d->count; i++) {
            ((double *)d->data)[i] = i == 7 ? (double)NAN : (double)i + 1000 * g;
        }
        d = pc_results_dataset(results, groups[g], "balance_quantile", PC_F32, 3,
                               (const pc_dimension *[]){quantile, region, year}, "yuan", "quantiles of the balance");
        for (size_t i = 0; d && i < d->count; i++) {
            ((float *)d->data)[i] = (float)i / 2;
        }
        d = pc_results_dataset(results, groups[g], "depleted", PC_U8, 2, (const pc_dimension *[]){region, year}, "1",
                               "reserve at zero in the central path");
        for (size_t i = 0; d && i < d->count; i++) {
            ((uint8_t *)d->data)[i] = i % 3 == 0;
        }
        pc_dataset_attribute(results, d, "flag_values", "0, 1");
        pc_dataset_attribute(results, d, "flag_meanings", "no yes");
        d = pc_results_dataset(results, groups[g], "note", PC_TEXT, 1, &region, NULL, "remark");
        pc_dataset_set_text(results, d, 1, "第二个");
    }
    pc_results_put(results, "paths", "revenue", PC_F64, 2, (const pc_dimension *[]){path, year}, NULL, "yuan",
                   "revenue");
    pc_results_put(results, "quality", "n_paths", PC_I64, 0, NULL, &(int64_t){4096}, "1", "number of paths");
    pc_results_put(results, "inputs", "scenario", PC_TEXT, 0, NULL, &(const char *){"title: 样本\nseed: 42\n"}, NULL,
                   "the scenario");
    if (pc_store_save(results, argv[1], &status) != PC_OK) {
        fprintf(stderr, "%s\n", status.message);
    }
    pc_results_free(results);
    return status.code;
}
