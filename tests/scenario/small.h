/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A small valid scenario of two regions in memory, to break one thing at a time. */
#ifndef PC_TESTS_SCENARIO_SMALL_H
#define PC_TESTS_SCENARIO_SMALL_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "scenario/scenario.h"

enum { SMALL_FILES = 16 };

typedef struct small {
    int n;
    const char *name[SMALL_FILES];
    char *text[SMALL_FILES];
    pc_files *files; /* of the last reading */
} small;

static inline void small_put(small *s, const char *name, const char *text)
{
    for (int i = 0; i < s->n; i++) {
        if (strcmp(s->name[i], name) == 0) {
            free(s->text[i]);
            s->text[i] = strdup(text);
            assert_non_null(s->text[i]);
            return;
        }
    }
    assert_true(s->n < SMALL_FILES);
    s->name[s->n] = name;
    s->text[s->n] = strdup(text);
    assert_non_null(s->text[s->n++]);
}

#define SMALL_POLICIES                                                                                                 \
    "policies:\n"                                                                                                      \
    "  city: {}\n"                                                                                                     \
    "  fund:\n"                                                                                                        \
    "    employee:\n"                                                                                                  \
    "      2026:\n"                                                                                                    \
    "        layers:\n"                                                                                                \
    "          - adjustment_fund: {over: whole, levy: 1 %}\n"                                                          \
    "        shortfall:\n"                                                                                             \
    "          - borrow: {}\n"
#define SMALL_YAML "title: Two\nbase_year: 2024\nhorizon: 10\npaths: 100\nseed: 7\n" SMALL_POLICIES

#define SMALL_HEADER                                                                                                   \
    "code,name,population,share_0_14,share_60_plus,births_per_1000,mortality_factor,net_migration_rate,"               \
    "employee_contributors,employee_retirees,resident_members,wage_yuan,employee_rate,pooled_share,"                   \
    "employee_revenue_yuan,employee_expenditure_yuan,employee_balance_yuan,resident_revenue_yuan,"                     \
    "resident_expenditure_yuan,resident_balance_yuan,account_balance_yuan,retiree_credit_yuan,disposable_income_yuan," \
    "central_subsidy_share,quality\n"
static const char SMALL_REGIONS[] = SMALL_HEADER "101,\xe7\x94\xb2,1000000,0.15,0.2,,,0.001,300000,80000,500000,90000,"
                                                 "0.06,0.73,1.2e9,1.0e9,2e9,5e8,4.8e8,3e8,,,,,east\n"
                                                 "102,Beta,500000,0.13,0.25,6.1,1.05,,100000,50000,300000,70000,6 "
                                                 "%,0.73,4e8,4.1e8,3e8,3e8,3.1e8,-1e7,1e8,900,40000,60 %,west\n";

static inline void small_start(small *s)
{
    char *text = NULL;
    size_t size;
    FILE *out;

    *s = (small){0};
    small_put(s, "scenario.yaml", SMALL_YAML);
    small_put(s, "regions.csv", SMALL_REGIONS);
    for (int which = 0; which < 3; which++) {
        out = open_memstream(&text, &size);
        assert_non_null(out);
        fprintf(out, which == 0 ? "sex,age,persons\n" : which == 1 ? "sex,age,alpha,beta\n" : "age,share\n");
        for (int sex = 0; sex < 2 && which < 2; sex++) {
            for (int age = 0; age <= 100; age++) {
                if (which == 0) {
                    fprintf(out, "%s,%d,%d\n", sex ? "male" : "female", age, 10000 - 90 * age);
                } else {
                    fprintf(out, "%s,%d,%.4f,0.01\n", sex ? "male" : "female", age, -9 + 0.08 * age);
                }
            }
        }
        for (int age = 15; age <= 49 && which == 2; age++) {
            fprintf(out, "%d,%s\n", age, age == 30 ? "0.66" : "0.01");
        }
        fclose(out);
        small_put(s, which == 0 ? "population.csv" : which == 1 ? "mortality.csv" : "fertility.csv", text);
        free(text);
        text = NULL;
    }
    small_put(s, "migration.csv", "age_from,share\n0,0.25\n20,0.5\n40,0.25\n");
    small_put(s, "membership.csv", "age_from,profile\n20,0.5\n30,0.9\n60,1\n");
    small_put(s, "age_cost.csv", "age_from,contributor,retiree,resident\n0,1,1,1.5\n50,2,2,2.5\n");
    small_put(s, "pension_age.csv", "year,men,women_cadres,women_workers\n2024,60,55,50\n2039,63,58,55\n");
}

static inline void small_end(small *s)
{
    for (int i = 0; i < s->n; i++) {
        free(s->text[i]);
    }
    pc_files_free(s->files);
    *s = (small){0};
}

/* Replaces the first `from` in a file, which must be there. */
static inline void small_replace(small *s, const char *name, const char *from, const char *to)
{
    for (int i = 0; i < s->n; i++) {
        if (strcmp(s->name[i], name) == 0) {
            char *at = strstr(s->text[i], from), *text;
            if (!at) {
                fail_msg("no \"%s\" in %s", from, name);
            }
            text = malloc(strlen(s->text[i]) + strlen(to) + 1);
            assert_non_null(text);
            sprintf(text, "%.*s%s%s", (int)(at - s->text[i]), s->text[i], to, at + strlen(from));
            free(s->text[i]);
            s->text[i] = text;
            return;
        }
    }
    fail_msg("no file %s", name);
}

static inline void small_append(small *s, const char *text)
{
    char *whole = malloc(strlen(s->text[0]) + strlen(text) + 1);

    assert_non_null(whole);
    sprintf(whole, "%s%s", s->text[0], text);
    small_put(s, "scenario.yaml", whole);
    free(whole);
}

static inline pc_code small_read(small *s, const char *const *overrides, int n_overrides, pc_scenario **out,
                                 pc_status *status)
{
    *status = (pc_status){0};
    pc_files_free(s->files);
    s->files = pc_files_memory();
    assert_non_null(s->files);
    for (int i = 0; i < s->n; i++) {
        assert_int_equal(pc_files_put(s->files, s->name[i], s->text[i], strlen(s->text[i]), status), PC_OK);
    }
    return pc_scenario_read(s->files, overrides, n_overrides, out, status);
}

/* The override is refused with a message that holds `part` and the override. */
static inline void small_refuses(small *s, const char *override, const char *part)
{
    pc_scenario *sc = NULL;
    pc_status st;

    assert_int_equal(small_read(s, &override, 1, &sc, &st), PC_ERR_INPUT);
    if (!strstr(st.message, part) || !strstr(st.message, override)) {
        fail_msg("%s: no \"%s\" in: %s", override, part, st.message);
    }
}

#endif
