/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Runs one small scenario with every number of threads and shards, in one go and stopped after every leaf, on as many
 * ranks as the launcher gives, and prints a line for each: ranks, threads, shards, stops, runs that it took, rounds of
 * refinement, SHA-256 of the results file. check_invariance.py compares them.
 *
 * usage: invariance FOLDER PATHS HORIZON THREADS...      FOLDER for results files */
#include "../engine/stopper.h"
#include "../integration/scenario_text.h"

#include "base/sha256.h"
#include "engine/state.h"
#include "store/store.h"

enum { MOST_SHARDS = 5 };

static void die(const pc_ranks *ranks, const char *what)
{
    fprintf(stderr, "rank %d: %s\n", ranks->rank, what);
    pc_ranks_abort(ranks, 1);
    exit(1);
}

/* Runs to the end, on all ranks; with `stops` stopped after every leaf, by one rank and another, and gone on with by
 * other numbers of threads. Returns how many runs it took. A shard's state is left in *s. */
static int run_on(const pc_plan *plan, const pc_ranks *ranks, pc_run_options options, int stops, stopper *s,
                  pc_results **results)
{
    static pc_status status;
    const int threads = options.threads;
    pc_unpack state;
    pc_code code = PC_ERR_INTERRUPTED;
    int n = 0;

    *s = (stopper){0};
    options.reproducible = 1;
    options.save_paths = 300;
    options.hist_budget = (size_t)20 << 20; /* little, so that there are rounds of refinement */
    options.ranks = ranks;
    stopper_attach(s, &options);
    for (; code == PC_ERR_INTERRUPTED; n++) {
        pc_pack before = s->pack;
        int pilots = n > 0 || ranks->count > 1 || options.shard > 1 || options.n_states > 0;

        *s = (stopper){.stop_after = stops && ranks->rank == n % ranks->count ? 1 + pilots : 0};
        if (n > 0 && ranks->rank == 0) {
            state = stopper_state(&before);
            options.states = &state;
            options.n_states = 1;
        }
        options.threads = threads + (n % 2);
        status = (pc_status){0};
        code = pc_run(plan, &options, results, &status);
        if (before.bytes != s->pack.bytes) {
            pc_pack_free(&before);
        }
        if (code && code != PC_ERR_INTERRUPTED) {
            die(ranks, status.message);
        }
        if (n > 500) {
            die(ranks, "no end of stops");
        }
    }
    return n;
}

/* One line of the table. */
static void combination(const pc_plan *plan, const pc_ranks *ranks, int threads, int n_shards, int stops,
                        const char *folder)
{
    stopper parts[MOST_SHARDS] = {0}, whole = {0};
    pc_unpack states[MOST_SHARDS];
    pc_run_options options = {.threads = threads};
    pc_results *results = NULL;
    int n_runs = 0;

    for (int i = 0; n_shards > 1 && i < n_shards; i++) {
        options.shard = i + 1;
        options.n_shards = n_shards;
        n_runs += run_on(plan, ranks, options, stops, &parts[i], &results);
        states[i] = stopper_state(&parts[i].pack);
    }
    options = (pc_run_options){.threads = threads};
    if (n_shards > 1 && ranks->rank == 0) {
        options.states = states;
        options.n_states = n_shards;
    }
    n_runs += run_on(plan, ranks, options, stops, &whole, &results);
    for (int i = 0; i < n_shards; i++) {
        pc_pack_free(&parts[i].pack);
    }
    pc_pack_free(&whole.pack);
    if (ranks->rank == 0) {
        static pc_status status;
        char path[4096], hex[65], *bytes = NULL;
        FILE *file;
        long n;

        snprintf(path, sizeof path, "%s/invariance-%d.h5", folder, ranks->count);
        if (pc_store_save(results, path, &status)) {
            die(ranks, status.message);
        }
        file = fopen(path, "rb");
        if (!file || fseek(file, 0, SEEK_END) || (n = ftell(file)) < 1 || !(bytes = malloc((size_t)n))) {
            die(ranks, "the results file cannot be read");
            return;
        }
        rewind(file);
        if (fread(bytes, 1, (size_t)n, file) != (size_t)n) {
            die(ranks, "the results file cannot be read");
        }
        fclose(file);
        pc_sha256_hex(bytes, (size_t)n, hex);
        free(bytes);
        remove(path);
        printf("%d %d %d %s %d %g %s\n", ranks->count, threads, n_shards, stops ? "every" : "none", n_runs,
               pc_dataset_at(pc_results_find(results, "quality", "refine_rounds"), 0), hex);
        fflush(stdout);
    }
    pc_results_free(results);
}

int main(int argc, char **argv)
{
    static const int shards[] = {1, 2, 5};
    static pc_status status;
    char paths[64], horizon[64];
    pc_ranks ranks;
    sim s;

    if (argc < 5 || pc_ranks_start(&ranks, &status)) {
        fprintf(stderr, "usage: invariance FOLDER PATHS HORIZON THREADS...\n%s\n", status.message);
        return 2;
    }
    snprintf(paths, sizeof paths, "paths=%s", argv[2]);
    snprintf(horizon, sizeof horizon, "horizon=%s", argv[3]);
    sim_folder(&s, "smoke");
    sim_set(&s, paths);
    sim_set(&s, horizon);
    sim_plan(&s);
    for (int t = 4; t < argc; t++) {
        for (size_t k = 0; k < sizeof shards / sizeof *shards; k++) {
            for (int stops = 0; stops < 2; stops++) {
                combination(s.plan, &ranks, atoi(argv[t]), shards[k], stops, argv[1]);
            }
        }
    }
    sim_end(&s);
    pc_ranks_end(&ranks);
    return 0;
}
