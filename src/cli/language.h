/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The language of what the program says: --lang, else what the environment asks for. */
#ifndef PC_CLI_LANGUAGE_H
#define PC_CLI_LANGUAGE_H

#include "base/status.h"

/* The help text of --lang, which every command understands; marked for translation. */
extern const char pc_language_help[];

/* Sets the locale: the user's, with UTF-8 for characters and "C" for numbers, and texts in the user's language. Takes
 * `--lang LANGUAGE` out of argv, wherever it stands before a lone "--", so that a command never sees it and the line
 * kept in a results file does not depend on the language. PC_ERR_INPUT for an unknown language. */
pc_code pc_language_start(int *argc, char **argv, pc_status *status);

#endif
