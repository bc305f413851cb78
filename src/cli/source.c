/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "source.h"

#include <limits.h>
#include <omp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "engine/cpus.h"
#include "report/view.h"
#include "report/study.h"
#include "store/store.h"

pc_results *pc_cli_any_load(const char *path, pc_status *status)
{
    pc_results *results = pc_store_load(path, status);
    pc_status reason = {0};

    if (!results) {
        pc_fail(status, PC_ERR_INPUT, "%s: cannot be read", path); /* where the store gave no reason */
        return NULL;
    }
    if (!pc_report_is_study(results) && pc_view_check(results, &reason)) {
        pc_fail(status, reason.code, "%s: %s", path, reason.message);
        pc_results_free(results);
        return NULL;
    }
    return results;
}

pc_results *pc_cli_results_load(const char *path, pc_status *status)
{
    pc_results *results = pc_cli_any_load(path, status);

    if (results && pc_report_is_study(results)) {
        pc_fail(status, PC_ERR_INPUT, "%s: found the file of a study, allowed that of a run; 'poolcast show' prints it",
                path);
        pc_results_free(results);
        return NULL;
    }
    return results;
}

int pc_cli_is_results(const char *path)
{
    static const unsigned char signature[8] = {0x89, 'H', 'D', 'F', '\r', '\n', 0x1a, '\n'};
    unsigned char found[8];
    struct stat info;
    FILE *file;
    int same;

    if (stat(path, &info) || !S_ISREG(info.st_mode) || !(file = fopen(path, "rb"))) {
        return 0;
    }
    same = fread(found, 1, sizeof found, file) == sizeof found && memcmp(found, signature, sizeof found) == 0;
    fclose(file);
    return same;
}

const char *pc_cli_source_name(pc_cli_source *source, const char *path)
{
    char whole[PATH_MAX], *slash, *dot;
    struct stat info;

    if (!realpath(path, whole)) {
        snprintf(whole, sizeof whole, "%s", path);
    }
    slash = strrchr(whole, '/');
    if (slash && strcmp(slash + 1, "scenario.yaml") == 0 && slash != whole) {
        *slash = 0; /* the usual file of a folder: the folder's name tells more */
        slash = strrchr(whole, '/');
    } else if (stat(whole, &info) == 0 && S_ISREG(info.st_mode)) {
        dot = strrchr(slash ? slash : whole, '.');
        if (dot && dot != slash + 1) {
            *dot = 0;
        }
    }
    slash = slash && slash[1] ? slash + 1 : whole;
    return pc_arena_strdup(&source->arena, *slash && strcmp(slash, "/") != 0 ? slash : "poolcast");
}

pc_code pc_cli_source_override(pc_cli_source *source, const char *text, pc_status *status)
{
    char *copy = pc_arena_strdup(&source->arena, text);

    if (source->n_overrides == source->room) {
        int room = source->room ? 2 * source->room : 16;
        const char **grown = pc_arena_calloc(&source->arena, (size_t)room, sizeof *grown);
        if (!grown) {
            return pc_fail(status, PC_ERR_FAIL, "no memory for the options");
        }
        if (source->n_overrides) {
            memcpy(grown, source->overrides, (size_t)source->n_overrides * sizeof *grown);
        }
        source->overrides = grown;
        source->room = room;
    }
    if (!copy) {
        return pc_fail(status, PC_ERR_FAIL, "no memory for the options");
    }
    source->overrides[source->n_overrides++] = copy;
    return PC_OK;
}

static pc_code open_results(pc_cli_source *source, const char *path, pc_status *status)
{
    pc_results *results = pc_store_load(path, status);
    const pc_dataset *names, *texts, *overrides;
    pc_code code = PC_OK;

    if (!results) {
        return status->code ? status->code : pc_fail(status, PC_ERR_INPUT, "%s: cannot be read", path);
    }
    names = pc_results_find(results, "inputs/files", "name");
    texts = pc_results_find(results, "inputs/files", "text");
    overrides = pc_results_find(results, "inputs/files", "override");
    if (!names || !texts || names->type != PC_TEXT || texts->type != PC_TEXT || names->count != texts->count ||
        names->count == 0) {
        code = pc_fail(status, PC_ERR_INPUT, "%s: has no scenario in /inputs/files: it cannot be run again", path);
        goto out;
    }
    source->files = pc_files_memory();
    if (!source->files) {
        code = pc_fail(status, PC_ERR_FAIL, "no memory for the scenario of %s", path);
        goto out;
    }
    for (size_t i = 0; !code && i < names->count; i++) {
        const char *text = ((char *const *)texts->data)[i];
        code = pc_files_put(source->files, ((char *const *)names->data)[i], text, strlen(text), status);
    }
    for (size_t i = 0; !code && overrides && overrides->type == PC_TEXT && i < overrides->count; i++) {
        code = pc_cli_source_override(source, ((char *const *)overrides->data)[i], status);
    }
    source->from_results = 1;
out:
    pc_results_free(results);
    return code;
}

