/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <string.h>
#include <time.h>

#include "base/i18n.h"
#include "base/numbers.h"
#include "command.h"
#include "engine/cpus.h"
#include "engine/run.h"
#include "report/tables.h"
#include "source.h"

enum { PILOT_PATHS = 768 }; /* three leaves of a run */

static const pc_cli_option options[] = {
    {"policies", 0, "NAMES",
     N_("only these policies and the baseline, separated by commas, of the scenario or of the library; or all"), "all"},
    {"set", 0, "KEY=VALUE", N_("give a key of the scenario another value; may be repeated"), NULL},
    {"paths", 0, "N", N_("number of paths"), NULL},
    {"seed", 0, "N", N_("seed of the random numbers"), NULL},
    {"horizon", 0, "N", N_("years to run after the base year"), NULL},
    {"threads", 0, "N", N_("threads for the estimates (default 0: all that the process may use)"), NULL},
    {"save-paths", 0, "N", N_("paths kept in full, for the estimates"), NULL},
};

static pc_code print_calibration(const pc_plan *plan, pc_status *status)
{
    pc_text_table *table = pc_text_table_new();

    puts(
        _("\ncalibration: membership below lock-in and from 60 on, members from outside, share enrolled as residents,\n"
          "contribution base over wage, resident financing"));
    pc_text_table_column(table, 0, "%s", _("region"));
    pc_text_table_column(table, 0, "%s", _("name"));
    pc_text_table_column(table, 1, "lambda");
    pc_text_table_column(table, 1, "mu");
    pc_text_table_column(table, 1, "%s", _("o contrib."));
    pc_text_table_column(table, 1, "%s", _("o retirees"));
    pc_text_table_column(table, 1, "c_r");
    pc_text_table_column(table, 1, "b_r");
    pc_text_table_column(table, 1, "%s", _("financing, yuan a head"));
    for (int r = 0; r < plan->n_regions; r++) {
        const pc_region_report *region = plan->regions + r;
        pc_text_table_row(table);
        pc_text_table_cell(table, "%s", plan->area_ids[r]);
        pc_text_table_cell(table, "%s", pc_language_pick(plan->area_names[r], plan->area_names_en[r]));
        pc_text_table_cell(table, "%.4f", region->lambda);
        pc_text_table_cell(table, "%.4f", region->mu);
        pc_text_table_cell(table, "%.4f", region->outside_contributors);
        pc_text_table_cell(table, "%.4f", region->outside_retirees);
        pc_text_table_cell(table, "%.4f", region->enrolment);
        pc_text_table_cell(table, "%.4f", region->base_ratio);
        pc_text_table_cell(table, "%.0f", region->financing);
    }
    return pc_text_table_print(table, stdout, 2, status);
}

static void print_outside(const pc_plan *plan)
{
    for (int r = 0; r < plan->n_regions; r++) {
        const pc_region_report *region = plan->regions + r;
        double factors[] = {region->outside_contributors, region->outside_retirees, region->enrolment};
        static const char *const notes[] = {
            N_("note: %s %s: %.2f %% more contributors than its people can give: taken as members who live "
               "elsewhere\n"),
            N_("note: %s %s: %.2f %% more retirees than its people can give: taken as members who live elsewhere\n"),
            N_("note: %s %s: %.2f %% more residents than its people can give: taken as members who live elsewhere\n")};
        for (int k = 0; k < 3; k++) {
            if (factors[k] > 1 + 1e-9) {
                printf(_(notes[k]), plan->area_ids[r], pc_language_pick(plan->area_names[r], plan->area_names_en[r]),
                       100 * (factors[k] - 1));
            }
        }
    }
}

