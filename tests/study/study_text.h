/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A study of the small scenario in a few lines. */
#ifndef PC_TESTS_STUDY_STUDY_TEXT_H
#define PC_TESTS_STUDY_STUDY_TEXT_H

#include "../integration/scenario_text.h"

#include "study/study.h"

typedef struct probe {
    sim s;
    pc_study study;
    pc_quantity quantity[4];
} probe;

static inline void probe_ask(probe *p, const char *text, const char *policy, int view)
{
    const int k = p->study.n_asks++;

    if (pc_quantity_read("measure", text, strpbrk(text, "<>") != NULL, &p->quantity[k], &p->s.status)) {
        fail_msg("%s", p->s.status.message);
    }
    p->study.asks[k] = (pc_ask){&p->quantity[k], policy, view};
}

/* After sim_small (or sim_folder), the sets and the questions. */
static inline void probe_start(probe *p)
{
    if (!p->s.scenario && small_read(&p->s.text, p->s.sets, p->s.n_sets, &p->s.scenario, &p->s.status)) {
        fail_msg("%s", p->s.status.message);
    }
    p->study.files = p->s.text.files;
    p->study.overrides = p->s.sets;
    p->study.n_overrides = p->s.n_sets;
    if (pc_study_start(&p->study, p->s.scenario, &p->s.status)) {
        fail_msg("%s", p->s.status.message);
    }
}

static inline void probe_end(probe *p)
{
    pc_study_release(&p->study);
    sim_end(&p->s);
}

#endif
