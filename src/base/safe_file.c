/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/safe_file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/i18n.h"

enum {
    N_MAGIC = 8,
    N_TRAILER = 16,
    N_BUFFER = 1 << 18,
    N_NAME = 200, /* of the name in a temporary name: a longer one would pass the file system's limit of 255 bytes */
    N_TRIES = 100
};

static const unsigned char magic[N_MAGIC] = {'p', 'c', '-', 's', 'u', 'm', '1', '\n'};

/* For a given state this maps words one to one, and for a given word states one to one: two contents that differ in
 * one word keep different states to the end. */
static uint64_t mix(uint64_t state, uint64_t word)
{
    state = (state ^ word) * UINT64_C(0x9E3779B97F4A7C15);
    return state ^ (state >> 32);
}

/* The compiler makes one load of it on little-endian machines. */
static uint64_t word_at(const unsigned char *bytes)
{
    uint64_t word = 0;

    for (int i = 0; i < 8; i++) {
        word |= (uint64_t)bytes[i] << (8 * i);
    }
    return word;
}

void pc_sum_add(pc_sum *sum, const void *bytes, size_t n)
{
    const unsigned char *at = bytes;
    size_t n_pending = sum->n_bytes % 8;
    uint64_t state = sum->state;

    sum->n_bytes += n;
    while (n && n_pending) {
        sum->pending[n_pending++] = *at++;
        n--;
        if (n_pending == 8) {
            state = mix(state, word_at(sum->pending));
            n_pending = 0;
        }
    }
    for (; n >= 8; n -= 8, at += 8) {
        state = mix(state, word_at(at));
    }
    if (n) {
        memcpy(sum->pending, at, n);
    }
    sum->state = state;
}

uint64_t pc_sum_value(const pc_sum *sum)
{
    unsigned char last[8] = {0};
    uint64_t state;

    memcpy(last, sum->pending, sum->n_bytes % 8);
    state = mix(sum->state, word_at(last));
    return mix(state, sum->n_bytes);
}

/* `step` is marked for translation, translated here. */
static pc_code fail(const pc_safe_file *file, const char *step, int error, pc_status *status)
{
    return pc_fail(status, PC_ERR_WRITE, "%s: cannot %s: %s", file->name, _(step), pc_error_text(error));
}

/* open(2) again when a signal interrupts it. */
static int open_again(const char *path, int flags, mode_t mode)
{
    int fd;

    do {
        fd = open(path, flags, mode);
    } while (fd < 0 && errno == EINTR);
    return fd;
}

static pc_code fail_exists(const pc_safe_file *file, pc_status *status)
{
    return pc_fail(status, PC_ERR_INPUT, "%s: there is a file of this name already, and it is not replaced",
                   file->name);
}

/* Whether `entry` is a temporary name for `base`, as make_temporary makes them. */
static int is_temporary(const char *entry, const char *base)
{
    size_t n = strlen(base);

    n = n < N_NAME ? n : N_NAME;
    if (entry[0] != '.' || strncmp(entry + 1, base, n) != 0 || entry[1 + n] != '.') {
        return 0;
    }
    entry += n + 2;
    n = strspn(entry, "0123456789-");
    return n > 0 && strcmp(entry + n, ".tmp") == 0;
}

