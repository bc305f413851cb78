/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A small run from the scenario's files to its results file and back, with the n-th allocation failing: it must end
 * with a message or with the same file as ever, without a crash, a leak or a file left behind. The functions below take
 * the place of the C library's for the whole program, HDF5, GSL and libyaml included. POOLCAST_EVERY=1 tries every n,
 * which takes minutes; the default spreads 300 over them. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>
#include <hdf5.h>
#include <malloc.h>
#include <omp.h>

#include "engine/run.h"
#include "report/summary.h"
#include "store/store.h"

#if defined __SANITIZE_ADDRESS__ || defined __SANITIZE_THREAD__ || !defined __GLIBC__
#define REPLACED 0 /* a sanitizer has replaced them */
#elif defined __has_feature
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define REPLACED 0
#endif
#endif
#ifndef REPLACED
#define REPLACED 1
#endif

static long n_calls, n_live, fail_at, fail_more; /* fail_more: every later one too */

#if REPLACED
void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *block, size_t size);
void *__libc_memalign(size_t alignment, size_t size);
void __libc_free(void *block);

static int fails(void)
{
    const long n = ++n_calls;

    if (fail_at && (n == fail_at || (fail_more && n > fail_at))) {
        errno = ENOMEM;
        return 1;
    }
    return 0;
}

static void *counted(void *block)
{
    n_live += block != NULL;
    return block;
}

void *malloc(size_t size)
{
    return fails() ? NULL : counted(__libc_malloc(size));
}

void *calloc(size_t count, size_t size)
{
    return fails() ? NULL : counted(__libc_calloc(count, size));
}

void *realloc(void *block, size_t size)
{
    void *grown;

    if (fails()) {
        return NULL;
    }
    grown = __libc_realloc(block, size);
    n_live += (grown != NULL) - (block != NULL && (grown || !size));
    return grown;
}

void *aligned_alloc(size_t alignment, size_t size)
{
    return fails() ? NULL : counted(__libc_memalign(alignment, size));
}

void *memalign(size_t alignment, size_t size)
{
    return aligned_alloc(alignment, size);
}

int posix_memalign(void **block, size_t alignment, size_t size)
{
    *block = aligned_alloc(alignment, size);
    return *block ? 0 : ENOMEM;
}

void free(void *block)
{
    n_live -= block != NULL;
    __libc_free(block);
}
#endif

static char folder[] = "allocation-XXXXXX";
static char reference[40000000];
static size_t n_reference;

static size_t read_file(const char *name, char *bytes, size_t room)
{
    int fd = open(name, O_RDONLY);
    size_t n = 0;
    ssize_t got;

    while (fd >= 0 && n < room && (got = read(fd, bytes + n, room - n)) > 0) {
        n += (size_t)got;
    }
    if (fd >= 0) {
        close(fd);
    }
    return n;
}

/* From the scenario's files to results; NULL and a status on failure. */
static pc_results *results_of(const char *folder_name, const char *const *overrides, int n, pc_status *status)
{
    const pc_run_options options = {.threads = 1, .reproducible = 1};
    pc_files *files = pc_files_open(folder_name, status);
    pc_scenario *scenario = NULL;
    pc_plan *plan = NULL;
    pc_results *results = NULL;
    pc_code code = files ? PC_OK : status->code;

    code = code ? code : pc_scenario_read(files, overrides, n, &scenario, status);
    code = code ? code : pc_plan_build(scenario, &plan, status);
    code = code ? code : pc_run(plan, &options, &results, status);
    pc_plan_free(plan);
    pc_scenario_free(scenario);
    pc_files_free(files);
    return results;
}

static pc_results *kept; /* made once: what must come out, or what is to be saved */

/* The summary is written to nowhere: libsmartcols leaves out a heading when it has no memory for it. */
static pc_code run_and_report(pc_status *status)
{
    static const char *const overrides[] = {"paths=2", "horizon=2", "policies=unified"};
    pc_results *results = results_of(PC_TEST_SOURCE_DIR "/scenarios/smoke", overrides, 3, status);
    pc_code code = results ? PC_OK : status->code;
    FILE *out = code ? NULL : fopen("/dev/null", "w");

    if (out) {
        pc_report_options report = {.file = "r.h5"};
        code = pc_report_summary(results, out, &report, status);
        fclose(out);
    }
    if (!kept) {
        kept = results;
        return code;
    }
    if (!code && !pc_results_same(results, kept, NULL, 0)) {
        code = PC_ERR_FAIL; /* without a message: counted as wrong */
    }
    pc_results_free(results);
    return code;
}

static pc_code save_and_load(pc_status *status)
{
    pc_code code = pc_store_save(kept, "result", status);
    pc_results *back = code ? NULL : pc_store_load("result", status);

    if (!code && !back) {
        code = status->code;
        unlink("result");
    }
    pc_results_free(back);
    H5garbage_collect();
    return code;
}

typedef struct record {
    long n;                               /* being tried */
    long refused, unharmed, leaks, wrong; /* outcomes */
    char message[400];
} record;

void __gcov_dump(void) __attribute__((weak)); /* in a build that counts executed lines */

static _Noreturn void leave(int code)
{
    if (__gcov_dump) {
        __gcov_dump();
    }
    _exit(code);
}

