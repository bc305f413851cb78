/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "calibration.h"

#include <math.h>
#include <string.h>

#include "base/i18n.h"

static const char *const scheme_names[PC_SCHEMES] = {"employee", "resident"};

double pc_base_exposure(double sum, double sum_next)
{
    if (sum == 0) {
        return 0;
    }
    return sum > 0 && sum_next > 0 ? sum * sqrt(sum / sum_next) : NAN;
}

static pc_code check_figures(const pc_calibration_input *in, pc_status *st)
{
    const struct {
        const char *what;
        double value;
    } figures[] = {
        {N_("resident members"), in->resident_members},
        {N_("wage"), in->wage},
        {N_("contribution rate"), in->rate},
        {N_("pooled share"), in->pooled_share},
        {N_("credit to retirees' accounts"), in->credit},
        {N_("factor on contributors from outside"), in->outside_contributors},
        {N_("factor on retirees from outside"), in->outside_retirees},
        {N_("employee revenue"), in->revenue[PC_EMPLOYEE]},
        {N_("resident revenue"), in->revenue[PC_RESIDENT]},
        {N_("employee expenditure"), in->expenditure[PC_EMPLOYEE]},
        {N_("resident expenditure"), in->expenditure[PC_RESIDENT]},
        {N_("employee major-illness share"), in->major_illness[PC_EMPLOYEE]},
        {N_("resident major-illness share"), in->major_illness[PC_RESIDENT]},
    };

    for (size_t i = 0; i < sizeof figures / sizeof *figures; i++) {
        if (!(figures[i].value >= 0 && figures[i].value < INFINITY)) {
            return pc_fail(st, PC_ERR_INPUT, "region %s: %s = %g: must be a number from 0 up", in->region,
                           _(figures[i].what), figures[i].value);
        }
    }
    return PC_OK;
}

static pc_code expose(const pc_calibration_input *in, pc_calibration_output *out, pc_status *st)
{
    for (int j = 0; j < PC_CALIBRATION_SUMS; j++) {
        out->exposure[j] =
            in->exposure_ratio ? in->exposure_ratio[j] * in->sums[j] : pc_base_exposure(in->sums[j], in->sums_next[j]);
        if (isnan(out->exposure[j])) {
            return pc_fail(
                st, PC_ERR_INPUT,
                "region %s: a sum over its people is %g at the end of the base year and %g a year later on the "
                "central path: both must be above 0",
                in->region, in->sums[j], in->sums_next[j]);
        }
    }
    out->contributors = in->outside_contributors * out->exposure[PC_SUM_OF_RULE(0, PC_RULE_CONTRIBUTORS)];
    out->retirees = in->outside_retirees * out->exposure[PC_SUM_OF_RULE(0, PC_RULE_RETIREES)];
    out->cost_exposure[PC_EMPLOYEE] =
        in->outside_contributors * out->exposure[PC_SUM_OF_RULE(0, PC_RULE_CONTRIBUTOR_COST)] +
        in->outside_retirees * out->exposure[PC_SUM_OF_RULE(0, PC_RULE_RETIREE_COST)];
    return PC_OK;
}

