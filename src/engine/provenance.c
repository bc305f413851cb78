/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/provenance.h"

#include <gsl/gsl_version.h>
#include <hdf5.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>
#include <yaml.h>

#include "base/i18n.h"

const char *pc_version(void)
{
    return PC_VERSION;
}

const char *pc_revision(void)
{
    return PC_REVISION;
}

static void put_count(pc_results *results, const char *name, uint64_t count, const char *long_name)
{
    int64_t value = (int64_t)count;

    pc_results_put(results, "quality", name, PC_I64, 0, NULL, &value, "1", long_name);
}

static void put_number(pc_results *results, const char *name, double value, const char *units, const char *long_name)
{
    pc_results_put(results, "quality", name, PC_F64, 0, NULL, &value, units, long_name);
}

static void put_sampling(const pc_plan *plan, uint64_t n_paths, pc_results *results)
{
    static const char *const names[] = {"plain", "antithetic", "rqmc"};
    const pc_scenario *scenario = plan->scenario;

    pc_results_attribute_text(results, "", "sampling", names[scenario->sampling]);
    if (scenario->sampling != PC_SAMPLING_PLAIN) {
        pc_results_attribute_integer(results, "", "replicates", scenario->n_replicates);
        pc_results_attribute_integer(results, "", "replicate_paths",
                                     (int64_t)(n_paths / (uint64_t)scenario->n_replicates));
    }
    if (scenario->sampling == PC_SAMPLING_RQMC) {
        pc_results_attribute_integer(results, "", "sobol_dimensions", plan->n_directions);
    }
}

void pc_provenance_root(const pc_plan *plan, const pc_run_options *options, uint64_t n_paths, pc_results *results)
{
    const pc_scenario *scenario = plan->scenario;
    char text[512], host[256] = "", stamp[64] = "";

    pc_results_attribute_text(results, "", "Conventions", "CF-1.10");
    pc_results_attribute_text(results, "", "title", scenario->title);
    pc_results_attribute_text(results, "", "title_en", scenario->title_en);
    snprintf(text, sizeof text, "poolcast %s, revision %s", PC_VERSION, PC_REVISION);
    pc_results_attribute_text(results, "", "source", text);
    snprintf(text, sizeof text, "GSL %s, HDF5 %d.%d.%d, libyaml %s", GSL_VERSION, H5_VERS_MAJOR, H5_VERS_MINOR,
             H5_VERS_RELEASE, yaml_get_version_string());
    pc_results_attribute_text(results, "", "libraries", text);
    pc_results_attribute_integer(results, "", "format_version", PC_FORMAT_VERSION);
    pc_results_attribute_integer(results, "", "complete", 1);
    pc_results_attribute_integer(results, "", "paths", (int64_t)n_paths);
    /* a seed may use all 64 bits: as text it survives every reader */
    snprintf(text, sizeof text, "%llu", (unsigned long long)scenario->seed);
    pc_results_attribute_text(results, "", "seed", text);
    put_sampling(plan, n_paths, results);
    pc_results_attribute_integer(results, "", "base_year", scenario->base_year);
    pc_results_attribute_integer(results, "", "horizon", scenario->horizon);
    pc_results_attribute_text(results, "", "baseline", scenario->policies[scenario->baseline].name);
    pc_results_attribute_number(results, "", "treasury_alpha", scenario->treasury_alpha);
    if (scenario->note && scenario->note[0]) {
        pc_results_attribute_text(results, "", "comment", scenario->note);
    }
    if (!options->reproducible) {
        time_t now = time(NULL);
        struct tm tm;

        if (gethostname(host, sizeof host - 1)) {
            host[0] = 0;
        }
        if (gmtime_r(&now, &tm)) {
            strftime(stamp, sizeof stamp, "%Y-%m-%dT%H:%M:%SZ", &tm);
        }
        snprintf(text, sizeof text, "%s: %s", stamp, options->command ? options->command : "libpoolcast");
        pc_results_attribute_text(results, "", "history", text);
        pc_results_attribute_text(results, "", "host", host);
        pc_results_attribute_text(results, "", "compiler", __VERSION__);
    }
}

pc_code pc_provenance_fill(const pc_plan *plan, const pc_run_options *options, const pc_quality *quality,
                           uint64_t n_paths, pc_results *results, pc_status *status)
{
    pc_provenance_root(plan, options, n_paths, results);
    put_count(results, "drivers_clipped", quality->clipped, N_("province drivers cut at 6 standard deviations"));
    put_count(results, "migration_bounded", quality->migration_bounded,
              N_("cohort-years in which net out-migration was bounded to half of the survivors"));
    put_count(results, "employment_capped", quality->employment_capped,
              N_("region-years in which the employment level met its cap"));
    put_number(results, "identity_residual", quality->identity_residual, "1",
               N_("largest relative residual of the ledger identity over all policies, years and paths"));
    put_number(results, "rank_bound_max", quality->rank_bound_max, "1",
               N_("widest certified rank error of a quantile"));
    put_count(results, "refine_rounds", (uint64_t)quality->refine_rounds,
              N_("times the paths were run again for finer quantiles"));
    put_count(results, "refined_windows", quality->refined_windows,
              N_("bins that were refined by running the paths again"));
    if (!options->reproducible) {
        put_number(results, "seconds", quality->seconds, "s", N_("wall time of the run, without writing"));
        put_count(results, "threads", (uint64_t)quality->threads, N_("threads of the run"));
        if (options->ranks && options->ranks->count > 1) {
            put_count(results, "ranks", (uint64_t)options->ranks->count, N_("processes of the run"));
        }
    }
    return results->failed ? pc_fail(status, PC_ERR_FAIL, "no memory for results") : PC_OK;
}
