/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/topics.h"

#include <stdio.h>
#include <string.h>

#include "base/i18n.h"

static const pc_topic_measure months[] = {
    {"reserve_months", N_("Reserve months"), PC_UNIT_MONTHS, 0},
};
static const pc_topic_measure balances[] = {
    {"balance", N_("Balance"), PC_UNIT_MONEY, 0},
    {"balance", N_("Balance, real"), PC_UNIT_MONEY, 1},
    {"own_balance", N_("Own account alone"), PC_UNIT_MONEY, 0},
};
static const pc_topic_measure flows[] = {
    {"revenue", N_("Revenue"), PC_UNIT_MONEY, 0},
    {"expenditure", N_("Expenditure"), PC_UNIT_MONEY, 0},
    {"other_outgo", N_("Other outgo"), PC_UNIT_MONEY, 0},
    {"revenue", N_("Revenue, real"), PC_UNIT_MONEY, 1},
    {"expenditure", N_("Expenditure, real"), PC_UNIT_MONEY, 1},
};
static const pc_topic_measure chances[] = {
    {"depleted_by", N_("Has run out by the end of the year"), PC_UNIT_CHANCE, 0},
    {"depleted_at", N_("Is out of money in the year"), PC_UNIT_CHANCE, 0},
    {"depleted_by_giving", N_("Out of money because of what it gave"), PC_UNIT_CHANCE, 0},
    {"deficit", N_("Deficit in the year"), PC_UNIT_CHANCE, 0},
    {"deficit_by", N_("Has had a deficit by the end of the year"), PC_UNIT_CHANCE, 0},
};
static const pc_topic_measure transfers[] = {
    {"net_transfer", N_("Received less paid"), PC_UNIT_MONEY, 0},
    {"net_transfer_per_member", N_("Received less paid per member"), PC_UNIT_YUAN, 0},
    {"net_transfer_to_date", N_("Received less paid per member, all years so far"), PC_UNIT_YUAN, 0},
};
static const pc_topic_measure differences[] = {
    {"depleted_by", N_("Has run out by the end of the year"), PC_UNIT_POINTS, 0},
    {"deficit_by", N_("Has had a deficit by the end of the year"), PC_UNIT_POINTS, 0},
    {"reserve_months", N_("Reserve months"), PC_UNIT_MONTHS, 0},
    {"balance", N_("Balance"), PC_UNIT_MONEY, 0},
    {"revenue", N_("Revenue"), PC_UNIT_MONEY, 0},
    {"expenditure", N_("Expenditure"), PC_UNIT_MONEY, 0},
    {"net_transfer_per_member", N_("Received less paid per member"), PC_UNIT_YUAN, 0},
};
static const pc_topic_measure members[] = {
    {"ratio", N_("Contributors per retiree"), PC_UNIT_NUMBER, 0},
    {"contributors", N_("Contributors"), PC_UNIT_PERSONS, 0},
    {"retirees", N_("Retirees"), PC_UNIT_PERSONS, 0},
    {"members", N_("Members"), PC_UNIT_PERSONS, 0},
};
static const pc_topic_measure people[] = {
    {"aged_share", N_("Share of people aged 60 and over"), PC_UNIT_SHARE, 0},
    {"population", N_("Population"), PC_UNIT_PERSONS, 0},
    {"contributors", N_("Contributors"), PC_UNIT_PERSONS, 0},
    {"retirees", N_("Retirees"), PC_UNIT_PERSONS, 0},
    {"residents", N_("Members of the resident scheme"), PC_UNIT_PERSONS, 0},
};
static const pc_topic_measure wages[] = {
    {"wage", N_("Wage a year"), PC_UNIT_YUAN, 0},
    {"wage", N_("Wage a year, real"), PC_UNIT_YUAN, 1},
};
static const pc_topic_measure equity[] = {
    {"months_dispersion", N_("Half the mean difference of regions' months"), PC_UNIT_MONTHS, 0},
    {"months_sd", N_("Standard deviation of regions' months"), PC_UNIT_MONTHS, 0},
    {"months_concentration", N_("Months held more by regions of high wages"), PC_UNIT_MONTHS, 0},
    {"cost_ratio_gini", N_("Gini coefficient of expenditure over revenue"), PC_UNIT_NUMBER, 0},
    {"cost_ratio_theil", N_("Theil index of expenditure over revenue"), PC_UNIT_NUMBER, 0},
    {"benefit_concentration", N_("Concentration of benefits over contributions"), PC_UNIT_NUMBER, 0},
    {"depletion_depth", N_("Holes over expenditure"), PC_UNIT_SHARE, 0},
};
static const pc_topic_measure whole[] = {
    {"depleted_any", N_("Some region has run out by the end of the year"), PC_UNIT_CHANCE, 0},
    {"member_weighted_depletion", N_("Members whose fund is out of money in the year"), PC_UNIT_CHANCE, 0},
    {"member_weighted_depletion_by", N_("Members' fund has run out by the end of the year"), PC_UNIT_CHANCE, 0},
    {"structural_shortfall", N_("Structural shortfall"), PC_UNIT_CHANCE, 0},
};
static const pc_topic_measure warnings[] = {
    {"months_below", N_("Less reserve than the bound"), PC_UNIT_CHANCE, 0},
    {"red_in_3_years", N_("In the red band within 3 years, from the band"), PC_UNIT_CHANCE, 0},
};

