/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Is a workbook whole? The library that writes it does not look at what becomes of its temporary files. */
#ifndef PC_REPORT_WORKBOOK_WHOLE_H
#define PC_REPORT_WORKBOOK_WHOLE_H

#include <stddef.h>

/* 1 when the bytes are a zip archive whose every part can be unpacked to its full length and, where it is XML, ends
 * with the end tag of its first element. NULL in *part when it is no archive at all, else the part that is not whole.
 */
int pc_workbook_is_whole(const unsigned char *bytes, size_t n, char part[128]);

#endif
