/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "keeping.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/i18n.h"
#include "base/numbers.h"
#include "base/safe_file.h"
#include "engine/provenance.h"
#include "engine/state.h"
#include "store/store.h"

/* "90", "90s", "5min", "2h", "1d" in seconds. */
static pc_code read_time(const pc_args *args, const char *option, double standard, double *seconds, pc_status *status)
{
    static const struct {
        const char *unit;
        double seconds;
    } units[] = {{"", 1}, {"s", 1}, {"min", 60}, {"h", 3600}, {"d", 86400}};
    const char *text = pc_args_value(args, option), *end;
    double number;

    *seconds = standard;
    if (!text) {
        return PC_OK;
    }
    if (pc_parse_double(text, &end, &number) == PC_NUMBER_OK && number > 0 && number <= 1e6) {
        for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
            if (strcmp(end, units[i].unit) == 0) {
                *seconds = number * units[i].seconds;
                return PC_OK;
            }
        }
    }
    return pc_fail(status, PC_ERR_INPUT, "--%s: found '%s', allowed a time such as 90s, 5min, 2h or 1d", option, text);
}

static int read_number(const char *text, const char **end, int *number)
{
    char *stop;
    long value = strtol(text, &stop, 10);

    *end = stop;
    *number = (int)value;
    return stop != text && value >= 0 && value <= 1000000;
}

/* Slurm tells a job of an array its number, and the array's least, number of jobs and step. */
static pc_code shard_of_slurm(pc_keeping *keeping, pc_status *status)
{
    static const char *const names[] = {"SLURM_ARRAY_TASK_ID", "SLURM_ARRAY_TASK_MIN", "SLURM_ARRAY_TASK_COUNT",
                                        "SLURM_ARRAY_TASK_STEP"};
    int values[4] = {0, 0, 0, 1};

    for (int i = 0; i < 4; i++) {
        const char *text = getenv(names[i]), *end;
        if (!text && i == 3) {
            continue;
        }
        if (!text || !read_number(text, &end, &values[i]) || *end) {
            return pc_fail(status, PC_ERR_INPUT,
                           "--shard auto: found %s = '%s', allowed a whole number, as in a job array of Slurm",
                           names[i], text ? text : "");
        }
    }
    keeping->n_shards = values[2];
    keeping->shard = values[3] > 0 ? (values[0] - values[1]) / values[3] + 1 : 0;
    if (keeping->shard < 1 || keeping->shard > keeping->n_shards) {
        return pc_fail(status, PC_ERR_INPUT, "--shard auto: job %d is not one of %d jobs from %d on", values[0],
                       values[2], values[1]);
    }
    return PC_OK;
}

static pc_code read_shard(pc_keeping *keeping, const char *text, pc_status *status)
{
    const char *end;

    if (strcmp(text, "auto") == 0) {
        return shard_of_slurm(keeping, status);
    }
    if (!read_number(text, &end, &keeping->shard) || *end != '/' || !read_number(end + 1, &end, &keeping->n_shards) ||
        *end || keeping->shard < 1 || keeping->shard > keeping->n_shards) {
        return pc_fail(status, PC_ERR_INPUT, "--shard: found '%s', allowed I/N with I from 1 to N, or auto", text);
    }
    return PC_OK;
}

