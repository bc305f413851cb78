/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Hands out parts of one block of memory, each from a cache line on; without a block it only counts, so that one
 * function says both how large a state is and where its parts lie. */
#ifndef PC_MODELS_CARVER_H
#define PC_MODELS_CARVER_H

#include <stddef.h>

#include "model.h"

/* Start with `pc_carver c = {.base = memory};`, memory aligned to 64 bytes or NULL. `used` is what all parts take. */
typedef struct pc_carver {
    char *base;
    size_t used;
} pc_carver;

/* NULL where it only counts. */
static inline void *pc_carve(pc_carver *c, size_t bytes)
{
    void *part = c->base ? c->base + c->used : NULL;

    c->used += (bytes + 63) / 64 * 64;
    return part;
}

static inline double *pc_carve_rows(pc_carver *c, size_t n)
{
    return pc_carve(c, n * PC_LANES * sizeof(double));
}

#endif
