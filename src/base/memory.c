/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/memory.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#ifdef __linux__
#include <sys/mman.h>
#endif

/* From here on a block is asked for in huge pages: the kernels walk over rows that lie far apart, and would look up a
 * page for each. */
static const size_t pc_huge_page = (size_t)2 << 20;

static void *allocate(size_t bytes)
{
#if defined(__linux__) && defined(MADV_HUGEPAGE)
    if (bytes >= 2 * pc_huge_page) {
        void *block = aligned_alloc(pc_huge_page, (bytes + pc_huge_page - 1) / pc_huge_page * pc_huge_page);
        if (block) {
            (void)madvise(block, bytes, MADV_HUGEPAGE); /* advice: nothing is lost where it isn't taken */
        }
        return block;
    }
#endif
    return aligned_alloc(64, bytes);
}

void *pc_alloc(size_t bytes)
{
    if (bytes > SIZE_MAX - 2 * pc_huge_page) {
        return NULL;
    }
    return allocate(bytes ? (bytes + 63) / 64 * 64 : 64);
}

void *pc_calloc(size_t count, size_t size)
{
    size_t bytes;
    void *block;

    if (__builtin_mul_overflow(count, size, &bytes)) {
        return NULL;
    }
    block = pc_alloc(bytes);
    if (block) {
        memset(block, 0, bytes);
    }
    return block;
}

void pc_free(void *block)
{
    free(block);
}

void *pc_arena_calloc(pc_arena *arena, size_t count, size_t size)
{
    void *block;

    if (arena->n_blocks == arena->room) {
        size_t room = arena->room ? 2 * arena->room : 32;
        void **blocks = realloc(arena->blocks, room * sizeof *blocks);
        if (!blocks) {
            return NULL;
        }
        arena->blocks = blocks;
        arena->room = room;
    }
    block = pc_calloc(count, size);
    if (block) {
        arena->blocks[arena->n_blocks++] = block;
        arena->bytes += count * size;
    }
    return block;
}

char *pc_arena_strdup(pc_arena *arena, const char *text)
{
    size_t n = strlen(text) + 1;
    char *copy = pc_arena_calloc(arena, n, 1);

    if (copy) {
        memcpy(copy, text, n);
    }
    return copy;
}

char *pc_arena_printf(pc_arena *arena, const char *format, ...)
{
    va_list args;
    int n;
    char *text;

    va_start(args, format);
    n = vsnprintf(NULL, 0, format, args);
    va_end(args);
    if (n < 0 || !(text = pc_arena_calloc(arena, (size_t)n + 1, 1))) {
        return NULL;
    }
    va_start(args, format);
    vsnprintf(text, (size_t)n + 1, format, args);
    va_end(args);
    return text;
}

void pc_arena_release(pc_arena *arena)
{
    for (size_t i = 0; i < arena->n_blocks; i++) {
        pc_free(arena->blocks[i]);
    }
    free(arena->blocks);
    *arena = (pc_arena){0};
}
