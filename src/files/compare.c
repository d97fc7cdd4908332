/* What differs between the files of two snapshots or images. */
#include <stdio.h>

#include "files/changes.h"
#include "show/tell.h"

struct comparison {
    struct session side[2];
    struct catalog files[2];
    const struct change_format *format;
    struct change_sums sums;
    struct text line;
};

static int put(struct comparison *c, struct err *e)
{
    if (c->line.failed)
        return err_nomem(e);
    if (c->line.len)
        fwrite(c->line.s, 1, c->line.len, stdout);
    text_clear(&c->line);
    if (ferror(stdout))
        return err_set(e, ERR_DEST, 0, "cannot write to standard output");
    return 0;
}

static int on_change(void *ctx, const struct change *x, struct err *e)
{
    struct comparison *c = ctx;

    c->sums.of[x->kind]++;
    c->sums.places += x->place != NULL;
    c->format->change(x, &c->line);
    return put(c, e);
}

static int read_side(struct comparison *c, int i,
                     const struct files_options *o, const char *name,
                     const char *path, struct err *e)
{
    struct session *s = &c->side[i];

    if (session_open(s, name, &o->service, o->cache / 2, NULL, e) < 0
        || catalog_read(&c->files[i], s, o, path, e) < 0)
        return err_in(e, "%s", name);
    files_tell_cost(s, &c->files[i].sum);
    return 0;
}

static int compare(struct comparison *c, const struct files_options *o,
                   char **names, const char *path, struct err *e)
{
    uint64_t left_out;

    for (int i = 0; i < 2; i++)
        if (read_side(c, i, o, names[i], path, e) < 0)
            return -1;
    if (path[1] && c->files[0].count + c->files[1].count == 0)
        return err_set(e, ERR_SOURCE, 0, "%s: no such file in either of them",
                       path);
    if (o->partition && !c->files[0].part_count && !c->files[1].part_count)
        return err_set(e, ERR_SOURCE, 0, "there is no partition %s in either "
                       "of them", o->partition);
    left_out = c->files[0].sum.left_out + c->files[1].sum.left_out;
    c->format->begin(&c->line);
    if (put(c, e) < 0
        || changes_find(&c->files[0], &c->files[1], on_change, c, e) < 0)
        return -1;
    c->format->end(&c->sums, left_out, &c->line);
    return put(c, e) < 0 ? -1 : left_out ? 1 : 0;
}

/* Both processes are made before keys are in the memory that they get. */
static int start(struct comparison *c, struct err *e)
{
    for (int i = 0; i < 2; i++)
        session_init(&c->side[i]);
    for (int i = 0; i < 2; i++)
        if (session_start(&c->side[i], e) < 0)
            return -1;
    return 0;
}

int files_compare(const struct files_options *o, char **names,
                  const char *path, struct err *e)
{
    struct comparison c = {
        .format = o->json ? &change_json : o->csv ? &change_csv
            : &change_text,
    };
    struct err ignored = ERR_INIT;
    int r = start(&c, e);

    if (r == 0)
        r = compare(&c, o, names, path, e);
    for (int i = 0; i < 2; i++) {
        if (session_close(&c.side[i], r < 0 ? &ignored : e) < 0)
            r = -1;
        catalog_free(&c.files[i]);
    }
    text_free(&c.line);
    return r;
}
