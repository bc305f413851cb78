/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/run.h"

#include <omp.h>
#include <time.h>

#include "engine/cpus.h"
#include "engine/outcome.h"
#include "engine/provenance.h"
#include "engine/run_inner.h"
#include "engine/unfit.h"

enum { MAX_ROUNDS = 3 };

/* Memory for the quantiles: a full table for every cell and a third more for windows, but at most 1.5 GiB, unless even
 * the coarsest tables need more. It follows from the scenario alone, for other budgets give other bins. */
static size_t hist_budget(const pc_run_options *options, const pc_layout *layout)
{
    const size_t full = 12416, coarsest = 3600, spare = (size_t)16 << 20, most = (size_t)1536 << 20;
    size_t wanted = layout->n_hists * full + spare, least = layout->n_hists * coarsest + spare;

    wanted = wanted < most ? wanted : most;
    wanted = wanted > least ? wanted : least;
    return options->hist_budget ? options->hist_budget : wanted;
}

static pc_code keep(pc_run_state *run, int last, pc_status *status)
{
    pc_pack pack = {0};

    pc_state_pack(&run->gathered, &run->point, NULL, &pack);
    if (pack.failed) {
        pc_pack_free(&pack);
        return last ? pc_fail(status, PC_ERR_FAIL, "no memory to keep the state of the run") : PC_OK;
    }
    return run->options->keep(run->options->keep_context, &pack, last, status);
}

/* One pass over the leaves, kept on the way and where it stops. `opens`: windows have been opened for it. */
static pc_code run_pass(pc_run_state *run, pc_phase_kind phase, int opens, pc_status *status)
{
    for (;; opens = 0) {
        int ends;
        pc_code code = pc_team_begin(run, opens, status);

        run->done = (run->point.next - run->point.first) * PC_LANES;
        code = code ? code : pc_leaves_run(run, phase, status);
        code = code ? code : pc_team_gather(run, phase, status);
        if (code || run->point.next == run->point.end) {
            return code;
        }
        ends = pc_leaves_must_end(run);
        if (run->options->keep) {
            code = keep(run, ends, status);
        }
        if (!code && ends) {
            code = pc_team_end(run, PC_ERR_INTERRUPTED, status);
            code = code ? code : pc_fail(status, PC_ERR_INTERRUPTED, "interrupted; no results were written");
        }
        if (code) {
            return code;
        }
    }
}

/* The first pass as earlier runs have left it. `state` then stands at the rounds of refinement of the one that is gone
 * on with; *round: its round. */
static pc_code add_states(pc_run_state *run, pc_unpack *state, uint64_t *round, pc_status *status)
{
    const pc_run_options *options = run->options;
    uint64_t next = run->point.first, in_round = 0;
    pc_code code = PC_OK;

    for (int i = 0; i < options->n_states && !code; i++) {
        pc_point found = {0};
        *state = options->states[i];
        code = pc_state_point(state, &found, status);
        if (!code && (found.first != next || found.end > run->point.end ||
                      (options->n_states == 1 ? found.end != run->point.end : found.next != found.end))) {
            code = pc_fail(status, PC_ERR_INPUT, "leaves %llu to %llu are missing or not finished",
                           (unsigned long long)next, (unsigned long long)run->point.end);
        }
        code = code ? code : pc_state_add(&run->gathered, &run->point, NULL, state, status);
        next = found.end;
        *round = options->n_states == 1 ? found.round : 0;
        run->point.next = *round ? found.end : found.next;
        in_round = found.next;
    }
    if (!code && next != run->point.end) {
        code = pc_fail(status, PC_ERR_INPUT, "leaves %llu to %llu are missing or not finished",
                       (unsigned long long)next, (unsigned long long)run->point.end);
    }
    run->done = in_round; /* where the round goes on */
    return code;
}

