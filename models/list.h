/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Every built-in, one line each: look-up, documentation and outputs loop over these lists. */
#ifndef PC_MODELS_LIST_H
#define PC_MODELS_LIST_H

#include "levers/lever.h"
#include "measures/measure.h"
#include "pooling/layer.h"
#include "pooling/shortfall.h"

/* Layers. */
extern const pc_layer pc_none_layer;
extern const pc_layer pc_unified_layer;
extern const pc_layer pc_adjustment_fund_layer;
extern const pc_layer pc_reserve_fund_layer;
extern const pc_layer pc_special_fund_layer;
extern const pc_layer pc_mutual_aid_layer;
extern const pc_layer pc_risk_adjusted_layer;

/* Shortfall rules. */
extern const pc_shortfall pc_borrow_rule;
extern const pc_shortfall pc_backstop_rule;
extern const pc_shortfall pc_cut_benefits_rule;
extern const pc_shortfall pc_provider_loss_rule;
extern const pc_shortfall pc_raise_rate_rule;

/* Levers. */
extern const pc_lever pc_age_benefit_lever;
extern const pc_lever pc_benefit_lever;
extern const pc_lever pc_benefit_convergence_lever;
extern const pc_lever pc_budget_cap_lever;
extern const pc_lever pc_collection_loss_lever;
extern const pc_lever pc_contribution_base_lever;
extern const pc_lever pc_enrolment_response_lever;
extern const pc_lever pc_major_illness_lever;
extern const pc_lever pc_pooled_share_lever;
extern const pc_lever pc_rate_lever;
extern const pc_lever pc_rate_convergence_lever;
extern const pc_lever pc_release_surplus_lever;
extern const pc_lever pc_residence_enrolment_lever;
extern const pc_lever pc_resident_financing_lever;
extern const pc_lever pc_retiree_contribution_lever;
extern const pc_lever pc_siphoning_lever;
extern const pc_lever pc_subsidy_lever;
extern const pc_lever pc_subsidy_split_lever;
extern const pc_lever pc_tiered_care_lever;

/* Measures. */
extern const pc_measure pc_flows_measure;
extern const pc_measure pc_solvency_measure;
extern const pc_measure pc_warning_measure;
extern const pc_measure pc_fairness_measure;
extern const pc_measure pc_transfers_measure;
extern const pc_measure pc_treasury_measure;

/* Sections of the scenario, and the lists of the above. Ended by NULL; counts without it. */
extern const pc_head *const pc_all_heads[];
extern const int pc_n_heads;
extern const pc_layer *const pc_all_layers[];
extern const int pc_n_layers;
extern const pc_shortfall *const pc_all_shortfalls[];
extern const int pc_n_shortfalls;
extern const pc_lever *const pc_all_levers[];
extern const int pc_n_levers;
extern const pc_measure *const pc_all_measures[];
extern const int pc_n_measures;

/* Look-up by name; NULL when there is none. */
const pc_head *pc_head_find(const char *name);
const pc_layer *pc_layer_find(const char *name);
const pc_shortfall *pc_shortfall_find(const char *name);
const pc_lever *pc_lever_find(const char *name);

/* Levers with an uncertain parameter, counted in the order of pc_all_levers: how many, which, and a lever's number (-1:
 * it has none). A leaf draws one row of normals for each. */
int pc_lever_draws(void);
const pc_lever *pc_lever_drawn(int draw);
int pc_lever_draw(const pc_lever *lever);

#endif
