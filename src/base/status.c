/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/status.h"

#include <stdarg.h>
#include <stdio.h>

#include "base/i18n.h"

pc_code pc_fail(pc_status *st, pc_code code, const char *format, ...)
{
    if (st && st->code == PC_OK) {
        va_list args;
        st->code = code;
        va_start(args, format);
        vsnprintf(st->message, sizeof st->message, _(format), args);
        va_end(args);
    }
    return code;
}
