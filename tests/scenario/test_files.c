/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Files of a scenario, names inside its folder, text helpers, and the shipped scenarios read whole. */
#include "small.h"

#include <sys/stat.h>
#include <unistd.h>

#include "scenario/text.h"

static void names(void **state)
{
    static const struct {
        const char *from, *name, *joined; /* NULL: refused */
    } cases[] = {
        {NULL, "a.csv", "a.csv"},
        {NULL, "./a//b.csv", "a/b.csv"},
        {NULL, "../policies/x.yaml", "../policies/x.yaml"},
        {NULL, "a/../b.csv", "b.csv"},
        {NULL, "../a/../b.csv", "../b.csv"},
        {NULL, "../../b.csv", NULL},
        {NULL, "a/../../../b.csv", NULL},
        {NULL, "/etc/passwd", NULL},
        {NULL, "", NULL},
        {NULL, "..", NULL},
        {NULL, ".", NULL},
        {"scenario.yaml", "a.csv", "a.csv"},
        {"../policies/x.yaml", "old.csv", "../policies/old.csv"},
        {"../policies/x.yaml", "../zhejiang/old.csv", "../zhejiang/old.csv"},
        {"../policies/x.yaml", "../../old.csv", NULL},
        {"lib/x.yaml", "../../old.csv", "../old.csv"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char out[100];
        const int fine = pc_text_join(cases[i].from, cases[i].name, out, sizeof out);
        assert_int_equal(fine, cases[i].joined != NULL);
        if (fine) {
            assert_string_equal(out, cases[i].joined);
        }
    }
    for (size_t room = 1; room < 12; room++) { /* never beyond its room */
        char *out = malloc(room);
        assert_non_null(out);
        assert_int_equal(pc_text_join(NULL, "../ab/c.csv", out, room), 0);
        free(out);
    }
}

static void utf8(void **state)
{
    static const char *const bad[] = {"\x80",     "\xc0\x80", "\xe0\x80\x80", "\xed\xa0\x80", "\xf4\x90\x80\x80",
                                      "\xe4\xb8", "\xff"};
    uint32_t c;
    size_t length;
    int line, column;

    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        assert_int_equal(pc_text_decode(bad[i], strlen(bad[i]), &c), 0);
    }
    assert_int_equal(pc_text_decode("\xe6\xb5\x99", 3, &c), 3);
    assert_int_equal(c, 0x6d59);
    assert_int_equal(pc_text_width(c), 2);
    assert_int_equal(pc_text_width('a'), 1);
    assert_int_equal(pc_text_width(0x301), 0);
    assert_int_equal(pc_text_width(0xff0c), 2);
    assert_int_equal(pc_text_valid("ab\xff", 3), 2);
    pc_text_position("\xef\xbb\xbf"
                     "a\nb\xe6\xb5\x99"
                     "c",
                     10, 9, &line, &column);
    assert_int_equal(line, 2);
    assert_int_equal(column, 3);
    assert_memory_equal(pc_text_line("a\r\nbc\r\n", 7, 2, &length), "bc", 2);
    assert_int_equal(length, 2);
    assert_null(pc_text_line("a\nb", 3, 3, &length));
}

