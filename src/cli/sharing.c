/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sharing.h"

#include <unistd.h>

#include "base/i18n.h"
#include "engine/checkpoint.h"
#include "keeping.h"
#include "progress.h"
#include "source.h"

#define NOTHING_TO_RUN UINT64_MAX

pc_code pc_sharing_lead(const pc_args *args, pc_code code, const pc_plan *plan, const pc_run_options *options,
                        pc_status *status)
{
    pc_pack said = {0}, head = {0};

    if (args->ranks.count < 2) {
        return code;
    }
    if (!code && plan) {
        pc_checkpoint_pack_head(&head, plan, options, NULL);
        code = head.failed ? pc_fail(status, PC_ERR_FAIL, "no memory for the inputs of the run") : PC_OK;
    }
    pc_pack_number(&said, code || plan ? (uint64_t)code : NOTHING_TO_RUN);
    if (!said.failed && !pc_ranks_broadcast(&args->ranks, &said, status) && !code && plan) {
        code = pc_ranks_broadcast(&args->ranks, &head, status);
    }
    pc_pack_free(&said);
    pc_pack_free(&head);
    return code;
}

/* Ends the job where others wait for this rank. */
static pc_code give_up(const pc_args *args, pc_code code, const pc_status *status)
{
    char host[256] = "";

    if (code && code != PC_ERR_INTERRUPTED && args->ranks.count > 1) {
        if (gethostname(host, sizeof host - 1)) {
            host[0] = 0;
        }
        fprintf(stderr, _("poolcast %s: rank %d of %d on %s: %s\n"), args->command->name, args->ranks.rank,
                args->ranks.count, host, status->message);
        fflush(stderr);
        pc_ranks_abort(&args->ranks, code);
    }
    return code;
}

pc_code pc_sharing_run(const pc_args *args, const pc_plan *plan, const pc_run_options *options, pc_results **results,
                       pc_status *status)
{
    const int shows = args->ranks.rank == 0 && !pc_args_value(args, "quiet");
    pc_run_options shared = *options;
    pc_progress progress;
    pc_code code;

    shared.ranks = &args->ranks;
    if (shows) {
        pc_progress_start(&progress);
        shared.progress = pc_progress_report;
        shared.progress_context = &progress;
    }
    code = pc_run(plan, &shared, results, status);
    if (shows) {
        pc_progress_end(&progress);
    }
    return give_up(args, code, status);
}

/* What rank 0 has read, without files where nothing is to be run; its code where it has failed. */
static pc_code hear(const pc_args *args, pc_checkpoint *inputs, pc_status *status)
{
    pc_pack said = {0}, head = {0};
    pc_unpack from;
    uint64_t number;
    pc_code code = give_up(args, pc_ranks_broadcast(&args->ranks, &said, status), status);

    from = (pc_unpack){said.bytes, said.bytes + said.n, 0};
    number = pc_unpack_number(&from);
    pc_pack_free(&said);
    if (!code && number == NOTHING_TO_RUN) {
        return PC_OK;
    }
    code = code ? code : (pc_code)number;
    if (code) {
        return pc_fail(status, code, "rank 0 has failed");
    }
    code = pc_ranks_broadcast(&args->ranks, &head, status);
    code = code ? code : pc_checkpoint_parse(inputs, head.bytes, head.n, "rank 0", status);
    return give_up(args, code, status);
}

pc_code pc_sharing_follow(const pc_args *args, pc_status *status)
{
    pc_cli_source source = {0};
    pc_checkpoint inputs = {0};
    pc_run_options options = {.stop = &pc_stop_requested};
    pc_results *results = NULL;
    int threads = 0;
    pc_code code = hear(args, &inputs, status);

    if (!code && inputs.n_files == 0) {
        return PC_OK;
    }
    if (!code) {
        code = pc_cli_threads(args, &threads, status);
        code = code ? code : pc_keeping_source(&inputs, &source, status);
        code = give_up(args, code ? code : pc_cli_source_plan(&source, status), status);
    }
    if (!code) {
        options.threads = threads;
        options.save_paths = inputs.save_paths;
        options.shard = inputs.shard;
        options.n_shards = inputs.n_shards;
        code = pc_sharing_run(args, source.plan, &options, &results, status);
    }
    pc_results_free(results);
    pc_cli_source_release(&source);
    pc_checkpoint_free(&inputs);
    return code;
}
