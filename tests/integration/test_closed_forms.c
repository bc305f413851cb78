/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From scenario to results where the results have a closed form. Seeds are fixed. With another seed a check within
 * three standard errors would fail by chance once in 370, one within five once in 1.7 million. */
#include "scenario_text.h"

static double normal_cdf(double z)
{
    return 0.5 * erfc(-z / sqrt(2));
}

/* Without noise every quantile is the central path (in float32) and every standard deviation is 0. */
static void no_volatility(void **state)
{
    sim s;
    int seen_quantiles = 0, seen_moments = 0;

    (void)state;
    sim_folder(&s, "smoke");
    sim_calm(&s);
    sim_set(&s, "paths=300");
    sim_set(&s, "quantiles_for=all");
    sim_run(&s);
    for (int g = 0; g < s.results->n_groups; g++) {
        const pc_group *group = s.results->groups[g];
        for (int i = 0; i < group->n_datasets; i++) {
            const pc_dataset *set = group->datasets[i], *moments;
            char name[128];
            const char *suffix = strstr(set->name, "_quantile");

            if (set->rank > 0 && strcmp(set->dims[0]->name, "statistic") == 0) {
                const double *x = set->data;
                const size_t n = set->count / 4;
                for (size_t k = 0; k < n; k++) {
                    const double central = x[3 * n + k];
                    if (isnan(central)) {
                        assert_true(isnan(x[k]));
                    } else if (x[k] != central || x[n + k] != 0 || x[2 * n + k] != 0) {
                        fail_msg("%s/%s[%zu]: mean %.17g, sd %g, se %g, central %.17g", group->path, set->name, k, x[k],
                                 x[n + k], x[2 * n + k], central);
                    }
                }
                seen_moments++;
            }
            if (set->rank > 0 && strcmp(set->dims[0]->name, "total_statistic") == 0) {
                const double *x = set->data; /* mean, sd, se, central, var, tvar */
                assert_close(set->name, x[0], x[3], 1e-12 * fabs(x[3]));
                assert_close(set->name, x[1], 0, 1e-12 * fabs(x[3]));
                assert_close(set->name, x[4], x[3], 1e-12 * fabs(x[3]));
                assert_close(set->name, x[5], x[3], 1e-12 * fabs(x[3]));
            }
            if (!suffix || strcmp(suffix, "_quantile") != 0) {
                continue;
            }
            snprintf(name, sizeof name, "%.*s", (int)(suffix - set->name), set->name);
            moments = pc_results_find(s.results, group->path, name);
            if (moments) {
                const size_t n = moments->count / 4;
                const double *central = (const double *)moments->data + 3 * n;
                for (size_t k = 0; k < set->count; k++) {
                    const float found = ((const float *)set->data)[k], want = (float)central[k % n];
                    if (!(found == want || (isnan(found) && isnan(want)))) {
                        fail_msg("%s/%s[%zu]: %.9g, central %.9g", group->path, set->name, k, found, want);
                    }
                }
                seen_quantiles++;
            }
        }
    }
    assert_true(seen_moments > 50 && seen_quantiles > 50);
    sim_end(&s);
}

/* No paths: the central path alone; nothing random is shown in its place. */
static void central_path_only(void **state)
{
    static const char *const names[] = {"balance", "revenue", "expenditure", "reserve_months"};
    sim s;

    (void)state;
    sim_folder(&s, "smoke");
    sim_set(&s, "paths=0");
    sim_run(&s);
    for (int k = 0; k < 4; k++) {
        const pc_dataset *set = sim_set_of(&s, "policy/unified/employee", names[k]);
        const double *x = set->data;
        const size_t n = set->count / 4;
        for (size_t i = 0; i < n; i++) {
            assert_true(isnan(x[i]) && isnan(x[n + i]) && isfinite(x[3 * n + i]));
        }
    }
    sim_end(&s);
}

/* The small scenario with one region, one year, cost apart from wages, no other noise. */
static void one_year(sim *s)
{
    sim_small(s);
    small_put(&s->text, "regions.csv", SMALL_HEADER EQUAL_REGION("7"));
    small_put(&s->text, "scenario.yaml",
              "title: One\nbase_year: 2024\nhorizon: 1\npaths: 1000000\nseed: 5\nquantiles_for: all\n"
              "policies: {city: {}}\n");
    sim_calm(s);
    sim_set(s, "cost.employee.elasticity=0");
    sim_set(s, "cost.resident.elasticity=0");
}

