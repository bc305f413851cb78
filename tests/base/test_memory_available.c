/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is free: no more than the machine has, and no more than a limit of the process leaves. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/memory.h"

static void machine(void **state)
{
    const uint64_t all = (uint64_t)sysconf(_SC_PHYS_PAGES) * (uint64_t)sysconf(_SC_PAGESIZE);

    (void)state;
    assert_true(pc_memory_available() > 0);
    assert_true(pc_memory_available() <= all || pc_memory_available() == UINT64_MAX);
}

static void limit(void **state)
{
    const uint64_t most = UINT64_C(2) << 30;
    struct rlimit old, low;

    (void)state;
    assert_int_equal(getrlimit(RLIMIT_AS, &old), 0);
    low = (struct rlimit){most, old.rlim_max};
    assert_int_equal(setrlimit(RLIMIT_AS, &low), 0);
    assert_true(pc_memory_available() < most);
    assert_int_equal(setrlimit(RLIMIT_AS, &old), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(machine), cmocka_unit_test(limit)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
