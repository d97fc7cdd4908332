/* SPDX-License-Identifier: Apache-2.0 */
/* Logical volumes: the physical ones are gathered while the volume is gone
 * through, since a logical one may lie on several of them. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "files/parser-private.h"
#include "fs/lvm.h"

struct physical {
    struct parser_window window;
    struct part_info info;
};

struct parser_lvm {
    struct lvm *lvm;
    struct physical *on[LVM_SOURCES];
    size_t count;
};

static int begin(struct parser *p, struct err *e)
{
    if (p->lvm)
        return 0;
    p->lvm = calloc(1, sizeof(*p->lvm));
    if (!p->lvm)
        return err_nomem(e);
    p->lvm->lvm = lvm_new(e);
    return p->lvm->lvm ? 0 : -1;
}

/* `i' says where it is; what it stands in is gone before it is used. */
static struct physical *physical_new(struct parser *p,
                                     const struct part_info *i,
                                     struct err *e)
{
    struct physical *f;

    if (p->lvm->count == LVM_SOURCES) {
        err_set(e, ERR_SOURCE, 0, "more than %u physical volumes",
                LVM_SOURCES);
        return NULL;
    }
    f = calloc(1, sizeof(*f));
    if (!f) {
        err_nomem(e);
        return NULL;
    }
    f->info = *i;
    parser_window(&f->window, &p->volume, i->offset, i->size);
    return f;
}

int parser_lvm_add(struct parser *p, struct part_info *i, struct err *e)
{
    struct err why = ERR_INIT;
    struct physical *f;

    if (parser_put_part(p, WIRE_TRY, i, e) < 0 || begin(p, e) < 0)
        return -1;
    f = physical_new(p, i, &why);
    i->is_read = f && lvm_add(p->lvm->lvm, &f->window.source, &why) == 0;
    if (i->is_read)
        p->lvm->on[p->lvm->count++] = f;
    else
        free(f);
    snprintf(i->why, sizeof(i->why), "%.390s", why.msg);
    return parser_put_part(p, WIRE_PART, i, e);
}

/* Where its first byte is. */
static void set_place(const struct parser_lvm *l, size_t n,
                      const struct lvm_volume *v, struct part_info *i)
{
    uint64_t run = v->source.size, at = 0;
    size_t which = 0;

    if (v->refused || !run)
        return;
    lvm_place(l->lvm, n, 0, &run, &which, &at);
    i->number = l->on[which]->info.number;
    i->offset = l->on[which]->info.offset + at;
}

/* What is a part of another volume, or was, and is not looked at by itself. */
static void tell_internal(struct parser *p, const struct lvm_volume *v)
{
    char text[400];

    snprintf(text, sizeof(text), "the logical volume %.160s/%.160s is a part "
             "of another one, and not looked at by itself", v->group, v->name);
    parser_tell(p, WIRE_REMARK, text);
}

static int one_volume(struct parser *p, size_t n, struct err *e)
{
    const struct lvm_volume *v = lvm_volume(p->lvm->lvm, n);
    struct part_info i = { .size = v->source.size };

    if (v->internal)
        return 0;
    snprintf(i.volume, sizeof(i.volume), "%s/%s", v->group, v->name);
    set_place(p->lvm, n, v, &i);
    if (!v->refused) {
        int r;

        p->in_volume = true;
        p->lvm_volume = n;
        r = parser_part(p, &v->source, &i, e);
        p->in_volume = false;
        return r;
    }
    snprintf(i.kind, sizeof(i.kind), "LVM2");
    snprintf(i.why, sizeof(i.why), "%.390s", v->refused);
    return parser_put_part(p, WIRE_PART, &i, e);
}

void parser_lvm_place(const struct parser *p, uint64_t offset, uint64_t *n,
                      uint64_t *at)
{
    size_t which = 0;

    lvm_place(p->lvm->lvm, p->lvm_volume, offset, n, &which, at);
    *at += p->lvm->on[which]->info.offset;
}

int parser_lvm_unknown(struct parser *p, struct err *e)
{
    for (size_t i = 0; p->job.map && i < p->lvm->count; i++)
        if (parser_map_unknown(p, &p->lvm->on[i]->info, e) < 0)
            return -1;
    return 0;
}

int parser_lvm_volumes(struct parser *p, struct err *e)
{
    const char *note;
    bool all = true;

    if (!p->lvm)
        return 0;
    if (lvm_map(p->lvm->lvm, e) < 0)
        return err_in(e, "LVM2");
    for (size_t i = 0; (note = lvm_note(p->lvm->lvm, i)); i++)
        parser_tell(p, WIRE_NOTE, note), all = false;
    for (size_t i = 0; i < lvm_count(p->lvm->lvm); i++)
        if (lvm_volume(p->lvm->lvm, i)->internal)
            tell_internal(p, lvm_volume(p->lvm->lvm, i)), all = false;
    if (!all && parser_lvm_unknown(p, e) < 0)
        return -1;
    for (size_t i = 0; i < lvm_count(p->lvm->lvm); i++)
        if (one_volume(p, i, e) < 0)
            return -1;
    return 0;
}

void parser_lvm_end(struct parser *p)
{
    if (!p->lvm)
        return;
    lvm_free(p->lvm->lvm);
    while (p->lvm->count)
        free(p->lvm->on[--p->lvm->count]);
    free(p->lvm);
    p->lvm = NULL;
}
