/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/sha256.h"

static void check(const char *text, size_t size, const char *expected)
{
    char hex[65];

    pc_sha256_hex(text, size, hex);
    assert_string_equal(hex, expected);
}

static void standard_vectors(void **state)
{
    char *million = malloc(1000000);

    (void)state;
    check("", 0, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    check("abc", 3, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    check("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", 56,
          "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
    assert_non_null(million);
    memset(million, 'a', 1000000);
    check(million, 1000000, "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
    free(million);
}

/* However the text is cut, and whatever its length, the digest is that of the whole. */
static void pieces(void **state)
{
    static const char digits[] = "0123456789abcdef";
    char text[300];

    (void)state;
    for (int i = 0; i < 300; i++) {
        text[i] = (char)(i * 7 + 1);
    }
    for (size_t size = 0; size < sizeof text; size++) {
        unsigned char digest[32];
        char hex[65];
        pc_sha256 sha;
        pc_sha256_start(&sha);
        pc_sha256_feed(&sha, text, size / 3);
        pc_sha256_feed(&sha, text + size / 3, size - size / 3);
        pc_sha256_end(&sha, digest);
        pc_sha256_hex(text, size, hex);
        for (int i = 0; i < 32; i++) {
            assert_int_equal(hex[2 * i], digits[digest[i] >> 4]);
            assert_int_equal(hex[2 * i + 1], digits[digest[i] & 15]);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(standard_vectors), cmocka_unit_test(pieces)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
