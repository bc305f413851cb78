/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <fcntl.h>
#include <malloc.h>
#include <math.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <dirent.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>
#include <hdf5.h>

#include "base/safe_file.h"
#include "results/results.h"
#include "store/store.h"

static char directory[] = "store-test-XXXXXX"; /* below the working directory, which CTest gives */

/* The path of a file there; stays valid: there is one for each name. */
static const char *in_directory(const char *name)
{
    static char paths[20][300];
    char path[300];
    int i;

    snprintf(path, sizeof path, "%s/%s", directory, name);
    for (i = 0; i < 20 && paths[i][0] && strcmp(paths[i], path) != 0; i++) {
    }
    assert_true(i < 20);
    return strcpy(paths[i], path);
}

static int n_entries(const char *path)
{
    DIR *d = opendir(path);
    int n = 0;

    assert_non_null(d);
    while (readdir(d)) {
        n++;
    }
    closedir(d);
    return n - 2;
}

static void empty_directory(void)
{
    DIR *d = opendir(directory);
    struct dirent *entry;

    assert_non_null(d);
    while ((entry = readdir(d))) {
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0) {
            assert_int_equal(unlinkat(dirfd(d), entry->d_name, 0), 0);
        }
    }
    closedir(d);
}

static unsigned char *bytes_of(const char *path, size_t *n)
{
    FILE *file = fopen(path, "rb");
    unsigned char *bytes;

    assert_non_null(file);
    fseek(file, 0, SEEK_END);
    *n = (size_t)ftell(file);
    rewind(file);
    bytes = malloc(*n + 1);
    assert_int_equal(fread(bytes, 1, *n, file), *n);
    fclose(file);
    return bytes;
}

static void put_bytes(const char *path, const void *bytes, size_t n)
{
    FILE *file = fopen(path, "wb");

    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, n, file), n);
    assert_int_equal(fclose(file), 0);
}

/* Numbers without a pattern; every seventh a NaN, some signed zeros and infinities. */
static void fill(pc_dataset *d, uint64_t seed)
{
    uint64_t x = seed;

    assert_non_null(d);
    for (size_t i = 0; i < d->count; i++) {
        x = x * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
        double f = i % 7 == 3 ? (double)NAN : i % 11 == 5 ? -0.0 : i % 13 == 2 ? -HUGE_VAL : (double)(x >> 20) / 1e6;
        switch (d->type) {
        case PC_F64:
            ((double *)d->data)[i] = f;
            break;
        case PC_F32:
            ((float *)d->data)[i] = (float)f;
            break;
        case PC_I64:
            ((int64_t *)d->data)[i] = i ? (int64_t)x : INT64_MIN;
            break;
        case PC_I32:
            ((int32_t *)d->data)[i] = i ? (int32_t)(x >> 33) : INT32_MIN;
            break;
        case PC_U8:
            ((uint8_t *)d->data)[i] = (uint8_t)(x >> 40);
            break;
        case PC_TEXT:
            break;
        }
    }
}

