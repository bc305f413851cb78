/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Compares a policy with the baseline, as a program of your own would:
 *   forecast SCENARIO BASELINE POLICY YEAR [KEY=VALUE]... */
#include <poolcast/poolcast.h>

#include <stdio.h>
#include <stdlib.h>

int main(int argc, char **argv)
{
    static const char *const kinds[] = {"policy", "policy", "difference"};
    char why[4096], group[256];
    poolcast *p;
    int code;

    if (argc < 5) {
        fprintf(stderr, "usage: forecast SCENARIO BASELINE POLICY YEAR [KEY=VALUE]...\n");
        return 2;
    }
    p = poolcast_open(argv[1], why, sizeof why);
    if (!p) {
        fprintf(stderr, "%s\n", why);
        return 2;
    }
    for (int i = 5; i < argc; i++) {
        poolcast_set(p, argv[i]);
    }
    code = poolcast_run(p, 0, why, sizeof why);
    if (code) {
        fprintf(stderr, "%s\n", why);
    }
    for (int i = 0; i < 3 && !code; i++) {
        snprintf(group, sizeof group, "%s/%s/employee", kinds[i], argv[i ? 3 : 2]);
        printf("%-32s %+7.2f ± %.2f\n", group,
               100 * poolcast_value(p, group, "member_weighted_depletion_by", NULL, NULL, atoi(argv[4])),
               100 * poolcast_value(p, group, "member_weighted_depletion_by_se", NULL, NULL, atoi(argv[4])));
    }
    poolcast_close(p);
    return code;
}
