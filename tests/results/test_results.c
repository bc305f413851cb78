/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "results/results.h"

static void new_is_root(void **state)
{
    pc_results *r = pc_results_new();

    (void)state;
    assert_non_null(r);
    assert_int_equal(r->n_groups, 1);
    assert_non_null(pc_results_find_group(r, ""));
    assert_null(pc_results_find_group(r, "a"));
    pc_results_free(r);
    pc_results_free(NULL);
}

static void group_makes_parents(void **state)
{
    pc_results *r = pc_results_new();
    pc_group *g = pc_results_group(r, "policy/甲/employee");

    (void)state;
    assert_non_null(g);
    assert_int_equal(r->n_groups, 4);
    assert_ptr_equal(g, pc_results_group(r, "policy/甲/employee"));
    assert_non_null(pc_results_find_group(r, "policy"));
    assert_non_null(pc_results_find_group(r, "policy/甲"));
    assert_int_equal(r->failed, 0);
    pc_results_free(r);
}

static void bad_paths_fail(void **state)
{
    static const char *const bad[] = {"/a", "a/", "a//b", ".", "a/../b", "/"};

    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        pc_results *r = pc_results_new();
        assert_null(pc_results_group(r, bad[i]));
        assert_int_equal(r->failed, 1);
        assert_true(r->reason[0] != '\0');
        pc_results_free(r);
    }
}

static void dimension_is_copied_and_found(void **state)
{
    char name[] = "东部";
    const char *regions[] = {name, NULL, "whole"};
    int32_t years[] = {2024, 2025};
    int64_t ages[] = {-1, INT64_MAX};
    pc_results *r = pc_results_new();
    const pc_dimension *region = pc_results_dimension(r, "region", 3, PC_TEXT, regions, NULL, "region");
    const pc_dimension *year = pc_results_dimension(r, "year", 2, PC_I32, years, "year", NULL);
    const pc_dimension *age = pc_results_dimension(r, "age", 2, PC_I64, ages, "year", NULL);
    const pc_dimension *bare = pc_results_dimension(r, "path", 7, PC_F64, NULL, NULL, NULL);

    (void)state;
    name[0] = 'x';
    assert_int_equal(pc_dimension_find_text(region, "东部"), 0);
    assert_int_equal(pc_dimension_find_text(region, ""), 1);
    assert_int_equal(pc_dimension_find_text(region, "whole"), 2);
    assert_int_equal(pc_dimension_find_text(region, "all"), -1);
    assert_int_equal(pc_dimension_find_text(year, "2024"), -1);
    assert_int_equal(pc_dimension_find_integer(year, 2025), 1);
    assert_int_equal(pc_dimension_find_integer(year, 2026), -1);
    assert_int_equal(pc_dimension_find_integer(age, INT64_MAX), 1);
    assert_int_equal(pc_dimension_find_integer(region, 0), -1);
    assert_int_equal(pc_dimension_find_integer(bare, 0), -1);
    assert_null(bare->coordinates);
    assert_ptr_equal(year, pc_results_dimension(r, "year", 2, PC_I32, NULL, NULL, NULL));
    assert_int_equal(r->failed, 0);
    pc_results_free(r);
}

static void dimension_clash_fails(void **state)
{
    pc_results *r = pc_results_new();
    const pc_dimension *year = pc_results_dimension(r, "year", 2, PC_I32, NULL, NULL, NULL);

    (void)state;
    assert_null(pc_results_dimension(r, "year", 3, PC_I32, NULL, NULL, NULL));
    assert_int_equal(r->failed, 1);
    assert_string_equal(r->reason, "dimension 'year' has size 2 and size 3");
    /* everything afterwards is safe and gives nothing; the first reason stays */
    assert_null(pc_results_dataset(r, "g", "x", PC_F64, 1, &year, NULL, NULL));
    assert_null(pc_results_group(r, "g"));
    pc_dataset_attribute(r, NULL, "a", "b");
    pc_dataset_set_text(r, NULL, 0, "b");
    pc_results_attribute_text(r, "", "a", "b");
    assert_string_equal(r->reason, "dimension 'year' has size 2 and size 3");
    pc_results_free(r);
}

