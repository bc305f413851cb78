/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/format.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/numbers.h"

static const pc_figure missing = {"-"};

/* Decimals that show an error with one digit or two: an error of 0.3 is written with one, of 0.03 with two. */
static int decimals_for(double error)
{
    return error <= 0 || error >= 0.095 ? 1 : error >= 0.0095 ? 2 : 3;
}

pc_figure pc_figure_chance(double chance, double error, int bare)
{
    double percent = 100 * chance, error_percent = 100 * error;
    int decimals = decimals_for(error_percent);
    pc_figure figure;

    if (isnan(chance)) {
        return missing;
    }
    if ((chance <= 0 || chance >= 1) && error > 0 && error < 1) {
        snprintf(figure.text, sizeof figure.text, chance <= 0 ? "<%.2g %%" : ">%.4g %%",
                 chance <= 0 ? error_percent : 100 - error_percent);
    } else if (bare || !(error > 0 && error < 1)) {
        snprintf(figure.text, sizeof figure.text, "%.1f %%", percent); /* three paths or less have no bound */
    } else {
        snprintf(figure.text, sizeof figure.text, "%.*f %% ±%.*f", decimals, percent, decimals, error_percent);
    }
    return figure;
}

pc_figure pc_figure_points(double difference, double error)
{
    int decimals = decimals_for(100 * error);
    pc_figure figure;

    if (isnan(difference)) {
        return missing;
    }
    if (difference == 0) {
        /* nothing on every path: its error is then the bound for a rare event */
        snprintf(figure.text, sizeof figure.text, "0");
    } else if (isnan(error) || error == 0) {
        snprintf(figure.text, sizeof figure.text, "%+.1f", 100 * difference);
    } else {
        snprintf(figure.text, sizeof figure.text, "%+.*f ±%.*f", decimals, 100 * difference, decimals, 100 * error);
    }
    return figure;
}

pc_figure pc_figure_months(double months, double error)
{
    const int decimals = error > 0 && error < 0.0095 ? 3 : error > 0 && error < 0.095 ? 2 : 1;
    pc_figure figure;

    if (isnan(months)) {
        return missing;
    }
    if (fabs(months) < 0.0005 && !(error >= 0.0005)) {
        return (pc_figure){"0"}; /* rounding of two sums */
    }
    if (isnan(error)) {
        snprintf(figure.text, sizeof figure.text, "%+.1f", months);
    } else {
        snprintf(figure.text, sizeof figure.text, "%+.*f ±%.*f", decimals, months, decimals, error);
    }
    return figure;
}

pc_figure pc_figure_money(double yuan, double error, int sign)
{
    double x = yuan / 1e8, e = error / 1e8;
    int decimals = fabs(x) >= 1000 ? 0 : fabs(x) >= 100 ? 1 : fabs(x) >= 1 ? 2 : 3;
    char number[48] = "", tail[32] = "";
    pc_figure figure;

    if (isnan(yuan)) {
        return missing;
    }
    if (fabs(x) < 0.0005 && !(e >= 0.0005)) {
        return (pc_figure){"0"}; /* nothing, or the rounding of two sums */
    }
    if (error > 0) {
        /* no more digits than the error leaves */
        int useful = e >= 9.5 ? 0 : e >= 0.95 ? 1 : e >= 0.095 ? 2 : 3;
        decimals = useful < decimals ? useful : decimals;
        pc_format_grouped(tail, sizeof tail, e, e >= 0.5 || decimals > 0 ? decimals : 1);
    }
    pc_format_grouped(number, sizeof number, x, decimals);
    snprintf(figure.text, sizeof figure.text, "%s%s%s%s", sign && x > 0 ? "+" : "", number, *tail ? " ±" : "", tail);
    return figure;
}

int pc_figure_in_percent(const char *unit)
{
    return strcmp(unit, "fraction") == 0 || strcmp(unit, "fraction/year") == 0 || strcmp(unit, "1") == 0;
}

pc_figure pc_figure_estimate(double value, double error, const char *unit)
{
    const int percent = pc_figure_in_percent(unit);
    const double factor = percent ? 100 : 1, x = factor * value, e = factor * error;
    int decimals = fabs(x) >= 1000 ? 0 : fabs(x) >= 100 ? 1 : fabs(x) >= 10 ? 2 : fabs(x) >= 1 ? 3 : 4;
    char number[48] = "", tail[48] = "";
    pc_figure figure;

    if (isnan(value)) {
        return missing;
    }
    if (strcmp(unit, "yuan") == 0) {
        return pc_figure_money(value, error, 0);
    }
    if (e > 0) {
        const int most = decimals + 2; /* an error of rounding alone is none */
        decimals = (int)ceil(-log10(1.05 * e));
        decimals = decimals < 0 ? 0 : decimals > most ? most : decimals;
        if (e >= 0.5 * pow(10, -decimals)) {
            pc_format_grouped(tail, sizeof tail, e, decimals);
        }
    }
    pc_format_grouped(number, sizeof number, fabs(x) < 0.5 * pow(10, -decimals) ? 0 : x, decimals);
    if (!*tail && strchr(number, '.')) { /* exact as far as is known: no idle zeros */
        char *end = number + strlen(number);
        while (end[-1] == '0') {
            *--end = 0;
        }
        end[-1] = end[-1] == '.' ? 0 : end[-1];
    }
    snprintf(figure.text, sizeof figure.text, "%s%s%s%s", number, percent ? " %" : "", *tail ? " ±" : "", tail);
    return figure;
}

pc_figure pc_figure_share(double share, double error)
{
    static const double least = 0.001;
    const double spread = error > 0 ? error : 0;

    if (share + 2 * spread < least && (share != 0 || spread > 0)) {
        return (pc_figure){"<0.1 %"};
    }
    return pc_figure_estimate(share, error, "1");
}

pc_figure pc_figure_change(double value, double error, const char *unit, int change)
{
    const int percent = pc_figure_in_percent(unit);
    pc_figure figure, bare;

    if (strcmp(unit, "yuan") == 0) {
        return pc_figure_money(value, error, change);
    }
    if (!change) {
        return strcmp(unit, "1") == 0 && (value == 0 || value == 1) && error > 0
                   ? pc_figure_chance(value, error, 0)
                   : pc_figure_estimate(value, error, unit);
    }
    bare = percent ? pc_figure_estimate(100 * value, 100 * error, "") : pc_figure_estimate(value, error, unit);
    snprintf(figure.text, sizeof figure.text, "%s%.*s", value > 0 && strtod(bare.text, NULL) > 0 ? "+" : "",
             (int)sizeof figure.text - 2, bare.text);
    return figure;
}

const char *pc_figure_unit(const char *unit)
{
    return strcmp(unit, "yuan") == 0 ? _(", 100 million yuan") : strcmp(unit, "months") == 0 ? _(", months") : "";
}

pc_figure pc_figure_number(double value, int decimals, int sign)
{
    char number[48] = "";
    pc_figure figure;

    if (isnan(value)) {
        return missing;
    }
    pc_format_grouped(number, sizeof number, value, decimals);
    snprintf(figure.text, sizeof figure.text, "%s%s", sign && value > 0 ? "+" : "", number);
    return figure;
}

pc_figure pc_figure_year(int year, int last_year)
{
    pc_figure figure;

    snprintf(figure.text, sizeof figure.text, year ? "%d" : ">%d", year ? year : last_year);
    return figure;
}