static pc_code count_paths(pc_run_state *run, pc_quality *quality, pc_status *status)
{
    const pc_scenario *scenario = run->plan->scenario;
    uint64_t kept_round = 0, resume_at = 0;
    pc_unpack state = {0};
    pc_code code = PC_OK;

    if (run->n_leaves > 0 && (run->point.first > 0 || run->options->n_states || run->ranks.count > 1)) {
        pc_leaves_pilot(run);
    }
    if (run->ranks.rank > 0) {
        return pc_team_follow(run, status);
    }
    if (run->options->n_states) {
        code = add_states(run, &state, &kept_round, status);
        resume_at = run->done;
    }
    code = code ? code : run_pass(run, PC_PHASE_COUNT, 0, status);
    quality->clipped = run->point.clipped;
    quality->migration_bounded = run->point.migration_bounded;
    quality->employment_capped = run->point.employment_capped;
    quality->identity_residual = run->point.identity_residual;
    if (!code && run->options->n_shards) {
        code = pc_team_end(run, PC_OK, status);
        return code ? code : keep(run, 1, status);
    }
    /* Where a quantile's bin holds too many paths, the paths run again into finer bins. */
    for (run->round = 1; run->round <= MAX_ROUNDS && !code; run->round++) {
        size_t windows = pc_hist_refine(run->gathered.hist, scenario->quantiles, scenario->n_quantiles, status);
        if (status->code) {
            return status->code;
        }
        if (windows == 0) {
            break;
        }
        quality->refined_windows += windows;
        quality->refine_rounds = run->round;
        run->point.round = (uint64_t)run->round;
        run->point.next = run->point.first;
        if (run->point.round <= kept_round) {
            pc_hist_unpack_round(run->gathered.hist, &state);
            if (state.failed) {
                return pc_fail(status, PC_ERR_INPUT,
                               "a state that belongs to another run or another build of the program");
            }
            run->point.next = run->point.round < kept_round ? run->point.end : resume_at;
        }
        pc_leaves_want_only(run);
        code = run_pass(run, PC_PHASE_REFINE, 1, status);
    }
    return code ? code : pc_team_end(run, PC_OK, status);
}

/* Of what a run needs at its height: while it runs and fills the results, or while they are written and read again. */
static pc_run_size size_of(const pc_plan *plan, const pc_run_options *options, const pc_layout *layout)
{
    const uint64_t n_paths = plan->scenario->paths, n_leaves = (n_paths + PC_LANES - 1) / PC_LANES;
    const uint64_t n_tables = plan->scenario->n_replicates > 1 ? 1 + (uint64_t)plan->scenario->n_replicates : 0;
    uint64_t threads = (uint64_t)pc_cpus_threads(options->threads);
    uint64_t kept = options->save_paths < n_paths ? options->save_paths : n_paths, running;
    pc_run_size size = {.n_cells = layout->n_cells};

    threads = threads < n_leaves ? threads : n_leaves > 0 ? n_leaves : 1;
    size.saved_bytes = layout->n_kept * kept * 8;
    size.threads_bytes = threads * (pc_moments_bytes(layout->n_moments) + pc_worker_bytes(plan));
    size.hist_bytes =
        hist_budget(options, layout) + threads * pc_hist_buffer_bytes(layout->n_hists, n_paths, (int)threads);
    running = size.hist_bytes + size.threads_bytes + n_tables * pc_moments_bytes(layout->n_moments) +
              pc_tails_bytes(layout->n_totals, n_paths) + 2 * size.saved_bytes + layout->n_cells * 64 +
              pc_control_bytes(plan, layout, (int)threads);
    size.file_bytes =
        layout->n_moments * 32 + layout->n_hists * (uint64_t)plan->scenario->n_quantiles * 8 + size.saved_bytes;
    size.memory_bytes = running > 3 * size.file_bytes ? running : 3 * size.file_bytes;
    return size;
}

/* Refused before anything large is asked for: a machine that runs out of memory kills whom it likes. The estimate lies
 * up to a fifth above what is needed. */
static pc_code check_memory(const pc_plan *plan, const pc_run_options *options, const pc_layout *layout, int threads,
                            pc_status *status)
{
    const pc_run_size size = size_of(plan, options, layout);
    const uint64_t free_bytes = options->most_memory ? options->most_memory : pc_memory_available();

    if (size.memory_bytes / 5 * 4 <= free_bytes) {
        return PC_OK;
    }
    return pc_fail(
        status, PC_ERR_INPUT,
        "the run needs about %.3g GB of memory (saved paths: %.3g GB for each of 3 copies; quantiles: %.3g GB; "
        "%d threads: %.3g GB), and %.3g GB are free; lower --save-paths, --threads, the horizon or the number "
        "of policies",
        (double)size.memory_bytes / 1e9, (double)size.saved_bytes / 1e9, (double)size.hist_bytes / 1e9, threads,
        (double)size.threads_bytes / 1e9, (double)free_bytes / 1e9);
}