static pc_code enrol(const pc_calibration_input *in, pc_calibration_output *out, pc_status *st)
{
    const double *x = out->exposure;
    const double members_stock =
        in->sums[PC_SUM_OF_RULE(0, PC_RULE_CONTRIBUTORS)] + in->sums[PC_SUM_OF_RULE(0, PC_RULE_RETIREES)];
    const double others_stock = in->sums[PC_SUM_POPULATION] - members_stock;
    double persons, weighted;

    if (in->resident_members > 0) {
        if (!(others_stock > 0)) {
            return pc_fail(st, PC_ERR_INPUT,
                           "region %s: %g resident members, but of a population of %g nobody is left beside %g in the "
                           "employee scheme",
                           in->region, in->resident_members, in->sums[PC_SUM_POPULATION], members_stock);
        }
        out->enrolment = in->resident_members / others_stock;
    }
    if (out->enrolment > in->enrolment_limit) {
        return pc_fail(
            st, PC_ERR_INPUT,
            "region %s: %g resident members are %.4g times the %g people outside the employee scheme: at most "
            "%g are allowed",
            in->region, in->resident_members, out->enrolment, others_stock, in->enrolment_limit);
    }
    persons = out->enrolment * (x[PC_SUM_POPULATION] - x[PC_SUM_OF_RULE(0, PC_RULE_CONTRIBUTORS)] -
                                x[PC_SUM_OF_RULE(0, PC_RULE_RETIREES)]);
    weighted = out->enrolment * (x[PC_SUM_RESIDENT_COST] - x[PC_SUM_OF_RULE(0, PC_RULE_CONTRIBUTOR_RCOST)] -
                                 x[PC_SUM_OF_RULE(0, PC_RULE_RETIREE_RCOST)]);
    out->residents = persons > 0 ? persons : 0;
    out->cost_exposure[PC_RESIDENT] = weighted > 0 ? weighted : 0;
    return PC_OK;
}

/* revenue / denominator, 0 for 0 / 0. */
static pc_code rate_of(const pc_calibration_input *in, int s, double denominator, const char *what, double *rate,
                       pc_status *st)
{
    *rate = 0;
    if (in->revenue[s] == 0) {
        return PC_OK;
    }
    if (!(denominator > 0)) {
        return pc_fail(st, PC_ERR_INPUT, "region %s: %s revenue of %g yuan has no base: %s is %g", in->region,
                       scheme_names[s], in->revenue[s], what, denominator);
    }
    *rate = in->revenue[s] / denominator;
    return PC_OK;
}

static pc_code cost_of(const pc_calibration_input *in, int s, pc_calibration_output *out, pc_status *st)
{
    const double exposure = out->cost_exposure[s];
    const double net = in->expenditure[s] - (in->expenditure_includes_other[s] ? out->other[s] : 0);

    if (exposure == 0 && in->expenditure[s] == 0 && out->other[s] == 0) {
        return PC_OK;
    }
    if (!(net > 0)) {
        return pc_fail(st, PC_ERR_INPUT,
                       "region %s: %s expenditure of %g yuan leaves %g for claims after %g of account credits and "
                       "major-illness transfer: must be above 0",
                       in->region, scheme_names[s], in->expenditure[s], net, out->other[s]);
    }
    if (!(exposure > 0)) {
        return pc_fail(st, PC_ERR_INPUT, "region %s: %s expenditure of %g yuan, but the scheme's cost exposure is %g",
                       in->region, scheme_names[s], in->expenditure[s], exposure);
    }
    out->expenditure[s] = net;
    out->cost[s] = net / exposure;
    return PC_OK;
}

pc_code pc_calibrate(const pc_calibration_input *in, pc_calibration_output *out, pc_status *st)
{
    pc_code code;

    memset(out, 0, sizeof *out);
    if ((code = check_figures(in, st)) || (code = expose(in, out, st)) || (code = enrol(in, out, st))) {
        return code;
    }
    code = rate_of(in, PC_EMPLOYEE, out->contributors * in->wage * in->rate * in->pooled_share,
                   _("contributors x wage x rate x pooled share"), &out->base_ratio, st);
    if (code) {
        return code;
    }
    code = rate_of(in, PC_RESIDENT, out->residents, _("the number of residents enrolled"), &out->financing, st);
    if (code) {
        return code;
    }
    out->other[PC_EMPLOYEE] = in->credit * out->retirees + in->major_illness[PC_EMPLOYEE] * in->revenue[PC_EMPLOYEE];
    out->other[PC_RESIDENT] = in->major_illness[PC_RESIDENT] * in->revenue[PC_RESIDENT];
    for (int s = 0; s < PC_SCHEMES; s++) {
        if ((code = cost_of(in, s, out, st))) {
            return code;
        }
    }
    return PC_OK;
}