/* Seconds of the processor since some moment: what else the machine does must not count. */
static double processor_seconds(void)
{
    struct timespec now;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

/* When the latest leaf of a run was done, and the one before: the second has work that no later one has. */
typedef struct watch {
    double before, latest;             /* processor seconds */
    uint64_t before_done, latest_done; /* paths */
} watch;

static void note_paths(void *context, uint64_t done, uint64_t total, int round)
{
    watch *seen = context;

    (void)total;
    if (round == 0) {
        *seen = (watch){seen->latest, processor_seconds(), seen->latest_done, done};
    }
}

/* One short run on one thread, no longer than the run itself: what it takes from path to path, and what it takes
 * besides. */
static pc_code time_pilot(pc_cli_source *source, const pc_run_options *wanted, double paths, pc_status *status)
{
    const double threads = pc_cpus_threads(wanted->threads);
    watch seen = {0};
    pc_run_options run_options = {
        .threads = 1, .stop = &pc_stop_requested, .progress = note_paths, .progress_context = &seen};
    pc_scenario *scenario = NULL;
    pc_plan *plan = NULL;
    pc_results *results = NULL;
    double begin = 0, whole, each, seconds;
    char text[32];
    pc_code code;

    snprintf(text, sizeof text, "paths=%.0f", fmin(paths, PILOT_PATHS));
    code = pc_cli_source_plain(source, status); /* any number of paths, at about the same cost */
    code = code ? code : pc_cli_source_override(source, text, status);
    code = code ? code : pc_scenario_read(source->files, source->overrides, source->n_overrides, &scenario, status);
    code = code ? code : pc_plan_build(scenario, &plan, status);
    begin = processor_seconds();
    code = code ? code : pc_run(plan, &run_options, &results, status);
    whole = processor_seconds() - begin;
    pc_results_free(results);
    pc_plan_free(plan);
    pc_scenario_free(scenario);
    if (code) {
        return code;
    }
    each = seen.before_done > 0 ? (seen.latest - seen.before) / (double)(seen.latest_done - seen.before_done) : 0;
    seconds = whole + each * fmax(0, paths - (double)seen.latest_done) / threads;
    printf(dngettext(PC_TEXT_DOMAIN, "  time         about %.*f s with %.0f thread\n",
                     "  time         about %.*f s with %.0f threads\n", (unsigned long)threads),
           seconds < 10 ? 1 : 0, seconds, threads);
    return PC_OK;
}

/* What a policy changes in a scheme, and when: "from 2025, 2029". */
static void phase_years(const pc_policy_entry *policy, int scheme, char *text, size_t size)
{
    char years[224] = "";
    size_t used = 0;

    for (int k = 0; k < policy->n_phases[scheme] && used < sizeof years; k++) {
        used += (size_t)snprintf(years + used, sizeof years - used, "%s%d", k ? _(", ") : "",
                                 policy->phases[scheme][k].from_year);
    }
    snprintf(text, size, used ? _("from %s") : _("as it is"), years);
}

static pc_code run(const pc_args *args, pc_status *status)
{
    pc_cli_source source = {0};
    pc_run_options run_options = {0};
    pc_run_size size;
    int threads = 0;
    char text[64];
    int width = 16;
    const pc_scenario *scenario;
    pc_code code;

    code = pc_cli_threads(args, &threads, status);
    code = code ? code : pc_args_count(args, "save-paths", 0, UINT64_C(1) << 32, 0, &run_options.save_paths, status);
    code = code ? code : pc_cli_source_open(&source, args, status);
    code = code ? code : pc_cli_source_plan(&source, status);
    run_options.threads = threads;
    code = code ? code : pc_run_estimate(source.plan, &run_options, &size, status);
    if (code) {
        goto out;
    }
    scenario = source.scenario;
    printf(_("ok: %s\n"), pc_language_pick(scenario->title, scenario->title_en));
    pc_format_grouped(text, sizeof text, (double)scenario->paths, 0);
    printf(dngettext(PC_TEXT_DOMAIN,
                     "%d regions, %d areas in the results, %d policy (baseline %s), %d to %d, %s paths, seed %llu\n",
                     "%d regions, %d areas in the results, %d policies (baseline %s), %d to %d, %s paths, seed %llu\n",
                     (unsigned long)scenario->n_policies),
           source.plan->n_regions, source.plan->n_areas, scenario->n_policies,
           scenario->policies[scenario->baseline].name, scenario->base_year, scenario->base_year + scenario->horizon,
           text, (unsigned long long)scenario->seed);
    for (int p = 0; p < scenario->n_policies; p++) {
        int length = (int)strlen(scenario->policies[p].name);
        width = length > width ? length : width;
    }
    for (int p = 0; p < scenario->n_policies; p++) {
        const pc_policy_entry *policy = scenario->policies + p;
        char employee[256], resident[256];
        phase_years(policy, PC_EMPLOYEE, employee, sizeof employee);
        phase_years(policy, PC_RESIDENT, resident, sizeof resident);
        printf("  %-*s  ", width, policy->name);
        printf(_("%s (employee: %s; resident: %s)\n"), pc_language_pick(policy->title, policy->title_en), employee,
               resident);
    }
    code = print_calibration(source.plan, status);
    if (code) {
        goto out;
    }
    print_outside(source.plan);
    printf(_("\nestimates\n"
             "  memory       about %.*f MB\n"
             "  results file about %.*f MB\n"),
           size.memory_bytes < 1e7 ? 1 : 0, (double)size.memory_bytes / 1e6, size.file_bytes < 1e7 ? 1 : 0,
           (double)size.file_bytes / 1e6);
    fflush(stdout);
    code = time_pilot(&source, &run_options, (double)scenario->paths, status);
out:
    pc_cli_source_release(&source);
    return code;
}

const pc_command pc_validate_command = {
    .name = "validate",
    .summary = N_("check a scenario without running it"),
    .words_usage = "SCENARIO",
    .min_words = 1,
    .max_words = 1,
    .words_complete = "FILE",
    .description = N_(
        "Reads a scenario, checks every value and calibrates every region. Prints what it contains, what calibration "
        "found for each region, and estimates of memory, file size and time. All problems of a file come in one go, "
        "each as file:line:column with the source line."),
    .options = options,
    .n_options = (int)(sizeof options / sizeof *options),
    .run = run,
};
