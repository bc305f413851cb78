/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "list.h"

#include <string.h>

#include "economy/heads.h"
#include "people/heads.h"
#include "schemes/heads.h"

#define COUNT(list) ((int)(sizeof(list) / sizeof((list)[0])) - 1)

const pc_head *const pc_all_heads[] = {
    &pc_head_mortality,
    &pc_head_fertility,
    &pc_head_migration,
    &pc_head_membership,
    &pc_head_employment,
    &pc_head_wages,
    &pc_head_cost,
    &pc_head_returns,
    &pc_head_claims,
    &pc_head_stress,
    &pc_head_employee,
    &pc_head_resident,
    &pc_head_base_uncertainty,
    NULL,
};
const int pc_n_heads = COUNT(pc_all_heads);

const pc_layer *const pc_all_layers[] = {
    &pc_none_layer,
    &pc_adjustment_fund_layer,
    &pc_reserve_fund_layer,
    &pc_special_fund_layer,
    &pc_mutual_aid_layer,
    &pc_risk_adjusted_layer,
    &pc_unified_layer,
    NULL,
};
const int pc_n_layers = COUNT(pc_all_layers);

const pc_shortfall *const pc_all_shortfalls[] = {
    &pc_borrow_rule,
    &pc_backstop_rule,
    &pc_cut_benefits_rule,
    &pc_provider_loss_rule,
    &pc_raise_rate_rule,
    NULL,
};
const int pc_n_shortfalls = COUNT(pc_all_shortfalls);

const pc_lever *const pc_all_levers[] = {
    &pc_age_benefit_lever,
    &pc_benefit_lever,
    &pc_benefit_convergence_lever,
    &pc_budget_cap_lever,
    &pc_collection_loss_lever,
    &pc_contribution_base_lever,
    &pc_enrolment_response_lever,
    &pc_major_illness_lever,
    &pc_pooled_share_lever,
    &pc_rate_lever,
    &pc_rate_convergence_lever,
    &pc_release_surplus_lever,
    &pc_residence_enrolment_lever,
    &pc_resident_financing_lever,
    &pc_retiree_contribution_lever,
    &pc_siphoning_lever,
    &pc_subsidy_lever,
    &pc_subsidy_split_lever,
    &pc_tiered_care_lever,
    NULL,
};
const int pc_n_levers = COUNT(pc_all_levers);

const pc_measure *const pc_all_measures[] = {
    &pc_flows_measure, &pc_solvency_measure, &pc_warning_measure, &pc_fairness_measure, &pc_transfers_measure,
    &pc_treasury_measure, NULL,
};
const int pc_n_measures = COUNT(pc_all_measures);

const pc_head *pc_head_find(const char *name)
{
    for (int k = 0; k < pc_n_heads; k++) {
        if (!strcmp(pc_all_heads[k]->name, name)) {
            return pc_all_heads[k];
        }
    }
    return NULL;
}

const pc_layer *pc_layer_find(const char *name)
{
    for (int k = 0; k < pc_n_layers; k++) {
        if (!strcmp(pc_all_layers[k]->head.name, name)) {
            return pc_all_layers[k];
        }
    }
    return NULL;
}

const pc_shortfall *pc_shortfall_find(const char *name)
{
    for (int k = 0; k < pc_n_shortfalls; k++) {
        if (!strcmp(pc_all_shortfalls[k]->head.name, name)) {
            return pc_all_shortfalls[k];
        }
    }
    return NULL;
}

const pc_lever *pc_lever_find(const char *name)
{
    for (int k = 0; k < pc_n_levers; k++) {
        if (!strcmp(pc_all_levers[k]->head.name, name)) {
            return pc_all_levers[k];
        }
    }
    return NULL;
}

int pc_lever_draws(void)
{
    int n = 0;

    while (pc_lever_drawn(n)) {
        n++;
    }
    return n;
}

const pc_lever *pc_lever_drawn(int draw)
{
    for (int k = 0; k < pc_n_levers; k++) {
        if (pc_all_levers[k]->uncertain && draw-- == 0) {
            return pc_all_levers[k];
        }
    }
    return NULL;
}

int pc_lever_draw(const pc_lever *lever)
{
    int draw = 0;

    for (int k = 0; k < pc_n_levers; k++) {
        if (pc_all_levers[k] == lever) {
            return lever->uncertain ? draw : -1;
        }
        draw += pc_all_levers[k]->uncertain != NULL;
    }
    return -1;
}
