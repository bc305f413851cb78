/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Files with the state of a run: checkpoints, to go on after a stop, and shards, to be joined. A file holds the inputs
 * of its run, so that nothing else is needed to go on, and ends with a checksum. A checkpoint has two generations: FILE
 * and FILE.1, the one before. */
#ifndef PC_ENGINE_CHECKPOINT_H
#define PC_ENGINE_CHECKPOINT_H

#include "base/pack.h"
#include "base/status.h"
#include "engine/run.h"
#include "plan/plan.h"

extern const char pc_checkpoint_magic[]; /* with the version of the format */

/* One text of the inputs. */
typedef struct pc_checkpoint_text {
    const char *name, *text;
} pc_checkpoint_text;

/* A file that has been read; the texts point into its bytes. */
typedef struct pc_checkpoint {
    unsigned char *bytes;
    const char *output, *command; /* "": none */
    uint64_t save_paths;
    int reproducible, shard, n_shards;
    size_t n_files, n_overrides;
    pc_checkpoint_text *files; /* [n_files] scenario.yaml first */
    const char **overrides;    /* [n_overrides] */
    pc_unpack state;           /* engine/state.h */
    char *note;                /* NULL, or why the older generation was taken */
} pc_checkpoint;

/* What comes before the state: version, inputs and options of a run. `output` may be NULL. */
void pc_checkpoint_pack_head(pc_pack *pack, const pc_plan *plan, const pc_run_options *options, const char *output);
/* PC_ERR_INPUT when neither generation can be read, with what is wrong with the newer. Free in every case. */
pc_code pc_checkpoint_read(pc_checkpoint *checkpoint, const char *path, pc_status *status);
/* The same from bytes (without the checksum), which are then owned. */
pc_code pc_checkpoint_parse(pc_checkpoint *checkpoint, unsigned char *bytes, size_t n, const char *name,
                            pc_status *status);
void pc_checkpoint_free(pc_checkpoint *checkpoint);

/* PC_ERR_INPUT naming what differs, unless both have the same files and overrides. `a` and `b` are their names. */
pc_code pc_checkpoint_compare(const pc_checkpoint *one, const pc_checkpoint *other, const char *a, const char *b,
                              pc_status *status);
/* The same for a scenario that has been read. */
pc_code pc_checkpoint_fits(const pc_checkpoint *checkpoint, const pc_scenario *scenario, const char *a, const char *b,
                           pc_status *status);

/* Writes states of a run as they come (pc_run_options.keep), in a thread of its own but for the last. */
typedef struct pc_keeper pc_keeper;
/* `path` and what `options` points to must outlive it. With `once` there is one generation, not replaced unless `how`
 * has PC_SAFE_REPLACE: a shard. */
pc_keeper *pc_keeper_new(const pc_plan *plan, const pc_run_options *options, const char *path, const char *output,
                         int once, unsigned how, pc_status *status);
pc_code pc_keeper_keep(void *keeper, pc_pack *state, int last, pc_status *status);
/* Waits for the writer. The number of files written; a failure of writing on the way, which does not end the run, is in
 * *status. */
int pc_keeper_end(pc_keeper *keeper, pc_status *status);
void pc_keeper_free(pc_keeper *keeper);
/* Removes both generations: the run is done. */
void pc_checkpoint_remove(const char *path);

#endif
