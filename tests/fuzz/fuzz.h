/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A fuzz target is one function, LLVMFuzzerTestOneInput, as libFuzzer and AFL++ call it. Without either, driver.c calls
 * it: with each seed and then with seeds changed at random for some seconds. */
#ifndef PC_TESTS_FUZZ_H
#define PC_TESTS_FUZZ_H

#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

#endif
