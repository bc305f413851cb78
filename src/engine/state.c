/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/state.h"

#include <string.h>

/* The columns of the kept paths that leaves first .. past - 1 have filled. */
static void kept_columns(const pc_gathered *gathered, uint64_t first, uint64_t past, uint64_t *from, uint64_t *to)
{
    const uint64_t n = gathered->n_kept_paths;

    *from = first * PC_LANES < n ? first * PC_LANES : n;
    *to = past * PC_LANES < n ? past * PC_LANES : n;
}

static uint64_t paths_before(const pc_gathered *gathered, uint64_t leaf)
{
    return leaf * PC_LANES < gathered->n_paths ? leaf * PC_LANES : gathered->n_paths;
}

void pc_state_pack(const pc_gathered *gathered, const pc_point *point, pc_pack *pack)
{
    const uint64_t past = point->round ? point->end : point->next;
    uint64_t from, to;

    pc_pack_bytes(pack, point, sizeof *point);
    pc_pack_number(pack, gathered->n_paths);
    pc_pack_number(pack, gathered->n_kept_paths);
    pc_moments_pack(gathered->moments, pack);
    pc_hist_pack(gathered->hist, pack);
    pc_tails_pack(gathered->totals, paths_before(gathered, point->first), paths_before(gathered, past), pack);
    kept_columns(gathered, point->first, past, &from, &to);
    for (size_t k = 0; k < gathered->layout->n_kept; k++) {
        pc_pack_bytes(pack, gathered->kept + k * gathered->n_kept_paths + from, (size_t)(to - from) * sizeof(double));
    }
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

pc_code pc_state_add(pc_gathered *gathered, pc_point *point, pc_unpack *from, pc_status *status)
{
    pc_point found;
    uint64_t past, low, high;
    pc_code code = pc_state_point(from, &found, status);

    if (code) {
        return code;
    }
    pc_unpack_bytes(from, &found, sizeof found);
    past = found.round ? found.end : found.next;
    if (past > (gathered->n_paths + PC_LANES - 1) / PC_LANES) {
        from->failed = 1;
    }
    pc_unpack_expect(from, gathered->n_paths);
    pc_unpack_expect(from, gathered->n_kept_paths);
    if (!from->failed) {
        pc_moments_unpack(gathered->moments, from);
        code = pc_hist_unpack(gathered->hist, from, status);
        pc_tails_unpack(gathered->totals, paths_before(gathered, found.first), paths_before(gathered, past), from);
        kept_columns(gathered, found.first, past, &low, &high);
        for (size_t k = 0; k < gathered->layout->n_kept && !from->failed; k++) {
            pc_unpack_bytes(from, gathered->kept + k * gathered->n_kept_paths + low,
                            (size_t)(high - low) * sizeof(double));
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
