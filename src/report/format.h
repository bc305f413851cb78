/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How figures are written in reports: chances with their errors, money in 100 million yuan, years beyond the horizon.
 */
#ifndef PC_REPORT_FORMAT_H
#define PC_REPORT_FORMAT_H

#include <stddef.h>

enum { PC_FIGURE_SIZE = 112 };
typedef struct pc_figure {
    char text[PC_FIGURE_SIZE];
} pc_figure;

/* A chance and its standard error as "12.3 % ±0.3". Where no path had the event, the error holds the bound 3/n and the
 * text reads "<0.03 %"; where every path had it, ">99.97 %". "-" when missing. With `bare` the error is left out. */
pc_figure pc_figure_chance(double chance, double error, int bare);
/* A difference of two chances, in points: "-12.3 ±0.4"; "0" where it is exactly 0 on every path (error 0). */
pc_figure pc_figure_points(double difference, double error);
/* A difference of months with its error: "+3.21 ±0.04". */
pc_figure pc_figure_months(double months, double error);
/* Yuan as 100 million yuan with an error: "1,234 ±5"; a number of decimals that shows about four digits. With `sign` a
 * plus is written; error NaN: none. */
pc_figure pc_figure_money(double yuan, double error, int sign);
/* A value of any unit with its error, as many digits as the error leaves: fractions and chances in per cent
 * ("3.42 % ±0.05"), yuan in 100 million, others as they are, without their unit. Error NaN or 0: none is written, and
 * about four digits. */
pc_figure pc_figure_estimate(double value, double error, const char *unit);
/* A share of a whole with its error, as pc_figure_estimate writes it, but "<0.1 %" where two errors above it are still
 * below that: what a sample says of so little, and of a share that came out below nothing, is its noise. */
pc_figure pc_figure_share(double share, double error);
/* 1 where pc_figure_estimate writes per cent. */
int pc_figure_in_percent(const char *unit);
/* The same; with `change`, of a difference: with its sign, and of fractions and chances in points. */
pc_figure pc_figure_change(double value, double error, const char *unit, int change);
/* What pc_figure_estimate leaves out, for a heading: ", 100 million yuan", ", months"; "" for fractions. */
const char *pc_figure_unit(const char *unit);
/* A plain number, `decimals` after the point. */
pc_figure pc_figure_number(double value, int decimals, int sign);
/* A year; 0: beyond the horizon, ">2074". */
pc_figure pc_figure_year(int year, int last_year);

#endif
