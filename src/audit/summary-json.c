/* SPDX-License-Identifier: Apache-2.0 */
/* The summary as JSON. */
#include <inttypes.h>

#include "audit/summary.h"

static void add_text(struct text *t, const char *key, const char *value)
{
    text_addf(t, "\"%s\":", key);
    text_add_json(t, value);
}

/* A number that is not told is null. */
static void add_number(struct text *t, const char *key, uint64_t n)
{
    if (n == RUN_UNTOLD)
        text_addf(t, "\"%s\":null", key);
    else
        text_addf(t, "\"%s\":%" PRIu64, key, n);
}

static void add_hex(struct text *t, const char *key, const void *data,
                    size_t n)
{
    char hex[2 * LOG_HASH + 1];

    hex_encode(hex, data, n);
    text_addf(t, "\"%s\":\"%s\"", key, hex);
}

static void add_hashes(struct text *t, const struct hashes *h)
{
    const char *comma = "";

    text_add(t, "\"hashes\":{");
    for (int k = 0; k < HASH_KINDS; k++) {
        if (!(h->have & HASH_BIT(k)))
            continue;
        text_add(t, comma);
        add_hex(t, hash_names[k], h->value[k], hash_sizes[k]);
        comma = ",";
    }
    text_add(t, "}");
}

static void add_file(struct text *t, const struct run_file *f,
                     const char *comma)
{
    text_addf(t, "%s{", comma);
    add_text(t, "name", f->name);
    text_add(t, ",");
    add_number(t, "size", f->size);
    text_add(t, ",");
    add_hashes(t, &f->hashes);
    text_add(t, "}");
}

static void add_blocks(struct text *t, const struct run_record *r)
{
    text_add(t, ",\"blocks\":{");
    add_number(t, "stored", r->stored);
    text_add(t, ",");
    add_number(t, "zero", r->zero);
    text_add(t, ",");
    add_number(t, "never_stored", r->never_stored);
    text_add(t, ",");
    add_number(t, "unreadable", r->unreadable);
    text_add(t, "},");
}

static void add_since(struct text *t, const struct run_record *r)
{
    uint64_t carried = r->carried == RUN_UNTOLD ? 0 : r->carried;

    if (r->since_used != RUN_YES && !carried)
        return;
    text_add(t, ",\"since\":{");
    add_text(t, "snapshot", r->since_snapshot);
    text_add(t, ",");
    add_number(t, "carried", carried);
    text_add(t, ",");
    add_number(t, "audited", r->audited == RUN_UNTOLD ? 0 : r->audited);
    text_add(t, "}");
}

static void add_cache(struct text *t, const struct run_record *r)
{
    if (r->cached == RUN_UNTOLD || !r->cached)
        return;
    text_add(t, ",\"cache\":{");
    add_number(t, "blocks", r->cached);
    text_add(t, ",");
    add_number(t, "compared",
               r->cache_compared == RUN_UNTOLD ? 0 : r->cache_compared);
    text_add(t, "}");
}

static void add_reserves(struct text *t, const struct run_record *r)
{
    if (!run_list_text(r->reserves, 0))
        return;
    text_add(t, ",\"reserves\":");
    run_list_json(r->reserves, t);
}

/* As they were typed, each that was. */
static void add_case(struct text *t, const struct run_record *r)
{
    const struct { const char *key, *value; } rows[] = {
        { "case_number", r->case_number },
        { "evidence_number", r->evidence_number },
        { "examiner", r->examiner },
        { "description", r->description },
        { "notes", r->notes },
    };
    const char *comma = "";

    text_add(t, ",\"case\":{");
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        if (!rows[i].value[0])
            continue;
        text_add(t, comma);
        add_text(t, rows[i].key, rows[i].value);
        comma = ",";
    }
    text_add(t, "}");
}

static void add_controls(struct text *t, const struct run_record *r)
{
    for (size_t i = 0; i < r->ncontrols; i++) {
        const struct run_control *c = &r->controls[i];

        text_add(t, i ? ",{" : ",\"controls\":[{");
        add_text(t, "name", c->name);
        text_add(t, ",");
        add_text(t, "result", c->result);
        if (c->why[0]) {
            text_add(t, ",");
            add_text(t, "why", c->why);
        }
        if (c->reserve[0]) {
            text_add(t, ",");
            add_text(t, "reserve", c->reserve);
        }
        text_add(t, "}");
    }
    if (r->ncontrols)
        text_add(t, "]");
}

void summary_json(const struct run_record *r, const struct run_file *papers,
                  size_t npapers, struct text *t)
{
    const char *comma = "";

    text_add(t, "{");
    add_text(t, "verdict", r->verdict);
    text_add(t, ",");
    add_text(t, "snapshot", r->snapshot);
    text_add(t, ",");
    add_text(t, "prefix", r->prefix);
    if (run_record_is_streamed(r)) {
        text_add(t, ",");
        add_text(t, "image", r->image_at);
    }
    add_case(t, r);
    text_add(t, ",");
    add_number(t, "volume_size", r->volume_size);
    add_blocks(t, r);
    add_hashes(t, &r->stream);
    add_reserves(t, r);
    add_controls(t, r);
    add_since(t, r);
    add_cache(t, r);
    text_add(t, ",");
    add_hex(t, "log_head", r->check.head, LOG_HASH);
    text_add(t, ",");
    add_hex(t, "block_root", r->manifest_root, MANIFEST_HASH);
    text_add(t, ",\"files\":[");
    for (size_t i = 0; i < r->nfiles; i++, comma = ",")
        add_file(t, &r->files[i], comma);
    for (size_t i = 0; i < npapers; i++, comma = ",")
        add_file(t, &papers[i], comma);
    text_add(t, "]");
}
