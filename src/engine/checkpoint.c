/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/checkpoint.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/i18n.h"
#include "base/memory.h"
#include "base/safe_file.h"

const char pc_checkpoint_magic[] = "poolcast state 3\n";
enum { N_MAGIC = sizeof pc_checkpoint_magic - 1, N_TRAILER = 16, MAX_FILES = 4096, MAX_OVERRIDES = 10000 };

void pc_checkpoint_free(pc_checkpoint *checkpoint)
{
    free(checkpoint->bytes);
    pc_free(checkpoint->files);
    pc_free(checkpoint->overrides);
    free(checkpoint->note);
    *checkpoint = (pc_checkpoint){0};
}

void pc_checkpoint_pack_head(pc_pack *pack, const pc_plan *plan, const pc_run_options *options, const char *output)
{
    const pc_scenario *scenario = plan->scenario;
    size_t n_files = pc_files_count(scenario->files);

    pc_pack_bytes(pack, pc_checkpoint_magic, strlen(pc_checkpoint_magic));
    pc_pack_text(pack, PC_VERSION);
    pc_pack_text(pack, PC_REVISION);
    pc_pack_text(pack, output);
    pc_pack_text(pack, options->command);
    pc_pack_number(pack, options->save_paths);
    pc_pack_number(pack, options->reproducible != 0);
    pc_pack_number(pack, (uint64_t)options->shard);
    pc_pack_number(pack, (uint64_t)options->n_shards);
    pc_pack_number(pack, n_files);
    for (size_t i = 0; i < n_files; i++) {
        pc_pack_text(pack, pc_files_at(scenario->files, i)->name);
        pc_pack_text(pack, pc_files_at(scenario->files, i)->text);
    }
    pc_pack_number(pack, (uint64_t)scenario->n_overrides);
    for (int i = 0; i < scenario->n_overrides; i++) {
        pc_pack_text(pack, scenario->overrides[i]);
    }
}

pc_code pc_checkpoint_parse(pc_checkpoint *checkpoint, unsigned char *bytes, size_t n, const char *name,
                            pc_status *status)
{
    pc_unpack from = {bytes, bytes + n, 0};
    char found[N_MAGIC];
    const char *version, *revision;
    uint64_t n_files, n_overrides, shard, n_shards;

    *checkpoint = (pc_checkpoint){.bytes = bytes};
    pc_unpack_bytes(&from, found, N_MAGIC);
    if (memcmp(found, pc_checkpoint_magic, N_MAGIC) != 0) {
        return pc_fail(status, PC_ERR_INPUT, "%s: is not the state of a run", name);
    }
    version = pc_unpack_text(&from);
    revision = pc_unpack_text(&from);
    if (!from.failed && (strcmp(version, PC_VERSION) != 0 || strcmp(revision, PC_REVISION) != 0)) {
        return pc_fail(status, PC_ERR_INPUT,
                       "%s: was written by poolcast %s (%s); this is %s (%s), whose bits may differ", name, version,
                       revision, PC_VERSION, PC_REVISION);
    }
    checkpoint->output = pc_unpack_text(&from);
    checkpoint->command = pc_unpack_text(&from);
    checkpoint->save_paths = pc_unpack_number(&from);
    checkpoint->reproducible = pc_unpack_number(&from) != 0;
    shard = pc_unpack_number(&from);
    n_shards = pc_unpack_number(&from);
    n_files = pc_unpack_number(&from);
    if (from.failed || shard > n_shards || n_shards > 1000000 || n_files == 0 || n_files > MAX_FILES ||
        checkpoint->save_paths > UINT64_C(1) << 32) {
        return pc_fail(status, PC_ERR_INPUT, "%s: is damaged", name);
    }
    checkpoint->shard = (int)shard;
    checkpoint->n_shards = (int)n_shards;
    checkpoint->files = pc_calloc((size_t)n_files, sizeof *checkpoint->files);
    for (uint64_t i = 0; checkpoint->files && i < n_files; i++) {
        checkpoint->files[i].name = pc_unpack_text(&from);
        checkpoint->files[i].text = pc_unpack_text(&from);
    }
    checkpoint->n_files = (size_t)n_files;
    n_overrides = pc_unpack_number(&from);
    if (from.failed || n_overrides > MAX_OVERRIDES) {
        return pc_fail(status, checkpoint->files ? PC_ERR_INPUT : PC_ERR_FAIL, "%s: is damaged", name);
    }
    checkpoint->overrides = pc_calloc((size_t)n_overrides + 1, sizeof *checkpoint->overrides);
    for (uint64_t i = 0; checkpoint->overrides && i < n_overrides; i++) {
        checkpoint->overrides[i] = pc_unpack_text(&from);
    }
    checkpoint->n_overrides = (size_t)n_overrides;
    checkpoint->state = from;
    if (!checkpoint->files || !checkpoint->overrides) {
        return pc_fail(status, PC_ERR_FAIL, "%s: out of memory", name);
    }
    return from.failed ? pc_fail(status, PC_ERR_INPUT, "%s: is damaged", name) : PC_OK;
}

