/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>

#include "engine/cpus.h"

static char folder[] = "/tmp/poolcast-cpus-XXXXXX";

static void put(const char *name, const char *text)
{
    char path[400];
    FILE *file;

    snprintf(path, sizeof path, "%s/%s", folder, name);
    for (char *slash = strchr(path + strlen(folder) + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
        *slash = 0;
        mkdir(path, 0700);
        *slash = '/';
    }
    file = fopen(path, "w");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
}

static double quota(const char *membership)
{
    char file[400];

    put("membership", membership);
    snprintf(file, sizeof file, "%s/membership", folder);
    return pc_cpus_quota(file, folder);
}

static void test_quota(void **state)
{
    (void)state;
    assert_non_null(mkdtemp(folder));
    put("a/cpu.max", "max 100000\n");
    put("a/b/cpu.max", "250000 100000\n");
    put("a/b/c/cpu.max", "max 100000\n");
    put("tight/cpu.max", "50000 100000\n");
    put("tight/loose/cpu.max", "800000 100000\n");
    put("cpu/old/cpu.cfs_quota_us", "300000\n");
    put("cpu/old/cpu.cfs_period_us", "200000\n");
    put("cpu/free/cpu.cfs_quota_us", "-1\n");
    put("cpu/free/cpu.cfs_period_us", "100000\n");
    assert_true(isinf(quota("0::/a\n")));
    assert_true(quota("0::/a/b\n") == 2.5);
    assert_true(quota("0::/a/b/c\n") == 2.5);
    assert_true(quota("0::/tight/loose\n") == 0.5);
    assert_true(isinf(quota("0::/\n")));
    assert_true(isinf(quota("0::/not/here\n")));
    assert_true(quota("5:memory:/x\n4:cpu,cpuacct:/old\n0::/\n") == 1.5);
    assert_true(isinf(quota("4:cpuset:/old\n")));
    assert_true(isinf(quota("4:cpuacct,cpu:/free\n")));
    assert_true(isinf(quota("nonsense\n")));
    put("cpu.max", "150000 100000\n"); /* as in a container, whose own path isn't there */
    assert_true(quota("0::/not/here\n") == 1.5);
    assert_true(isinf(pc_cpus_quota("/nowhere", folder)));
}

static void test_threads(void **state)
{
    (void)state;
    assert_int_equal(pc_cpus_threads(7), 7);
    setenv("OMP_NUM_THREADS", "1", 1);
    assert_true(pc_cpus_threads(0) >= 1);
    unsetenv("OMP_NUM_THREADS");
    assert_true(pc_cpus_threads(0) >= 1 && pc_cpus_threads(0) <= sysconf(_SC_NPROCESSORS_ONLN));
}

static int remove_folder(void **state)
{
    char command[100];

    (void)state;
    snprintf(command, sizeof command, "rm -rf %s", folder);
    return system(command);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_quota), cmocka_unit_test(test_threads)};

    return cmocka_run_group_tests(tests, NULL, remove_folder);
}
