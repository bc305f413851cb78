/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/i18n.h"

#include <string.h>

const char *pc_translate(const char *text)
{
    return text && *text ? _(text) : "";
}

const char *pc_translate_in(const char *key, size_t skip)
{
    const char *found = dgettext(PC_TEXT_DOMAIN, key);

    return found == key ? key + skip : found;
}

const char *pc_language(void)
{
    /* TRANSLATORS: not a word but the code of the catalogue's language: "zh" */
    return _("en");
}

int pc_language_is_chinese(void)
{
    return strcmp(pc_language(), "zh") == 0;
}

const char *pc_language_pick(const char *chinese, const char *english)
{
    return pc_language_is_chinese() ? (*chinese ? chinese : english) : *english ? english : chinese;
}

/* The C library translates these itself where its own catalogues are installed, which they often are not. */
static const char *const system_texts[] __attribute__((unused)) = {
    N_("No such file or directory"),
    N_("Permission denied"),
    N_("Is a directory"),
    N_("Not a directory"),
    N_("File exists"),
    N_("No space left on device"),
    N_("Disk quota exceeded"),
    N_("Read-only file system"),
    N_("File name too long"),
    N_("File too large"),
    N_("Input/output error"),
    N_("Cannot allocate memory"),
    N_("Operation not permitted"),
    N_("Broken pipe"),
    N_("Bad file descriptor"),
    N_("Invalid argument"),
    N_("Too many open files"),
    N_("Too many levels of symbolic links"),
    N_("Success"),
};

const char *pc_error_text(int error)
{
    return pc_translate(strerror(error));
}
