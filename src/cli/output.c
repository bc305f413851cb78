/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "output.h"

#include "base/i18n.h"
#include "base/safe_file.h"
#include "store/store.h"

static unsigned how(const pc_args *args)
{
    return pc_args_value(args, "force") ? PC_SAFE_REPLACE : 0;
}

pc_code pc_output_check(const pc_args *args, const char *path, pc_status *status)
{
    pc_code code = pc_safe_file_probe(path, how(args), status);

    if (code == PC_ERR_INPUT) {
        *status = (pc_status){0};
        return pc_fail(status, code, "'%s' exists already; --force replaces it, -o FILE writes to another", path);
    }
    return code;
}

pc_code pc_output_save(const pc_args *args, const pc_results *results, const char **path, pc_arena *arena,
                       pc_status *status)
{
    const char *wanted = *path;
    pc_code code;

    for (int n = 1;; n++) {
        code = pc_store_save_as(results, *path, how(args), status);
        if (code != PC_ERR_INPUT || n == 100) {
            break;
        }
        *path = pc_arena_printf(arena, "%s.%d", wanted, n);
        if (!*path) {
            return pc_fail(status, PC_ERR_FAIL, "no memory for a file name");
        }
        *status = (pc_status){0};
    }
    if (code == PC_OK && *path != wanted) {
        fprintf(stderr, _("poolcast: there is a file '%s' now; the results are in '%s'\n"), wanted, *path);
    }
    return code;
}
