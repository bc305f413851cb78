/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One run over several processes. Rank 0 leads: it says what is run next, deals out leaves (pc_leaves_deal) and has,
 * after every pass and before every state that is kept, all that the others have added up; they then hold nothing. What
 * is added are integers, extremes and values by path, so that the bits do not depend on who ran what. */
#include "engine/run_inner.h"

/* What rank 0 says. */
typedef struct order {
    uint64_t ends;         /* the run ends */
    uint64_t code;         /* with this */
    uint64_t round, opens; /* else: the round of refinement, 0: first pass; windows follow */
} order;

static pc_code say(pc_run_state *run, const order *o, pc_status *status)
{
    pc_pack pack = {0};
    pc_code code;

    if (run->ranks.count < 2) {
        return PC_OK;
    }
    pc_pack_bytes(&pack, o, sizeof *o);
    if (o->opens) {
        pc_hist_pack_windows(run->gathered.hist, &pack);
    }
    code = pack.failed ? pc_fail(status, PC_ERR_FAIL, "no memory to lead %d ranks", run->ranks.count)
                       : pc_ranks_broadcast(&run->ranks, &pack, status);
    pc_pack_free(&pack);
    return code;
}

pc_code pc_team_begin(pc_run_state *run, int opens, pc_status *status)
{
    const order o = {.round = run->point.round, .opens = opens != 0};

    return say(run, &o, status);
}

pc_code pc_team_end(pc_run_state *run, pc_code code, pc_status *status)
{
    const order o = {.ends = 1, .code = (uint64_t)code};

    return say(run, &o, status);
}

static pc_code give(pc_run_state *run, int to, pc_phase_kind phase, pc_status *status)
{
    pc_point point = run->point;
    pc_pack pack = {0};

    if (phase == PC_PHASE_COUNT) {
        point.round = 0;
        point.next = point.first;
        pc_state_pack(&run->gathered, &point, run->own, &pack);
        pc_state_clear(&run->gathered, &run->point, run->own);
    } else {
        pc_hist_pack_round(run->gathered.hist, (int)run->point.round - 1, &pack);
        pc_hist_clear_round(run->gathered.hist);
    }
    if (pack.failed) {
        pc_pack_free(&pack);
        return pc_fail(status, PC_ERR_FAIL, "no memory to give away what rank %d has run", run->ranks.rank);
    }
    pc_ranks_send(&run->ranks, to, &pack);
    pc_pack_free(&pack);
    return PC_OK;
}

static pc_code get(pc_run_state *run, int from, pc_phase_kind phase, pc_status *status)
{
    pc_pack pack = {0};
    pc_unpack state;
    pc_code code = pc_ranks_receive(&run->ranks, from, &pack, status);

    state = (pc_unpack){pack.bytes, pack.bytes + pack.n, 0};
    if (!code && phase == PC_PHASE_COUNT) {
        code = pc_state_add(&run->gathered, &run->point, run->own, &state, status);
    } else if (!code) {
        pc_hist_unpack_round(run->gathered.hist, &state);
    }
    if (!code && state.failed) {
        code = pc_fail(status, PC_ERR_FAIL, "rank %d has run something else", from);
    }
    pc_pack_free(&pack);
    return code;
}

/* By a binomial tree: the time grows with the logarithm of the number of ranks. */
pc_code pc_team_gather(pc_run_state *run, pc_phase_kind phase, pc_status *status)
{
    const int rank = run->ranks.rank, count = run->ranks.count;
    pc_code code = PC_OK;

    for (int step = 1; step < count && !code; step *= 2) {
        if (rank & step) {
            return give(run, rank - step, phase, status);
        }
        if (rank + step < count) {
            code = get(run, rank + step, phase, status);
        }
    }
    return code;
}

pc_code pc_team_follow(pc_run_state *run, pc_status *status)
{
    for (;;) {
        pc_pack pack = {0};
        pc_unpack said;
        order o;
        pc_phase_kind phase;
        pc_code code = pc_ranks_broadcast(&run->ranks, &pack, status);

        said = (pc_unpack){pack.bytes, pack.bytes + pack.n, 0};
        if (!code) {
            pc_unpack_bytes(&said, &o, sizeof o);
            run->point.round = o.round;
        }
        if (!code && o.opens) {
            code = pc_hist_unpack_windows(run->gathered.hist, &said, status);
            if (!code) {
                pc_leaves_want_only(run);
            }
        }
        pc_pack_free(&pack);
        if (code) {
            return code;
        }
        if (o.ends) {
            return o.code ? pc_fail(status, (pc_code)o.code, "interrupted; no results were written") : PC_OK;
        }
        phase = o.round ? PC_PHASE_REFINE : PC_PHASE_COUNT;
        code = pc_leaves_run(run, phase, status);
        code = code ? code : pc_team_gather(run, phase, status);
        if (code) {
            return code;
        }
    }
}
