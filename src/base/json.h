/* SPDX-License-Identifier: GPL-3.0-or-later */
/* JSON on its way out. */
#ifndef PC_BASE_JSON_H
#define PC_BASE_JSON_H

#include <stdio.h>

/* Writes UTF-8 `text` as a JSON string with its quotes. Errors stay in the stream. */
void pc_json_text(FILE *out, const char *text);

#endif
