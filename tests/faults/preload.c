/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Loaded before the program by tests/soak (LD_PRELOAD): a call that writes fails, or the clocks jump.
 *
 * POOLCAST_FAULT=N,ERRNO   the N-th call of write, fsync, close, rename or renameat2 on a file being written fails with
 *                          ERRNO; 0: a write takes one byte only
 * POOLCAST_FAULT_LOG=FILE  at the end: the number of such calls, and of renames among them
 * POOLCAST_CLOCK=calendar  the calendar's clock jumps by years, to and fro, at every call
 * POOLCAST_CLOCK=N,SECONDS the clock that only runs forward jumps at its N-th reading (backward: which it must not) */
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static long fault_at, fault_error, clock_at, clock_seconds;
static long n_calls, n_renames, n_readings;
static int calendar;

__attribute__((constructor)) static void start(void)
{
    const char *fault = getenv("POOLCAST_FAULT"), *clock = getenv("POOLCAST_CLOCK");

    if (fault) {
        sscanf(fault, "%ld,%ld", &fault_at, &fault_error);
    }
    calendar = clock && strcmp(clock, "calendar") == 0;
    if (clock && !calendar) {
        sscanf(clock, "%ld,%ld", &clock_at, &clock_seconds);
    }
}

__attribute__((destructor)) static void end(void)
{
    const char *log = getenv("POOLCAST_FAULT_LOG");
    FILE *file = log ? fopen(log, "w") : NULL;

    if (file) {
        fprintf(file, "%ld %ld\n", n_calls, n_renames);
        fclose(file);
    }
}

static int is_written(int fd)
{
    struct stat about;

    return fstat(fd, &about) == 0 && S_ISREG(about.st_mode) && (fcntl(fd, F_GETFL) & O_ACCMODE) != O_RDONLY;
}

/* Whether this is the call that fails; errno is set. */
static int strikes(void)
{
    if (__atomic_add_fetch(&n_calls, 1, __ATOMIC_RELAXED) != fault_at) {
        return 0;
    }
    errno = (int)fault_error;
    return 1;
}

ssize_t write(int fd, const void *bytes, size_t n)
{
    if (is_written(fd) && strikes()) {
        return fault_error ? -1 : syscall(SYS_write, fd, bytes, (size_t)1);
    }
    return syscall(SYS_write, fd, bytes, n);
}

int fsync(int fd)
{
    return is_written(fd) && strikes() && fault_error ? -1 : (int)syscall(SYS_fsync, fd);
}

int close(int fd)
{
    const int fails = is_written(fd) && strikes(), error = errno, closed = (int)syscall(SYS_close, fd);

    errno = fails && fault_error ? error : errno;
    return fails && fault_error ? -1 : closed;
}

int rename(const char *from, const char *to)
{
    __atomic_add_fetch(&n_renames, 1, __ATOMIC_RELAXED);
    return strikes() && fault_error ? -1 : (int)syscall(SYS_rename, from, to);
}

int renameat2(int at, const char *from, int at2, const char *to, unsigned flags)
{
    __atomic_add_fetch(&n_renames, 1, __ATOMIC_RELAXED);
    return strikes() && fault_error ? -1 : (int)syscall(SYS_renameat2, at, from, at2, to, flags);
}

int clock_gettime(clockid_t clock, struct timespec *now)
{
    static const long years[] = {0, 1, -1, 30, -30};
    const int code = (int)syscall(SYS_clock_gettime, clock, now);

    if (code == 0 && clock == CLOCK_REALTIME && calendar) {
        now->tv_sec += 31557600 * years[__atomic_add_fetch(&n_readings, 1, __ATOMIC_RELAXED) % 5];
    } else if (code == 0 && clock == CLOCK_MONOTONIC && clock_at &&
               __atomic_add_fetch(&n_readings, 1, __ATOMIC_RELAXED) >= clock_at) {
        now->tv_sec += clock_seconds;
    }
    return code;
}

time_t time(time_t *out)
{
    struct timespec now = {0};

    clock_gettime(CLOCK_REALTIME, &now);
    if (out) {
        *out = now.tv_sec;
    }
    return now.tv_sec;
}

int gettimeofday(struct timeval *restrict now, void *restrict zone)
{
    struct timespec exact = {0};

    (void)zone;
    clock_gettime(CLOCK_REALTIME, &exact);
    now->tv_sec = exact.tv_sec;
    now->tv_usec = exact.tv_nsec / 1000;
    return 0;
}
