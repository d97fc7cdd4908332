/* SPDX-License-Identifier: Apache-2.0 */
#include "custody/show.h"

#include <inttypes.h>
#include <string.h>

#include "base/clock.h"
#include "base/json.h"
#include "custody/proof.h"
#include "seal/certificate.h"

const struct custody_member custody_members[] = {
    { "from", "From" },         { "to", "To" },
    { "place", "Place" },       { "reason", "Reason" },
    { "evidence", "Evidence" }, { "against", "Compared with" },
    { "result", "Result" },     { "detail", "In detail" },
    { "user", "Entered by" },   { "host", "On" },
    { NULL, NULL },
};

void custody_value(const struct custody *c, const struct custody_entry *x,
                   const char *name, struct text *t)
{
    const char *value = custody_text(c, x->line, name);

    text_add(t, value ? value : "");
}

/* ------------------------------------------------------------------ proofs */

static void add_stamp(const struct custody *c, const struct custody_entry *x,
                      const struct custody_signature *s, size_t k,
                      struct text *t)
{
    struct err why = ERR_INIT;
    struct token token;
    char when[CLOCK_TEXT];

    if (custody_stamp(c, x, s, k, &token, &why) < 0) {
        text_addf(t, "; its time stamp %s", why.msg);
    } else {
        text_addf(t, "; time-stamped %s by ",
                  clock_text(when, (uint64_t)token.time * NS_PER_S));
        certificate_name(token.cms.signer, t);
    }
    token_free(&token);
}

static void add_signature(const struct custody *c,
                          const struct custody_entry *x, struct text *t)
{
    struct custody_signature s;
    struct err why = ERR_INIT;

    if (custody_signature(c, x, &s, &why) < 0) {
        text_addf(t, "its signature %s", why.msg);
    } else {
        text_add(t, "signed by ");
        text_add(t, s.who.s ? s.who.s : "");
        for (size_t k = 0; k < x->nstamps; k++)
            add_stamp(c, x, &s, k, t);
    }
    custody_signature_free(&s);
}

void custody_add_proof(const struct custody *c, const struct custody_entry *x,
                       struct text *t)
{
    if (x->signature)
        add_signature(c, x, t);
    else
        text_add(t, x->to_sign ? "not signed: a signature was to follow"
                               : "not signed");
    if (x->nstamps < x->stamps_wanted)
        text_addf(t, "; not time-stamped: %zu of %" PRIu64 " time stamps that "
                  "were asked for", x->nstamps, x->stamps_wanted);
}

/* -------------------------------------------------------------------- show */

static void entry_json(const struct custody *c, const struct custody_entry *x,
                       struct text *t)
{
    autotext struct text proof = TEXT_INIT;

    custody_add_proof(c, x, &proof);
    json_open(t, NULL, '{');
    json_put_u64(t, "line", x->line);
    json_put_text(t, "time", custody_text(c, x->line, "time"));
    json_put_text(t, "event", custody_words[x->kind]);
    for (const struct custody_member *m = custody_members; m->name; m++)
        json_put_text(t, m->name, custody_text(c, x->line, m->name));
    json_put_bool(t, "signed", x->signature != 0);
    json_put_u64(t, "stamps", x->nstamps);
    json_put_text(t, "proof", proof.s);
    json_close(t, '}');
    t->failed |= proof.failed;
}

void custody_json(const struct custody *c, struct text *t)
{
    char hex[2 * LOG_HASH + 1];

    hex_encode(hex, c->check.head, LOG_HASH);
    json_put_text(t, "snapshot", c->snapshot);
    json_put_u64(t, "lines", c->check.events);
    json_put_text(t, "head", hex);
    json_open(t, "entries", '[');
    for (size_t i = 0; i < c->nentries; i++)
        entry_json(c, &c->entries[i], t);
    json_close(t, ']');
}

static void entry_text(const struct custody *c, const struct custody_entry *x,
                       struct text *t)
{
    autotext struct text proof = TEXT_INIT;

    custody_add_proof(c, x, &proof);
    text_addf(t, "line %zu  %s  %s\n", x->line,
              custody_text(c, x->line, "time"), custody_words[x->kind]);
    for (const struct custody_member *m = custody_members; m->name; m++) {
        const char *value = custody_text(c, x->line, m->name);

        if (!value)
            continue;
        text_addf(t, "    %-14s", m->title);
        text_add_shown(t, value);
        text_add(t, "\n");
    }
    text_addf(t, "    %-14s", "Proof");
    text_add_shown(t, proof.s ? proof.s : "");
    text_add(t, "\n");
    t->failed |= proof.failed;
}

void custody_show_text(const struct custody *c, struct text *t)
{
    char hex[2 * LOG_HASH + 1];

    for (size_t i = 0; i < c->nentries; i++)
        entry_text(c, &c->entries[i], t);
    hex_encode(hex, c->check.head, LOG_HASH);
    text_addf(t, "%zu entr%s, head %s\n", c->nentries,
              c->nentries == 1 ? "y" : "ies", hex);
}
