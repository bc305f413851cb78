/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A leaf's lessened rows go into the moments; one that they refuse is told with its place, whatever the collector said
 * of the row itself. What the estimates are worth: integration.control. */
#include "../integration/scenario_text.h"

#include "engine/collect.h"
#include "engine/control.h"

/* One leaf of zeros, but for one value in one cell. */
static void add_leaf(const pc_control *control, const pc_layout *layout, int cell, double value, pc_moments *moments,
                     pc_unfit *unfit)
{
    pc_catcher *catcher = pc_catcher_new(layout, NULL);
    double *forms = calloc((size_t)control->forms.n * PC_LANES, sizeof *forms), row[PC_LANES] = {0};
    const pc_controlled *c = &layout->controlled[cell];
    pc_sink *sink = pc_catcher_sink(catcher, c->subject);

    assert_non_null(forms);
    row[7] = value;
    sink->row(sink, c->output, c->view, c->area, c->year, row);
    pc_control_leaf(control, catcher, forms, 512, PC_LANES, moments, unfit);
    free(forms);
    pc_catcher_free(catcher);
}

static void refused_rows_are_told(void **state)
{
    pc_layout layout;
    pc_gathered gathered = {0};
    pc_moments *moments;
    pc_control *control = NULL;
    double *central;
    int with = -1, without = -1;
    sim s;

    (void)state;
    sim_folder(&s, "smoke");
    sim_set(&s, "horizon=1");
    sim_set(&s, "control_years=[2025]");
    sim_plan(&s);
    assert_int_equal(pc_layout_for(s.plan, &layout, &s.status), PC_OK);
    central = calloc(layout.n_cells + 1, sizeof *central);
    assert_non_null(central);
    assert_int_equal(pc_control_fit(s.plan, &layout, &(pc_run_options){.threads = 1}, &control, &s.status), PC_OK);
    assert_int_equal(pc_gathered_start(&gathered, &layout, central, 600, 0, 1, (size_t)64 << 20, &s.status), PC_OK);
    for (int k = layout.n_controlled - 1; k >= 0; k--) {
        *(layout.controlled[k].difference >= 0 ? &with : &without) = k;
    }
    assert_true(with >= 0 && without >= 0); /* the baseline has none */
    for (int turn = 0; turn < 3; turn++) {
        const pc_controlled *cell = &layout.controlled[turn == 1 ? with : without];
        pc_unfit unfit = {0};

        moments = pc_gathered_moments(&gathered);
        assert_non_null(moments);
        add_leaf(control, &layout, (int)(cell - layout.controlled), turn == 2 ? 1e6 : 1e300, moments, &unfit);
        assert_int_equal(unfit.found, turn < 2);
        if (turn < 2) {
            assert_int_equal(unfit.subject, cell->subject);
            assert_int_equal(unfit.output, cell->output);
            assert_int_equal(unfit.area, cell->area);
            assert_int_equal(unfit.year, 1);
            assert_int_equal(unfit.path, 512 + 7);
            assert_int_equal(pc_unfit_tell(&unfit, s.plan, &layout, &s.status), PC_ERR_FAIL);
            assert_non_null(strstr(s.status.message, "path 519"));
            s.status = (pc_status){0};
        }
        pc_moments_free(moments);
    }
    pc_gathered_release(&gathered);
    pc_control_free(control);
    pc_layout_release(&layout);
    free(central);
    sim_end(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(refused_rows_are_told)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
