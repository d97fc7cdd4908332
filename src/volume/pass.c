/* SPDX-License-Identifier: Apache-2.0 */
#include "volume/pass.h"

#include <string.h>

#include "volume/access.h"
#include "volume/fetching.h"

static int open_fetch(struct pass *p, const struct blockset *only,
                      unsigned slots, struct err *e)
{
    struct volume *v = p->volume;
    struct fetch_config c = volume_fetching(v, slots);

    c.only = only;
    c.map = p->map = blockmap_new(v->size / GIB, e);
    if (!p->map)
        return -1;
    p->source = fetch_new(&c, e);
    return p->source ? 0 : -1;
}

static int open_reader(struct pass *p, unsigned slots, struct err *e)
{
    struct volume *v = p->volume;
    struct image_reader_config c = {
        .image = &v->image,
        .slots = slots,
        .lax = true,
    };
    struct manifest_header h;

    p->source = image_reader_new(&c, e);
    if (!p->source)
        return -1;
    if (!v->evidence.manifest_path)
        return 0;
    p->rows = evidence_rows(&v->evidence, &h, e);
    return p->rows ? compare_open(&p->compare, p->rows, e) : -1;
}

int pass_open(struct pass *p, struct volume *v, const struct blockset *only,
              unsigned slots, struct err *e)
{
    memset(p, 0, sizeof(*p));
    p->volume = v;
    return v->is_snapshot ? open_fetch(p, only, slots, e)
                          : open_reader(p, slots, e);
}

int pass_run(struct pass *p, const struct pass_run *how, struct err *e)
{
    struct sink *sinks[2];
    struct hashes none;
    struct pipeline line = {
        .source = p->source,
        .sinks = sinks,
        .workers = how->workers,
        .slots = how->slots,
        .tick = how->tick,
        .ctx = how->ctx,
    };

    if (p->rows) {
        p->compare.different = how->different;
        p->compare.ctx = how->ctx;
        sinks[line.nsinks++] = &p->compare.sink;
    }
    sinks[line.nsinks++] = how->sink;
    if (pipeline_run(&line, &none, e) < 0)
        return -1;
    return p->rows ? p->compare.sink.finish(&p->compare.sink, NULL, e) : 0;
}

void pass_close(struct pass *p)
{
    if (!p->volume)
        return;
    if (p->volume->is_snapshot) {
        fetch_free(p->source);
        blockmap_free(p->map);
    } else {
        image_reader_free(p->source);
        manifest_close(p->rows);
    }
    memset(p, 0, sizeof(*p));
}
