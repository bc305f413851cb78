/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Writes states of a run to a checkpoint or a shard. The run waits only while its state is copied; a thread writes. */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/safe_file.h"
#include "engine/checkpoint.h"

struct pc_keeper {
    const char *path;
    char *older;
    int once;
    unsigned how;
    pc_pack head; /* what comes before the state */
    pc_pack state;
    pthread_t writer;
    int is_writing, finished; /* a thread was started; it has come to its end */
    int n_written;
    pc_status failure; /* of the thread */
};

pc_keeper *pc_keeper_new(const pc_plan *plan, const pc_run_options *options, const char *path, const char *output,
                         int once, unsigned how, pc_status *status)
{
    pc_keeper *keeper = pc_calloc(1, sizeof *keeper);

    if (keeper) {
        keeper->path = path;
        keeper->once = once;
        keeper->how = once ? how : PC_SAFE_REPLACE;
        keeper->older = malloc(strlen(path) + 3);
        pc_checkpoint_pack_head(&keeper->head, plan, options, output);
    }
    if (!keeper || !keeper->older || keeper->head.failed) {
        pc_keeper_free(keeper);
        pc_fail(status, PC_ERR_FAIL, "%s: no memory to keep states of the run", path);
        return NULL;
    }
    sprintf(keeper->older, "%s.1", path);
    return keeper;
}

/* The new file is whole on the disk before the old one gives up its name, and that one keeps another. */
static pc_code write_state(pc_keeper *keeper, const pc_pack *state, pc_status *status)
{
    pc_safe_file file = {0};
    pc_code code = pc_safe_file_open(&file, keeper->path, keeper->how, status);

    code = code ? code : pc_safe_file_write(&file, keeper->head.bytes, keeper->head.n, status);
    code = code ? code : pc_safe_file_write(&file, state->bytes, state->n, status);
    code = code ? code : pc_safe_file_close(&file, status);
    if (!code && !keeper->once && keeper->n_written > 0) {
        rename(keeper->path, keeper->older); /* should it fail, the old one is replaced */
    }
    code = code ? code : pc_safe_file_commit(&file, status);
    pc_safe_file_release(&file);
    keeper->n_written += code == PC_OK;
    return code;
}

static void *write_in_thread(void *context)
{
    pc_keeper *keeper = context;

    write_state(keeper, &keeper->state, &keeper->failure);
    pc_pack_free(&keeper->state);
    __atomic_store_n(&keeper->finished, 1, __ATOMIC_RELEASE);
    return NULL;
}

static void wait_for_writer(pc_keeper *keeper)
{
    if (keeper->is_writing) {
        pthread_join(keeper->writer, NULL);
        keeper->is_writing = keeper->finished = 0;
    }
}

pc_code pc_keeper_keep(void *context, pc_pack *state, int last, pc_status *status)
{
    pc_keeper *keeper = context;
    pc_code code;

    if (!last && keeper->is_writing && !__atomic_load_n(&keeper->finished, __ATOMIC_ACQUIRE)) {
        pc_pack_free(state); /* a slow disk: the next one will do */
        return PC_OK;
    }
    wait_for_writer(keeper);
    if (!last) {
        keeper->state = *state;
        keeper->is_writing = pthread_create(&keeper->writer, NULL, write_in_thread, keeper) == 0;
        if (keeper->is_writing) {
            return PC_OK;
        }
    }
    code = write_state(keeper, state, status);
    pc_pack_free(state);
    return code;
}

int pc_keeper_end(pc_keeper *keeper, pc_status *status)
{
    wait_for_writer(keeper);
    if (keeper->failure.code) {
        pc_fail(status, keeper->failure.code, "%s", keeper->failure.message);
    }
    return keeper->n_written;
}

void pc_keeper_free(pc_keeper *keeper)
{
    if (keeper) {
        wait_for_writer(keeper);
        pc_pack_free(&keeper->head);
        free(keeper->older);
        pc_free(keeper);
    }
}
