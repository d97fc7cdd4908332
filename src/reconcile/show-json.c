/* SPDX-License-Identifier: Apache-2.0 */
/* For programs. */
#include "base/json.h"
#include "readers/tell-reader.h"
#include "reconcile/reconcile.h"

static void put_tally(struct text *t, const char *name,
                      const struct tally *x)
{
    json_open(t, name, '{');
    json_put_u64(t, "requests", x->all);
    json_put_u64(t, "witnessed", x->witnessed);
    json_close(t, '}');
}

static void put_requests(struct text *t, const struct reconcile *r)
{
    const struct counts *c = &r->counts;

    json_open(t, "requests", '{');
    put_tally(t, "blocks", &c->blocks);
    put_tally(t, "answers", &c->answers);
    put_tally(t, "failures", &c->failures);
    put_tally(t, "ec2_sts", &c->others);
    put_tally(t, "carried", &c->carried);
    json_put_u64(t, "without_id", c->without_id);
    json_put_u64(t, "contradicted", r->own.contradicted);
    json_close(t, '}');
}

static void put_named(struct text *t, const char *name,
                      const struct names_of *n)
{
    json_open(t, name, '[');
    for (size_t i = 0; i < n->count; i++) {
        const struct named *x = &n->list[i];

        json_open(t, NULL, '{');
        json_put_text(t, "call", reading_name(x->call));
        if (x->block != READING_NO_BLOCK)
            json_put_u64(t, "block", x->block);
        json_put_text(t, "request_id", x->id);
        json_close(t, '}');
    }
    json_close(t, ']');
}

static void put_unanswered(struct text *t, const struct reconcile *r)
{
    json_open(t, "unanswered", '{');
    for (int u = 0; u < UNANSWERED; u++)
        json_put_u64(t, unanswered_name((enum unanswered)u),
                     r->own.unanswered[u]);
    json_close(t, '}');
    put_named(t, "unexplained", &r->unexplained);
    json_put_u64(t, "unexplained_left_out", r->unexplained.more);
}

static void put_crowd(struct text *t, const char *name,
                      const struct crowd *c)
{
    json_open(t, name, '[');
    for (size_t i = 0; i < c->count; i++)
        reader_json(&c->readers[i], t);
    json_close(t, ']');
}

static void put_elsewhere(struct text *t, const struct reconcile *r)
{
    json_open(t, "elsewhere", '[');
    for (size_t i = 0; i < r->adrift.count; i++)
        if (reconcile_is_elsewhere(r, &r->adrift.readers[i]))
            reader_json(&r->adrift.readers[i], t);
    json_close(t, ']');
}

void reconcile_json(const struct reconcile *r, struct text *out)
{
    json_open(out, NULL, '{');
    json_put_text(out, "prefix", r->prefix);
    json_put_text(out, "snapshot", r->own.ev.log.snapshot);
    json_put_bool(out, "reconciled", !r->strange && !r->gather.incomplete);
    put_requests(out, r);
    put_named(out, "unwitnessed", &r->unwitnessed);
    json_put_u64(out, "unwitnessed_left_out", r->unwitnessed.more);
    put_unanswered(out, r);
    put_crowd(out, "ours", &r->ours);
    put_elsewhere(out, r);
    put_crowd(out, "others", &r->others);
    gather_json(&r->gather, out);
    json_close(out, '}');
    text_add(out, "\n");
}
