/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Shards whose bytes have been changed, in any order, some twice, some missing: compared and joined. */
#include <stdio.h>

#include "states.h"

enum { N = 3 };

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    static pc_status status;
    static states_run run;
    static pc_pack base[N];
    static size_t state;
    states_input in = {bytes, bytes + n};
    pc_checkpoint parts[N] = {0};
    pc_unpack states[N];
    pc_code code = PC_OK;
    int n_parts;

    if (!run.plan) {
        pc_run_options options;
        pc_pack head = {0};
        states_plan(&run, "paths=513"); /* two leaves and one path */
        for (int k = 0; k < N; k++) {
            base[k] = states_make(&run, 0, k + 1, N);
        }
        options = states_options(&run);
        pc_checkpoint_pack_head(&head, run.plan, &options, "fuzz.h5");
        state = head.n;
        pc_pack_free(&head);
    }
    status = (pc_status){0};
    n_parts = N - (int)(states_next(&in, 8) == 7);
    for (int k = 0; k < n_parts && !code; k++) {
        const uint32_t turn = states_next(&in, 16);
        const pc_pack *one = &base[turn == 15 ? 0 : turn == 14 ? N - 1 : k];
        size_t size;
        unsigned char *copy = states_change(one, state, &in, 12, &size);

        code = pc_checkpoint_parse(&parts[k], copy, size, "fuzz", &status);
        code = code || k == 0 ? code : pc_checkpoint_compare(&parts[0], &parts[k], "one", "other", &status);
        states[k] = parts[k].state;
    }
    code = code ? code : pc_checkpoint_fits(&parts[0], run.scenario, "one", "other", &status);
    if (!code) {
        states_run_on(&run, states, n_parts, parts[0].save_paths < 513 ? parts[0].save_paths : 513);
    }
    if (code ? !status.message[0] : status.message[0]) {
        abort();
    }
    for (int k = 0; k < N; k++) {
        pc_checkpoint_free(&parts[k]);
    }
    return 0;
}