/* R = R1 exp(sigma eps) with R1 on the central path, E fixed, X = m R: a deficit is (1 - m) R1 exp(sigma eps) < E. Ten
 * checks within three standard errors: another seed would fail one of them with chance 2.7 % at most. */
static void wage_noise(void **state)
{
    enum { N = SLOW ? 50000 : 1000000 };
    const double sigma = 0.04, major = 0.03, mu = 0.05;
    const double probabilities[] = {0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99};
    double r1, e1, p, z, act, se, mean, variance;
    sim s;

    (void)state;
    one_year(&s);
    sim_set(&s, SLOW ? "paths=50000" : "paths=1000000");
    sim_set(&s, "wages.sigma=4 %");
    sim_set(&s, "wages.growth=5 %");
    sim_set(&s, "wages.phi=0.6");
    sim_set(&s, "wages.start=0");
    sim_set(&s, "employee.major_illness=3 %");
    sim_set(&s, "employee.expenditure_includes_other=false");
    sim_run(&s);
    /* R1 = Act w0 exp(mu) b tau phi */
    act = sim_value(&s, "people", "contributors", "central", "7", 2025);
    r1 = act * 90000 * exp(mu) * s.plan->regions[0].base_ratio * 0.06 * 0.73;
    e1 = sim_value(&s, "policy/city/employee", "expenditure", "central", "7", 2025);
    assert_close("central revenue", sim_value(&s, "policy/city/employee", "revenue", "central", "7", 2025), r1,
                 1e-13 * r1);
    assert_close("expenditure is certain", sim_value(&s, "policy/city/employee", "expenditure", "sd", "7", 2025), 0, 0);
    z = log(e1 / ((1 - major) * r1)) / sigma;
    p = normal_cdf(z);
    assert_true(p > 0.05 && p < 0.95);
    assert_close("deficit", sim_value(&s, "policy/city/employee", "deficit", NULL, "7", 2025), p,
                 3 * sqrt(p * (1 - p) / N));
    assert_close("its error", sim_value(&s, "policy/city/employee", "deficit_se", NULL, "7", 2025),
                 sqrt(p * (1 - p) / N), 0.02 * sqrt(p * (1 - p) / N));
    mean = r1 * exp(0.5 * sigma * sigma);
    variance = mean * mean * expm1(sigma * sigma);
    assert_close("mean", sim_value(&s, "policy/city/employee", "revenue", "mean", "7", 2025), mean,
                 3 * sqrt(variance / N));
    /* the log-normal's kurtosis is within 1 % of 3 here */
    assert_close("sd", sim_value(&s, "policy/city/employee", "revenue", "sd", "7", 2025), sqrt(variance),
                 3 * sqrt(variance / (2.0 * N)) * 1.01);
    for (size_t k = 0; k < sizeof probabilities / sizeof *probabilities; k++) {
        char text[16];
        double x, rank;
        p = probabilities[k];
        snprintf(text, sizeof text, "%g", p);
        x = sim_value(&s, "policy/city/employee", "revenue_quantile", text, "7", 2025);
        rank = normal_cdf(log(x / r1) / sigma);
        se = sqrt(p * (1 - p) / N);
        assert_close("rank of a quantile", rank, p,
                     3 * se + sim_value(&s, "policy/city/employee", "revenue_quantile_rank_bound", text, "7", 2025));
    }
    sim_end(&s);
}

/* i(t) = mean + x(t): mean phi^t start, variance sigma^2 (1 - phi^2t) / (1 - phi^2). ln w(t) = ln w0 + sum of mu + x: a
 * sum of an AR(1) is normal, so the wage is log-normal. Five standard errors. */
