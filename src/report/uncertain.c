/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/uncertain.h"

#include <stdio.h>
#include <string.h>

int pc_uncertain_parameters(const pc_view *view, char *text, size_t room)
{
    static const char suffix[] = "_se";
    const pc_dataset *value = pc_results_find(view->results, "inputs/parameters", "value");
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
        if (used + length + 8 < room) {
            used += (size_t)snprintf(text + used, room - used, "%s%.*s", used ? ", " : "",
                                     (int)(length - (sizeof suffix - 1)), key);
        } else if (used + 6 < room && strcmp(text + used - 3, "...") != 0) {
            used += (size_t)snprintf(text + used, room - used, ", ...");
        }
    }
    return n;
}
