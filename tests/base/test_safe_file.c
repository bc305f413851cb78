/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Every system call that writing uses fails once, at each of its uses, in each of the ways it can: the old file stays
 * or the new one is whole, nothing is left beside it, and one line says what went wrong. The calls are replaced by
 * those below, which the linker takes instead of the C library's. */
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
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/safe_file.h"

static struct {
    int on, left; /* the call that makes `left` zero fails */
    int error;    /* with this; 0: it writes one byte only; EINTR: and succeeds when called again */
    int happened;
} fault;

static int strikes(void)
{
    if (fault.on && !fault.happened && --fault.left == 0) {
        fault.happened = 1;
        errno = fault.error;
        return 1;
    }
    return 0;
}

ssize_t write(int fd, const void *bytes, size_t n)
{
    if (strikes()) {
        return fault.error ? -1 : syscall(SYS_write, fd, bytes, (size_t)1);
    }
    return syscall(SYS_write, fd, bytes, n);
}

int fsync(int fd)
{
    return strikes() && fault.error && fault.error != EINTR ? -1 : (int)syscall(SYS_fsync, fd);
}

int close(int fd)
{
    int closed = (int)syscall(SYS_close, fd); /* Linux closes even when it fails */

    return strikes() && fault.error ? -1 : closed;
}

int rename(const char *from, const char *to)
{
    return strikes() && fault.error && fault.error != EINTR ? -1 : (int)syscall(SYS_rename, from, to);
}

int renameat2(int at, const char *from, int at2, const char *to, unsigned flags)
{
    return strikes() && fault.error && fault.error != EINTR ? -1
                                                            : (int)syscall(SYS_renameat2, at, from, at2, to, flags);
}

static char folder[] = "safe-file-XXXXXX";

static int set_up(void **state)
{
    (void)state;
    return !mkdtemp(folder) || chdir(folder);
}

/* The entries of the folder. */
static int n_entries(void)
{
    DIR *d = opendir(".");
    int n = -2;

    while (readdir(d)) {
        n++;
    }
    closedir(d);
    return n;
}

static int tear_down(void **state)
{
    char command[100];

    (void)state;
    snprintf(command, sizeof command, "rm -rf '%s'", folder);
    return chdir("..") || system(command);
}

static size_t read_file(const char *name, char *bytes, size_t room)
{
    FILE *file = fopen(name, "rb");
    size_t n = 0;

    if (file) {
        n = fread(bytes, 1, room, file);
        fclose(file);
    }
    return n;
}

static pc_code put(const char *name, unsigned how, const char *text, pc_status *status)
{
    pc_safe_file file = {0};
    size_t half = strlen(text) / 2;
    pc_code code = pc_safe_file_open(&file, name, how, status);

    code = code ? code : pc_safe_file_write(&file, text, half, status);
    code = code ? code : pc_safe_file_write(&file, text + half, strlen(text) - half, status);
    code = code ? code : pc_safe_file_close(&file, status);
    code = code ? code : pc_safe_file_commit(&file, status);
    pc_safe_file_release(&file);
    return code;
}

static void every_call_fails_once(void **state)
{
    static const int errors[] = {ENOSPC, EDQUOT, EIO, EROFS, EACCES, EINTR, 0};
    char found[100];
    int n_faults = 0;

    (void)state;
    for (size_t e = 0; e < sizeof errors / sizeof *errors; e++) {
        for (int there = 0; there < 2; there++) {
            for (int n = 1;; n++) {
                pc_status status = {0};
                size_t size;
                pc_code code;

                unlink("f");
                if (there) {
                    assert_int_equal(put("f", PC_SAFE_REPLACE | PC_SAFE_PLAIN, "old", NULL), PC_OK);
                }
                fault.on = 1;
                fault.left = n;
                fault.error = errors[e];
                fault.happened = 0;
                code = put("f", PC_SAFE_PLAIN | (there ? PC_SAFE_REPLACE : 0), "all that is new", &status);
                fault.on = 0;
                size = read_file("f", found, sizeof found);
                assert_true(n < 100);
                if (!fault.happened) {
                    assert_int_equal(code, PC_OK);
                    break;
                }
                n_faults++;
                /* whole, old or new; new for certain when all was well */
                if (size == 15) {
                    assert_memory_equal(found, "all that is new", 15);
                } else {
                    assert_int_not_equal(code, PC_OK);
                    assert_int_equal(size, there ? 3 : 0);
                    assert_memory_equal(found, "old", size);
                }
                assert_int_equal(n_entries(), size > 0);
                if (code != PC_OK) {
                    assert_int_equal(code, PC_ERR_WRITE);
                    assert_non_null(strstr(status.message, "f: cannot "));
                    assert_non_null(strstr(status.message, strerror(errors[e])));
                    assert_null(strchr(status.message, '\n'));
                } else if (errors[e] != EINTR && errors[e] != 0) {
                    /* only what is not ours may fail unseen: the lock's and the directory's descriptor */
                    assert_int_equal(size, 15);
                }
                if (errors[e] == EINTR || errors[e] == 0) {
                    assert_int_equal(code, PC_OK);
                }
            }
        }
    }
    print_message("%d faults\n", n_faults);
    assert_true(n_faults > 80);
}