/* What the file format has no place for is refused when it is built, with a reason; the rest is then left alone. */
static void names_are_refused(void **state)
{
    static const char *const reasons[] = {"'a/b' is not a name for a dimension",
                                          "'g/x' is a group and cannot be a dataset",
                                          "'g/year' is a group and cannot be a dimension there",
                                          "dataset 'name' has no text at 2",
                                          "dataset 'value' has no text at 0",
                                          "'a b/c' is not a name for an attribute",
                                          "attribute 'DIMENSION_LIST' of dataset 'value' belongs to the file format"};

    (void)state;
    for (int i = 0; i < 7; i++) {
        pc_results *r = pc_results_new();
        const pc_dimension *year = pc_results_dimension(r, "year", 2, PC_I32, NULL, NULL, NULL);
        pc_dataset *name = pc_results_dataset(r, "", "name", PC_TEXT, 1, &year, NULL, NULL);
        pc_dataset *value = pc_results_dataset(r, "", "value", PC_F64, 1, &year, NULL, NULL);
        pc_results_group(r, "g/x");
        pc_results_group(r, "g/year");
        assert_int_equal(r->failed, 0);
        switch (i) {
        case 0:
            pc_results_dimension(r, "a/b", 2, PC_I32, NULL, NULL, NULL);
            break;
        case 1:
            pc_results_dataset(r, "g", "x", PC_F64, 0, NULL, NULL, NULL);
            break;
        case 2:
            pc_results_dataset(r, "g", "y", PC_F64, 1, &year, NULL, NULL);
            break;
        case 3:
            pc_dataset_set_text(r, name, 2, "b");
            break;
        case 4:
            pc_dataset_set_text(r, value, 0, "b");
            break;
        case 5:
            pc_results_attribute_text(r, "", "a b/c", "b");
            break;
        default:
            pc_dataset_attribute(r, value, "DIMENSION_LIST", "b");
        }
        assert_int_equal(r->failed, 1);
        assert_string_equal(r->reason, reasons[i]);
        pc_results_free(r);
    }
}

static void coordinates_of_wrong_type_fail(void **state)
{
    const float values[] = {1, 2};
    pc_results *r = pc_results_new();

    (void)state;
    assert_null(pc_results_dimension(r, "x", 2, PC_F32, values, NULL, NULL));
    assert_int_equal(r->failed, 1);
    pc_results_free(r);
}

static void dataset_is_zeroed_and_read(void **state)
{
    pc_results *r = pc_results_new();
    const pc_dimension *dims[2];
    pc_dataset *d;
    const pc_dataset *scalar;

    (void)state;
    dims[0] = pc_results_dimension(r, "region", 3, PC_I32, NULL, NULL, NULL);
    dims[1] = pc_results_dimension(r, "year", 5, PC_I32, NULL, NULL, NULL);
    d = pc_results_dataset(r, "g", "x", PC_F32, 2, dims, "yuan", "name");
    assert_non_null(d);
    assert_int_equal(d->count, 15);
    assert_int_equal((uintptr_t)d->data % 64, 0);
    for (size_t i = 0; i < 15; i++) {
        assert_true(pc_dataset_at(d, i) == 0.0);
    }
    ((float *)d->data)[14] = 0.5f;
    assert_true(pc_dataset_at(d, 14) == 0.5);
    assert_true(isnan(pc_dataset_at(d, 15)));
    assert_ptr_equal(d, pc_results_find(r, "g", "x"));
    assert_null(pc_results_find(r, "g", "y"));
    assert_null(pc_results_find(r, "h", "x"));
    d = pc_results_dataset(r, "g", "t", PC_TEXT, 2, dims, NULL, NULL);
    assert_string_equal(((char **)d->data)[14], "");
    assert_true(isnan(pc_dataset_at(d, 0)));
    scalar = pc_results_put(r, "g", "n", PC_U8, 0, NULL, &(uint8_t){200}, NULL, NULL);
    assert_int_equal(scalar->count, 1);
    assert_true(pc_dataset_at(scalar, 0) == 200.0);
    pc_results_free(r);
}

