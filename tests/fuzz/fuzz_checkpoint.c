/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A checkpoint whose bytes have been changed and whose checksum is right all the same: read, and gone on with. */
#include <stdio.h>

#include "states.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    static pc_status status;
    static states_run run;
    static pc_pack base[2]; /* stopped in the first pass, and in a round of refinement */
    static size_t state[2];
    states_input in = {bytes, bytes + n};
    pc_checkpoint checkpoint = {0};
    unsigned char *copy;
    size_t size;
    uint32_t which;

    if (!run.plan) {
        states_plan(&run, "paths=257"); /* a leaf and one path */
        for (int k = 0; k < 2; k++) {
            pc_run_options options = states_options(&run);
            pc_pack head = {0};
            base[k] = states_make(&run, k, 0, 0);
            pc_checkpoint_pack_head(&head, run.plan, &options, "fuzz.h5");
            state[k] = head.n;
            pc_pack_free(&head);
        }
    }
    which = states_next(&in, 2);
    copy = states_change(&base[which], state[which], &in, 40, &size);
    status = (pc_status){0};
    if (pc_checkpoint_parse(&checkpoint, copy, size, "fuzz", &status) == PC_OK) {
        if (pc_checkpoint_fits(&checkpoint, run.scenario, "one", "other", &status) == PC_OK) {
            states_run_on(&run, &checkpoint.state, 1, checkpoint.save_paths < 257 ? checkpoint.save_paths : 257);
        }
    }
    if (status.code ? !status.message[0] : status.message[0]) {
        abort();
    }
    pc_checkpoint_free(&checkpoint);
    return 0;
}
