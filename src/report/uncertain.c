/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/uncertain.h"

#include <stdio.h>
#include <string.h>

#include "base/i18n.h"

/* Sections of the scenario with parameters that can be drawn, in the reader's words. */
static const char *const topics[][2] = {
    {"mortality.", N_("mortality")}, {"membership.", N_("retirees")}, {"employment.", N_("contributors")},
    {"wages.", N_("wages")},         {"cost.", N_("cost per head")},  {"returns.", N_("returns")},
};
enum { N_TOPICS = sizeof topics / sizeof *topics };

int pc_uncertain_parameters(const pc_view *view, char *text, size_t room)
{
    static const char suffix[] = "_se";
    const pc_dataset *value = pc_results_find(view->results, "inputs/parameters", "value");
    unsigned met = 0;
    size_t used = 0;
    int n = 0;

    *text = 0;
    for (size_t i = 0; value && value->rank == 1 && value->dims[0]->type == PC_TEXT && i < value->count; i++) {
        const char *key = ((char *const *)value->dims[0]->coordinates)[i];
        const size_t length = key ? strlen(key) : 0;
        if (length < sizeof suffix || strcmp(key + length - (sizeof suffix - 1), suffix) != 0 ||
            !(pc_dataset_at(value, i) > 0)) {
            continue;
        }
        n++;
        for (int k = 0; k < N_TOPICS; k++) {
            met |= strncmp(key, topics[k][0], strlen(topics[k][0])) == 0 ? 1U << k : 0U;
        }
    }
    for (int k = 0; k < N_TOPICS; k++) {
        if (met >> k & 1 && used < room) {
            used += (size_t)snprintf(text + used, room - used, "%s%s", used ? _(", ") : "", _(topics[k][1]));
        }
    }
    return n;
}
