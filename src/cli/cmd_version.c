/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/i18n.h"
#include "command.h"
#include "engine/provenance.h"
#include "report/installation.h"

static pc_code run(const pc_args *args, pc_status *status)
{
    (void)args;
    (void)status;
    printf("poolcast %s\nrevision %s\n", pc_version(), pc_revision());
    pc_installation_versions(stdout);
    return PC_OK;
}

const pc_command pc_version_command = {
    .name = "version",
    .summary = N_("print versions of the program, the compiler and the libraries"),
    .words_usage = "",
    .description = N_("Prints the program's version and revision, and what it was built with."),
    .run = run,
};