/* One child's part: n from record->n on, in steps. Ends at `last` or with a crash. */
static void try_all(pc_code (*job)(pc_status *), record *r, long last, long step, long live)
{
    static char found[sizeof reference];

    for (; r->n <= last; r->n += step) {
        static pc_status status;
        pc_code code;
        DIR *d;
        int n_entries = -2;

        status = (pc_status){0};
        unlink("result");
        n_calls = 0;
        fail_at = r->n;
        code = job(&status);
        fail_at = 0;
        if (code ? code != status.code || !status.message[0]
                 : read_file("result", found, sizeof found) != n_reference || memcmp(found, reference, n_reference)) {
            r->wrong++;
            snprintf(r->message, sizeof r->message, "n = %ld: code %d: %.300s", r->n, code, status.message);
        }
        r->refused += code != 0;
        r->unharmed += code == 0;
        if (n_live != live) {
            r->leaks++;
            snprintf(r->message, sizeof r->message, "n = %ld: %ld blocks: %.300s", r->n, n_live - live, status.message);
            live = n_live;
        }
        d = opendir(".");
        while (d && readdir(d)) {
            n_entries++;
        }
        closedir(d);
        if (n_entries > 1) {
            r->wrong++;
            snprintf(r->message, sizeof r->message, "n = %ld: left files behind: %.300s", r->n, status.message);
            leave(3);
        }
    }
    leave(0);
}

static void sweep(pc_code (*job)(pc_status *), int more)
{
    static pc_status status;
    const long stride = getenv("POOLCAST_EVERY") ? atol(getenv("POOLCAST_EVERY")) : 0;
    record *r = mmap(NULL, sizeof *r, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    long total, step, live, crashes = 0, runtime = 0;

    assert_true(r != MAP_FAILED);
    for (int i = 0; i < 3; i++) { /* what is kept for good, is kept after these */
        status = (pc_status){0};
        n_calls = 0;
        if (job(&status)) {
            fail_msg("%s", status.message);
        }
    }
    total = n_calls;
    live = n_live;
    n_reference = read_file("result", reference, sizeof reference); /* nothing for a run */
    assert_true(n_reference < sizeof reference);
    step = stride > 0 ? stride : total / 150;
    fail_more = more;
    for (r->n = 1; r->n <= total;) {
        int how;
        pid_t child;

        fflush(NULL);
        child = fork();
        if (child == 0) {
            for (int s = 1; s < 32; s++) {
                signal(s, SIG_DFL); /* cmocka would go on with the next test, here in the child */
            }
            alarm(stride ? 3000 : 300);
            try_all(job, r, total, step, live);
        }
        assert_int_equal(waitpid(child, &how, 0), child);
        if (WIFSIGNALED(how)) {
            print_message("signal %d at n = %ld\n", WTERMSIG(how), r->n);
            crashes++;
        } else if (WEXITSTATUS(how) == 1) {
            runtime++; /* the runtime of OpenMP ends the program with a message of its own */
        }
        r->n += r->n <= total ? step : 0;
    }
    print_message("%ld allocations, each %ldth fails%s: %ld refused, %ld unharmed, %ld ended by OpenMP, %ld crashes, "
                  "%ld leaks, %ld wrong\n",
                  total, step, more ? " with all after it" : "", r->refused, r->unharmed, runtime, crashes, r->leaks,
                  r->wrong);
    /* what HDF5 keeps of its own after a failure is not ours to free */
    if (crashes || (job == run_and_report && r->leaks) || r->wrong) {
        fail_msg("%s", r->message);
    }
    assert_true(r->refused > 50);
    munmap(r, sizeof *r);
}

static void a_run(void **state)
{
    (void)state;
    sweep(run_and_report, 0);
    sweep(run_and_report, 1);
    pc_results_free(kept);
}

/* A results file of few groups, but with every kind of dataset: HDF5 allocates half a million times for a whole one. */
static void a_file(void **state)
{
    const char *const regions[] = {"东", "b"};
    const pc_dimension *dims[2];
    double *values;

    (void)state;
    kept = pc_results_new();
    dims[0] = pc_results_dimension(kept, "region", 2, PC_TEXT, regions, NULL, "region");
    dims[1] = pc_results_dimension(kept, "year", 300, PC_I32, NULL, NULL, NULL);
    pc_results_attribute_text(kept, "", "title", "a title");
    pc_results_attribute_integer(kept, "a/b", "n", 7);
    values = pc_results_dataset(kept, "a/b", "v", PC_F64, 2, dims, "yuan", "values")->data;
    for (int i = 0; i < 600; i++) {
        values[i] = i % 7;
    }
    pc_dataset_attribute(kept, pc_results_put(kept, "a", "flag", PC_U8, 1, dims, "\1\2", NULL, NULL), "flag_values",
                         "1, 2");
    pc_results_put(kept, "a", "name", PC_TEXT, 1, dims, regions, NULL, NULL);
    assert_int_equal(kept->failed, 0);
    sweep(save_and_load, 0);
    sweep(save_and_load, 1);
    pc_results_free(kept);
}

static int set_up(void **state)
{
    (void)state;
    return !mkdtemp(folder) || chdir(folder);
}

static int tear_down(void **state)
{
    char command[100];

    (void)state;
    snprintf(command, sizeof command, "rm -rf '%s'", folder);
    return chdir("..") || system(command);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(a_run), cmocka_unit_test(a_file)};

    omp_set_num_threads(1); /* threads do not outlive the fork */
    if (!REPLACED) {
        printf("left out: the sanitizer's allocator is in place\n");
        return 77;
    }
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
