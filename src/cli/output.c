/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "output.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/i18n.h"
#include "base/memory.h"

pc_code pc_output_check(const char *path, pc_status *status)
{
    const char *slash = strrchr(path, '/');
    char *probe = pc_calloc(strlen(path) + 32, 1);
    struct stat info;
    pc_code code = PC_OK;
    int fd;

    if (!probe) {
        return pc_fail(status, PC_ERR_FAIL, "no memory for a file name");
    }
    if (!*path || (stat(path, &info) == 0 && !S_ISREG(info.st_mode))) {
        code = pc_fail(status, PC_ERR_WRITE, "cannot write '%s': it is not the name of a regular file", path);
        goto out;
    }
    sprintf(probe, "%.*s.poolcast-XXXXXX", slash ? (int)(slash - path + 1) : 0, path);
    fd = mkstemp(probe);
    if (fd < 0) {
        code = pc_fail(status, PC_ERR_WRITE, "cannot write '%s': %s", path, pc_error_text(errno));
        goto out;
    }
    close(fd);
    unlink(probe);
out:
    pc_free(probe);
    return code;
}
