/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is packed comes back, and what was never packed is refused without reading beyond its end. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "base/pack.h"

enum { MOST = 9001 };

static uint64_t next(uint64_t *state)
{
    *state = *state * 6364136223846793005u + 1442695040888963407u;
    return *state >> 33;
}

static pc_unpack unpack_of(const pc_pack *pack)
{
    return (pc_unpack){pack->bytes, pack->bytes + pack->n, 0};
}

static void numbers_and_texts(void **state)
{
    pc_pack pack = {0};
    pc_unpack from;

    (void)state;
    pc_pack_number(&pack, UINT64_MAX);
    pc_pack_text(&pack, "text");
    pc_pack_text(&pack, NULL);
    pc_pack_double(&pack, -0.5);
    pc_pack_number(&pack, 7);
    from = unpack_of(&pack);
    assert_true(pc_unpack_number(&from) == UINT64_MAX);
    assert_string_equal(pc_unpack_text(&from), "text");
    assert_string_equal(pc_unpack_text(&from), "");
    assert_true(pc_unpack_double(&from) == -0.5);
    pc_unpack_expect(&from, 7);
    assert_true(!from.failed && from.at == from.end);
    assert_true(pc_unpack_number(&from) == 0 && from.failed);
    from = unpack_of(&pack);
    pc_unpack_expect(&from, 6);
    assert_true(from.failed);
    pc_pack_free(&pack);
}

/* Lengths around the blocks, from nothing but zeros to none; the packed bytes lie in memory of just their size, so that
 * a sanitizer sees any step beyond. */
static void sparse_comes_back(void **state)
{
    static const size_t lengths[] = {0, 1, 7, 63, 64, 65, 127, 4095, 4096, 4097, 8192, MOST};
    static unsigned char bytes[MOST], back[MOST];
    uint64_t seed = 9;

    (void)state;
    for (size_t k = 0; k < sizeof lengths / sizeof *lengths; k++) {
        for (unsigned of_hundred = 0; of_hundred <= 100; of_hundred += 10) {
            const size_t n = lengths[k];
            pc_pack pack = {0};
            pc_unpack from;
            unsigned char *exact;
            for (size_t i = 0; i < n; i++) {
                bytes[i] = next(&seed) % 100 < of_hundred ? (unsigned char)(next(&seed) % 255 + 1) : 0;
            }
            pc_pack_sparse(&pack, bytes, n);
            assert_int_equal(pack.failed, 0);
            if (of_hundred == 0) {
                assert_true(pack.n == (n + 4095) / 4096 * 8);
            }
            assert_true(pack.n <= n + n / 8 + n / 512 + 16);
            exact = malloc(pack.n + 1);
            assert_non_null(exact);
            if (pack.n) {
                memcpy(exact, pack.bytes, pack.n);
            }
            memset(back, 1, sizeof back);
            from = (pc_unpack){exact, exact + pack.n, 0};
            pc_unpack_sparse(&from, back, n);
            assert_true(!from.failed && from.at == from.end);
            assert_memory_equal(bytes, back, n);
            if (pack.n > 0) { /* cut off anywhere: refused, and nothing is left of it */
                from = (pc_unpack){exact, exact + next(&seed) % pack.n, 0};
                pc_unpack_sparse(&from, back, n);
                assert_int_equal(from.failed, 1);
                for (size_t i = 0; i < n; i++) {
                    assert_int_equal(back[i], 0);
                }
            }
            free(exact);
            pc_pack_free(&pack);
        }
    }
}

/* A group that tells of blocks, and a block that tells of bytes, beyond the end. */
static void sparse_beyond_the_end(void **state)
{
    const uint64_t group[4] = {2, 1, 0, 0}, block[4] = {1, UINT64_C(1) << 20, 0, 0}, empty[4] = {1, 0, 0, 0};
    unsigned char back[64];
    pc_unpack from = {(const unsigned char *)group, (const unsigned char *)(group + 4), 0};

    (void)state;
    pc_unpack_sparse(&from, back, 64);
    assert_int_equal(from.failed, 1);
    from = (pc_unpack){(const unsigned char *)block, (const unsigned char *)(block + 4), 0};
    pc_unpack_sparse(&from, back, 20);
    assert_int_equal(from.failed, 1);
    from = (pc_unpack){(const unsigned char *)block, (const unsigned char *)(block + 4), 0};
    pc_unpack_sparse(&from, back, 21);
    assert_int_equal(from.failed, 0);
    from = (pc_unpack){(const unsigned char *)empty, (const unsigned char *)(empty + 4), 0};
    pc_unpack_sparse(&from, back, 21);
    assert_int_equal(from.failed, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_and_texts),
        cmocka_unit_test(sparse_comes_back),
        cmocka_unit_test(sparse_beyond_the_end),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
