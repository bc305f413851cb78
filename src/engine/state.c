/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/state.h"

#include <string.h>

static uint64_t paths_before(uint64_t n_paths, uint64_t leaf)
{
    return leaf * PC_LANES < n_paths ? leaf * PC_LANES : n_paths;
}

uint64_t pc_state_leaves_kept(const pc_gathered *gathered)
{
    const uint64_t n = pc_tails_by_path(gathered->totals) ? gathered->n_paths : gathered->n_kept_paths;

    return (n + PC_LANES - 1) / PC_LANES;
}

static void pack_leaves(const pc_gathered *gathered, uint64_t first, uint64_t past, pc_pack *pack)
{
    const uint64_t from = paths_before(gathered->n_kept_paths, first), to = paths_before(gathered->n_kept_paths, past);

    pc_pack_number(pack, first);
    pc_pack_number(pack, past);
    pc_tails_pack_paths(gathered->totals, paths_before(gathered->n_paths, first), paths_before(gathered->n_paths, past),
                        pack);
    for (size_t k = 0; k < gathered->layout->n_kept; k++) {
        pc_pack_bytes(pack, gathered->kept + k * gathered->n_kept_paths + from, (size_t)(to - from) * sizeof(double));
    }
}

static void unpack_leaves(pc_gathered *gathered, uint64_t first, uint64_t past, pc_unpack *pack)
{
    const uint64_t from = paths_before(gathered->n_kept_paths, first), to = paths_before(gathered->n_kept_paths, past);

    pc_tails_unpack_paths(gathered->totals, paths_before(gathered->n_paths, first),
                          paths_before(gathered->n_paths, past), pack);
    for (size_t k = 0; k < gathered->layout->n_kept && !pack->failed; k++) {
        pc_unpack_bytes(pack, gathered->kept + k * gathered->n_kept_paths + from, (size_t)(to - from) * sizeof(double));
    }
}

void pc_state_pack(const pc_gathered *gathered, const pc_point *point, const unsigned char *own, pc_pack *pack)
{
    const uint64_t n = pc_state_leaves_kept(gathered), next = point->round ? point->end : point->next;
    uint64_t at = 0;

    pc_pack_bytes(pack, point, sizeof *point);
    pc_pack_number(pack, gathered->n_paths);
    pc_pack_number(pack, gathered->n_kept_paths);
    for (int k = 0; k < gathered->n_replicates; k++) {
        pc_moments_pack(gathered->replicates ? gathered->replicates[k] : gathered->moments, pack);
    }
    pc_hist_pack(gathered->hist, pack);
    pc_tails_pack(gathered->totals, pack);
    while (own && at < n) {
        uint64_t past;
        for (; at < n && !own[at]; at++) {
        }
        for (past = at; past < n && own[past]; past++) {
        }
        if (at < past) {
            pack_leaves(gathered, at, past, pack);
        }
        at = past;
    }
    if (!own && point->first < (next < n ? next : n)) {
        pack_leaves(gathered, point->first, next < n ? next : n, pack);
    }
    pc_pack_number(pack, UINT64_MAX);
    for (uint64_t round = 0; round < point->round; round++) {
        pc_hist_pack_round(gathered->hist, (int)round, pack);
    }
}

pc_code pc_state_point(const pc_unpack *state, pc_point *point, pc_status *status)
{
    pc_unpack from = *state;

    pc_unpack_bytes(&from, point, sizeof *point);
    if (from.failed || point->first > point->next || point->next > point->end || point->end > UINT64_C(1) << 40 ||
        point->round > 3) {
        return pc_fail(status, PC_ERR_INPUT, "a state of a run that cannot be");
    }
    return PC_OK;
}

pc_code pc_state_add(pc_gathered *gathered, pc_point *point, unsigned char *own, pc_unpack *from, pc_status *status)
{
    const uint64_t n = pc_state_leaves_kept(gathered);
    pc_point found;
    pc_code code = pc_state_point(from, &found, status);

    if (code) {
        return code;
    }
    pc_unpack_bytes(from, &found, sizeof found);
    if ((found.round ? found.end : found.next) > (gathered->n_paths + PC_LANES - 1) / PC_LANES) {
        from->failed = 1;
    }
    pc_unpack_expect(from, gathered->n_paths);
    pc_unpack_expect(from, gathered->n_kept_paths);
    if (!from->failed) {
        for (int k = 0; k < gathered->n_replicates; k++) {
            pc_moments_unpack(gathered->replicates ? gathered->replicates[k] : gathered->moments, from);
        }
        code = pc_hist_unpack(gathered->hist, from, status);
        pc_tails_unpack(gathered->totals, from);
        for (uint64_t first, past = 0; !from->failed && (first = pc_unpack_number(from)) != UINT64_MAX;) {
            from->failed |= first < past;
            past = pc_unpack_number(from);
            from->failed |= first >= past || past > n;
            if (!from->failed) {
                unpack_leaves(gathered, first, past, from);
                if (own) {
                    memset(own + first, 1, (size_t)(past - first));
                }
            }
        }
    }
    point->clipped += found.clipped;
    point->migration_bounded += found.migration_bounded;
    point->employment_capped += found.employment_capped;
    point->identity_residual =
        found.identity_residual > point->identity_residual ? found.identity_residual : point->identity_residual;
    if (!code && from->failed) {
        code = pc_fail(status, PC_ERR_INPUT, "a state that belongs to another run or another build of the program");
    }
    return code;
}

void pc_state_clear(pc_gathered *gathered, pc_point *point, unsigned char *own)
{
    pc_moments_clear(gathered->moments);
    for (int k = 0; gathered->replicates && k < gathered->n_replicates; k++) {
        pc_moments_clear(gathered->replicates[k]);
    }
    pc_hist_clear(gathered->hist);
    pc_tails_clear(gathered->totals);
    if (own) {
        memset(own, 0, (size_t)pc_state_leaves_kept(gathered));
    }
    *point = (pc_point){.first = point->first, .end = point->end, .next = point->next, .round = point->round};
}
