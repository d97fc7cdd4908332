/* SPDX-License-Identifier: Apache-2.0 */
#include "show/facts.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static void comma(struct facts *f)
{
    if (!f->first)
        text_add(&f->t, ",");
    f->first = false;
}

static void key(struct facts *f, const char *name)
{
    if (!f->json) {
        text_addf(&f->t, "  %-20s%s", name, strlen(name) < 20 ? "" : "  ");
        return;
    }
    comma(f);
    text_add_json(&f->t, name);
    text_add(&f->t, ":");
}

/* ----------------------------------------------------------------- parts */

/* In JSON what holds something begins; the text has no brackets. */
static void bracket(struct facts *f, const char *open)
{
    if (f->json)
        text_add(&f->t, open);
    f->first = true;
}

static void end_bracket(struct facts *f, const char *close)
{
    if (f->json)
        text_add(&f->t, close);
    f->first = false;
}

static void heading(struct facts *f, const char *name)
{
    text_add(&f->t, f->t.len ? "\n" : "");
    text_add_shown(&f->t, name);
    text_add(&f->t, "\n");
}

void facts_begin(struct facts *f, bool json)
{
    *f = (struct facts){ .json = json };
    bracket(f, "{");
}

void facts_end(struct facts *f)
{
    end_bracket(f, "}\n");
}

void facts_open(struct facts *f, const char *name)
{
    if (f->json)
        key(f, name);
    else
        heading(f, name);
    bracket(f, "{");
}

void facts_close(struct facts *f)
{
    end_bracket(f, "}");
}

void facts_open_list(struct facts *f, const char *name)
{
    if (f->json)
        key(f, name);
    bracket(f, "[");
}

void facts_open_item(struct facts *f, const char *name, const char *value)
{
    if (!f->json) {
        heading(f, value);
        return;
    }
    comma(f);
    bracket(f, "{");
    facts_text(f, name, value);
}

void facts_close_list(struct facts *f)
{
    end_bracket(f, "]");
}

/* ---------------------------------------------------------------- values */

void facts_text(struct facts *f, const char *name, const char *value)
{
    if (!value[0])
        return;
    key(f, name);
    if (f->json) {
        text_add_json(&f->t, value);
        return;
    }
    text_add_shown(&f->t, value);
    text_add(&f->t, "\n");
}

void facts_number(struct facts *f, const char *name, uint64_t value)
{
    if (value == FACT_NONE)
        return;
    key(f, name);
    text_addf(&f->t, f->json ? "%" PRIu64 : "%" PRIu64 "\n", value);
}

void facts_hashes(struct facts *f, const char *before, const struct hashes *h)
{
    char hex[2 * HASH_MAX + 1], name[40];

    for (int k = 0; k < HASH_KINDS; k++) {
        if (!(h->have & HASH_BIT(k)))
            continue;
        snprintf(name, sizeof(name), "%s%s", before,
                 f->json ? hash_names[k] : hash_titles[k]);
        facts_text(f, name, hashes_hex(h, (enum hash_kind)k, hex));
    }
}
