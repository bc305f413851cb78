/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "command.h"
#include "report/plot.h"
#include "report/plot/canvas.h"
#include "source.h"

static const pc_cli_option options[] = {
    {"what", 0, "NAME", N_("the picture; 'list' prints all of them"),
     "fan balance ratio ageing depletion shortfall equity heatmap first winners transfers treasury warning list"},
    {"output", 'o', "FILE", N_("picture, .svg, .png or .pdf"), "FILE"},
    {"policy", 0, "NAME", N_("the policy; pictures of all policies then show it beside the baseline"), NULL},
    {"scheme", 0, "NAME", N_("employee (default), resident or both"), "employee resident both"},
    {"region", 0, "NAME", N_("region, group or the whole (default): its id, name or English name"), NULL},
    {"year", 0, "Y", N_("year of pictures of one year (default: 2040)"), NULL},
    {"size", 0, "WxH", N_("width and height in pixels of 1/96 inch (default: 960x600)"), NULL},
};

static pc_code read_size(const pc_args *args, pc_plot_options *plot, pc_status *status)
{
    const char *text = pc_args_value(args, "size");
    char *end;
    long width, height = 0;

    if (!text) {
        return PC_OK;
    }
    width = strtol(text, &end, 10);
    if (end != text && *end == 'x' && end[1] >= '0' && end[1] <= '9') {
        height = strtol(end + 1, &end, 10);
    }
    if (*end || width < 400 || width > 4000 || height < 300 || height > 4000) {
        return pc_fail(status, PC_ERR_INPUT, "--size: found '%s', allowed as 960x600, from 400x300 to 4000x4000", text);
    }
    plot->width = (int)width;
    plot->height = (int)height;
    return PC_OK;
}

static void print_list(void)
{
    for (int k = 0; k < pc_n_plot_kinds; k++) {
        printf("  %-10s  %s\n", pc_plot_kinds[k].name, _(pc_plot_kinds[k].summary));
    }
}

static pc_code run(const pc_args *args, pc_status *status)
{
    const char *output = pc_args_value(args, "output");
    pc_plot_options plot = {.what = pc_args_value(args, "what"),
                            .policy = pc_args_value(args, "policy"),
                            .scheme = pc_args_value(args, "scheme"),
                            .region = pc_args_value(args, "region"),
                            .file = args->words[0]};
    uint64_t year = 0;
    pc_results *results;
    pc_code code;

    if (plot.what && strcmp(plot.what, "list") == 0) {
        print_list();
        return PC_OK;
    }
    if (!plot.what || !output) {
        return pc_fail(status, PC_ERR_INPUT, "--what NAME and -o FILE are needed; --what list names the pictures");
    }
    code = pc_args_count(args, "year", 1000, 9999, 0, &year, status);
    code = code ? code : read_size(args, &plot, status);
    code = code ? code : pc_canvas_check_ending(output, status);
    if (code) {
        return code;
    }
    plot.year = (int)year;
    results = pc_cli_results_load(args->words[0], status);
    if (!results) {
        return status->code;
    }
    code = pc_plot(results, output, &plot, status);
    pc_results_free(results);
    return code;
}

const pc_command pc_plot_command = {
    .name = "plot",
    .summary = N_("one picture of a results file, as SVG, PNG or PDF"),
    .words_usage = "FILE",
    .min_words = 1,
    .max_words = 1,
    .words_complete = "FILE",
    .description = N_(
        "Pictures for papers and slides, with title, units, errors and source in them. Colours are told apart by "
        "colour-blind readers and in greyscale; lines also differ by dash. Years from the 2040s on are shaded: present "
        "rules unchanged, not a forecast. Letters are outlines, so that no fonts are needed where a picture is shown; "
        "PNG has two pixels for each of --size.\n\n"
        "  poolcast plot zhejiang.h5 --what list\n"
        "  poolcast plot zhejiang.h5 --what fan --region Quzhou --policy unified_2029 -o fan.svg\n"
        "  poolcast plot zhejiang.h5 --what depletion -o depletion.pdf\n"
        "  poolcast plot zhejiang.h5 --what heatmap --scheme resident -o heatmap.png\n"
        "  poolcast plot zhejiang.h5 --what winners --policy unified_2029 --year 2035 -o winners.svg"),
    .options = options,
    .n_options = (int)(sizeof options / sizeof *options),
    .run = run,
};
