/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/numbers.h"

#include <locale.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The C locale for this thread only, until pc_locale_leave. */
typedef struct pc_locale {
    locale_t c, before;
} pc_locale;

static pc_locale pc_locale_enter(void)
{
    pc_locale l = {newlocale(LC_ALL_MASK, "C", (locale_t)0), (locale_t)0};

    if (l.c) {
        l.before = uselocale(l.c);
    }
    return l;
}

static void pc_locale_leave(pc_locale l)
{
    if (l.c) {
        uselocale(l.before);
        freelocale(l.c);
    }
}

static int pc_is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static char pc_lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static int pc_is_word(char c)
{
    return pc_is_digit(c) || (pc_lower(c) >= 'a' && pc_lower(c) <= 'z') || c == '_' || (c & 0x80);
}

int pc_parse_double(const char *text, const char **end, double *value)
{
    const char *p = text, *digits, *stop;
    char *read_end;
    int n_digits = 0;
    double x;

    if (end) {
        *end = text;
    }
    if (*p == '+' || *p == '-') {
        p++;
    }
    if (p == text && pc_lower(p[0]) == 'n' && pc_lower(p[1]) == 'a' && pc_lower(p[2]) == 'n' && !pc_is_word(p[3])) {
        *value = NAN;
        if (end) {
            *end = p + 3;
        }
        return PC_NUMBER_NAN;
    }
    digits = p;
    for (; pc_is_digit(*p); p++) {
        n_digits++;
    }
    if (*p == '.') {
        for (p++; pc_is_digit(*p); p++) {
            n_digits++;
        }
    }
    if (n_digits == 0) {
        return PC_NUMBER_NONE;
    }
    stop = p;
    if (*p == 'e' || *p == 'E') {
        p++;
        if (*p == '+' || *p == '-') {
            p++;
        }
        if (pc_is_digit(*p)) {
            while (pc_is_digit(*p)) {
                p++;
            }
            stop = p;
        }
    }
    if (stop == digits + 1 && *digits == '0' && pc_lower(*stop) == 'x') {
        x = *text == '-' ? -0.0 : 0.0; /* strtod would go on with a hexadecimal number */
    } else {
        pc_locale l = pc_locale_enter();

        x = strtod(text, &read_end);
        pc_locale_leave(l);
        if (read_end != stop) {
            return PC_NUMBER_NONE;
        }
    }
    *value = x;
    if (end) {
        *end = stop;
    }
    return isfinite(x) ? PC_NUMBER_OK : PC_NUMBER_RANGE;
}

int pc_format_double(char *buf, size_t size, double x)
{
    char text[PC_NUMBER_SIZE];
    int n = 0;
    pc_locale l;

    if (isnan(x)) {
        n = snprintf(text, sizeof text, "nan");
    } else {
        /* 15 digits survive the way to a double and back, so a shorter text shows up as trailing zeros, which %g
         * drops; 17 always read back. */
        l = pc_locale_enter();
        for (int precision = 15; precision <= 17; precision++) {
            n = snprintf(text, sizeof text, "%.*g", precision, x);
            if (strtod(text, NULL) == x) {
                break;
            }
        }
        pc_locale_leave(l);
    }
    if (n < 0 || (size_t)n >= size) {
        return -1;
    }
    memcpy(buf, text, (size_t)n + 1);
    return n;
}

int pc_format_grouped(char *buf, size_t size, double x, int decimals)
{
    char text[352]; /* the largest double has 309 digits before the point */
    pc_locale l;
    const char *p = text;
    size_t n_whole = 0, used = 0;
    int n;

    if (!isfinite(x)) {
        return pc_format_double(buf, size, x);
    }
    l = pc_locale_enter();
    n = snprintf(text, sizeof text, "%.*f", decimals < 0 ? 0 : decimals > 20 ? 20 : decimals, x);
    pc_locale_leave(l);
    if (n < 0 || (size_t)n >= sizeof text) {
        return -1;
    }
    while (pc_is_digit(text[n_whole + (text[0] == '-')])) {
        n_whole++;
    }
    if ((size_t)n + (n_whole - 1) / 3 >= size) {
        return -1;
    }
    if (*p == '-') {
        p++;
        if (p[strcspn(p, "123456789")]) { /* what rounds to nothing has no sign */
            buf[used++] = '-';
        }
    }
    for (; n_whole > 0; n_whole--) {
        buf[used++] = *p++;
        if (n_whole > 1 && n_whole % 3 == 1) {
            buf[used++] = ',';
        }
    }
    while (*p) {
        buf[used++] = *p++;
    }
    buf[used] = '\0';
    return (int)used;
}

enum { PC_NAME_MAX = 96 };

/* Edits from a to b (optimal string alignment); both at most PC_NAME_MAX bytes. */
static size_t pc_edits(const char *a, size_t n_a, const char *b, size_t n_b)
{
    size_t rows[3][PC_NAME_MAX + 1], *before = rows[0], *last = rows[1], *now = rows[2], *spare;

    for (size_t j = 0; j <= n_b; j++) {
        last[j] = j;
        before[j] = 0;
    }
    for (size_t i = 1; i <= n_a; i++) {
        now[0] = i;
        for (size_t j = 1; j <= n_b; j++) {
            char ca = pc_lower(a[i - 1]), cb = pc_lower(b[j - 1]);
            size_t best = last[j - 1] + (ca != cb);

            best = last[j] + 1 < best ? last[j] + 1 : best;
            best = now[j - 1] + 1 < best ? now[j - 1] + 1 : best;
            if (i > 1 && j > 1 && ca == pc_lower(b[j - 2]) && pc_lower(a[i - 2]) == cb && before[j - 2] + 1 < best) {
                best = before[j - 2] + 1;
            }
            now[j] = best;
        }
        spare = before;
        before = last;
        last = now;
        now = spare;
    }
    return last[n_b];
}

const char *pc_nearest_name(const char *name, const char *const *names, size_t n)
{
    size_t n_name = strlen(name), room = n_name / 3 > 1 ? n_name / 3 : 1, best = room + 1;
    const char *nearest = NULL;

    if (n_name == 0 || n_name > PC_NAME_MAX) {
        return NULL;
    }
    for (size_t i = 0; i < n; i++) {
        size_t n_other = names[i] ? strlen(names[i]) : 0, edits;

        if (n_other == 0 || n_other > PC_NAME_MAX) {
            continue;
        }
        edits = pc_edits(name, n_name, names[i], n_other);
        /* A text of which every byte had to change is not near, however short. */
        if (edits < best && edits < n_other && edits < (n_name > 1 ? n_name : 2)) {
            best = edits;
            nearest = names[i];
        }
    }
    return nearest;
}
