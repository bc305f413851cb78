/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Numbers as text, the same in every locale, and the nearest known name for a misspelt one. */
#ifndef PC_BASE_NUMBERS_H
#define PC_BASE_NUMBERS_H

#include <stddef.h>

typedef enum pc_number_kind {
    PC_NUMBER_OK = 0,   /* a finite number */
    PC_NUMBER_NAN = 1,  /* the word "nan" (any case): *value is NaN */
    PC_NUMBER_NONE = 2, /* no number here: *end = text */
    PC_NUMBER_RANGE = 3 /* digits of a number too large for a double: *value is +-infinity */
} pc_number_kind;

/* Room that pc_format_double always needs at most, with the final zero. */
enum { PC_NUMBER_SIZE = 32 };

/* Reads a decimal number at the very start of `text`: [+-] digits [. digits] [e [+-] digits], at least one digit before
 * the exponent, point always ".". No blanks, no hexadecimal, no "inf". *end (may be NULL) is the first byte not read:
 * the caller decides what may follow. Returns a pc_number_kind; *value is untouched for PC_NUMBER_NONE. */
int pc_parse_double(const char *text, const char **end, double *value);

/* Writes the shortest decimal that reads back as the same double ("0.1", "1e+300", "-0"; "nan", "inf", "-inf").
 * Returns the length without the final zero, or -1 if `size` is too small (PC_NUMBER_SIZE is enough). */
int pc_format_double(char *buf, size_t size, double x);

/* Writes x with `decimals` (0 .. 20) digits after the point and a comma every three digits before it: "-1,234,567.5".
 * Returns the length, or -1 if `size` is too small. */
int pc_format_grouped(char *buf, size_t size, double x, int decimals);

/* The one of names[0 .. n-1] that is fewest edits away (insert, delete, replace, swap of two neighbours; ASCII case
 * does not count), the first of equals; NULL if none is within a third of the length (at least 1). A pointer into
 * `names`. Bytes, so a UTF-8 character counts as several edits of a longer text. NULL entries are skipped. */
const char *pc_nearest_name(const char *name, const char *const *names, size_t n);

#endif
