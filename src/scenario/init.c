/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "scenario/init.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/i18n.h"
#include "base/safe_file.h"
#include "scenario/scenario.h"
#include "scenario/schema.h"

static const char *const TABLES[] = {"regions.csv",   "population.csv", "mortality.csv",
                                     "fertility.csv", "migration.csv",  "membership.csv",
                                     "age_cost.csv",  "tfr.csv",        "pension_age.csv"};
enum { N_TABLES = sizeof TABLES / sizeof *TABLES };

static const char STARTER[] = N_(
    "# A starter scenario. `poolcast validate` reads it and tells what is wrong, `poolcast help keys` explains every "
    "key.\n"
    "# Numbers may carry a unit, which is then checked: 1.6 %, 6 months, 120 yuan.\n"
    "title: My funds\n"
    "note: |\n"
    "  What is estimated here, and from what. The report shows this text.\n"
    "base_year: 2024       # the last year whose books are closed; stocks are those of its 31 December\n"
    "horizon: 30           # years\n"
    "paths: 10000          # 0: only the central path\n"
    "seed: 1               # the same seed gives the same paths\n"
    "baseline: city        # the policy that the others are compared with\n"
    "whole: {id: whole, name: All regions}\n"
    "\n"
    "# One row of regions.csv is one fund: its people, its wages, its accounts. Put your own figures there.\n"
    "tables:\n"
    "  regions: regions.csv\n"
    "  population: population.csv\n"
    "  mortality: mortality.csv\n"
    "  fertility: fertility.csv\n"
    "  migration: migration.csv\n"
    "  membership: membership.csv\n"
    "  age_cost: age_cost.csv\n"
    "  pension_age: pension_age.csv\n"
    "\n"
    "# A series is a number, a map of years joined by straight lines, or a CSV file (year,value).\n"
    "fertility: {tfr: tfr.csv}\n"
    "mortality: {kappa: -1, drift: -1}\n"
    "migration: {fade: {2024: 1, 2049: 0}}\n"
    "\n"
    "# Not known exactly: standard errors (_se) of parameters, drawn once a path. These are China's, from its history\n"
    "# (`poolcast calibrate`) or judged; 0 takes a parameter as known.\n"
    "wages: {growth: {2025: 4.5 %, 2035: 3.5 %, 2050: 3 %}, growth_se: 1 %, sigma_se: 20 %}\n"
    "cost:\n"
    "  sigma_se: 17 %\n"
    "  employee: {excess_se: 1.1 %, excess_long_run_se: 0.3 %}\n"
    "  resident: {excess_se: 1.8 %, excess_long_run_se: 0.3 %}\n"
    "employment: {trend_se: 0.8 %, regional_trend_se: 0.5 %, trend_fade: {2024: 1, 2049: 0}, max: 1.5}\n"
    "membership:\n"
    "  retirees_se: 0.8 %\n"
    "  regional_retirees_se: 0.5 %\n"
    "  retirees_correlation: 84 %\n"
    "  retirees_fade: {2024: 1, 2049: 0}\n"
    "\n"
    "# Correlations of the drivers; pairs that are not listed are independent.\n"
    "correlation:\n"
    "  - [wages, returns, 0.3]\n"
    "  - [wages, cost, 0.2]\n"
    "  - [wages, employment, 0.4]\n"
    "\n"
    "# What is compared. From 1 January of a year on: layers of pooling, levers, and what happens to a fund that is "
    "still short.\n"
    "policies:\n"
    "  city:\n"
    "    title: City-level pooling\n"
    "  adjustment_fund:\n"
    "    title: Adjustment fund\n"
    "    employee:\n"
    "      2026:\n"
    "        layers:\n"
    "          - adjustment_fund: {over: whole, levy: 1 %, base: revenue, allocation: ex_ante, retained: 30 %}\n"
    "        shortfall:\n"
    "          - borrow: {}\n"
    "  unified:\n"
    "    title: One fund\n"
    "    both:\n"
    "      2027:\n"
    "        layers:\n"
    "          - unified: {over: whole, merge: 100 %}\n"
    "        shortfall:\n"
    "          - borrow: {}\n"
    "\n"
    "# Every other key of the model with its default. Take away the # and change what you know better.\n");

/* Reads a whole file; NULL and a status on failure. */
static char *slurp(const char *path, size_t *size, pc_code code, pc_status *status)
{
    enum { MOST = 16 << 20 };
    FILE *stream = fopen(path, "rb");
    char *text = stream ? malloc(MOST) : NULL;

    if (text) {
        *size = fread(text, 1, MOST, stream);
    }
    if (!text || ferror(stream) || *size == MOST) {
        pc_fail(status, code, "%s: found no readable file (%s), allowed a text file of at most %d MiB", path,
                stream && text ? _("too large") : pc_error_text(errno), (MOST >> 20) - 1);
        free(text);
        text = NULL;
    }
    if (stream) {
        fclose(stream);
    }
    return text;
}

static char *starter(size_t *size)
{
    char *text = NULL;
    FILE *out = open_memstream(&text, size);

    if (out) {
        fputs(_(STARTER), out);
        pc_schema_write_comments(out);
        if (fclose(out) != 0) {
            free(text);
            text = NULL;
        }
    }
    return text;
}

