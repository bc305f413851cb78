/* SPDX-License-Identifier: GPL-3.0-or-later */
/* States of a small run, and changes to their bytes that an input asks for. A state holds version and revision of the
 * program, so it is made here and not kept as a seed: an input is a list of changes. */
#ifndef PC_TESTS_FUZZ_STATES_H
#define PC_TESTS_FUZZ_STATES_H

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engine/checkpoint.h"
#include "engine/run.h"
#include "fuzz.h"

typedef struct states_run {
    pc_scenario *scenario;
    pc_plan *plan;
    pc_pack taken;
    volatile sig_atomic_t stop;
    int stop_round; /* where it stops, after a leaf of this round; -1: nowhere */
} states_run;

/* What is left of the input. */
typedef struct states_input {
    const uint8_t *at, *end;
} states_input;

static inline pc_code states_take(void *context, pc_pack *pack, int last, pc_status *status)
{
    states_run *run = context;

    (void)last;
    (void)status;
    pc_pack_free(&run->taken);
    run->taken = *pack;
    return PC_OK;
}

static inline void states_count(void *context, uint64_t done, uint64_t total, int round)
{
    states_run *run = context;

    (void)done;
    (void)total;
    run->stop = round == run->stop_round;
}

/* As all runs here are run; other options give other states. */
static inline pc_run_options states_options(states_run *run)
{
    return (pc_run_options){.threads = 1,
                            .reproducible = 1,
                            .save_paths = 257,
                            .hist_budget = 1 << 18, /* little, so that there is a round of refinement */
                            .keep = states_take,
                            .keep_context = run,
                            .stop = &run->stop,
                            .progress = states_count,
                            .progress_context = run};
}

/* The first lines of a text, up to and without `past`. */
static inline size_t states_before(const char *text, const char *past)
{
    const char *found = strstr(text, past);

    if (!found) {
        fprintf(stderr, "no '%s' in the smoke test\n", past);
        abort();
    }
    return (size_t)(found - text);
}

/* A plan as small as can be, for it runs with every input: two regions and two policies of the smoke test, one year.
 * `paths`: "paths=N". */
static inline void states_plan(states_run *run, const char *paths)
{
    const char *const sets[] = {paths, "horizon=1", "quantiles_for=usual"};
    static const char *const tables[] = {"population.csv", "mortality.csv", "fertility.csv",   "migration.csv",
                                         "membership.csv", "age_cost.csv",  "pension_age.csv", "tfr.csv"};
    static pc_status status;
    pc_files *smoke = pc_files_open(PC_TEST_SOURCE_DIR "/scenarios/smoke", &status), *files = pc_files_memory();
    const pc_file *scenario = pc_files_get(smoke, "scenario.yaml", &status);
    const pc_file *regions = pc_files_get(smoke, "regions.csv", &status);

    pc_files_put(files, "scenario.yaml", scenario->text, states_before(scenario->text, "  unified:"), &status);
    pc_files_put(files, "regions.csv", regions->text, states_before(regions->text, "R3,"), &status);
    for (size_t i = 0; i < sizeof tables / sizeof *tables; i++) {
        const pc_file *file = pc_files_get(smoke, tables[i], &status);
        pc_files_put(files, file->name, file->text, file->size, &status);
    }
    pc_files_free(smoke);
    if (pc_scenario_read(files, sets, sizeof sets / sizeof *sets, &run->scenario, &status) ||
        pc_plan_build(run->scenario, &run->plan, &status)) {
        fprintf(stderr, "%s\n", status.message);
        abort();
    }
}

/* The bytes of a file without its checksum: the run stopped in a round (0: the first pass), or its shard. */
static inline pc_pack states_make(states_run *run, int stop_round, int shard, int n_shards)
{
    static pc_status status;
    pc_run_options options = states_options(run);
    pc_results *results = NULL;
    pc_pack file = {0};
    pc_code code;

    options.shard = shard;
    options.n_shards = n_shards;
    run->stop_round = n_shards ? -1 : stop_round;
    run->stop = 0;
    status = (pc_status){0};
    code = pc_run(run->plan, &options, &results, &status);
    if (code != (n_shards ? PC_OK : PC_ERR_INTERRUPTED) || !run->taken.bytes) {
        fprintf(stderr, "%s\n", status.message);
        abort();
    }
    run->stop_round = -1;
    run->stop = 0;
    pc_checkpoint_pack_head(&file, run->plan, &options, "fuzz.h5");
    pc_pack_bytes(&file, run->taken.bytes, run->taken.n);
    pc_pack_free(&run->taken);
    return file;
}