/* Removes what killed writers of the same file have left: whoever lives holds a lock on his. */
static void sweep(const char *directory, const char *base)
{
    DIR *open_directory = opendir(directory);
    const struct dirent *entry;

    while (open_directory && (entry = readdir(open_directory))) {
        int fd;
        if (!is_temporary(entry->d_name, base)) {
            continue;
        }
        fd = openat(dirfd(open_directory), entry->d_name, O_RDWR | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
        if (fd >= 0) {
            if (flock(fd, LOCK_EX | LOCK_NB) == 0) {
                unlinkat(dirfd(open_directory), entry->d_name, 0);
            }
            close(fd);
        }
    }
    if (open_directory) {
        closedir(open_directory);
    }
}

/* Makes and locks a temporary file. The lock may come late: then a sweeper has taken the file for a dead one and
 * removed it, and another name is tried. Where locks don't exist nothing is locked and nothing swept. */
static int make_temporary(pc_safe_file *file, size_t room, const char *directory, const char *base)
{
    const int flags = O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC;

    for (int try = 0; try < N_TRIES; try++) {
        struct stat about;
        snprintf(file->temporary, room, "%s%.*s.%ld-%d.tmp", directory, N_NAME + 1, base, (long)getpid(), try);
        file->fd = open_again(file->temporary, flags, 0666);
        if (file->fd < 0 && errno == EEXIST) {
            continue; /* another thread's, or left by a process of this number */
        }
        if (file->fd < 0) {
            return errno;
        }
        if (flock(file->fd, LOCK_EX | LOCK_NB) == 0 ? fstat(file->fd, &about) == 0 && about.st_nlink > 0
                                                    : errno != EWOULDBLOCK) {
            return 0;
        }
        close(file->fd);
    }
    return EEXIST;
}

/* Splits file->path into its directory, with the slash, and "." + base; both to be freed. */
static int split(const pc_safe_file *file, char **directory, char **base)
{
    const char *slash = strrchr(file->path, '/');
    size_t n = slash ? (size_t)(slash - file->path) + 1 : 0;

    *directory = strndup(file->path, n);
    *base = malloc(strlen(file->path) - n + 2);
    if (!*directory || !*base) {
        return 0;
    }
    (*base)[0] = '.';
    strcpy(*base + 1, file->path + n);
    return 1;
}

/* Follows symbolic links and looks at what is there. */
static pc_code find_place(pc_safe_file *file, mode_t *mode, pc_status *status)
{
    struct stat old, link;

    file->exists = stat(file->name, &old) == 0;
    if (file->exists && !S_ISREG(old.st_mode)) {
        /* Renaming over it would replace a device by a file. */
        return pc_fail(status, PC_ERR_WRITE, "%s: cannot write: is not a regular file", file->name);
    }
    if (file->exists && !(file->how & PC_SAFE_REPLACE)) {
        return fail_exists(file, status);
    }
    if (!file->exists && lstat(file->name, &link) == 0) {
        return pc_fail(status, PC_ERR_WRITE, "%s: cannot write: is a symbolic link to nothing", file->name);
    }
    *mode = old.st_mode & 0777;
    file->path = file->exists ? realpath(file->name, NULL) : strdup(file->name);
    return file->path ? PC_OK : fail(file, N_("find its place"), errno, status);
}

pc_code pc_safe_file_open(pc_safe_file *file, const char *path, unsigned how, pc_status *status)
{
    char *directory = NULL, *base = NULL;
    mode_t mode = 0;
    pc_code code;
    int error;

    *file = (pc_safe_file){.name = path, .fd = -1, .how = how};
    if (!*path) {
        return fail(file, N_("write a file without a name"), EINVAL, status);
    }
    code = find_place(file, &mode, status);
    if (code != PC_OK) {
        return code;
    }
    if (!split(file, &directory, &base)) {
        code = fail(file, N_("write"), ENOMEM, status);
        goto out;
    }
    if (!base[1]) {
        code = fail(file, N_("write"), EISDIR, status);
        goto out;
    }
    file->temporary = malloc(strlen(file->path) + 80);
    if (!file->temporary) {
        code = fail(file, N_("write"), ENOMEM, status);
        goto out;
    }
    sweep(*directory ? directory : ".", base + 1);
    error = make_temporary(file, strlen(file->path) + 80, directory, base);
    if (error) {
        free(file->temporary);
        file->temporary = NULL;
        code = fail(file, N_("create a temporary file beside it"), error, status);
        goto out;
    }
    file->is_open = 1;
    file->lock = fcntl(file->fd, F_DUPFD_CLOEXEC, 0); /* without it the file is only not locked to the end */
    file->has_lock = file->lock >= 0;
    if (file->exists && fchmod(file->fd, mode) != 0) {
        code = fail(file, N_("set the permissions"), errno, status);
    }
out:
    free(directory);
    free(base);
    return code;
}

pc_code pc_safe_file_probe(const char *path, unsigned how, pc_status *status)
{
    pc_safe_file file = {0};
    pc_code code = pc_safe_file_open(&file, path, how, status);

    pc_safe_file_release(&file);
    return code;
}

pc_code pc_safe_file_put(const char *path, unsigned how, const void *bytes, size_t n, pc_status *status)
{
    pc_safe_file file = {0};
    pc_code code = pc_safe_file_open(&file, path, how, status);

    code = code ? code : pc_safe_file_write(&file, bytes, n, status);
    code = code ? code : pc_safe_file_close(&file, status);
    code = code ? code : pc_safe_file_commit(&file, status);
    pc_safe_file_release(&file);
    return code;
}

static pc_code write_all(pc_safe_file *file, const unsigned char *bytes, size_t n, pc_status *status)
{
    while (n) {
        /* Linux writes at most 2 GiB in a call. */
        ssize_t written = write(file->fd, bytes, n < (size_t)1 << 30 ? n : (size_t)1 << 30);
        if (written < 0 && errno == EINTR) {
            continue;
        }
        if (written <= 0) {
            return fail(file, N_("write"), written ? errno : EIO, status);
        }
        bytes += written;
        n -= (size_t)written;
    }
    return PC_OK;
}

pc_code pc_safe_file_write(pc_safe_file *file, const void *bytes, size_t n, pc_status *status)
{
    pc_sum_add(&file->sum, bytes, n);
    return write_all(file, bytes, n, status);
}

pc_code pc_safe_file_close(pc_safe_file *file, pc_status *status)
{
    unsigned char trailer[N_TRAILER];
    uint64_t value = pc_sum_value(&file->sum);
    pc_code code;

    memcpy(trailer, magic, N_MAGIC);
    for (int i = 0; i < 8; i++) {
        trailer[N_MAGIC + i] = (unsigned char)(value >> (8 * i));
    }
    code = file->how & PC_SAFE_PLAIN ? PC_OK : write_all(file, trailer, N_TRAILER, status);
    if (code != PC_OK) {
        return code;
    }
    if (fsync(file->fd) != 0) {
        return fail(file, N_("sync"), errno, status);
    }
    file->is_open = 0;
    if (close(file->fd) != 0 && errno != EINTR) {
        return fail(file, N_("close"), errno, status);
    }
    if (file->has_lock) {
        flock(file->lock, LOCK_SH); /* a reader that locks too, as HDF5 does, may look at it */
    }
    return PC_OK;
}

/* Renames unless there is a file of that name; -1 and errno, EEXIST for one. */
static int rename_new(const pc_safe_file *file)
{
    struct stat about;

#ifdef RENAME_NOREPLACE
    if (renameat2(AT_FDCWD, file->temporary, AT_FDCWD, file->path, RENAME_NOREPLACE) == 0) {
        return 0;
    }
    if (errno != EINVAL && errno != ENOSYS) {
        return -1;
    }
#endif
    /* a file system that knows no such thing; some know no links either */
    if (link(file->temporary, file->path) == 0) {
        return unlink(file->temporary);
    }
    if (errno == EEXIST) {
        return -1;
    }
    if (lstat(file->path, &about) == 0) {
        errno = EEXIST;
        return -1;
    }
    return rename(file->temporary, file->path);
}

pc_code pc_safe_file_commit(pc_safe_file *file, pc_status *status)
{
    char *slash = strrchr(file->path, '/');
    int directory, error = 0;

    if (file->how & PC_SAFE_REPLACE ? rename(file->temporary, file->path) != 0 : rename_new(file) != 0) {
        return errno == EEXIST && !(file->how & PC_SAFE_REPLACE)
                   ? fail_exists(file, status)
                   : fail(file, N_("rename the temporary file"), errno, status);
    }
    free(file->temporary);
    file->temporary = NULL;
    if (slash && slash != file->path) {
        *slash = '\0';
    }
    directory = open_again(!slash                ? "."
                           : slash == file->path ? "/"
                                                 : file->path,
                           O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0);
    if (slash) {
        *slash = '/';
    }
    if (directory < 0) {
        /* A directory one may write but not read: the name is in place, only not yet known to be on the disk. */
        return errno == EACCES ? PC_OK : fail(file, N_("open its directory to sync it"), errno, status);
    }
    if (fsync(directory) != 0 && errno != EINVAL && errno != ENOTSUP) {
        error = errno; /* the two others: the file system cannot sync directories */
    }
    close(directory);
    return error ? fail(file, N_("sync its directory"), error, status) : PC_OK;
}

void pc_safe_file_release(pc_safe_file *file)
{
    if (file->is_open) {
        close(file->fd);
    }
    if (file->temporary) {
        unlink(file->temporary);
    }
    if (file->has_lock) {
        close(file->lock);
    }
    free(file->temporary);
    free(file->path);
    *file = (pc_safe_file){.fd = -1};
}

/* Reads n bytes; fewer only at the end. -1 and errno on failure. */
static ssize_t read_full(int fd, unsigned char *bytes, size_t n)
{
    size_t done = 0;

    while (done < n) {
        ssize_t got = read(fd, bytes + done, n - done);
        if (got < 0 && errno == EINTR) {
            continue;
        }
        if (got < 0) {
            return -1;
        }
        if (got == 0) {
            break;
        }
        done += (size_t)got;
    }
    return (ssize_t)done;
}

pc_code pc_safe_file_check(const char *path, const char *name, pc_status *status)
{
    pc_sum sum = {0};
    struct stat about;
    unsigned char *buffer = NULL;
    unsigned char *trailer;
    uint64_t left;
    pc_code code = PC_OK;
    /* Not to hang on a pipe. */
    int fd = open_again(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK, 0);

    if (fd < 0 || fstat(fd, &about) != 0) {
        code = pc_fail(status, PC_ERR_INPUT, "%s: cannot open: %s", name, pc_error_text(errno));
        goto out;
    }
    if (!S_ISREG(about.st_mode)) {
        code = S_ISDIR(about.st_mode) ? pc_fail(status, PC_ERR_INPUT, "%s: is a folder, allowed a results file", name)
                                      : pc_fail(status, PC_ERR_INPUT, "%s: is not a regular file", name);
        goto out;
    }
    if (about.st_size < N_TRAILER) {
        code = pc_fail(status, PC_ERR_INPUT, "%s: is too short for a results file: %lld bytes", name,
                       (long long)about.st_size);
        goto out;
    }
    buffer = malloc(N_BUFFER);
    if (!buffer) {
        code = pc_fail(status, PC_ERR_FAIL, "%s: out of memory", name);
        goto out;
    }
    left = (uint64_t)about.st_size - N_TRAILER;
    while (left) {
        size_t n = left < N_BUFFER ? (size_t)left : N_BUFFER;
        ssize_t got = read_full(fd, buffer, n);
        if (got != (ssize_t)n) {
            code = pc_fail(status, PC_ERR_INPUT, "%s: cannot read: %s", name,
                           got < 0 ? pc_error_text(errno) : _("it became shorter meanwhile"));
            goto out;
        }
        pc_sum_add(&sum, buffer, n);
        left -= n;
    }
    trailer = buffer;
    if (read_full(fd, trailer, N_TRAILER) != N_TRAILER) {
        code = pc_fail(status, PC_ERR_INPUT, "%s: cannot read its end", name);
    } else if (memcmp(trailer, magic, N_MAGIC) != 0) {
        code = pc_fail(status, PC_ERR_INPUT,
                       "%s: does not end with a checksum: it is cut short, rewritten by another program, "
                       "or not a results file",
                       name);
    } else if (word_at(trailer + N_MAGIC) != pc_sum_value(&sum)) {
        code = pc_fail(status, PC_ERR_INPUT, "%s: is damaged: its content does not agree with its checksum", name);
    }
out:
    free(buffer);
    if (fd >= 0) {
        close(fd);
    }
    return code;
}