/* Every type with every rank, and all that a group may have. */
static pc_results *everything(void)
{
    static const char *const regions[] = {"东部", "", "whole"};
    static const pc_type types[] = {PC_F64, PC_F32, PC_I64, PC_I32, PC_U8, PC_TEXT};
    static const size_t sizes[PC_MAX_RANK] = {2, 3, 4, 5, 1, 7};
    const double levels[] = {0.05, 0.5, 0.95, NAN};
    const int32_t years[] = {2024, 2025, 2026, 2027, 2028};
    const int64_t ids[] = {INT64_MIN, 1, 2, 3, 4, 5, INT64_MAX};
    const pc_dimension *dims[PC_MAX_RANK], *empty, *large[2], *x, *alone;
    pc_results *r = pc_results_new();
    pc_dataset *d;
    char name[64];

    pc_results_attribute_text(r, "", "Conventions", "CF-1.10");
    pc_results_attribute_text(r, "", "标题", "中文标题\n第二行");
    pc_results_attribute_text(r, "", "empty", "");
    pc_results_attribute_number(r, "", "nan", NAN);
    pc_results_attribute_integer(r, "", "least", INT64_MIN);
    dims[0] = pc_results_dimension(r, "bare", sizes[0], PC_F64, NULL, NULL, NULL);
    dims[1] = pc_results_dimension(r, "region", sizes[1], PC_TEXT, regions, NULL, "region");
    dims[2] = pc_results_dimension(r, "level", sizes[2], PC_F64, levels, "1", "");
    dims[3] = pc_results_dimension(r, "year", sizes[3], PC_I32, years, "year", "calendar year");
    dims[4] = pc_results_dimension(r, "单位", sizes[4], PC_F64, NULL, "1", "a dimension of one");
    dims[5] = pc_results_dimension(r, "id", sizes[5], PC_I64, ids, NULL, NULL);
    /* made out of order, so that a loaded set has another order of groups */
    pc_results_group(r, "policy/甲");
    pc_results_group(r, "people");
    for (int t = 0; t < 6; t++) {
        for (int rank = 0; rank <= PC_MAX_RANK; rank++) {
            snprintf(name, sizeof name, "type%d_rank%d", t, rank);
            d = pc_results_dataset(r, rank % 2 ? "policy/甲" : "policy/b/employee", name, types[t], rank, dims,
                                   rank ? "yuan" : NULL, t % 2 ? name : NULL);
            fill(d, (uint64_t)(100 * t + rank));
            for (size_t i = 0; types[t] == PC_TEXT && i < d->count; i += 2) {
                snprintf(name, sizeof name, "第 %zu 个", i);
                pc_dataset_set_text(r, d, i, name);
            }
            if (types[t] == PC_U8 || types[t] == PC_I32) {
                pc_dataset_attribute(r, d, "flag_values", "0, 1, 100");
                pc_dataset_attribute(r, d, "flag_meanings", "no yes 也许");
            }
            pc_dataset_attribute(r, d, "comment", rank ? "" : "a remark");
        }
    }
    empty = pc_results_dimension(r, "nothing", 0, PC_TEXT, regions, NULL, NULL);
    pc_results_dataset(r, "people", "none", PC_F64, 1, &empty, NULL, NULL);
    pc_results_dataset(r, "people", "none_text", PC_TEXT, 2, (const pc_dimension *[]){dims[3], empty}, NULL, NULL);
    /* several chunks: 1.9 MB and a square of one dimension twice */
    large[0] = pc_results_dimension(r, "row", 120, PC_F64, NULL, NULL, NULL);
    large[1] = pc_results_dimension(r, "column", 2001, PC_F64, NULL, NULL, NULL);
    fill(pc_results_dataset(r, "large", "table", PC_F64, 2, large, NULL, NULL), 77);
    fill(pc_results_dataset(r, "large", "square", PC_I32, 2, (const pc_dimension *[]){large[0], large[0]}, NULL, NULL),
         78);
    /* datasets that are the coordinates of their own dimension, with and without coordinates there */
    x = pc_results_dimension(r, "x", 3, PC_F64, (const double[]){1, 2, 4}, "m", "place");
    alone = pc_results_dimension(r, "alone", 2, PC_F64, NULL, NULL, NULL);
    d = pc_results_put(r, "own", "x", PC_F64, 1, &x, (const double[]){1, 2, 4}, "m", "place");
    pc_dataset_attribute(r, d, "axis", "X");
    pc_results_put(r, "own", "alone", PC_U8, 1, &alone, (const uint8_t[]){3, 4}, "1", "one of two");
    pc_results_put(r, "own2", "alone", PC_U8, 1, &alone, (const uint8_t[]){5, 6}, "1", "two of two");
    fill(pc_results_dataset(r, "own", "v", PC_F32, 2, (const pc_dimension *[]){x, alone}, NULL, NULL), 5);
    fill(pc_results_dataset(r, "", "at_root", PC_F64, 1, &x, NULL, NULL), 6);
    assert_int_equal(r->failed, 0);
    return r;
}

