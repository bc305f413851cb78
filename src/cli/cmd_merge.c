/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Joins the shards of a run. */
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "command.h"
#include "keeping.h"
#include "output.h"
#include "report/summary.h"
#include "sharing.h"

enum { MAX_SHARDS = 100000 };

static const pc_cli_option options[] = {
    {"output", 'o', "FILE", N_("results file; default: merged.h5"), "FILE"},
    {"threads", 0, "N", N_("threads; the results do not depend on it (default 0: all that the process may use)"), NULL},
    {"force", 'f', NULL, N_("replace the output where it exists"), NULL},
    {"quiet", 'q', NULL, N_("no progress and no summary"), NULL},
};

typedef struct shards {
    int n;
    pc_checkpoint *parts; /* [n] in the order of the command line */
    pc_unpack *states;    /* [n] in the order of the paths */
} shards;

/* Reads all; every shard of one run must be there once. */
static pc_code read_shards(shards *s, const pc_args *args, pc_status *status)
{
    char **names = args->words;
    const char **name_of = pc_calloc((size_t)args->n_words, sizeof *name_of);
    pc_code code = PC_OK;

    s->parts = pc_calloc((size_t)args->n_words, sizeof *s->parts);
    s->states = pc_calloc((size_t)args->n_words, sizeof *s->states);
    if (!name_of || !s->parts || !s->states) {
        code = pc_fail(status, PC_ERR_FAIL, "no memory for %d shards", args->n_words);
    }
    for (int i = 0; i < args->n_words && !code; i++) {
        pc_checkpoint *part = &s->parts[i];
        code = pc_checkpoint_read(part, names[i], status);
        s->n = i + 1;
        if (!code && part->n_shards == 0) {
            code = pc_fail(status, PC_ERR_INPUT, "%s: is no shard, but the checkpoint of a whole run", names[i]);
        }
        if (!code && i > 0) {
            code = pc_checkpoint_compare(&s->parts[0], part, names[0], names[i], status);
        }
        if (!code && part->n_shards != s->parts[0].n_shards) {
            code = pc_fail(status, PC_ERR_INPUT, "%s is one of %d shards and %s one of %d", names[0],
                           s->parts[0].n_shards, names[i], part->n_shards);
        }
        if (!code && part->n_shards > args->n_words) {
            code = pc_fail(status, PC_ERR_INPUT, "%s is one of %d shards, and %d are given", names[i], part->n_shards,
                           args->n_words);
        }
        if (!code && (part->shard < 1 || name_of[part->shard - 1])) {
            code =
                pc_fail(status, PC_ERR_INPUT, "%s and %s are both shard %d of %d",
                        part->shard < 1 ? names[i] : name_of[part->shard - 1], names[i], part->shard, part->n_shards);
        }
        if (!code) {
            name_of[part->shard - 1] = names[i];
            s->states[part->shard - 1] = part->state;
        }
    }
    pc_free(name_of);
    return code;
}

static pc_code run(const pc_args *args, pc_status *status)
{
    const char *output = pc_args_value(args, "output") ? pc_args_value(args, "output") : "merged.h5";
    const int quiet = pc_args_value(args, "quiet") != NULL;
    pc_cli_source source = {0};
    shards all = {0};
    pc_run_options run_options = {.stop = &pc_stop_requested, .command = args->line};
    pc_results *results = NULL;
    int threads = 0;
    pc_code code;

    if (args->ranks.rank > 0) {
        return pc_sharing_follow(args, status);
    }
    code = pc_cli_threads(args, &threads, status);
    code = code ? code : pc_output_check(args, output, status);
    code = code ? code : read_shards(&all, args, status);
    code = code ? code : pc_keeping_source(&all.parts[0], &source, status);
    code = code ? code : pc_cli_source_plan(&source, status);
    if (!code) {
        run_options.threads = threads;
        run_options.save_paths = all.parts[0].save_paths;
        run_options.reproducible = all.parts[0].reproducible;
        run_options.states = all.states;
        run_options.n_states = all.n;
    }
    code = pc_sharing_lead(args, code, source.plan, &run_options, status);
    if (code) {
        goto out;
    }
    code = pc_sharing_run(args, source.plan, &run_options, &results, status);
    code = code ? code : pc_output_save(args, results, &output, &source.arena, status);
    if (!code && !quiet) {
        pc_report_options report = {.file = output};
        code = pc_report_summary(results, stdout, &report, status);
    }
out:
    pc_results_free(results);
    pc_cli_source_release(&source);
    for (int i = 0; i < all.n; i++) {
        pc_checkpoint_free(&all.parts[i]);
    }
    pc_free(all.parts);
    pc_free(all.states);
    return code;
}

const pc_command pc_merge_command = {
    .name = "merge",
    .summary = N_("join the shards of a run into its results file"),
    .words_usage = "SHARD...",
    .min_words = 1,
    .max_words = MAX_SHARDS,
    .words_complete = "FILE",
    .description = N_("Joins what `poolcast run --shard I/N` has written, in any order. Every shard must be there once "
                      "and belong to the same "
                      "inputs and seed; the results are those of a run in one piece, bit for bit.\n\n"
                      "Where quantiles need finer bins (at most three rounds), merge runs the paths of those bins "
                      "again, on this machine.\n\n"
                      "Examples:\n\n"
                      "  poolcast run scenarios/zhejiang --shard 1/2\n"
                      "  poolcast run scenarios/zhejiang --shard 2/2\n"
                      "  poolcast merge zhejiang-1-of-2.part zhejiang-2-of-2.part -o zhejiang.h5\n"
                      "  poolcast run scenarios/zhejiang --shard auto      (in a job array of Slurm)"),
    .options = options,
    .n_options = (int)(sizeof options / sizeof *options),
    .is_shared = 1,
    .run = run,
};