static void memory(void **state)
{
    pc_files *files = pc_files_memory();
    pc_status st = {0};

    (void)state;
    assert_non_null(files);
    assert_int_equal(pc_files_put(files, "b.csv", "abc", 3, &st), PC_OK);
    assert_int_equal(pc_files_put(files, "a.csv", "", 0, &st), PC_OK);
    assert_int_equal(pc_files_count(files), 0); /* put in, not used */
    assert_int_equal(pc_files_put(files, "./b.csv", "x", 1, &st), PC_ERR_FAIL);
    st = (pc_status){0};
    assert_int_equal(pc_files_put(files, "../../b.csv", "x", 1, &st), PC_ERR_INPUT);
    st = (pc_status){0};
    assert_string_equal(pc_files_get(files, "a.csv", &st)->sha256,
                        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    const pc_file *file = pc_files_get(files, "b.csv", &st);
    assert_string_equal(file->sha256, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    assert_int_equal(file->size, 3);
    assert_ptr_equal(pc_files_get(files, "b.csv", &st), file);
    assert_int_equal(pc_files_count(files), 2);
    assert_string_equal(pc_files_at(files, 0)->name, "a.csv");
    assert_null(pc_files_at(files, 2));
    assert_null(pc_files_get(files, "c.csv", &st));
    assert_int_equal(st.code, PC_ERR_INPUT);
    pc_files_free(files);
    pc_files_free(NULL);
}

static void folder(void **state)
{
    char dir[] = "pc_test_XXXXXX", path[200];
    pc_status st = {0};
    pc_files *files;
    FILE *out;

    (void)state;
    assert_non_null(mkdtemp(dir));
    snprintf(path, sizeof path, "%s/mine.yaml", dir);
    out = fopen(path, "w");
    assert_non_null(out);
    fputs("title: x\n", out);
    fclose(out);
    assert_null(pc_files_open("pc_no_such_folder", &st));
    assert_int_equal(st.code, PC_ERR_INPUT);
    st = (pc_status){0};
    files = pc_files_open(dir, &st);
    assert_non_null(files);
    assert_null(pc_files_get(files, "scenario.yaml", &st)); /* the folder has none */
    assert_int_equal(st.code, PC_ERR_INPUT);
    st = (pc_status){0};
    assert_null(pc_files_get(files, ".", &st));
    pc_files_free(files);
    /* the YAML file itself, whatever its name */
    st = (pc_status){0};
    files = pc_files_open(path, &st);
    assert_non_null(files);
    assert_string_equal(pc_files_get(files, "scenario.yaml", &st)->text, "title: x\n");
    assert_string_equal(pc_files_at(files, 0)->shown, path);
    pc_files_free(files);
    unlink(path);
    /* a folder in the place of a file */
    snprintf(path, sizeof path, "%s/scenario.yaml", dir);
    assert_int_equal(mkdir(path, 0777), 0);
    files = pc_files_open(dir, &st);
    assert_null(pc_files_get(files, "scenario.yaml", &st));
    assert_int_equal(st.code, PC_ERR_INPUT);
    pc_files_free(files);
    rmdir(path);
    rmdir(dir);
}

static void put(const char *path, const char *text)
{
    FILE *out = fopen(path, "w");

    assert_non_null(out);
    fputs(text, out);
    fclose(out);
}

/* Links lead into the folder or the one above, and no further; a pipe is not waited for. */
static void links(void **state)
{
    static const struct {
        const char *name, *target;
        int allowed;
    } cases[] = {
        {"inside.csv", "own.csv", 1},     {"above.csv", "../above.csv", 1}, {"beside.csv", "../other/theirs.csv", 1},
        {"system.csv", "/etc/passwd", 0}, {"far.csv", "../../far.csv", 0},  {"folder/far.csv", "far.csv", 0},
        {"twice.csv", "system.csv", 0}};
    char dir[] = "pc_test_XXXXXX";
    pc_status st = {0};
    pc_files *files;

    (void)state;
    assert_non_null(mkdtemp(dir));
    assert_int_equal(chdir(dir), 0);
    put("far.csv", "far");
    assert_int_equal(mkdir("up", 0777) | mkdir("up/other", 0777) | mkdir("up/mine", 0777), 0);
    put("up/above.csv", "above");
    put("up/other/theirs.csv", "theirs");
    put("up/mine/own.csv", "own");
    assert_int_equal(symlink("../..", "up/mine/folder"), 0);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char path[200];
        snprintf(path, sizeof path, "up/mine/%s", cases[i].name);
        assert_true(strchr(cases[i].name, '/') || symlink(cases[i].target, path) == 0);
    }
    assert_int_equal(mkfifo("up/mine/pipe.csv", 0666), 0);
    assert_int_equal(symlink("up/mine", "link"), 0); /* the folder itself may be reached by a link */
    for (int k = 0; k < 2; k++) {
        files = pc_files_open(k ? "link" : "up/mine", &st);
        assert_non_null(files);
        for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
            st = (pc_status){0};
            const pc_file *file = pc_files_get(files, cases[i].name, &st);
            if ((file != NULL) != cases[i].allowed) {
                fail_msg("%s: %s", cases[i].name, st.message);
            }
            assert_int_equal(st.code, cases[i].allowed ? PC_OK : PC_ERR_INPUT);
            assert_true(cases[i].allowed || strstr(st.message, "found a link to "));
        }
        st = (pc_status){0};
        assert_null(pc_files_get(files, "pipe.csv", &st));
        assert_non_null(strstr(st.message, "not a file"));
        pc_files_free(files);
    }
    /* a file that the user names may lie anywhere */
    assert_int_equal(symlink("/etc/passwd", "up/mine/named.yaml"), 0);
    files = pc_files_open("up/mine/named.yaml", &st);
    st = (pc_status){0};
    assert_non_null(pc_files_get(files, "scenario.yaml", &st));
    pc_files_free(files);
    assert_int_equal(chdir(".."), 0);
    char command[64];
    snprintf(command, sizeof command, "rm -r %s", dir);
    assert_int_equal(system(command), 0);
}

static void shipped(void **state)
{
    static const char *const names_[] = {"smoke", "zhejiang", "national", "reference"};

    (void)state;
    for (size_t i = 0; i < sizeof names_ / sizeof *names_; i++) {
        char path[1024];
        pc_status st = {0};
        pc_scenario *sc = NULL;
        snprintf(path, sizeof path, "%s/scenarios/%s", PC_TEST_SOURCE_DIR, names_[i]);
        pc_files *files = pc_files_open(path, &st);
        if (!files || pc_scenario_read(files, NULL, 0, &sc, &st) != PC_OK) {
            fail_msg("%s", st.message);
        }
        assert_true(sc->n_regions > 1 && sc->n_policies > 1);
        pc_scenario_free(sc);
        pc_files_free(files);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(names),  cmocka_unit_test(utf8),  cmocka_unit_test(memory),
                                       cmocka_unit_test(folder), cmocka_unit_test(links), cmocka_unit_test(shipped)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