static void assert_saved(const pc_results *r, const char *path)
{
    pc_status status = {0};

    if (pc_store_save(r, path, &status) != PC_OK) {
        fail_msg("%s", status.message);
    }
    assert_int_equal(status.code, PC_OK);
}

static pc_results *loaded(const char *path)
{
    pc_status status = {0};
    pc_results *r = pc_store_load(path, &status);

    if (!r) {
        fail_msg("%s", status.message);
    }
    return r;
}

static void round_trip(void **state)
{
    const char *path = in_directory("round.h5");
    pc_results *r = everything(), *back;
    char why[300] = "";

    (void)state;
    assert_saved(r, path);
    back = loaded(path);
    if (!pc_results_same(r, back, why, sizeof why) || !pc_results_same(back, r, why, sizeof why)) {
        fail_msg("%s", why);
    }
    assert_int_equal(back->failed, 0);
    assert_string_equal(pc_group_find_attribute(pc_results_find_group(back, ""), "标题")->text, "中文标题\n第二行");
    assert_string_equal(((char **)pc_results_find(back, "policy/甲", "type5_rank1")->data)[0], "第 0 个");
    assert_string_equal(((char **)pc_results_find(back, "policy/甲", "type5_rank1")->data)[1], "");
    assert_true(isnan(pc_dataset_at(pc_results_find(back, "policy/b/employee", "type0_rank2"), 3)));
    assert_int_equal(pc_dimension_find_text(pc_results_find(back, "policy/甲", "type0_rank3")->dims[1], "whole"), 2);
    pc_results_free(back);
    pc_results_free(r);
}

static void same_bytes(void **state)
{
    pc_results *r = everything(), *again = everything(), *back;
    unsigned char *a, *b, *c;
    size_t n_a, n_b, n_c;

    (void)state;
    assert_saved(r, in_directory("a.h5"));
    mallopt(M_PERTURB, 0x5A); /* other bytes in fresh memory: none that HDF5 leaves unset may get into the file */
    assert_saved(again, in_directory("b with another name.h5"));
    mallopt(M_PERTURB, 0xA7);
    back = loaded(in_directory("a.h5"));
    assert_saved(back, in_directory("c.h5"));
    mallopt(M_PERTURB, 0);
    a = bytes_of(in_directory("a.h5"), &n_a);
    b = bytes_of(in_directory("b with another name.h5"), &n_b);
    c = bytes_of(in_directory("c.h5"), &n_c);
    assert_int_equal(n_a, n_b);
    assert_int_equal(n_a, n_c);
    assert_memory_equal(a, b, n_a);
    assert_memory_equal(a, c, n_a);
    assert_true(n_a < 4000000);
    free(a);
    free(b);
    free(c);
    pc_results_free(back);
    pc_results_free(again);
    pc_results_free(r);
}

static pc_results *little(int32_t value)
{
    pc_results *r = pc_results_new();
    const pc_dimension *year = pc_results_dimension(r, "year", 2, PC_I32, (const int32_t[]){2024, 2025}, "year", NULL);

    pc_results_attribute_text(r, "", "title", "little");
    pc_results_put(r, "g", "v", PC_I32, 1, &year, (const int32_t[]){value, 2}, "1", NULL);
    pc_results_put(r, "g", "t", PC_TEXT, 1, &year, (const char *const[]){"a", "二"}, NULL, NULL);
    return r;
}

static int value_in(const char *path)
{
    pc_results *r = loaded(path);
    int value = (int)pc_dataset_at(pc_results_find(r, "g", "v"), 0);

    pc_results_free(r);
    return value;
}