static void interest_and_wage(void **state)
{
    enum { N = SLOW ? 4000 : 40000 };
    const double phi = 0.7, sigma = 0.01, start = 0.02, wphi = 0.5, wsigma = 0.02, wstart = 0.01;
    sim s;

    (void)state;
    sim_small(&s);
    small_put(&s.text, "regions.csv", SMALL_HEADER EQUAL_REGION("7"));
    sim_calm(&s);
    sim_set(&s, SLOW ? "paths=4000" : "paths=40000");
    sim_set(&s, "returns.mean=3 %");
    sim_set(&s, "returns.phi=0.7");
    sim_set(&s, "returns.sigma=1 %");
    sim_set(&s, "returns.start=2 %");
    sim_set(&s, "returns.floor=-0.5");
    sim_set(&s, "wages.growth=4 %");
    sim_set(&s, "wages.phi=0.5");
    sim_set(&s, "wages.sigma=2 %");
    sim_set(&s, "wages.start=1 %");
    sim_run(&s);
    for (int t = 1; t <= 10; t++) {
        double mean = 0.03 + start * pow(phi, t);
        double variance = sigma * sigma * (1 - pow(phi, 2 * t)) / (1 - phi * phi), v = 0, m = 0, sd;

        assert_close("interest", sim_value(&s, "economy", "interest", "mean", NULL, 2024 + t), mean,
                     5 * sqrt(variance / N));
        assert_close("sd of interest", sim_value(&s, "economy", "interest", "sd", NULL, 2024 + t), sqrt(variance),
                     5 * sqrt(variance / (2.0 * N)));
        for (int j = 1; j <= t; j++) {
            double g = (1 - pow(wphi, t - j + 1)) / (1 - wphi);
            v += wsigma * wsigma * g * g;
            m += 0.04 + wstart * pow(wphi, j);
        }
        mean = 90000 * exp(m + 0.5 * v);
        sd = mean * sqrt(expm1(v));
        assert_close("wage", sim_value(&s, "economy", "wage", "mean", "7", 2024 + t), mean, 5 * sd / sqrt(N));
        {
            /* the variance's error takes the kurtosis of a log-normal */
            const double q = exp(v), kurtosis = q * q * q * q + 2 * q * q * q + 3 * q * q - 3;
            assert_close("sd of wage", sim_value(&s, "economy", "wage", "sd", "7", 2024 + t), sd,
                         5 * sd * sqrt((kurtosis - 1) / (4 * N)));
        }
    }
    sim_end(&s);
}

/* One death rate m(t) = exp(alpha + beta kappa(t)) for all ages, nobody born, nobody moves: ln N(t) = ln N(0) - sum of m.
 * With m near 1e-4, N(0) - N(t) = N(0) sum m (1 + O(1e-3)), whose mean and variance follow from E exp of a normal:
 * cov(ln m(s), ln m(u)) = beta^2 (sigma^2 min(s, u) + se^2 s u). Five standard errors, and the second order. */
static void lee_carter(void **state)
{
    enum { N = SLOW ? 4000 : 40000, YEARS = 6 };
    const double alpha = -9, beta = 0.1, kappa0 = -2, drift = -1, sigma = 1.5, se = 0.4;
    char *table = NULL;
    size_t size;
    FILE *out = open_memstream(&table, &size);
    double people;
    sim s;

    (void)state;
    assert_non_null(out);
    fprintf(out, "sex,age,alpha,beta\n");
    for (int i = 0; i < 2 * PC_AGES; i++) {
        fprintf(out, "%s,%d,%g,%g\n", i < PC_AGES ? "female" : "male", i % PC_AGES, alpha, beta);
    }
    fclose(out);
    sim_small(&s);
    small_put(&s.text, "mortality.csv", table);
    free(table);
    small_put(&s.text, "regions.csv",
              SMALL_HEADER "7,Seven,1000000,0.15,0.2,,,0,300000,80000,500000,90000,0.06,0.73,1.2e9,1.15e9,1e8,5e8,4.9e8,"
                           "1e8,,,40000,,\n");
    sim_calm(&s);
    sim_set(&s, "fertility.tfr=0");
    sim_set(&s, "horizon=6");
    sim_set(&s, SLOW ? "paths=4000" : "paths=40000");
    sim_set(&s, "mortality.kappa=-2");
    sim_set(&s, "mortality.drift=-1");
    sim_set(&s, "mortality.sigma=1.5");
    sim_set(&s, "mortality.drift_se=0.4");
    sim_run(&s);
    people = 1e6;
    for (int t = 1; t <= YEARS; t++) {
        double mean = 0, variance = 0, deaths, sd;
        for (int a = 1; a <= t; a++) {
            const double va = beta * beta * (sigma * sigma * a + se * se * a * a);
            const double ma = exp(alpha + beta * (kappa0 + drift * a) + 0.5 * va);
            mean += ma;
            for (int b = 1; b <= t; b++) {
                const double vb = beta * beta * (sigma * sigma * b + se * se * b * b);
                const double mb = exp(alpha + beta * (kappa0 + drift * b) + 0.5 * vb);
                variance += ma * mb * expm1(beta * beta * (sigma * sigma * (a < b ? a : b) + se * se * a * b));
            }
        }
        deaths = people - sim_value(&s, "people", "population", "mean", "7", 2024 + t);
        sd = sim_value(&s, "people", "population", "sd", "7", 2024 + t);
        /* E(1 - exp(-x)) = E x - E x^2 / 2 to third order */
        assert_close("mean deaths", deaths, people * (mean - 0.5 * (mean * mean + variance)),
                     5 * people * sqrt(variance / N) + 1e-6 * people * mean);
        assert_close("sd of deaths", sd, people * sqrt(variance), people * sqrt(variance) * (5 * sqrt(1.2 / N) + 0.002));
    }
    sim_end(&s);
}

