/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rig.h"

static void fill(double *row, double value)
{
    for (int l = 0; l < PC_LANES; l++) {
        row[l] = value;
    }
}

/* S = 100, R = 50, E = 60, X = 10, i = 0.02: K = 90, interest 1.8, B = 81.8; overdrawn K pays the spread too. */
static void test_book(void **state)
{
    double *rows = pc_calloc(16 * PC_LANES, sizeof *rows);
    unsigned char inside[3] = {1, 1, 0};
    pc_ledger ledger = {.n_accounts = 3,
                        .balance = rows,
                        .received = rows + 3 * PC_LANES,
                        .paid = rows + 6 * PC_LANES,
                        .inside = inside};
    double *r = rows + 9 * PC_LANES, *e = r + PC_LANES, *x = e + PC_LANES, *i = x + PC_LANES, *sum = i + PC_LANES;

    (void)state;
    fill(rows, 100);
    fill(r, 50);
    fill(e, 60);
    fill(x, 10);
    fill(i, 0.02);
    pc_ledger_book(&ledger, 2, 0, r, e, x, i, 0.03, sum);
    assert_near(rows[7], 81.8, 1e-14);
    assert_near(sum[7], 1.8, 1e-14);
    assert_near(rows[2 * PC_LANES + 7], 18.2, 1e-14);
    fill(rows, -100);
    fill(sum, 0);
    pc_ledger_book(&ledger, 2, 0, r, e, x, i, 0.03, sum);
    assert_near(sum[255], -110 * 0.05, 1e-14);
    assert_near(rows[255], -120 - 5.5, 1e-14);
    fill(rows + PC_LANES, -10);
    fill(sum, 0);
    pc_ledger_grow(&ledger, 2, 1, i, 0.03, sum);
    assert_near(rows[PC_LANES], -10.5, 1e-14);
    pc_free(rows);
}

static void test_post(void **state)
{
    double *rows = pc_calloc(10 * PC_LANES, sizeof *rows), *amount = rows + 9 * PC_LANES;
    unsigned char inside[3] = {1, 1, 0};
    pc_ledger ledger = {.n_accounts = 3,
                        .balance = rows,
                        .received = rows + 3 * PC_LANES,
                        .paid = rows + 6 * PC_LANES,
                        .inside = inside};

    (void)state;
    for (int l = 0; l < PC_LANES; l++) {
        amount[l] = l;
    }
    pc_post(&ledger, 0, 1, amount);
    assert_true(rows[5] == -5 && rows[PC_LANES + 5] == 5);
    assert_true(ledger.received[PC_LANES + 5] == 0);
    ledger.track = 1;
    pc_post(&ledger, 0, 1, amount);
    pc_post(&ledger, 2, 1, amount); /* from outside: not a transfer between funds */
    pc_post(&ledger, 1, 1, amount);
    assert_true(rows[PC_LANES + 5] == 15 && rows[2 * PC_LANES + 5] == -5);
    assert_true(ledger.received[PC_LANES + 5] == 5 && ledger.paid[5] == 5);
    assert_true(ledger.paid[2 * PC_LANES + 5] == 0);
    pc_ledger_forget(&ledger);
    assert_true(ledger.received[PC_LANES + 5] == 0 && ledger.paid[5] == 0);
    pc_free(rows);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_book),
        cmocka_unit_test(test_post),
    };

    return cmocka_run_group_tests_name("ledger", tests, NULL, NULL);
}