static void replaces_and_keeps_permissions(void **state)
{
    const char *path = in_directory("old.h5");
    pc_results *one = little(1), *two = little(2);
    struct stat about;

    (void)state;
    empty_directory();
    assert_saved(one, path);
    assert_int_equal(chmod(path, 0640), 0);
    assert_int_equal(symlink("old.h5", in_directory("link.h5")), 0);
    assert_saved(two, in_directory("link.h5"));
    assert_int_equal(value_in(path), 2);
    assert_int_equal(lstat(in_directory("link.h5"), &about), 0);
    assert_true(S_ISLNK(about.st_mode));
    assert_int_equal(stat(path, &about), 0);
    assert_int_equal(about.st_mode & 0777, 0640);
    assert_int_equal(n_entries(directory), 2);
    pc_results_free(one);
    pc_results_free(two);
}

static void bare_name(void **state)
{
    int here = open(".", O_RDONLY | O_DIRECTORY);
    pc_results *r = little(3);

    (void)state;
    empty_directory();
    assert_int_equal(chdir(directory), 0);
    assert_saved(r, "bare.h5");
    assert_int_equal(value_in("bare.h5"), 3);
    assert_int_equal(fchdir(here), 0);
    assert_int_equal(n_entries(directory), 1);
    close(here);
    pc_results_free(r);
}

static void assert_save_fails(const pc_results *r, const char *path, pc_code code, const char *word)
{
    pc_status status = {0};

    assert_int_equal(pc_store_save(r, path, &status), code);
    assert_int_equal(status.code, code);
    assert_non_null(strstr(status.message, path));
    if (!strstr(status.message, word)) {
        fail_msg("'%s' does not say '%s'", status.message, word);
    }
    assert_int_equal(pc_store_save(r, path, NULL), code);
}

static void missing_places(void **state)
{
    pc_results *r = little(1);

    (void)state;
    empty_directory();
    assert_save_fails(r, in_directory("none/r.h5"), PC_ERR_WRITE, strerror(ENOENT));
    assert_save_fails(r, directory, PC_ERR_WRITE, "regular");
    assert_save_fails(r, "/dev/full", PC_ERR_WRITE, "regular");
    assert_save_fails(r, "", PC_ERR_WRITE, "without a name");
    assert_int_equal(n_entries(directory), 0);
    pc_results_free(r);
}

static void read_only_directory(void **state)
{
    const char *path = in_directory("old.h5");
    pc_results *one = little(1), *two = little(2);

    (void)state;
    if (geteuid() == 0) {
        pc_results_free(one);
        pc_results_free(two);
        skip(); /* root may write everywhere */
    }
    empty_directory();
    assert_saved(one, path);
    assert_int_equal(chmod(directory, 0500), 0);
    assert_save_fails(two, path, PC_ERR_WRITE, strerror(EACCES));
    assert_int_equal(chmod(directory, 0700), 0);
    assert_int_equal(value_in(path), 1);
    assert_int_equal(n_entries(directory), 1);
    pc_results_free(one);
    pc_results_free(two);
}

static void failed_results(void **state)
{
    pc_results *r = little(1);

    (void)state;
    empty_directory();
    pc_results_dimension(r, "year", 3, PC_I32, NULL, NULL, NULL);
    assert_save_fails(r, in_directory("r.h5"), PC_ERR_FAIL, "size 2 and size 3");
    assert_int_equal(n_entries(directory), 0);
    pc_results_free(r);
}

static void coordinate_dataset_must_repeat(void **state)
{
    pc_results *r = pc_results_new();
    const pc_dimension *x = pc_results_dimension(r, "x", 2, PC_F64, (const double[]){1, 2}, "m", NULL);

    (void)state;
    empty_directory();
    pc_results_put(r, "g", "x", PC_F64, 1, &x, (const double[]){1, 3}, "m", NULL);
    assert_save_fails(r, in_directory("r.h5"), PC_ERR_WRITE, "'x'");
    assert_int_equal(n_entries(directory), 0);
    pc_results_free(r);
}

/* A disk that is full after `limit` bytes, in a child. Its exit code says what went wrong; what it prints on stderr
 * comes to the file "stderr". */
