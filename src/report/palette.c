/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/palette.h"

uint32_t pc_palette_color(int index)
{
    static const uint32_t colors[] = {0x0072B2, 0xD55E00, 0x009E73, 0x000000, 0xCC79A7, 0x56B4E9, 0xE69F00, 0x7F7F7F};

    return colors[(unsigned)index % (sizeof colors / sizeof *colors)];
}

uint32_t pc_palette_heat(double chance)
{
    /* light sand, orange, dark red-brown: lightness falls all the way */
    static const double stops[3][3] = {{255, 250, 235}, {236, 137, 46}, {92, 16, 22}};
    double x = chance <= 0 ? 0 : chance >= 1 ? 1 : chance, f = x < 0.5 ? 2 * x : 2 * x - 1;
    const double *a = stops[x < 0.5 ? 0 : 1], *b = stops[x < 0.5 ? 1 : 2];
    uint32_t color = 0;

    for (int c = 0; c < 3; c++) {
        color = color << 8 | (uint32_t)(a[c] + f * (b[c] - a[c]) + 0.5);
    }
    return color;
}