#define MEASURES(list) list, (int)(sizeof(list) / sizeof *(list))

const pc_topic pc_topics[] = {
    {N_("Months"),
     N_("Months of expenditure that the balance at 31 December pays for. Below 0: overdrawn. Quantiles are over "
        "paths."),
     "policy", 1, 1, MEASURES(months), 0},
    {N_("Balance"),
     N_("Balance at 31 December: the region's own account and, by expenditure, its shares of pools and funds. Real: "
        "divided by the price level."),
     "policy", 1, 1, MEASURES(balances), 0},
    {N_("Flows"),
     N_("Revenue after levers and before transfers; benefits paid; credits to retirees' accounts and "
        "transfer to major-illness insurance."),
     "policy", 1, 1, MEASURES(flows), -1},
    {N_("Chances"),
     N_("Chance of a deficit (income with transfers below outgo, without interest) and of having run out of money "
        "(the account that pays is short before rescue)."),
     "policy", 1, 1, MEASURES(chances), 0},
    {N_("Transfers"),
     N_("Received less paid between accounts; in a pool, what the region draws beyond its part by revenue."), "policy",
     1, 1, MEASURES(transfers), -1},
    {N_("Differences"),
     N_("Policy minus baseline on the same paths. The errors come from the differences of single paths, so they are "
        "smaller than those of two separate runs."),
     "difference", 1, 1, MEASURES(differences), 0},
    {N_("Members"), N_("Mean of the year. The ratio of contributors to retirees exists only for employees."), "policy",
     1, 1, MEASURES(members), 0},
    {N_("People"), N_("People at 31 December; members of the year under the scenario's own pension ages."), "people", 1,
     1, MEASURES(people), 0},
    {N_("Wages"), N_("Wage; of groups the mean over contributors."), "economy", 1, 1, MEASURES(wages), -1},
    {N_("All regions"),
     N_("Chances of all regions together: members weigh each fund; the structural shortfall is that some region is "
        "short "
        "while all together are not."),
     "policy", 0, 1, MEASURES(whole), 0},
    {N_("Equity"), N_("How evenly reserves and costs are spread over regions, weighted by members."), "policy", 0, 1,
     MEASURES(equity), 0},
    {N_("Warning bands"),
     N_("Chance of few months of reserve at 31 December, and of falling below 3 months within 3 years from a band."),
     "policy", 1, 1, MEASURES(warnings), 0},
};
const int pc_n_topics = (int)(sizeof pc_topics / sizeof *pc_topics);

const char *pc_unit_text(pc_unit_kind unit, int real, int base_year, char *text, size_t size)
{
    switch (unit) {
    case PC_UNIT_CHANCE:
    case PC_UNIT_SHARE:
        return "%";
    case PC_UNIT_POINTS:
        return _("points");
    case PC_UNIT_MONEY:
        if (real) {
            snprintf(text, size, _("100 million yuan of %d"), base_year);
            return text;
        }
        return _("100 million yuan");
    case PC_UNIT_YUAN:
        if (real) {
            snprintf(text, size, _("yuan of %d"), base_year);
            return text;
        }
        return _("yuan");
    case PC_UNIT_MONTHS:
        return _("months");
    case PC_UNIT_PERSONS:
        return _("persons");
    case PC_UNIT_NUMBER:
        break;
    }
    return "";
}

double pc_unit_scale(pc_unit_kind unit)
{
    return unit == PC_UNIT_MONEY ? 1e-8 : unit == PC_UNIT_POINTS ? 100 : 1;
}

const char *pc_scheme_text(const char *scheme)
{
    return strcmp(scheme, "employee") == 0   ? _("employees")
           : strcmp(scheme, "resident") == 0 ? _("residents")
           : strcmp(scheme, "both") == 0     ? _("both schemes")
                                             : scheme;
}

const char *pc_policy_title(const pc_view *view, const char *policy)
{
    const char *shown = pc_view_policy_shown(view, policy);

    return *shown ? shown : policy;
}
