/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Translation of what a person reads. Texts in the code are English and are the keys of the catalogues in po/; what a
 * program reads (names in results files, keys of scenarios, long_name) is never translated. */
#ifndef PC_BASE_I18N_H
#define PC_BASE_I18N_H

#include <libintl.h>

#define PC_TEXT_DOMAIN "poolcast"
/* Translates now. */
#define _(text) dgettext(PC_TEXT_DOMAIN, text)
/* Marks a text in a table for the catalogue; whoever prints it translates it with _(). */
#define N_(text) text

#endif