static int save_with_limit(const pc_results *r, const char *path, rlim_t limit)
{
    int end;
    pid_t child;

    fflush(NULL);
    child = fork();
    if (child == 0) {
        pc_status status = {0};
        const struct rlimit size = {limit, limit};
        int log = open(in_directory("stderr"), O_WRONLY | O_CREAT | O_TRUNC, 0600);
        signal(SIGXFSZ, SIG_IGN);
        if (log < 0 || dup2(log, 2) < 0 || setrlimit(RLIMIT_FSIZE, &size) != 0) {
            _exit(10);
        }
        if (pc_store_save(r, path, &status) == PC_OK) {
            _exit(0);
        }
        if (status.code != PC_ERR_WRITE) {
            _exit(11);
        }
        if (!strstr(status.message, path) || !strstr(status.message, strerror(EFBIG))) {
            _exit(12);
        }
        H5close(); /* what a normal exit would do: it must not try to write again */
        _exit(1);
    }
    assert_true(child > 0);
    assert_int_equal(waitpid(child, &end, 0), child);
    assert_true(WIFEXITED(end));
    return WEXITSTATUS(end);
}

static void full_disk(void **state)
{
    const char *path = in_directory("old.h5");
    pc_results *one = little(1), *all = everything();
    size_t n, n_stderr;
    unsigned char *bytes;

    (void)state;
    empty_directory();
    assert_saved(all, path);
    free(bytes_of(path, &n));
    assert_saved(one, path);
    for (size_t limit = 0; limit < n; limit += limit < 50000 ? 9999 : limit < n - 99999 ? 99999 : 25) {
        assert_int_equal(save_with_limit(all, path, limit), 1);
        bytes = bytes_of(in_directory("stderr"), &n_stderr);
        bytes[n_stderr] = '\0';
        assert_string_equal((char *)bytes, "");
        free(bytes);
        assert_int_equal(n_entries(directory), 2);
        if (limit >= n - 99999) {
            limit += n - limit > 60 ? n - limit - 60 : 0; /* the last bytes one by one: the trailer too */
        }
    }
    assert_int_equal(value_in(path), 1);
    assert_int_equal(save_with_limit(all, path, n), 0);
    pc_results_free(one);
    pc_results_free(all);
}

static void assert_load_fails(const char *path, const char *word)
{
    pc_status status = {0};

    assert_null(pc_store_load(path, &status));
    assert_int_equal(status.code, PC_ERR_INPUT);
    assert_non_null(strstr(status.message, path));
    if (!strstr(status.message, word)) {
        fail_msg("'%s' does not say '%s'", status.message, word);
    }
    assert_null(pc_store_load(path, NULL));
}

static void not_a_results_file(void **state)
{
    const char *path = in_directory("bad.h5");
    static const char text[] = "title: this is a scenario, long enough to have a trailer\n";
    hid_t file;

    (void)state;
    empty_directory();
    assert_load_fails(path, strerror(ENOENT));
    assert_load_fails(directory, "is a folder");
    put_bytes(path, "", 0);
    assert_load_fails(path, "short");
    put_bytes(path, text, strlen(text));
    assert_load_fails(path, "checksum");
    file = H5Fcreate(path, H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT);
    assert_true(file >= 0 && H5Fclose(file) >= 0);
    assert_load_fails(path, "checksum");
}

