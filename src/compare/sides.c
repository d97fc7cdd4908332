/* The two that are compared: snapshots or images. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/snapshot-id.h"
#include "compare/diff.h"
#include "fetch/fetch.h"
#include "show/tell.h"

static int open_image(struct diff_side *s, struct err *e)
{
    const char *image;

    if (evidence_find(s->name, &s->evidence, e) < 0
        || !(image = evidence_image(&s->evidence, e))
        || image_open(image, &s->image, e) < 0)
        return -1;
    s->size = s->image.size;
    return 0;
}

static int open_side(struct diff *d, struct diff_side *s, struct err *e)
{
    const struct service_hooks hooks = {
        .event = tell_hook_attempt,
        .note = tell_hook_note,
        .warning = tell_hook_warning,
    };

    s->is_snapshot = snapshot_id_ok(s->name);
    if (s->is_snapshot)
        return service_open(&s->service, &d->opt->service, &hooks, e);
    return open_image(s, e);
}

/* A file may be called like a snapshot; a snapshot cannot be called like a
 * path. */
int diff_open_sides(struct diff *d, char **names, struct err *e)
{
    for (int i = 0; i < 2; i++) {
        d->sides[i].name = names[i];
        d->sides[i].letter = (char)('A' + i);
    }
    for (int i = 0; i < 2; i++)
        if (open_side(d, &d->sides[i], e) < 0)
            return -1;
    return 0;
}

static void close_side(struct diff_side *s)
{
    if (s->is_snapshot) {
        fetch_free(s->source);
        blockmap_free(s->map);
        service_close(&s->service);
    } else {
        image_reader_free(s->source);
        manifest_close(s->rows);
        image_close(&s->image);
        evidence_free(&s->evidence);
    }
    blockset_free(s->stored);
    blockset_free(s->wanted);
    blockset_free(s->unread);
}

void diff_close_sides(struct diff *d)
{
    for (int i = 0; i < 2; i++) {
        /* The delta lends these. */
        if (d->sides[i].stored == (i ? d->delta.b : d->delta.a))
            d->sides[i].stored = NULL;
        close_side(&d->sides[i]);
    }
    delta_free(&d->delta);
}

/* --------------------------------------------------------------- sources */

static int make_fetch(struct diff *d, struct diff_side *s, unsigned slots,
                      struct err *e)
{
    struct fetch_config c = {
        .aws = s->service.aws,
        .snapshot = s->name,
        .only = s->wanted,
        .slots = slots,
        .connections = (unsigned)d->opt->service.connections,
        .clock = &clock_system,
    };

    s->map = blockmap_new(s->size / GIB, e);
    if (!s->map)
        return -1;
    c.map = s->map;
    s->source = fetch_new(&c, e);
    return s->source ? 0 : -1;
}

static int make_reader(struct diff_side *s, unsigned slots, struct err *e)
{
    struct image_reader_config c = {
        .image = &s->image,
        .slots = slots,
        .lax = true,
    };
    struct manifest_header h;

    s->source = image_reader_new(&c, e);
    if (!s->source)
        return -1;
    if (!s->evidence.manifest_path)
        return 0;
    s->rows = evidence_rows(&s->evidence, &h, e);
    return s->rows ? compare_open(&s->compare, s->rows, e) : -1;
}

int diff_make_source(struct diff *d, struct diff_side *s, unsigned slots,
                     struct err *e)
{
    return s->is_snapshot ? make_fetch(d, s, slots, e)
                          : make_reader(s, slots, e);
}
