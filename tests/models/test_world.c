/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The world's leaf: a path does not know the lanes beside it, nor in which order policies run; every cell is written
 * once; the plan's central flows are the leaf's own. */
#include "../integration/scenario_text.h"

#include "engine/worker.h"

/* Keeps every row of one subject in the order it comes. */
typedef struct recorder {
    pc_sink sink;
    const pc_layout *layout;
    int subject;
    double *values; /* [cell][PC_LANES] */
    int *times;     /* [cell] */
} recorder;

static void keep(pc_sink *sink, int output, int view, int area, int year, const double *lanes)
{
    recorder *self = (recorder *)sink;
    const int64_t cell = pc_layout_cell(self->layout, self->subject, output, view, area, year);

    assert_true(cell >= 0);
    assert_true((size_t)cell < self->layout->n_cells);
    memcpy(self->values + (size_t)cell * PC_LANES, lanes, PC_LANES * sizeof *lanes);
    self->times[cell]++;
}

enum { MAX_SUBJECTS = 8 };

typedef struct record {
    pc_layout layout;
    double *values;
    int *times;
    pc_world_audit audit;
} record;

static void run_leaf(const sim *s, uint64_t path0, int n_lanes, int fast, record *out)
{
    recorder sinks[MAX_SUBJECTS];
    pc_sink *pointers[MAX_SUBJECTS];
    pc_worker worker;
    pc_status status = {0};

    *out = (record){0};
    assert_int_equal(pc_layout_for(s->plan, &out->layout, &status), PC_OK);
    assert_true(out->layout.n_subjects <= MAX_SUBJECTS);
    out->values = calloc(out->layout.n_cells * PC_LANES, sizeof *out->values);
    out->times = calloc(out->layout.n_cells, sizeof *out->times);
    assert_true(out->values && out->times);
    for (int k = 0; k < out->layout.n_subjects; k++) {
        sinks[k] = (recorder){{.row = keep}, &out->layout, k, out->values, out->times};
        pointers[k] = &sinks[k].sink;
    }
    assert_int_equal(pc_worker_start(&worker, s->plan, &status), PC_OK);
    pc_worker_leaf(&worker, path0, n_lanes, pointers, fast);
    out->audit = worker.audit;
    pc_worker_release(&worker);
}

static void release(record *r)
{
    free(r->values);
    free(r->times);
    pc_layout_release(&r->layout);
}

/* Every cell that has a view is sent exactly once a leaf; padding lanes repeat the last path. */
static void written_once(void **state)
{
    sim s;
    record r;

    (void)state;
    sim_folder(&s, "reference");
    sim_set(&s, "horizon=12");
    sim_plan(&s);
    run_leaf(&s, 0, 100, 1, &r);
    for (int k = 0; k < r.layout.n_subjects; k++) {
        for (int o = 0; o < r.layout.subjects[k].n_outputs; o++) {
            const pc_output *output = r.layout.subjects[k].outputs[o];
            const int by_area = output->shape == PC_SHAPE_AREA_YEAR || output->shape == PC_SHAPE_AREA;
            const int by_year = output->shape == PC_SHAPE_AREA_YEAR || output->shape == PC_SHAPE_YEAR;
            for (int v = 0; v < PC_SCHEME_VIEWS; v++) {
                for (int a = 0; a < (by_area ? r.layout.n_areas : 1); a++) {
                    for (int y = 1; y <= (by_year ? r.layout.n_years : 1); y++) {
                        const int64_t cell = pc_layout_cell(&r.layout, k, o, v, a, y);
                        if (cell >= 0 && r.times[cell] != 1) {
                            fail_msg("%s, subject %d, view %d, area %d, year %d: written %d times", output->name, k, v, a,
                                     y, r.times[cell]);
                        }
                        for (int l = 100; cell >= 0 && l < PC_LANES; l++) {
                            const double *row = r.values + (size_t)cell * PC_LANES;
                            assert_memory_equal(&row[l], &row[99], sizeof(double));
                        }
                    }
                }
            }
        }
    }
    release(&r);
    sim_end(&s);
}

/* Path 300 alone, in the middle of a leaf, and by the plain kernels: the same bits. */
static void lanes_apart(void **state)
{
    sim s;
    record alone, among, plain;

    (void)state;
    sim_folder(&s, "reference");
    sim_set(&s, "horizon=12");
    sim_plan(&s);
    run_leaf(&s, 300, 1, 1, &alone);
    run_leaf(&s, 256, PC_LANES, 1, &among);
    run_leaf(&s, 256, PC_LANES, 0, &plain);
    for (size_t c = 0; c < alone.layout.n_cells; c++) {
        assert_memory_equal(&alone.values[c * PC_LANES], &among.values[c * PC_LANES + 44], sizeof(double));
    }
    assert_memory_equal(among.values, plain.values, among.layout.n_cells * PC_LANES * sizeof(double));
    assert_true(among.audit.identity_residual < 1e-9 && plain.audit.identity_residual < 1e-9);
    assert_true(among.audit.people.migration_bounded == plain.audit.people.migration_bounded);
    assert_true(among.audit.people.migration_bounded > 0);
    release(&alone);
    release(&among);
    release(&plain);
    sim_end(&s);
}

/* What policies expect of a year ("hat") is the central path's revenue and expenditure under their own levers. */
static void central_flows(void **state)
{
    static const char *const names[] = {"revenue", "expenditure"};
    sim s;
    pc_layout layout = {0};
    double *x;

    (void)state;
    sim_folder(&s, "reference");
    sim_plan(&s);
    assert_int_equal(pc_layout_for(s.plan, &layout, &s.status), PC_OK);
    x = malloc(layout.n_cells * sizeof *x);
    assert_non_null(x);
    assert_int_equal(pc_run_central(s.plan, &layout, x, &s.status), PC_OK);
    for (int p = 0; p < s.plan->world.n_policies; p++) {
        const pc_pooling *policy = &s.plan->policies[p];
        for (int k = 0; k < 2; k++) {
            int o = 0;
            while (strcmp(layout.subjects[1 + p].outputs[o]->name, names[k]) != 0) {
                o++;
            }
            for (int v = 0; v < PC_SCHEMES; v++) {
                for (int r = 0; r < s.plan->n_regions; r++) {
                    for (int y = 1; y <= layout.n_years; y++) {
                        const double *flow = k == 0 ? policy->central_revenue[v] : policy->central_expenditure[v];
                        const double want = flow[y * s.plan->n_regions + r];
                        const double got = x[pc_layout_cell(&layout, 1 + p, o, v, r, y)];
                        assert_close(names[k], got, want, 0);
                    }
                }
            }
        }
    }
    free(x);
    pc_layout_release(&layout);
    sim_end(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(written_once),
        cmocka_unit_test(lanes_apart),
        cmocka_unit_test(central_flows),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
