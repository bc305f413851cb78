/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Status of an operation: a code that is also the program's exit code, and a message with the place and the value. */
#ifndef PC_BASE_STATUS_H
#define PC_BASE_STATUS_H

#ifdef __cplusplus
extern "C" {
#endif

typedef enum pc_code {
    PC_OK = 0,
    PC_ERR_FAIL = 1,         /* failure inside: no memory, a broken invariant, a library's error */
    PC_ERR_INPUT = 2,        /* bad input or usage */
    PC_ERR_WRITE = 74,       /* cannot write */
    PC_ERR_INTERRUPTED = 130 /* stopped by a signal */
} pc_code;

/* Start with `pc_status st = {0};`. The message may hold several lines, one problem each. Not shared between threads.
 */
typedef struct pc_status {
    pc_code code;
    char message[8192];
} pc_status;

/* Sets code and message (printf style; the first failure wins, later calls keep it) and returns `code`.
 * `st` may be NULL. `format` is a literal and is translated here (base/i18n.h): write whole sentences, mark nothing. */
pc_code pc_fail(pc_status *st, pc_code code, const char *format, ...) __attribute__((format(printf, 3, 4)));

#ifdef __cplusplus
}
#endif
#endif