pc_code pc_keeping_read(pc_keeping *keeping, const pc_args *args, pc_status *status)
{
    /* what a run that goes on has been given already */
    static const char *const fixed[] = {"paths",     "seed", "horizon",    "policies",     "sampling", "control-years",
                                        "target-se", "set",  "save-paths", "reproducible", "shard"};
    const char *resume = pc_args_value(args, "resume"), *shard = pc_args_value(args, "shard");
    pc_code code;

    keeping->path = pc_args_value(args, "checkpoint");
    code = read_time(args, "every", keeping->path ? 60 : 0, &keeping->every, status);
    code = code ? code : read_time(args, "max-time", 0, &keeping->most, status);
    if (!code && keeping->every > 0 && !keeping->path && !resume) {
        code = pc_fail(status, PC_ERR_INPUT, "--every needs --checkpoint FILE");
    }
    if (!code && shard && !resume) {
        code = read_shard(keeping, shard, status);
    }
    if (code || !resume) {
        return code;
    }
    for (size_t i = 0; i < sizeof fixed / sizeof *fixed; i++) {
        if (pc_args_value(args, fixed[i])) {
            return pc_fail(status, PC_ERR_INPUT, "--resume goes on with a run as it was begun: leave out --%s",
                           fixed[i]);
        }
    }
    code = pc_checkpoint_read(&keeping->from, resume, status);
    if (code) {
        return code;
    }
    if (keeping->from.note) {
        fprintf(stderr, _("poolcast run: %s\npoolcast run: the state kept before it is taken: %s.1\n"),
                keeping->from.note, resume);
    }
    keeping->resumes = 1;
    keeping->path = keeping->path ? keeping->path : resume;
    keeping->every = keeping->every > 0 ? keeping->every : 60;
    keeping->shard = keeping->from.shard;
    keeping->n_shards = keeping->from.n_shards;
    return PC_OK;
}

pc_code pc_keeping_source(const pc_checkpoint *from, pc_cli_source *source, pc_status *status)
{
    pc_code code = PC_OK;

    source->files = pc_files_memory();
    if (!source->files) {
        return pc_fail(status, PC_ERR_FAIL, "no memory for the scenario");
    }
    for (size_t i = 0; i < from->n_files && !code; i++) {
        code =
            pc_files_put(source->files, from->files[i].name, from->files[i].text, strlen(from->files[i].text), status);
    }
    for (size_t i = 0; i < from->n_overrides && !code; i++) {
        code = pc_cli_source_override(source, from->overrides[i], status);
    }
    return code;
}

/* Whether the part file holds all of the shard that was to be gone on with. */
static int is_whole_shard(const pc_keeping *keeping, const char *output)
{
    pc_checkpoint part;
    pc_point point = {0};
    int is_it = pc_checkpoint_read(&part, output, NULL) == PC_OK && part.shard == keeping->shard &&
                part.n_shards == keeping->n_shards &&
                pc_checkpoint_compare(&keeping->from, &part, "", "", NULL) == PC_OK &&
                pc_state_point(&part.state, &point, NULL) == PC_OK && point.next == point.end;

    pc_checkpoint_free(&part);
    return is_it;
}

/* Whether the results are those of this program, plan and number of saved paths. */
static int are_results(const pc_keeping *keeping, const pc_plan *plan, const pc_results *found)
{
    const pc_run_options options = {.reproducible = 1};
    const uint64_t n_paths = plan->scenario->paths;
    const uint64_t n_kept = keeping->from.save_paths < n_paths ? keeping->from.save_paths : n_paths;
    pc_results *expected = pc_results_new();
    size_t n_found = 0;
    int are_they = expected && pc_plan_inputs(plan, expected, NULL) == PC_OK;

    if (are_they) {
        pc_provenance_root(plan, &options, n_paths, expected);
        are_they = !expected->failed && pc_results_within(expected, found, NULL, 0);
    }
    for (int i = 0; i < found->n_dimensions; i++) {
        n_found = strcmp(found->dimensions[i]->name, "path") == 0 ? found->dimensions[i]->size : n_found;
    }
    pc_results_free(expected);
    return are_they && n_found == n_kept;
}

pc_code pc_keeping_finished(pc_keeping *keeping, const pc_args *args, const pc_cli_source *source, const char *output,
                            pc_results **results, pc_status *status)
{
    pc_code code = PC_OK;

    if (!keeping->resumes || pc_args_value(args, "force") || access(output, F_OK) != 0) {
        return PC_OK;
    }
    if (args->n_words) {
        code =
            pc_checkpoint_fits(&keeping->from, source->scenario, pc_args_value(args, "resume"), args->words[0], status);
    }
    if (!code && keeping->n_shards) {
        keeping->is_finished = is_whole_shard(keeping, output);
    } else if (!code) {
        *results = pc_store_load(output, NULL);
        keeping->is_finished = *results && are_results(keeping, source->plan, *results);
    }
    return code;
}