static inline uint32_t states_next(states_input *in, uint32_t below)
{
    uint32_t number = 0;

    for (int i = 0; i < (below > 65536 ? 3 : below > 256 ? 2 : 1); i++) {
        number = number << 8 | (in->at < in->end ? *in->at++ : 0);
    }
    return below ? number % below : 0;
}

/* Somewhere in n bytes: at the begin of the file, of the state, or anywhere. */
static inline size_t states_place(states_input *in, size_t n, size_t state)
{
    const size_t near = n - state < 4096 ? n - state : 4096;

    switch (states_next(in, 4)) {
    case 0:
        return states_next(in, (uint32_t)(n < 128 ? n : 128));
    case 1:
    case 2:
        return near ? state + states_next(in, (uint32_t)near) : 0;
    default:
        return states_next(in, (uint32_t)n);
    }
}

/* A changed copy of `base`, whose state begins at `state`; *n bytes, to be freed. At most `most` changes, which end
 * where the input says so. */
static inline unsigned char *states_change(const pc_pack *base, size_t state, states_input *in, int most, size_t *n)
{
    static const uint64_t numbers[] = {0,
                                       1,
                                       2,
                                       255,
                                       256,
                                       UINT32_MAX,
                                       UINT64_C(1) << 32,
                                       UINT64_C(1) << 40,
                                       (UINT64_C(1) << 40) + 1,
                                       INT64_MAX,
                                       UINT64_C(1) << 63,
                                       UINT64_MAX,
                                       UINT64_MAX - 1,
                                       UINT64_C(0x7ff8000000000000) /* NaN */,
                                       UINT64_C(0x7ff0000000000000),
                                       UINT64_C(0xfff0000000000000)};
    unsigned char *bytes = malloc(base->n + 1);

    if (!bytes) {
        abort();
    }
    memcpy(bytes, base->bytes, base->n);
    *n = base->n;
    for (int k = 0; k < most && in->at<in->end && * n> 16; k++) {
        const uint32_t what = states_next(in, 8);
        const size_t at = states_place(in, *n, state < *n ? state : 0);
        const size_t place = at < state ? at : state + (at - state) / 8 * 8; /* numbers of a state begin at eights */
        size_t some;

        switch (what) {
        case 0:
            bytes[at] ^= (unsigned char)(1u << states_next(in, 8));
            break;
        case 1:
            bytes[at] = (unsigned char)states_next(in, 256);
            break;
        case 2:
        case 3:
        case 4:
            if (place + 8 <= *n) {
                memcpy(bytes + place, &numbers[states_next(in, 16)], 8);
            }
            break;
        case 5: /* a piece from elsewhere */
            some = states_next(in, 65536);
            some = some < *n - at ? some : *n - at;
            memmove(bytes + at, bytes + states_next(in, (uint32_t)(*n - some + 1)), some);
            break;
        case 6:
            *n = at;
            break;
        default:
            return bytes;
        }
    }
    return bytes;
}

/* Goes on with the states, or joins them; a failure must say why, and what it gives must be there. */
static inline void states_run_on(states_run *run, const pc_unpack *states, int n_states, uint64_t save_paths)
{
    static pc_status status;
    pc_run_options options = states_options(run);
    pc_results *results = NULL;
    pc_code code;

    options.states = states;
    options.n_states = n_states;
    options.save_paths = save_paths;
    status = (pc_status){0};
    code = pc_run(run->plan, &options, &results, &status);
    if (code ? !status.message[0] || results || (code != PC_ERR_INPUT && code != PC_ERR_FAIL) : !results) {
        abort();
    }
    pc_results_free(results);
    pc_pack_free(&run->taken);
}

#endif
