/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "base/memory.h"
#include "store/save_inner.h"

static pc_scale *find_scale(const pc_room *r, const char *name)
{
    for (int i = 0; i < r->n_scales; i++) {
        if (strcmp(r->scales[i].dimension->name, name) == 0) {
            return r->scales + i;
        }
    }
    return NULL;
}

pc_scale *pc_save_own_scale(const pc_room *r, const pc_dataset *dataset)
{
    return dataset->rank == 1 && strcmp(dataset->name, dataset->dims[0]->name) == 0 ? find_scale(r, dataset->name)
                                                                                    : NULL;
}

int pc_save_list_scales(pc_writer *w, pc_room *r)
{
    const pc_group *group = r->group;
    size_t n_uses = 0;

    for (int i = 0; i < group->n_datasets; i++) {
        n_uses += (size_t)group->datasets[i]->rank;
    }
    r->datasets = pc_calloc((size_t)group->n_datasets, sizeof *r->datasets);
    r->scales = pc_calloc(n_uses, sizeof *r->scales);
    if (!r->datasets || !r->scales) {
        return pc_h5_fail_memory(&w->h5);
    }
    for (int i = 0; i < group->n_datasets; i++) {
        const pc_dataset *dataset = group->datasets[i];
        r->datasets[i] = -1;
        for (int axis = 0; axis < dataset->rank; axis++) {
            pc_scale *s = find_scale(r, dataset->dims[axis]->name);
            if (!s) {
                s = r->scales + r->n_scales++;
                *s = (pc_scale){.dimension = dataset->dims[axis], .id = -1};
            }
            s->n_uses++;
        }
    }
    for (int i = 0; i < r->n_scales; i++) {
        /* zeroed, so that the padding inside its elements is the same in every file */
        r->scales[i].uses = pc_calloc(r->scales[i].n_uses, sizeof *r->scales[i].uses);
        if (!r->scales[i].uses) {
            return pc_h5_fail_memory(&w->h5);
        }
        r->scales[i].n_uses = 0;
    }
    return 0;
}

int pc_save_scale(pc_writer *w, pc_room *r, pc_scale *s)
{
    const pc_dimension *d = s->dimension;

    for (int i = 0; i < r->group->n_datasets; i++) {
        const pc_dataset *own = r->group->datasets[i];
        if (pc_save_own_scale(r, own) == s) {
            const pc_dimension same = {.name = own->name,
                                       .size = d->size,
                                       .type = own->type,
                                       .coordinates = d->coordinates ? own->data : NULL,
                                       .units = own->units,
                                       .long_name = own->long_name};
            if (d->coordinates ? !pc_dimension_same(d, &same) : d->units || d->long_name) {
                return pc_h5_fail(&w->h5, d->name, "the dataset of this name does not repeat its dimension");
            }
            return 0;
        }
    }
    s->id = pc_save_data(w, r, d->name, d->coordinates ? d->type : PC_F32, 1, &d, d->coordinates);
    return s->id < 0 ||
           pc_scale_mark(&w->h5, s->id, d->name, d->coordinates ? PC_SCALE_COORDINATES : PC_SCALE_BARE, d->size) ||
           (d->units && pc_h5_put_text(&w->h5, s->id, d->name, "units", d->units)) ||
           (d->long_name && pc_h5_put_text(&w->h5, s->id, d->name, "long_name", d->long_name));
}

int pc_save_attach_scales(pc_writer *w, pc_room *r)
{
    pc_h5 *h5 = &w->h5;
    int bad = 0;

    for (int i = 0; i < r->n_scales && !bad; i++) {
        pc_scale *s = r->scales + i;
        bad = pc_h5_bad(h5, H5Rcreate(&s->reference, r->id, s->dimension->name, H5R_OBJECT, -1), "refer to dimension",
                        s->dimension->name);
    }
    for (int i = 0; i < r->group->n_datasets && !bad; i++) {
        const pc_dataset *dataset = r->group->datasets[i];
        hobj_ref_t self, references[PC_MAX_RANK];
        const char *labels[PC_MAX_RANK];
        if (dataset->rank == 0 || pc_save_own_scale(r, dataset)) {
            continue;
        }
        bad = pc_h5_bad(h5, H5Rcreate(&self, r->id, dataset->name, H5R_OBJECT, -1), "refer to dataset", dataset->name);
        for (int axis = 0; axis < dataset->rank && !bad; axis++) {
            pc_scale *s = find_scale(r, dataset->dims[axis]->name);
            references[axis] = s->reference;
            labels[axis] = s->dimension->name;
            s->uses[s->n_uses].dataset = self;
            s->uses[s->n_uses++].axis = axis;
        }
        bad = bad || pc_scale_attach(h5, r->datasets[i], dataset->name, dataset->rank, references, labels);
    }
    for (int i = 0; i < r->n_scales && !bad; i++) {
        pc_scale *s = r->scales + i;
        bad = pc_scale_set_uses(h5, s->id, s->dimension->name, s->uses, s->n_uses);
    }
    return bad;
}