/* A whole shard goes to its part file, everything else to the checkpoint. */
static pc_code keep(void *context, pc_pack *state, int last, pc_status *status)
{
    pc_keeping *keeping = context;
    const pc_unpack bytes = {state->bytes, state->bytes + state->n, 0};
    pc_point point = {0};

    pc_state_point(&bytes, &point, NULL);
    return pc_keeper_keep(keeping->part && point.next == point.end && last ? keeping->part : keeping->checkpoint, state,
                          last, status);
}

static pc_code start_keepers(pc_keeping *keeping, const pc_args *args, const pc_cli_source *source,
                             const pc_run_options *options, pc_status *status)
{
    const unsigned how = pc_args_value(args, "force") ? PC_SAFE_REPLACE : 0;

    keeping->checkpoint =
        pc_keeper_new(source->plan, options, keeping->path, keeping->output, 0, PC_SAFE_REPLACE, status);
    if (keeping->checkpoint && keeping->n_shards) {
        keeping->part = pc_keeper_new(source->plan, options, keeping->output, keeping->output, 1, how, status);
    }
    return keeping->checkpoint && (keeping->part || !keeping->n_shards) ? PC_OK : status->code;
}

pc_code pc_keeping_start(pc_keeping *keeping, const pc_args *args, pc_cli_source *source, const char *output, int quiet,
                         pc_run_options *options, pc_status *status)
{
    pc_code code = PC_OK;

    keeping->output = output;
    if (!keeping->path) {
        keeping->path = pc_arena_printf(&source->arena, "%s.checkpoint", output);
    }
    keeping->go_on = pc_arena_printf(&source->arena, "poolcast run --resume '%s'%s", keeping->path ? keeping->path : "",
                                     pc_args_value(args, "force") ? " --force" : "");
    if (!keeping->path || !keeping->go_on) {
        return pc_fail(status, PC_ERR_FAIL, "no memory for a file name");
    }
    options->shard = keeping->shard;
    options->n_shards = keeping->n_shards;
    options->most_seconds = keeping->most;
    options->keep_seconds = keeping->every;
    if (keeping->resumes) {
        options->save_paths = keeping->from.save_paths;
        options->reproducible = keeping->from.reproducible;
        options->command = *keeping->from.command ? keeping->from.command : NULL;
        options->states = &keeping->from.state;
        options->n_states = 1;
        if (args->n_words) {
            code = pc_checkpoint_fits(&keeping->from, source->scenario, pc_args_value(args, "resume"), args->words[0],
                                      status);
        }
    }
    if (!code && keeping->every > 0) {
        code = pc_safe_file_probe(keeping->path, PC_SAFE_REPLACE, status); /* before the work, not after it */
    }
    code = code ? code : start_keepers(keeping, args, source, options, status);
    options->keep = keep;
    options->keep_context = keeping;
    if (!code && !quiet && keeping->every > 0) {
        fprintf(stderr, _("The state of the run is kept every %.6g s; after a stop go on with\n  %s\n"), keeping->every,
                keeping->go_on);
    }
    return code;
}

pc_code pc_keeping_end(pc_keeping *keeping, pc_code code, pc_status *status)
{
    pc_status *failure = pc_calloc(1, sizeof *failure);

    if (keeping->checkpoint) {
        pc_keeper_end(keeping->checkpoint, failure);
        if (failure && failure->code) { /* the run itself goes on without */
            fprintf(stderr, _("poolcast run: a state of the run could not be kept: %s\n"), failure->message);
        }
    }
    if (code == PC_ERR_INTERRUPTED) {
        *status = (pc_status){0};
        pc_fail(status, code, "interrupted; no results were written; go on with: %s", keeping->go_on);
    }
    pc_free(failure);
    return code;
}

void pc_keeping_done(const pc_keeping *keeping)
{
    if (keeping->path && (keeping->resumes || keeping->every > 0)) {
        pc_checkpoint_remove(keeping->path);
    }
}

void pc_keeping_release(pc_keeping *keeping)
{
    pc_keeper_free(keeping->checkpoint);
    pc_keeper_free(keeping->part);
    pc_checkpoint_free(&keeping->from);
}
