/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "language.h"

#include <langinfo.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "report/installation.h"

const char pc_language_help[] = N_("language of all texts: en or zh; else as the environment asks");

static const struct {
    const char *code, *catalogue;
} languages[] = {{"en", NULL}, {"zh", "zh_CN"}};
enum { N_LANGUAGES = sizeof languages / sizeof *languages, ENGLISH = 0, CHINESE = 1 };

/* Language of a locale's name such as zh_CN.UTF-8; -1 when it is none of ours. The catalogue is in simplified
 * characters, so that the languages of Taiwan and Hong Kong are not among them. */
static int language_of(const char *name, size_t length)
{
    static const char *const chinese[] = {"zh", "zh_CN", "zh_SG", "zh_Hans", "zh_Hans_CN"};
    char plain[16];
    size_t n = 0;

    for (; n < length && n + 1 < sizeof plain && name[n] != '.' && name[n] != '@'; n++) {
        plain[n] = name[n] == '-' ? '_' : name[n];
    }
    plain[n] = 0;
    for (size_t i = 0; i < sizeof chinese / sizeof *chinese; i++) {
        if (strcmp(plain, chinese[i]) == 0) {
            return CHINESE;
        }
    }
    return strcmp(plain, "en") == 0 || strncmp(plain, "en_", 3) == 0 || strcmp(plain, "C") == 0 ||
                   strcmp(plain, "POSIX") == 0
               ? ENGLISH
               : -1;
}

/* As gettext would choose, but also where the locale is not installed: a locale "C" means English whatever LANGUAGE
 * says, else the first known of LANGUAGE's list counts, else the locale. */
static int environment_language(void)
{
    static const char *const variables[] = {"LC_ALL", "LC_MESSAGES", "LANG"};
    const char *locale = NULL, *list = getenv("LANGUAGE");

    for (size_t v = 0; v < sizeof variables / sizeof *variables && !(locale && *locale); v++) {
        locale = getenv(variables[v]);
    }
    locale = locale ? locale : "";
    if (strcmp(locale, "C") == 0 || strcmp(locale, "POSIX") == 0) {
        return ENGLISH;
    }
    if (list && *list) {
        while (*list) {
            size_t n = strcspn(list, ":");
            int found = language_of(list, n);
            if (found >= 0) {
                return found;
            }
            list += n + (list[n] == ':');
        }
        return ENGLISH;
    }
    return language_of(locale, strlen(locale)) == CHINESE ? CHINESE : ENGLISH;
}

/* The last --lang, taken out of argv with its argument; NULL when there is none. */
static const char *take_option(int *argc, char **argv, int *lacks_argument)
{
    static const char name[] = "--lang";
    const char *value = NULL;
    int to = 1, from = 1;

    while (from < *argc && strcmp(argv[from], "--") != 0) {
        if (strcmp(argv[from], name) == 0) {
            *lacks_argument = from + 1 == *argc;
            value = *lacks_argument ? NULL : argv[from + 1];
            from += 2;
        } else if (strncmp(argv[from], "--lang=", sizeof name) == 0) {
            value = argv[from++] + sizeof name;
        } else {
            argv[to++] = argv[from++];
        }
    }
    while (from < *argc) {
        argv[to++] = argv[from++];
    }
    *argc = to;
    argv[to] = NULL;
    return value;
}

static void set_locale(int language)
{
    char folder[4096];

    setlocale(LC_ALL, "");
    if (strcmp(nl_langinfo(CODESET), "UTF-8") != 0) {
        setlocale(LC_CTYPE, "C.UTF-8"); /* names of regions are often Chinese */
    }
    setlocale(LC_NUMERIC, "C");
    /* LANGUAGE counts in every locale but "C", installed or not: no Chinese locale is needed */
    setlocale(LC_MESSAGES, languages[language].catalogue ? "C.UTF-8" : "C");
    if (languages[language].catalogue) {
        setenv("LANGUAGE", languages[language].catalogue, 1);
        bindtextdomain(PC_TEXT_DOMAIN, pc_installation_locale_dir(folder, sizeof folder));
        bind_textdomain_codeset(PC_TEXT_DOMAIN, "UTF-8");
    }
}

pc_code pc_language_start(int *argc, char **argv, pc_status *status)
{
    int lacks_argument = 0, language = environment_language();
    const char *asked = take_option(argc, argv, &lacks_argument);

    for (int i = 0; asked && i < N_LANGUAGES; i++) {
        if (strcmp(asked, languages[i].code) == 0) {
            set_locale(i);
            return PC_OK;
        }
    }
    set_locale(language);
    if (lacks_argument) {
        return pc_fail(status, PC_ERR_INPUT, "option '--lang' needs an argument (en or zh)");
    }
    return asked ? pc_fail(status, PC_ERR_INPUT, "--lang: found '%s', allowed en or zh", asked) : PC_OK;
}
