/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What every head of a built-in promises. */
#ifndef PC_TESTS_MODELS_HEADS_H
#define PC_TESTS_MODELS_HEADS_H

#include "model.h"

/* Of its slot, with texts and with so many parameters (n_params NULL: any number), each within its own range, with a
 * text, its choices where it is one, and a key of its own. Include after cmocka. */
static inline void assert_heads(const pc_head *const *heads, const int *n_params, int n, const char *slot)
{
    for (int i = 0; i < n; i++) {
        assert_string_equal(heads[i]->slot, slot);
        assert_true(heads[i]->name && heads[i]->title && heads[i]->equation && heads[i]->source);
        if (n_params) {
            assert_int_equal(heads[i]->n_params, n_params[i]);
        }
        for (int k = 0; k < heads[i]->n_params; k++) {
            const pc_param *p = &heads[i]->params[k];

            assert_true(p->lo < p->hi && p->value >= p->lo && p->value <= p->hi);
            assert_non_null(p->doc);
            assert_true((p->kind == PC_PARAM_CHOICE) == (p->choices != NULL));
            for (int j = 0; j < k; j++) {
                assert_string_not_equal(p->key, heads[i]->params[j].key);
            }
        }
    }
}

#endif
