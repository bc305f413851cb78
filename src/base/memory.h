/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Memory: zeroed blocks, aligned to 64 bytes so that rows of lanes start on a cache line, and an arena of blocks
 * that are released together. */
#ifndef PC_BASE_MEMORY_H
#define PC_BASE_MEMORY_H

#include <stddef.h>
#include <stdint.h>

/* Zeroed, 64-byte aligned; NULL when memory runs out or count*size overflows. Release with pc_free. */
void *pc_calloc(size_t count, size_t size);
void pc_free(void *block);
/* The same, not zeroed: for blocks that several threads fill, each its part. */
void *pc_alloc(size_t bytes);

/* A growing list of blocks released together. Start with `pc_arena a = {0};`. Not thread-safe. */
typedef struct pc_arena {
    void **blocks;
    size_t n_blocks, room;
    size_t bytes; /* sum of the sizes asked for */
} pc_arena;

void *pc_arena_calloc(pc_arena *arena, size_t count, size_t size);
char *pc_arena_strdup(pc_arena *arena, const char *text);
/* printf into a new string owned by the arena. */
char *pc_arena_printf(pc_arena *arena, const char *format, ...) __attribute__((format(printf, 2, 3)));
void pc_arena_release(pc_arena *arena);

/* Bytes that this process can still get without swapping: of the machine, its control groups (version 1 and 2) and its
 * limit of address space, the least. UINT64_MAX where none of them tells. */
uint64_t pc_memory_available(void);

#endif