static void name_clashes_fail(void **state)
{
    (void)state;
    for (int kind = 0; kind < 7; kind++) {
        pc_results *r = pc_results_new();
        const pc_dimension *x = pc_results_dimension(r, "x", 2, PC_F64, NULL, NULL, NULL);
        const pc_dimension *y = pc_results_dimension(r, "y", 2, PC_F64, NULL, NULL, NULL);
        const pc_dimension *both[] = {x, y};
        assert_non_null(pc_results_dataset(r, "a/b", "v", PC_F64, 1, &x, NULL, NULL));
        switch (kind) {
        case 0:
            pc_results_dataset(r, "a/b", "v", PC_F64, 0, NULL, NULL, NULL);
            break; /* twice */
        case 1:
            pc_results_dataset(r, "a/b", "x", PC_F64, 0, NULL, NULL, NULL);
            break; /* a dimension's name */
        case 2:
            pc_results_dataset(r, "a/b", "y", PC_F64, 2, both, NULL, NULL);
            break; /* its own dimension's name */
        case 3:
            pc_results_dataset(r, "a", "b", PC_F64, 0, NULL, NULL, NULL);
            break; /* a group's name */
        case 4:
            pc_results_group(r, "a/b/v");
            break; /* a dataset's name */
        case 5:
            pc_results_group(r, "a/b/x/z");
            break; /* a dimension's name */
        case 6:
            pc_results_dataset(r, "a/b", "y", PC_F64, 0, NULL, NULL, NULL);
            assert_int_equal(r->failed, 0);
            pc_results_dataset(r, "a/b", "w", PC_F64, 1, &y, NULL, NULL); /* dimension with a dataset's name */
            break;
        }
        assert_int_equal(r->failed, 1);
        pc_results_free(r);
    }
}

static void wrong_shapes_fail(void **state)
{
    (void)state;
    for (int kind = 0; kind < 4; kind++) {
        pc_results *r = pc_results_new();
        const pc_dimension *huge = pc_results_dimension(r, "huge", SIZE_MAX / 2, PC_F64, NULL, NULL, NULL);
        const pc_dimension *dims[] = {huge, huge, huge, huge, huge, huge, huge};
        static const int ranks[] = {-1, 7, 2, 1}; /* 2: the product overflows; 1: the bytes do */
        assert_null(pc_results_dataset(r, "", "v", PC_F64, ranks[kind], dims, NULL, NULL));
        assert_int_equal(r->failed, 1);
        pc_results_free(r);
    }
    pc_results *r = pc_results_new();
    assert_null(pc_results_dataset(r, "", "v", PC_F64, 1, &(const pc_dimension *){NULL}, NULL, NULL));
    assert_int_equal(r->failed, 1);
    pc_results_free(r);
}

static void attributes_are_set_and_replaced(void **state)
{
    pc_results *r = pc_results_new();
    const pc_attribute *a;

    (void)state;
    for (int i = 0; i < 40; i++) {
        char name[16];
        snprintf(name, sizeof name, "a%d", i);
        pc_results_attribute_integer(r, "g", name, i);
    }
    pc_results_attribute_text(r, "g", "a3", "三");
    pc_results_attribute_number(r, "g", "a4", -0.5);
    assert_int_equal(pc_results_find_group(r, "g")->n_attributes, 40);
    a = pc_group_find_attribute(pc_results_find_group(r, "g"), "a3");
    assert_int_equal(a->type, PC_TEXT);
    assert_string_equal(a->text, "三");
    a = pc_group_find_attribute(pc_results_find_group(r, "g"), "a4");
    assert_int_equal(a->type, PC_F64);
    assert_true(a->number == -0.5);
    assert_int_equal(pc_group_find_attribute(pc_results_find_group(r, "g"), "a39")->integer, 39);
    pc_results_attribute_integer(r, "g", "a3", 3);
    a = pc_group_find_attribute(pc_results_find_group(r, "g"), "a3");
    assert_null(a->text);
    assert_int_equal(a->integer, 3);
    assert_null(pc_group_find_attribute(pc_results_find_group(r, "g"), "b"));
    assert_null(pc_group_find_attribute(NULL, "b"));
    pc_results_attribute_text(r, "g", "_FillValue", "x");
    assert_int_equal(r->failed, 1);
    pc_results_free(r);
}

