/* SPDX-License-Identifier: Apache-2.0 */
/* Where in the volume file systems are. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/scope.h"
#include "files/parser-private.h"
#include "fs/partition.h"
#include "fs/recognize.h"

static bool is_wanted(const struct parser *p, unsigned number)
{
    return !p->job.whole || p->job.partition == number;
}

static int whole_volume(struct parser *p, struct err *e)
{
    struct part_info i = { .size = p->volume.size };

    return is_wanted(p, 0) ? parser_part(p, &p->volume, &i, e) : 0;
}

/* A file system and a table may both be there: what was on the disk before
 * has left its marks.  Both are told. */
static int beside_table(struct parser *p, struct err *e)
{
    const struct fs_kind *kinds[FS_KINDS_MAX];
    struct err why = ERR_INIT;
    int n = fs_recognize(&p->volume, kinds, &why);

    if (p->lost)
        return err_set(e, ERR_INTERNAL, 0, "lost");
    if (n < 0)
        parser_tell(p, WIRE_NOTE, why.msg);
    if (n <= 0)
        return 0;
    parser_tell(p, WIRE_REMARK, "there is a partition table, and at the "
                "beginning of the volume also the mark of a file system; both "
                "are told");
    return whole_volume(p, e);
}

static int one_partition(struct parser *p, const struct partition *q,
                         struct err *e)
{
    struct parser_window w;
    struct part_info i = { .number = q->number, .offset = q->offset,
                           .size = q->size };

    if (!is_wanted(p, q->number))
        return 0;
    memcpy(i.type, q->type, sizeof(i.type));
    memcpy(i.label, q->label, sizeof(i.label));
    parser_window(&w, &p->volume, q->offset, q->size);
    return parser_part(p, &w.source, &i, e);
}

/* What a damaged table hides may be anywhere. */
static int map_lost(struct parser *p, const struct partition_table *t,
                    struct err *e)
{
    const struct part_info all = { .size = p->volume.size };
    bool is_lost = false;

    for (size_t i = 0; i < t->notes; i++)
        is_lost |= t->is_loss[i];
    return is_lost ? parser_map_unknown(p, &all, e) : 0;
}

int parser_volume(struct parser *p, struct err *e)
{
    autofree struct partition_table *t = malloc(sizeof(*t));

    if (!t)
        return err_nomem(e);
    if (partition_read(&p->volume, t, e) < 0)
        return err_in(e, "the partition table");
    if (p->lost)
        return err_set(e, ERR_INTERNAL, 0, "lost");
    for (size_t i = 0; i < t->notes; i++)
        parser_tell(p, t->is_loss[i] ? WIRE_NOTE : WIRE_REMARK, t->note[i]);
    if (map_lost(p, t, e) < 0)
        return -1;
    if (t->scheme == PARTITION_NONE)
        return whole_volume(p, e);
    if (beside_table(p, e) < 0)
        return -1;
    for (size_t i = 0; i < t->count; i++)
        if (one_partition(p, &t->part[i], e) < 0)
            return -1;
    return 0;
}
