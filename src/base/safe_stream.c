/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A safe file behind a stream of the C library. */
#include <errno.h>
#include <string.h>

#include "base/i18n.h"
#include "base/safe_file.h"

static ssize_t put(void *cookie, const char *bytes, size_t n)
{
    pc_safe_stream *stream = cookie;

    if (pc_safe_file_write(&stream->file, bytes, n, &stream->failure)) {
        errno = EIO;
        return 0; /* what fopencookie wants to hear of a failed write */
    }
    return (ssize_t)n;
}

pc_code pc_safe_stream_open(pc_safe_stream *stream, const char *path, unsigned how, pc_status *status)
{
    const cookie_io_functions_t functions = {.write = put};
    pc_code code;

    memset(stream, 0, sizeof *stream);
    code = pc_safe_file_open(&stream->file, path, how | PC_SAFE_PLAIN, status);
    if (code) {
        return code;
    }
    stream->out = fopencookie(stream, "w", functions);
    return stream->out ? PC_OK : pc_fail(status, PC_ERR_FAIL, "%s: no memory for a stream", path);
}

pc_code pc_safe_stream_commit(pc_safe_stream *stream, pc_status *status)
{
    int failed = fflush(stream->out) != 0 || ferror(stream->out);
    pc_code code;

    failed |= fclose(stream->out) != 0;
    stream->out = NULL;
    if (failed) {
        return pc_fail(status, PC_ERR_WRITE, "%s",
                       stream->failure.message[0] ? stream->failure.message : _("writing failed without a reason"));
    }
    code = pc_safe_file_close(&stream->file, status);
    return code ? code : pc_safe_file_commit(&stream->file, status);
}

void pc_safe_stream_release(pc_safe_stream *stream)
{
    if (stream->out) {
        fclose(stream->out);
    }
    pc_safe_file_release(&stream->file);
    *stream = (pc_safe_stream){0};
}