pc_code pc_run(const pc_plan *plan, const pc_run_options *options, pc_results **out, pc_status *status)
{
    const pc_scenario *scenario = plan->scenario;
    uint64_t n_paths = scenario->paths; /* 0: the central path alone, every other statistic is missing */
    pc_run_state run = {.plan = plan,
                        .options = options,
                        .n_leaves = (n_paths + PC_LANES - 1) / PC_LANES,
                        .ranks = options->ranks ? *options->ranks : (pc_ranks){0, 1}};
    pc_quality quality = {0};
    pc_results *results = NULL;
    pc_status local = {0};
    struct timespec begin, end;
    int threads_before = omp_get_max_threads();
    pc_code code;

    *out = NULL;
    status = status ? status : &local;
    clock_gettime(CLOCK_MONOTONIC, &begin);
    run.begin = pc_leaves_now();
    run.point.end = run.n_leaves;
    if (options->n_shards > 0) {
        run.point.first = run.n_leaves * (uint64_t)(options->shard - 1) / (uint64_t)options->n_shards;
        run.point.end = run.n_leaves * (uint64_t)options->shard / (uint64_t)options->n_shards;
    }
    run.point.next = run.point.first;
    run.n_threads = pc_cpus_threads(options->threads);
    if ((uint64_t)run.n_threads > run.n_leaves) {
        run.n_threads = run.n_leaves > 0 ? (int)run.n_leaves : 1;
    }
    code = pc_layout_for(plan, &run.layout, status);
    if (code) {
        return code;
    }
    code = check_memory(plan, options, &run.layout, run.n_threads, status);
    if (code) {
        pc_layout_release(&run.layout);
        return code;
    }
    omp_set_num_threads(run.n_threads); /* for the statistics too; the caller's number comes back at the end */
    run.buffer_bytes = pc_hist_buffer_bytes(run.layout.n_hists, n_paths, run.n_threads);
    run.central = pc_calloc(run.layout.n_cells + 1, sizeof *run.central);
    run.unwanted = pc_calloc((size_t)run.layout.n_subjects * (size_t)run.layout.n_outputs_max, 1);
    if (!run.central || !run.unwanted) {
        code = pc_fail(status, PC_ERR_FAIL, "no memory for the central path");
        goto out;
    }
    code = pc_run_central(plan, &run.layout, run.central, status);
    code = code ? code : pc_unfit_central(run.central, plan, &run.layout, status);
    code = code ? code
                : pc_gathered_start(&run.gathered, &run.layout, run.central, n_paths,
                                    options->save_paths < n_paths ? options->save_paths : n_paths,
                                    scenario->n_replicates, hist_budget(options, &run.layout), status);
    if (!code && run.ranks.rank > 0) {
        run.own = pc_calloc((size_t)pc_state_leaves_kept(&run.gathered) + 1, 1);
        code = run.own ? PC_OK : pc_fail(status, PC_ERR_FAIL, "no memory for the leaves of a rank");
    }
    code = code ? code : pc_control_fit(plan, &run.layout, options, &run.control, status);
    code = code ? code : pc_leaves_start(&run, status);
    code = code ? code : count_paths(&run, &quality, status);
    if (code || options->n_shards || run.ranks.rank > 0) {
        goto out;
    }
    results = pc_results_new();
    if (!results) {
        code = pc_fail(status, PC_ERR_FAIL, "no memory for results");
        goto out;
    }
    pc_gathered_join(&run.gathered);
    code = pc_outcome_fill(plan, &run.gathered, results, &quality.rank_bound_max, status);
    code = code ? code : pc_plan_inputs(plan, results, status);
    clock_gettime(CLOCK_MONOTONIC, &end);
    quality.seconds = (double)(end.tv_sec - begin.tv_sec) + 1e-9 * (double)(end.tv_nsec - begin.tv_nsec);
    quality.threads = run.n_threads;
    code = code ? code : pc_provenance_fill(plan, options, &quality, n_paths, results, status);
out:
    omp_set_num_threads(threads_before);
    pc_leaves_release(&run);
    pc_control_free(run.control);
    pc_gathered_release(&run.gathered);
    pc_free(run.central);
    pc_free(run.unwanted);
    pc_free(run.own);
    pc_layout_release(&run.layout);
    if (code) {
        pc_results_free(results);
    } else {
        *out = results;
    }
    return code;
}

pc_code pc_run_estimate(const pc_plan *plan, const pc_run_options *options, pc_run_size *size, pc_status *status)
{
    pc_layout layout;
    pc_code code = pc_layout_for(plan, &layout, status);

    if (code) {
        return code;
    }
    *size = size_of(plan, options, &layout);
    pc_layout_release(&layout);
    return PC_OK;
}
