/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Memory does not grow with the paths, beyond what the measures with one value a path need. A program of its own and
 * small, because what a child is said to have used includes its parent's size when it was forked. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

/* Largest resident size, in kB, of the program on so many paths of the smoke scenario. */
static long resident_kb(const char *paths, const char *output)
{
    struct rusage usage;
    int status;
    pid_t child = fork();

    assert_true(child >= 0);
    if (child == 0) {
        execl(PC_TEST_PROGRAM, "poolcast", "run", PC_TEST_SOURCE_DIR "/scenarios/smoke", "--paths", paths, "--threads",
              "1", "--quiet", "--force", "-o", output, (char *)NULL);
        _exit(127);
    }
    assert_int_equal(wait4(child, &status, 0, &usage), child);
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    return usage.ru_maxrss;
}

static void bounded(void **state)
{
    char folder[] = "memory_XXXXXX", output[64]; /* in the working directory */
    long few, many;
    /* nine measures of the treasury, three views, three policies and two differences keep 8 bytes a path */
    const long kept_kb = 18000L * 9 * 3 * 5 * 8 / 1024;

    (void)state;
    assert_non_null(mkdtemp(folder));
    snprintf(output, sizeof output, "%s/out.h5", folder);
    few = resident_kb("2000", output);
    many = resident_kb("20000", output);
    unlink(output);
    rmdir(folder);
    print_message("2,000 paths: %ld MB; 20,000 paths: %ld MB; values kept: %ld MB\n", few / 1024, many / 1024,
                  kept_kb / 1024);
    assert_true(few > 1000);
    assert_true(many - kept_kb < few + few / 10);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(bounded)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
