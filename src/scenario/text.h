/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Text of input files: UTF-8, widths on a terminal, file names inside a scenario. */
#ifndef PC_SCENARIO_TEXT_H
#define PC_SCENARIO_TEXT_H

#include <stddef.h>
#include <stdint.h>

/* Reads one character of `text` (at most `size` bytes, size > 0). Returns its length in bytes, 0 if it is not valid
 * UTF-8. */
size_t pc_text_decode(const char *text, size_t size, uint32_t *character);
/* Bytes before the first that is not valid UTF-8, or `size`. */
size_t pc_text_valid(const char *text, size_t size);
/* Columns a character takes on a terminal: 0 combining, 2 Chinese and other wide scripts, else 1. */
int pc_text_width(uint32_t character);
/* Finds line `line` (1-based) of a text: its first byte, and its length without the end of line. NULL beyond the text.
 */
const char *pc_text_line(const char *text, size_t size, int line, size_t *length);
/* 1-based line and column (in characters) of the byte at `offset`. */
void pc_text_position(const char *text, size_t size, size_t offset, int *line, int *column);
/* The name `name` written in the file `from` (NULL: scenario.yaml), relative to the scenario's folder and with "." and
 * inner ".." taken out, in `out`. Returns 0 if it is absolute, leaves the folder by more than one level, or is too long
 * or empty. */
int pc_text_join(const char *from, const char *name, char *out, size_t room);

#endif
