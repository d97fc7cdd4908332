/* SPDX-License-Identifier: Apache-2.0 */
/* The two that are compared: snapshots or images. */
#include "compare/diff.h"
#include "show/tell.h"

int diff_open_sides(struct diff *d, char **names, struct err *e)
{
    const struct service_hooks hooks = TELL_HOOKS;

    for (int i = 0; i < 2; i++)
        d->sides[i].letter = (char)('A' + i);
    for (int i = 0; i < 2; i++)
        if (volume_open(&d->sides[i].volume, names[i], &d->opt->service,
                        &hooks, d->sides[i].access, e) < 0)
            return -1;
    return 0;
}

/* Without an access log, or once its holder has closed that, there is nothing
 * that could fail. */
static void close_side(struct diff_side *s)
{
    struct err none = ERR_INIT;

    pass_close(&s->pass);
    volume_close(&s->volume, &none);
    blockset_free(s->wanted);
}

void diff_close_sides(struct diff *d)
{
    for (int i = 0; i < 2; i++) {
        struct volume *v = &d->sides[i].volume;

        /* The delta lends these. */
        if (v->stored == (i ? d->delta.b : d->delta.a))
            v->stored = NULL;
        close_side(&d->sides[i]);
    }
    delta_free(&d->delta);
}
