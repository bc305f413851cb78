/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/safe_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/i18n.h"

enum { N_MAGIC = 8, N_TRAILER = 16, N_BUFFER = 1 << 18 };

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

static pc_code fail(const pc_safe_file *file, const char *step, int error, pc_status *status)
{
    return pc_fail(status, PC_ERR_WRITE, "%s: cannot %s: %s", file->name, step, pc_error_text(error));
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

pc_code pc_safe_file_open(pc_safe_file *file, const char *path, pc_status *status)
{
    const int flags = O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC;
    struct stat old;
    char *slash;
    size_t n_directory, room;

    *file = (pc_safe_file){.name = path, .fd = -1};
    if (!*path) {
        return fail(file, "write a file without a name", EINVAL, status);
    }
    file->exists = stat(path, &old) == 0;
    if (file->exists && !S_ISREG(old.st_mode)) {
        /* Renaming over it would replace a device by a file. */
        return pc_fail(status, PC_ERR_WRITE, "%s: cannot write: is not a regular file", path);
    }
    file->path = file->exists ? realpath(path, NULL) : strdup(path);
    if (!file->path) {
        return fail(file, "find its place", errno, status);
    }
    slash = strrchr(file->path, '/');
    n_directory = slash ? (size_t)(slash - file->path) + 1 : 0;
    room = strlen(file->path) + 40;
    file->temporary = malloc(room);
    if (!file->temporary) {
        return fail(file, "write", ENOMEM, status);
    }
    snprintf(file->temporary, room, "%.*s.%s.%ld.tmp", (int)n_directory, file->path, file->path + n_directory,
             (long)getpid());
    file->fd = open_again(file->temporary, flags, 0666);
    if (file->fd < 0 && errno == EEXIST && unlink(file->temporary) == 0) {
        /* Left by a process of this number that was killed. */
        file->fd = open_again(file->temporary, flags, 0666);
    }
    if (file->fd < 0) {
        int error = errno;
        free(file->temporary);
        file->temporary = NULL;
        return fail(file, "create a temporary file beside it", error, status);
    }
    file->is_open = 1;
    if (file->exists && fchmod(file->fd, old.st_mode & 0777) != 0) {
        return fail(file, "set the permissions", errno, status);
    }
    return PC_OK;
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
            return fail(file, "write", written ? errno : EIO, status);
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
    code = file->without_sum ? PC_OK : write_all(file, trailer, N_TRAILER, status);
    if (code != PC_OK) {
        return code;
    }
    if (fsync(file->fd) != 0) {
        return fail(file, "sync", errno, status);
    }
    file->is_open = 0;
    if (close(file->fd) != 0 && errno != EINTR) {
        return fail(file, "close", errno, status);
    }
    return PC_OK;
}

pc_code pc_safe_file_commit(pc_safe_file *file, pc_status *status)
{
    char *slash = strrchr(file->path, '/');
    int directory, error = 0;

    if (rename(file->temporary, file->path) != 0) {
        return fail(file, "rename the temporary file", errno, status);
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
        return errno == EACCES ? PC_OK : fail(file, "open its directory to sync it", errno, status);
    }
    if (fsync(directory) != 0 && errno != EINVAL && errno != ENOTSUP) {
        error = errno; /* the two others: the file system cannot sync directories */
    }
    close(directory);
    return error ? fail(file, "sync its directory", error, status) : PC_OK;
}

void pc_safe_file_release(pc_safe_file *file)
{
    if (file->is_open) {
        close(file->fd);
    }
    if (file->temporary) {
        unlink(file->temporary);
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
        code = pc_fail(status, PC_ERR_INPUT, "%s: is not a regular file", name);
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