/* The right checksum round something that is not HDF5, or not ours: HDF5's own refusal must come through. */
static void sum_of_something_else(void **state)
{
    const char *path = in_directory("bad.h5");
    const char *inner = in_directory("inner.h5");
    const hsize_t shape[] = {3};
    pc_safe_file file = {0};
    unsigned char *bytes;
    size_t n;
    hid_t id, space, dataset;

    (void)state;
    empty_directory();
    assert_int_equal(pc_safe_file_open(&file, path, PC_SAFE_REPLACE, NULL), PC_OK);
    assert_int_equal(pc_safe_file_write(&file, "twelve bytes", 12, NULL), PC_OK);
    assert_int_equal(pc_safe_file_write(&file, " and five", 9, NULL), PC_OK);
    assert_int_equal(pc_safe_file_close(&file, NULL), PC_OK);
    assert_int_equal(pc_safe_file_commit(&file, NULL), PC_OK);
    pc_safe_file_release(&file);
    assert_load_fails(path, "HDF5");

    id = H5Fcreate(inner, H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT);
    space = H5Screate_simple(1, shape, NULL);
    dataset = H5Dcreate2(id, "v", H5T_NATIVE_SHORT, space, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
    assert_true(dataset >= 0 && H5Dclose(dataset) >= 0 && H5Sclose(space) >= 0 && H5Fclose(id) >= 0);
    bytes = bytes_of(inner, &n);
    assert_int_equal(pc_safe_file_open(&file, path, PC_SAFE_REPLACE, NULL), PC_OK);
    assert_int_equal(pc_safe_file_write(&file, bytes, n, NULL), PC_OK);
    assert_int_equal(pc_safe_file_close(&file, NULL), PC_OK);
    assert_int_equal(pc_safe_file_commit(&file, NULL), PC_OK);
    pc_safe_file_release(&file);
    free(bytes);
    assert_load_fails(path, ":");
}

/* The bytes of a small results file, with room for one more; to be freed. */
static unsigned char *little_file(size_t *n)
{
    const char *path = in_directory("whole.h5");
    pc_results *r = little(1);

    empty_directory();
    assert_saved(r, path);
    pc_results_free(r);
    return bytes_of(path, n);
}

static void flipped_bytes(void **state)
{
    const char *bad = in_directory("bad.h5");
    size_t n;
    unsigned char *bytes = little_file(&n);

    (void)state;
    for (size_t i = 0; i < n; i += i + 40 < n ? 11 : 1) {
        pc_status status = {0};
        bytes[i] ^= (unsigned char)(1 << i % 8);
        put_bytes(bad, bytes, n);
        bytes[i] ^= (unsigned char)(1 << i % 8);
        if (pc_store_load(bad, &status) || status.code != PC_ERR_INPUT) {
            fail_msg("a flip at byte %zu of %zu passed", i, n);
        }
    }
    free(bytes);
}

static void cut_short_or_longer(void **state)
{
    const char *bad = in_directory("bad.h5");
    size_t n;
    unsigned char *bytes = little_file(&n);

    (void)state;
    for (size_t i = 0; i < n; i += i + 40 < n ? 13 : 1) {
        put_bytes(bad, bytes, i);
        assert_load_fails(bad, bad);
    }
    bytes[n] = 0;
    put_bytes(bad, bytes, n + 1);
    assert_load_fails(bad, "checksum");
    free(bytes);
}

/* The sum doesn't depend on how the bytes are cut, and sees every bit and added zeros. */
static void sum_properties(void **state)
{
    unsigned char bytes[67];
    pc_sum whole = {0};

    (void)state;
    for (int i = 0; i < 67; i++) {
        bytes[i] = (unsigned char)(i * 37);
    }
    pc_sum_add(&whole, bytes, 67);
    for (size_t a = 0; a <= 67; a++) {
        for (size_t b = a; b <= 67; b++) {
            pc_sum parts = {0};
            pc_sum_add(&parts, bytes, a);
            pc_sum_add(&parts, bytes + a, b - a);
            pc_sum_add(&parts, bytes + b, 67 - b);
            assert_true(pc_sum_value(&parts) == pc_sum_value(&whole));
        }
    }
    for (int bit = 0; bit < 67 * 8; bit++) {
        pc_sum other = {0};
        bytes[bit / 8] ^= (unsigned char)(1 << bit % 8);
        pc_sum_add(&other, bytes, 67);
        bytes[bit / 8] ^= (unsigned char)(1 << bit % 8);
        assert_true(pc_sum_value(&other) != pc_sum_value(&whole));
    }
    pc_sum_add(&whole, "", 1);
    pc_sum longer = whole;
    pc_sum_add(&longer, "", 1);
    assert_true(pc_sum_value(&longer) != pc_sum_value(&whole));
}

static herr_t ours(hid_t stack, void *data)
{
    (void)stack;
    ++*(int *)data;
    return 0;
}

/* The caller's HDF5 error handler is silent while we work and in place afterwards. */
static void handler_is_kept(void **state)
{
    int n_calls = 0;
    H5E_auto2_t old, found;
    void *old_data, *found_data;
    pc_results *r = little(1);

    (void)state;
    empty_directory();
    assert_true(H5Eget_auto2(H5E_DEFAULT, &old, &old_data) >= 0);
    assert_true(H5Eset_auto2(H5E_DEFAULT, ours, &n_calls) >= 0);
    assert_saved(r, in_directory("r.h5"));
    pc_results_free(loaded(in_directory("r.h5")));
    sum_of_something_else(state);
    assert_int_equal(n_calls, 0);
    assert_true(H5Eget_auto2(H5E_DEFAULT, &found, &found_data) >= 0);
    assert_true(found == ours && found_data == &n_calls);
    assert_true(H5Fopen(in_directory("none.h5"), H5F_ACC_RDONLY, H5P_DEFAULT) < 0);
    assert_int_equal(n_calls, 1);
    assert_true(H5Eset_auto2(H5E_DEFAULT, old, old_data) >= 0);
    pc_results_free(r);
}

/* New identifiers of a dataspace, a type and a property list. HDF5 numbers each kind upwards. */
static void take_ids(hid_t ids[3])
{
    ids[0] = H5Screate(H5S_SCALAR);
    ids[1] = H5Tcopy(H5T_NATIVE_INT);
    ids[2] = H5Pcreate(H5P_DATASET_CREATE);
    assert_true(ids[0] >= 0 && ids[1] >= 0 && ids[2] >= 0);
}

static void give_ids(const hid_t ids[3])
{
    assert_true(H5Sclose(ids[0]) >= 0 && H5Tclose(ids[1]) >= 0 && H5Pclose(ids[2]) >= 0);
}

/* No HDF5 object stays open after a save, a load, or a failure of either. */
static void nothing_stays_open(void **state)
{
    pc_results *r = everything();
    hid_t before[3], after[3];

    empty_directory();
    take_ids(before);
    assert_saved(r, in_directory("r.h5"));
    pc_results_free(loaded(in_directory("r.h5")));
    coordinate_dataset_must_repeat(state);
    sum_of_something_else(state);
    take_ids(after);
    for (int kind = 0; kind < 3; kind++) {
        assert_true(after[kind] > before[kind] + 10);
        for (hid_t id = before[kind] + 1; id < after[kind]; id++) {
            assert_true(H5Iis_valid(id) <= 0);
        }
    }
    give_ids(before);
    give_ids(after);
    assert_int_equal(H5Fget_obj_count((hid_t)H5F_OBJ_ALL, H5F_OBJ_ALL), 0);
    pc_results_free(r);
}

static int set_up(void **state)
{
    (void)state;
    return mkdtemp(directory) ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    empty_directory();
    return rmdir(directory);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(round_trip),
        cmocka_unit_test(same_bytes),
        cmocka_unit_test(replaces_and_keeps_permissions),
        cmocka_unit_test(bare_name),
        cmocka_unit_test(missing_places),
        cmocka_unit_test(read_only_directory),
        cmocka_unit_test(failed_results),
        cmocka_unit_test(coordinate_dataset_must_repeat),
        cmocka_unit_test(full_disk),
        cmocka_unit_test(not_a_results_file),
        cmocka_unit_test(sum_of_something_else),
        cmocka_unit_test(flipped_bytes),
        cmocka_unit_test(cut_short_or_longer),
        cmocka_unit_test(sum_properties),
        cmocka_unit_test(handler_is_kept),
        cmocka_unit_test(nothing_stays_open),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