/* The folder must be new or empty. */
static pc_code check_folder(const char *dir, pc_status *status)
{
    struct dirent *entry;
    DIR *folder = opendir(dir);
    int empty = 1;

    if (!folder && errno == ENOENT) {
        return PC_OK;
    }
    if (!folder) {
        return pc_fail(status, PC_ERR_INPUT,
                       "%s: found something that is not a readable folder (%s), allowed a new or empty folder", dir,
                       pc_error_text(errno));
    }
    while ((entry = readdir(folder)) != NULL) {
        empty = empty && (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0);
    }
    closedir(folder);
    return empty ? PC_OK
                 : pc_fail(status, PC_ERR_INPUT, "%s: found a folder with files in it, allowed a new or empty folder",
                           dir);
}

/* A folder beside `dir` under a temporary name; NULL and a status on failure. Free it. */
static char *make_beside(const char *dir, pc_status *status)
{
    size_t n = strlen(dir);
    char *temporary = malloc(n + 16);
    mode_t mask = umask(0);

    umask(mask);
    while (n > 1 && dir[n - 1] == '/') {
        n--;
    }
    if (!temporary) {
        pc_fail(status, PC_ERR_FAIL, "out of memory");
        return NULL;
    }
    sprintf(temporary, "%.*s.tmp-XXXXXX", (int)n, dir);
    if (!*dir || !mkdtemp(temporary)) {
        pc_fail(status, PC_ERR_WRITE, "%s: cannot make the folder: %s", dir, pc_error_text(*dir ? errno : ENOENT));
        free(temporary);
        return NULL;
    }
    chmod(temporary, 0777 & ~mask);
    return temporary;
}

/* All files into `folder`, or none; `dir` is its name for messages. */
static pc_code fill_folder(const char *folder, const char *dir, const pc_files *files, pc_status *status)
{
    char path[4096];
    size_t n = 0;
    pc_code code = PC_OK;

    for (; n < pc_files_count(files) && code == PC_OK; n++) {
        const pc_file *file = pc_files_at(files, n);
        if ((size_t)snprintf(path, sizeof path, "%s/%s", folder, file->name) >= sizeof path) {
            code = pc_fail(status, PC_ERR_WRITE, "%s: the name is too long", dir);
        } else {
            code = pc_safe_file_put(path, PC_SAFE_PLAIN, file->text, file->size, status);
        }
    }
    for (size_t i = 0; i + 1 < n && code != PC_OK; i++) {
        snprintf(path, sizeof path, "%s/%s", folder, pc_files_at(files, i)->name);
        unlink(path);
    }
    return code;
}

/* A new folder appears whole: it is filled under a temporary name. One that is there, and perhaps somebody's working
 * directory, is filled in place. */
static pc_code write_folder(const char *dir, const pc_files *files, pc_status *status)
{
    struct stat info;
    char *temporary;
    pc_code code;

    if (stat(dir, &info) == 0) {
        return fill_folder(dir, dir, files, status);
    }
    temporary = make_beside(dir, status);
    code = temporary ? fill_folder(temporary, dir, files, status) : status->code;
    if (code == PC_OK && rename(temporary, dir) != 0) {
        code = pc_fail(status, PC_ERR_WRITE, "%s: cannot make the folder: %s", dir, pc_error_text(errno));
        for (size_t i = 0; i < pc_files_count(files); i++) {
            char path[4096];
            snprintf(path, sizeof path, "%s/%s", temporary, pc_files_at(files, i)->name);
            unlink(path);
        }
    }
    if (code != PC_OK && temporary) {
        rmdir(temporary);
    }
    free(temporary);
    return code;
}

pc_code pc_scenario_init(const char *dir, const char *accounts_csv, const char *data_dir, pc_status *status)
{
    pc_status own = {0};
    pc_files *files = pc_files_memory();
    pc_scenario *scenario = NULL;
    char path[4096], *yaml, *text = NULL;
    size_t size = 0;
    pc_code code;

    yaml = starter(&size);
    if (!files || !yaml) {
        code = pc_fail(status, PC_ERR_FAIL, "out of memory");
        goto out;
    }
    code = pc_files_put(files, "scenario.yaml", yaml, size, status);
    for (int i = 0; i < N_TABLES && code == PC_OK; i++) {
        const int own_accounts = i == 0 && accounts_csv;
        snprintf(path, sizeof path, "%s/scenarios/smoke/%s", data_dir, TABLES[i]);
        text = slurp(own_accounts ? accounts_csv : path, &size, own_accounts ? PC_ERR_INPUT : PC_ERR_FAIL, status);
        code = text ? pc_files_put_shown(files, TABLES[i], own_accounts ? accounts_csv : path, text, size, status)
               : own_accounts ? PC_ERR_INPUT
                              : PC_ERR_FAIL;
        free(text);
    }
    if (code == PC_OK) {
        code = pc_scenario_read(files, NULL, 0, &scenario, status);
    }
    code = code ? code : check_folder(dir, status);
    code = code ? code : write_folder(dir, files, &own);
    if (own.code) {
        pc_fail(status, own.code, "%s", own.message);
    }

out:
    pc_scenario_free(scenario);
    pc_files_free(files);
    free(yaml);
    return code;
}
