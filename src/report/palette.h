/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Colours that colour-blind readers tell apart and that differ in greyscale: Okabe and Ito's set in an order of falling
 * contrast between neighbours. Lines also differ by dash. */
#ifndef PC_REPORT_PALETTE_H
#define PC_REPORT_PALETTE_H

#include <stdint.h>

/* 0xRRGGBB of the index-th line; repeats after eight. */
uint32_t pc_palette_color(int index);
/* 0xRRGGBB for a chance from 0 (near white) to 1 (dark): one hue, so that greyscale keeps the order. */
uint32_t pc_palette_heat(double chance);

#endif