/* Claims noise alone: sd of a region's balance is E sqrt(cv^2 / members + tau^2) (1 + i / 2) after one year, and that of
 * n equal regions together sqrt(n) times it, whoever holds the money. Five standard errors. */
static void equal_regions(void **state)
{
    enum { N = SLOW ? 4000 : 40000, REGIONS = 4 };
    sim s;
    double e, members, one, whole, unified, v;

    (void)state;
    sim_small(&s);
    small_put(&s.text, "regions.csv",
              SMALL_HEADER EQUAL_REGION("11") EQUAL_REGION("12") EQUAL_REGION("13") EQUAL_REGION("14"));
    small_put(&s.text, "scenario.yaml",
              "title: Four\nbase_year: 2024\nhorizon: 3\npaths: 40000\nseed: 3\npolicies:\n  city: {}\n"
              "  unified:\n    both: {2025: {layers: [unified: {over: whole}], shortfall: [borrow: {}]}}\n");
    sim_calm(&s);
    sim_set(&s, SLOW ? "paths=4000" : "paths=40000");
    sim_set(&s, "claims.employee.cv=20");
    sim_set(&s, "claims.employee.tau=1 %");
    sim_set(&s, "returns.mean=4 %");
    sim_run(&s);
    e = sim_value(&s, "policy/city/employee", "expenditure", "central", "11", 2025);
    members = sim_value(&s, "policy/city/employee", "members", "central", "11", 2025);
    one = sim_value(&s, "policy/city/employee", "balance", "sd", "11", 2025);
    v = 20.0 * 20.0 / members + 1e-4;
    assert_close("sd of one region", one / (e * sqrt(v) * 1.02), 1, 5 * sqrt(0.5 / N) * 1.01);
    for (int year = 2025; year <= 2027; year++) {
        const double central = sim_value(&s, "policy/city/employee", "expenditure", "central", NULL, year);
        double mean_square = 0;
        for (int r = 0; r < REGIONS; r++) {
            const char *const codes[] = {"11", "12", "13", "14"};
            const double sd = sim_value(&s, "policy/city/employee", "balance", "sd", codes[r], year) /
                              sim_value(&s, "policy/city/employee", "expenditure", "central", codes[r], year);
            mean_square += sd * sd / REGIONS;
        }
        whole = sim_value(&s, "policy/city/employee", "balance", "sd", NULL, year) / central;
        unified = sim_value(&s, "policy/unified/employee", "balance", "sd", NULL, year) / central;
        assert_close("sqrt n", whole / sqrt(mean_square), 1 / sqrt(REGIONS),
                     5 * sqrt(0.5 / N + 0.5 / (REGIONS * N)) / sqrt(REGIONS));
        assert_close("the pool", unified, whole, 1e-9 * whole);
    }
    sim_end(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_volatility),     cmocka_unit_test(central_path_only), cmocka_unit_test(wage_noise),
        cmocka_unit_test(interest_and_wage), cmocka_unit_test(lee_carter),        cmocka_unit_test(equal_regions),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