static void flags_are_spelled_one_way(void **state)
{
    static const char *const same[] = {"0, 1", "0,1", "0 1", " 0b , 1b ", "0UB,1UB"};
    static const char *const bad[] = {"", "no", "0, x", "0.5", "99999999999999999999"};

    (void)state;
    for (size_t i = 0; i < 10; i++) {
        pc_results *r = pc_results_new();
        pc_dataset *d = pc_results_dataset(r, "", "v", PC_U8, 0, NULL, NULL, NULL);
        pc_dataset_attribute(r, d, "flag_values", i < 5 ? same[i] : bad[i - 5]);
        assert_int_equal(r->failed, i >= 5);
        if (i < 5) {
            assert_string_equal(d->attributes[0].text, "0, 1");
        }
        pc_results_free(r);
    }
}

static void units_attribute_sets_the_field(void **state)
{
    pc_results *r = pc_results_new();
    pc_dataset *d = pc_results_dataset(r, "", "v", PC_F64, 0, NULL, "yuan", NULL);

    (void)state;
    pc_dataset_attribute(r, d, "units", "person");
    pc_dataset_attribute(r, d, "long_name", "people");
    assert_string_equal(d->units, "person");
    assert_string_equal(d->long_name, "people");
    assert_int_equal(d->n_attributes, 0);
    pc_results_free(r);
}

static pc_results *small(double value, const char *text, const char *attribute, int reversed)
{
    pc_results *r = pc_results_new();
    const pc_dimension *x = pc_results_dimension(r, "x", 2, PC_F64, NULL, NULL, NULL);

    if (!reversed) {
        pc_results_attribute_text(r, "", "a", attribute);
    }
    pc_results_group(r, reversed ? "h" : "g");
    pc_results_group(r, reversed ? "g" : "h");
    pc_results_put(r, "g", "v", PC_F64, 1, &x, (const double[]){value, 1}, "yuan", NULL);
    pc_results_put(r, "g", "t", PC_TEXT, 0, NULL, &text, NULL, NULL);
    pc_results_attribute_text(r, "", "a", attribute);
    return r;
}

static void same_sees_every_difference(void **state)
{
    char why[200] = "";
    pc_results *a = small(NAN, "t", "u", 0);
    pc_results *others[] = {small(NAN, "t", "u", 1), small(2, "t", "u", 0), small(NAN, "T", "u", 0),
                            small(NAN, "t", "", 0)};

    (void)state;
    assert_int_equal(pc_results_same(a, others[0], why, sizeof why), 1);
    for (int i = 1; i < 4; i++) {
        assert_int_equal(pc_results_same(a, others[i], why, sizeof why), 0);
        assert_true(why[0] != '\0');
        assert_int_equal(pc_results_same(others[i], a, NULL, 0), 0);
    }
    for (int i = 0; i < 4; i++) {
        pc_results_free(others[i]);
    }
    pc_results_free(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(new_is_root),
        cmocka_unit_test(group_makes_parents),
        cmocka_unit_test(bad_paths_fail),
        cmocka_unit_test(dimension_is_copied_and_found),
        cmocka_unit_test(dimension_clash_fails),
        cmocka_unit_test(names_are_refused),
        cmocka_unit_test(coordinates_of_wrong_type_fail),
        cmocka_unit_test(dataset_is_zeroed_and_read),
        cmocka_unit_test(name_clashes_fail),
        cmocka_unit_test(wrong_shapes_fail),
        cmocka_unit_test(attributes_are_set_and_replaced),
        cmocka_unit_test(flags_are_spelled_one_way),
        cmocka_unit_test(units_attribute_sets_the_field),
        cmocka_unit_test(same_sees_every_difference),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
