/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sums of many rows, which go in blocks: more than one, none of them beyond the rows that were asked for. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "pooling/rows.h"

enum { ROWS = 256 };

static void sums_of_many(void **state)
{
    static const int counts[] = {1, 63, 64, 65, 128, 130};
    double *base = aligned_alloc(64, sizeof(double) * ROWS * PC_LANES);
    double *out = aligned_alloc(64, sizeof(double) * PC_LANES);
    int index[ROWS];

    (void)state;
    assert_true(base && out);
    for (size_t c = 0; c < sizeof counts / sizeof *counts; c++) {
        const int n = counts[c];
        double first = 0, every_other = 0;
        for (int k = 0; k < ROWS; k++) {
            const double value = k < n ? k + 1 : 1e9; /* beyond: not asked for */
            index[k] = k < (n + 1) / 2 ? 2 * k : ROWS - 1;
            for (int l = 0; l < PC_LANES; l++) {
                base[k * PC_LANES + l] = value * (l + 1);
            }
            first += k < n ? value : 0;
            every_other += k < n && k % 2 == 0 ? value : 0;
        }
        for (int indexed = 0; indexed < 2; indexed++) {
            for (int l = 0; l < PC_LANES; l++) {
                out[l] = 1;
            }
            pc_row_add_at(out, base, indexed ? index : NULL, indexed ? (n + 1) / 2 : n);
            for (int l = 0; l < PC_LANES; l++) { /* whole numbers: exact */
                assert_true(out[l] == 1 + (indexed ? every_other : first) * (l + 1));
            }
        }
    }
    free(base);
    free(out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(sums_of_many)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
