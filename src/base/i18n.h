/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Translation of what a person reads. Texts in the code are English and are the keys of the catalogues in po/; what a
 * program reads (names in results files, keys of scenarios, long_name) is never translated. Until the program has asked
 * for a language by setlocale, everything stays English. */
#ifndef PC_BASE_I18N_H
#define PC_BASE_I18N_H

#include <libintl.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

#define PC_TEXT_DOMAIN "poolcast"
/* Translates now. Never of "", which is the key of the catalogue's head. */
#define _(text) dgettext(PC_TEXT_DOMAIN, text)
/* Marks a text in a table for the catalogue; whoever prints it translates it with _() or, where it may be empty or
 * absent, with pc_translate. */
#define N_(text) text
/* A text that means different things in different places: context and text, both literals. */
#define C_(context, text) pc_translate_in(context "\004" text, sizeof(context))

/* The text in the reader's language; "" for NULL and "". */
const char *pc_translate(const char *text);
/* Used by C_: `key` is context, \004 and text, which starts `skip` bytes on. */
const char *pc_translate_in(const char *key, size_t skip) __attribute__((format_arg(1)));
/* The language of the texts: "en" or "zh". */
const char *pc_language(void);
/* 1 when the texts are Chinese. */
int pc_language_is_chinese(void);
/* Of two texts, the one in the reader's language; the other where that one is empty. */
const char *pc_language_pick(const char *chinese, const char *english);
/* What the system says about an error number, in the reader's language. */
const char *pc_error_text(int error);

#ifdef __cplusplus
}
#endif
#endif