static int has_all(const char *policies)
{
    while (*policies) {
        size_t n = strcspn(policies, ",");
        if (n == 3 && strncmp(policies, "all", 3) == 0) {
            return 1;
        }
        policies += n + (policies[n] == ',');
    }
    return 0;
}

/* all.yaml beside a folder's scenario.yaml: the same figures under the whole library. NULL when there is none. */
static const char *all_policies(pc_cli_source *source, const char *path)
{
    static const char usual[] = "scenario.yaml";
    size_t length = strlen(path), folder = length;
    struct stat info;
    const char *all;

    if (stat(path, &info)) {
        return NULL;
    }
    if (!S_ISDIR(info.st_mode)) {
        const char *slash = strrchr(path, '/');
        folder = slash ? (size_t)(slash - path) + 1 : 0;
        if (strcmp(path + folder, usual) != 0) {
            return NULL; /* a file of another name was meant as it is */
        }
    }
    all = pc_arena_printf(&source->arena, "%.*s%sall.yaml", (int)folder, path,
                          folder > 0 && path[folder - 1] != '/' ? "/" : "");
    return all && stat(all, &info) == 0 && S_ISREG(info.st_mode) ? all : NULL;
}

pc_code pc_cli_source_open(pc_cli_source *source, const pc_args *args, pc_status *status)
{
    static const char *const keys[] = {"paths", "seed", "horizon", "sampling"};
    const char *path = args->words[0], *policies = pc_args_value(args, "policies");
    pc_code code = PC_OK;

    if (pc_cli_is_results(path)) {
        code = open_results(source, path, status);
    } else {
        int widened = 0;
        if (policies && has_all(policies)) {
            const char *all = all_policies(source, path);
            path = all ? all : path;
            widened = all != NULL;
        }
        policies = widened && strcmp(policies, "all") == 0 ? NULL : policies; /* it is that file's own run */
        source->files = pc_files_open(path, status);
        if (!source->files) {
            code = status->code ? status->code : pc_fail(status, PC_ERR_INPUT, "%s: cannot be read", path);
        }
    }
    if (!code && policies) {
        const char *text = pc_arena_printf(&source->arena, "policies=%s", policies);
        code = text ? pc_cli_source_override(source, text, status)
                    : pc_fail(status, PC_ERR_FAIL, "no memory for the options");
    }
    for (int i = 0; !code && i < args->n_given; i++) {
        if (strcmp(args->given[i].option->name, "set") == 0) {
            const char *text = args->given[i].value;
            const char *equals = strchr(text, '=');
            if (!equals || equals == text) {
                return pc_fail(status, PC_ERR_INPUT, "--set: found '%s', allowed KEY=VALUE", text);
            }
            code = pc_cli_source_override(source, text, status);
        }
    }
    for (size_t k = 0; !code && k < sizeof keys / sizeof *keys; k++) {
        const char *value = pc_args_value(args, keys[k]);
        char text[256];
        if (value) {
            snprintf(text, sizeof text, "%s=%s", keys[k], value);
            code = pc_cli_source_override(source, text, status);
        }
    }
    if (!code && pc_args_value(args, "control-years")) {
        const char *text = pc_arena_printf(&source->arena, "control_years=[%s]", pc_args_value(args, "control-years"));
        code = text ? pc_cli_source_override(source, text, status)
                    : pc_fail(status, PC_ERR_FAIL, "no memory for the options");
    }
    return code;
}

pc_code pc_cli_source_plain(pc_cli_source *source, pc_status *status)
{
    return pc_cli_source_override(source, "sampling=plain", status);
}

pc_code pc_cli_threads(const pc_args *args, int *threads, pc_status *status)
{
    uint64_t asked = 0;
    pc_code code = pc_args_count(args, "threads", 0, 4096, 0, &asked, status);

    if (!code) {
        *threads = (int)asked;
        omp_set_num_threads(pc_cpus_threads(*threads));
    }
    return code;
}

pc_code pc_cli_source_plan(pc_cli_source *source, pc_status *status)
{
    pc_code code;

    pc_plan_free(source->plan);
    pc_scenario_free(source->scenario);
    source->plan = NULL;
    source->scenario = NULL;
    code = pc_scenario_read(source->files, source->overrides, source->n_overrides, &source->scenario, status);
    return code ? code : pc_plan_build(source->scenario, &source->plan, status);
}

void pc_cli_source_release(pc_cli_source *source)
{
    pc_plan_free(source->plan);
    pc_scenario_free(source->scenario);
    pc_files_free(source->files);
    pc_arena_release(&source->arena);
    *source = (pc_cli_source){0};
}