static void not_onto_a_file(void **state)
{
    pc_status status = {0};
    pc_safe_file file = {0};
    char found[100];

    (void)state;
    unlink("f");
    assert_int_equal(put("f", PC_SAFE_PLAIN, "first", NULL), PC_OK);
    assert_int_equal(put("f", PC_SAFE_PLAIN, "second", &status), PC_ERR_INPUT);
    assert_non_null(strstr(status.message, "f: there is a file of this name"));
    assert_int_equal(pc_safe_file_probe("f", 0, NULL), PC_ERR_INPUT);
    assert_int_equal(pc_safe_file_probe("f", PC_SAFE_REPLACE, NULL), PC_OK);
    assert_int_equal(read_file("f", found, sizeof found), 5);
    /* one that comes up meanwhile */
    unlink("f");
    assert_int_equal(pc_safe_file_open(&file, "f", PC_SAFE_PLAIN, NULL), PC_OK);
    assert_int_equal(put("f", PC_SAFE_PLAIN, "third", NULL), PC_OK);
    assert_int_equal(pc_safe_file_close(&file, NULL), PC_OK);
    assert_int_equal(pc_safe_file_commit(&file, NULL), PC_ERR_INPUT);
    pc_safe_file_release(&file);
    assert_int_equal(read_file("f", found, sizeof found), 5);
    assert_int_equal(n_entries(), 1);
    /* a link to nothing is somebody's plan */
    assert_int_equal(symlink("nothing", "link"), 0);
    assert_int_equal(put("link", PC_SAFE_REPLACE, "x", NULL), PC_ERR_WRITE);
    assert_int_equal(unlink("link"), 0);
}

/* Left by a killed writer, and by one that lives. */
static void stale_files_are_swept(void **state)
{
    const char *dead[] = {".f.1.tmp", ".f.99999999.tmp", ".f.123-0.tmp", ".f.123-17.tmp"};
    const char *others[] = {".f.h5.1.tmp", ".g.1.tmp", ".f.tmp", ".f.x.tmp", "f.1.tmp", ".f.1.tmpx"};
    int ends[2];
    char byte = 0;
    pid_t child;

    (void)state;
    for (size_t i = 0; i < 4; i++) {
        close(open(dead[i], O_CREAT | O_WRONLY, 0600));
    }
    for (size_t i = 0; i < 6; i++) {
        close(open(others[i], O_CREAT | O_WRONLY, 0600));
    }
    assert_int_equal(pipe(ends), 0);
    child = fork();
    if (child == 0) {
        pc_safe_file file = {0};
        close(ends[0]);
        if (pc_safe_file_open(&file, "f", PC_SAFE_REPLACE, NULL) != PC_OK || pc_safe_file_close(&file, NULL) != PC_OK ||
            write(ends[1], "x", 1) != 1) {
            _exit(1);
        }
        pause(); /* written and closed, not yet renamed: still its own */
    }
    close(ends[1]);
    assert_int_equal(read(ends[0], &byte, 1), 1);
    assert_int_equal(put("f", PC_SAFE_REPLACE, "new", NULL), PC_OK);
    for (size_t i = 0; i < 4; i++) {
        assert_int_not_equal(access(dead[i], F_OK), 0);
    }
    for (size_t i = 0; i < 6; i++) {
        assert_int_equal(unlink(others[i]), 0);
    }
    assert_int_equal(n_entries(), 2); /* f and the child's */
    kill(child, SIGKILL);
    assert_int_equal(waitpid(child, NULL, 0), child);
    assert_int_equal(put("f", PC_SAFE_REPLACE, "new", NULL), PC_OK);
    assert_int_equal(n_entries(), 1);
    close(ends[0]);
}

static void long_names(void **state)
{
    char name[300];

    (void)state;
    memset(name, 'n', sizeof name);
    name[255] = '\0';
    assert_int_equal(put(name, 0, "x", NULL), PC_OK);
    assert_int_equal(unlink(name), 0);
    name[255] = 'n';
    name[256] = '\0';
    assert_int_equal(put(name, 0, "x", NULL), PC_ERR_WRITE);
}

static void read_only_folder(void **state)
{
    pc_status status = {0};

    (void)state;
    if (geteuid() == 0) {
        skip(); /* root writes anywhere; EROFS and EACCES above stand for it */
    }
    assert_int_equal(mkdir("closed", 0500), 0);
    assert_int_equal(put("closed/f", 0, "x", &status), PC_ERR_WRITE);
    assert_non_null(strstr(status.message, strerror(EACCES)));
    rmdir("closed");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_call_fails_once), cmocka_unit_test(not_onto_a_file),
        cmocka_unit_test(stale_files_are_swept), cmocka_unit_test(long_names),
        cmocka_unit_test(read_only_folder),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