static pc_code read_one(pc_checkpoint *checkpoint, const char *path, pc_status *status)
{
    pc_code code = pc_safe_file_check(path, path, status);
    struct stat about;
    unsigned char *bytes = NULL;
    size_t n = 0, done = 0;
    int fd = -1;

    if (code) {
        return code;
    }
    fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0 || fstat(fd, &about) != 0) {
        code = pc_fail(status, PC_ERR_INPUT, "%s: cannot open: %s", path, pc_error_text(errno));
        goto out;
    }
    n = (size_t)about.st_size;
    bytes = malloc(n + 1);
    if (!bytes) {
        code = pc_fail(status, PC_ERR_FAIL, "%s: out of memory", path);
        goto out;
    }
    while (done < n) {
        ssize_t got = read(fd, bytes + done, n - done);
        if (got < 0 && errno == EINTR) {
            continue;
        }
        if (got <= 0) {
            code = pc_fail(status, PC_ERR_INPUT, "%s: cannot read: %s", path, pc_error_text(got ? errno : EIO));
            goto out;
        }
        done += (size_t)got;
    }
    code = pc_checkpoint_parse(checkpoint, bytes, n - N_TRAILER, path, status);
    bytes = NULL;
out:
    free(bytes);
    if (fd >= 0) {
        close(fd);
    }
    return code;
}

static char *older_name(const char *path)
{
    char *name = malloc(strlen(path) + 3);

    if (name) {
        sprintf(name, "%s.1", path);
    }
    return name;
}

pc_code pc_checkpoint_read(pc_checkpoint *checkpoint, const char *path, pc_status *status)
{
    static const size_t room = sizeof((pc_status *)0)->message;
    pc_status *first = pc_calloc(2, sizeof *first), *second = first ? first + 1 : NULL;
    char *older = older_name(path);
    pc_code code;

    *checkpoint = (pc_checkpoint){0};
    if (!first || !older) {
        code = pc_fail(status, PC_ERR_FAIL, "%s: out of memory", path);
        goto out;
    }
    code = read_one(checkpoint, path, first);
    if (code == PC_ERR_INPUT) {
        pc_checkpoint_free(checkpoint);
        if (access(older, F_OK) != 0) {
            code = pc_fail(status, code, "%s", first->message);
            goto out;
        }
        code = read_one(checkpoint, older, second);
        if (code) {
            pc_fail(status, code, "%s", first->message);
        } else {
            checkpoint->note = strndup(first->message, room);
        }
    } else if (code) {
        pc_fail(status, code, "%s", first->message);
    }
out:
    pc_free(first);
    free(older);
    return code;
}

void pc_checkpoint_remove(const char *path)
{
    char *older = older_name(path);

    unlink(path);
    if (older) {
        unlink(older);
    }
    free(older);
}

/* ---- do they go together? -------------------------------------------------------------------------------------------
 */

static const char *text_of(const pc_checkpoint *checkpoint, const char *name)
{
    for (size_t i = 0; i < checkpoint->n_files; i++) {
        if (strcmp(checkpoint->files[i].name, name) == 0) {
            return checkpoint->files[i].text;
        }
    }
    return NULL;
}

static pc_code compare_overrides(const char *const *a, size_t n_a, const char *const *b, size_t n_b, const char *name_a,
                                 const char *name_b, pc_status *status)
{
    for (size_t i = 0; i < n_a || i < n_b; i++) {
        const char *x = i < n_a ? a[i] : "nothing", *y = i < n_b ? b[i] : "nothing";
        if (i >= n_a || i >= n_b || strcmp(x, y) != 0) {
            return pc_fail(status, PC_ERR_INPUT, "%s and %s differ in what was set: '%s' and '%s'", name_a, name_b, x,
                           y);
        }
    }
    return PC_OK;
}

pc_code pc_checkpoint_compare(const pc_checkpoint *one, const pc_checkpoint *other, const char *a, const char *b,
                              pc_status *status)
{
    for (size_t i = 0; i < one->n_files; i++) {
        const char *text = text_of(other, one->files[i].name);
        if (!text || strcmp(text, one->files[i].text) != 0) {
            return pc_fail(status, PC_ERR_INPUT, "%s and %s differ in %s", a, b, one->files[i].name);
        }
    }
    if (one->n_files != other->n_files || one->save_paths != other->save_paths) {
        return pc_fail(status, PC_ERR_INPUT, "%s and %s differ in their files or their number of saved paths", a, b);
    }
    return compare_overrides(one->overrides, one->n_overrides, other->overrides, other->n_overrides, a, b, status);
}

pc_code pc_checkpoint_fits(const pc_checkpoint *checkpoint, const pc_scenario *scenario, const char *a, const char *b,
                           pc_status *status)
{
    size_t n = pc_files_count(scenario->files);

    for (size_t i = 0; i < n; i++) {
        const pc_file *file = pc_files_at(scenario->files, i);
        const char *text = text_of(checkpoint, file->name);
        if (!text || strcmp(text, file->text) != 0) {
            return pc_fail(status, PC_ERR_INPUT, "%s and %s differ in %s", a, b, file->name);
        }
    }
    if (n != checkpoint->n_files) {
        return pc_fail(status, PC_ERR_INPUT, "%s and %s differ in their files", a, b);
    }
    return compare_overrides(checkpoint->overrides, checkpoint->n_overrides, scenario->overrides,
                             (size_t)scenario->n_overrides, a, b, status);
}
