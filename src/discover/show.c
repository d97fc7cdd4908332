/* SPDX-License-Identifier: Apache-2.0 */
#include "discover/show.h"

#include <stdio.h>
#include <sys/ioctl.h>

#include "base/scope.h"

/* Lines of a file, and of a terminal that does not say how wide it is. */
#define WIDTH_USUAL 80u
/* Less is of no use. */
#define WIDTH_LEAST 40u
#define WIDTH_MOST 1000u

static unsigned terminal_width(void)
{
    struct winsize w;

    if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &w) < 0 || w.ws_col == 0)
        return WIDTH_USUAL;
    return w.ws_col < WIDTH_LEAST ? WIDTH_LEAST
        : w.ws_col > WIDTH_MOST ? WIDTH_MOST : w.ws_col;
}

void show_init(struct show *s, const struct list_options *opt)
{
    *s = (struct show){
        .format = opt->json ? &show_lines : opt->csv ? &show_csv
                                                     : &show_table,
        .regions = opt->all_regions,
        .places = opt->instances.count || opt->details,
        .details = opt->details,
        .short_rows = opt->short_rows,
        .quiet = opt->service.quiet,
        .width = terminal_width(),
    };
}

bool show_has(const struct show *s, const struct column *k, bool table)
{
    switch (k->when) {
    case ALWAYS:
        return true;
    case WITH_REGIONS:
        return s->regions || !table;
    case WITH_PLACES:
        return s->places;
    case WITH_DETAILS:
        return s->details;
    }
    return false;
}

static int put(const struct text *t, struct err *e)
{
    if (t->failed)
        return err_nomem(e);
    if (t->s && fputs(t->s, stdout) == EOF)
        return err_set(e, ERR_DEST, 0, "cannot write to standard output");
    return 0;
}

int show_begin(struct show *s, struct err *e)
{
    autotext struct text t = TEXT_INIT;

    s->begun = true;
    s->format->begin(s, &t);
    return put(&t, e);
}

int show_region(struct show *s, const struct service *from, struct err *e)
{
    autotext struct text t = TEXT_INIT;

    s->format->region(s, from, &t);
    return put(&t, e);
}

int show_row(struct show *s, const struct row *r, struct err *e)
{
    autotext struct text t = TEXT_INIT;

    s->format->row(s, r, &t);
    s->rows++;
    s->gib += r->snapshot.volume_gib;
    return put(&t, e);
}

int show_end(struct show *s, const struct notes *notes, bool complete,
             struct err *e)
{
    autotext struct text t = TEXT_INIT;

    s->format->end(s, notes, complete, &t);
    return put(&t, e);
}
