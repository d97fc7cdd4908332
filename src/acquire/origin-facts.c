/* SPDX-License-Identifier: Apache-2.0 */
#include "acquire/origin-facts.h"

#include <stddef.h>
#include <string.h>

#include "aws/endpoint.h"
#include "base/json.h"
#include "base/text.h"

/* What it means that a fact is another one than when the run was begun. */
enum rule {
    MUST_BE_SAME, /* it may be another disk */
    BY_OPTION,    /* somebody else reads: he must say that it is meant */
    MAY_DIFFER,   /* the same disk by another way: the log tells */
};

static const struct fact {
    const char *name;
    const char *words;
    size_t offset;
    enum origin_part part;
    enum rule rule;
} facts[] = {
#define AT(field) offsetof(struct origin_facts, field)
    { "partition", "partition", AT(partition), ORIGIN_SERVICE,
      MUST_BE_SAME },
    { "region", "region", AT(region), ORIGIN_SERVICE, MUST_BE_SAME },
    { "endpoint", "endpoint", AT(endpoint), ORIGIN_SERVICE, MAY_DIFFER },
    { "account", "account of the keys", AT(account), ORIGIN_CALLER,
      BY_OPTION },
    { "caller", "owner of the keys", AT(caller), ORIGIN_CALLER, MAY_DIFFER },
    { "owner", "owner of the snapshot", AT(owner), ORIGIN_SNAPSHOT,
      MUST_BE_SAME },
    { "volume", "volume of the snapshot", AT(volume), ORIGIN_SNAPSHOT,
      MUST_BE_SAME },
    { "start_time", "time of the snapshot", AT(start_time), ORIGIN_SNAPSHOT,
      MUST_BE_SAME },
#undef AT
};

#define FACTS (sizeof(facts) / sizeof(facts[0]))

static const char **value(struct origin_facts *o, const struct fact *f)
{
    return (const char **)((char *)o + f->offset);
}

static const char *get(const struct origin_facts *o, const struct fact *f)
{
    return *(const char *const *)((const char *)o + f->offset);
}

void origin_write(const struct origin_facts *o, struct record *r)
{
    for (size_t i = 0; i < FACTS; i++)
        record_str(r, facts[i].name, get(o, &facts[i]));
}

void origin_read(const cJSON *line, struct origin_facts *o)
{
    for (size_t i = 0; i < FACTS; i++)
        *value(o, &facts[i]) = json_text(line, facts[i].name);
}

/* The region of an earlier run may become a part of the host that is asked:
 * it must be no more than a region. */
bool origin_possible(const struct origin_facts *o)
{
    return o->region && endpoint_region_valid(o->region) && o->endpoint
        && o->partition
        && strcmp(o->partition, endpoint_partition(o->region)) == 0;
}

static int refuse(const struct fact *f, const char *then, const char *now,
                  struct err *e)
{
    return err_set(e, ERR_SOURCE, 0, "the %s was %s when the run was begun, "
                   "and is %s now: %s", f->words, then, now,
                   f->rule == BY_OPTION
                       ? "--allow-other-account goes on with the keys of "
                         "another account, and the log tells it"
                       : "that may be another disk of the same id, which "
                         "must not go into this image");
}

static int compare(const struct fact *f, const struct origin_facts *then,
                   const struct origin_facts *now, bool other_account,
                   struct origin_look *look, struct err *e)
{
    const char *a = get(then, f), *b = get(now, f);
    unsigned bit = 1u << (f - facts);

    if (!a || !b)
        look->unknown |= bit;
    else if (strcmp(a, b) == 0)
        look->same |= bit;
    else if (f->rule == MAY_DIFFER || (f->rule == BY_OPTION && other_account))
        look->other |= bit;
    else
        return refuse(f, a, b, e);
    return 0;
}

int origin_compare(const struct origin_facts *then,
                   const struct origin_facts *now,
                   enum origin_part part, bool other_account,
                   struct origin_look *look, struct err *e)
{
    for (size_t i = 0; i < FACTS; i++)
        if (facts[i].part == part
            && compare(&facts[i], then, now, other_account, look, e) < 0)
            return -1;
    return 0;
}

/* --------------------------------------------------------------- telling */

static void add_names(struct record *r, const char *key, unsigned set)
{
    autotext struct text t = TEXT_INIT;

    text_add(&t, "[");
    for (size_t i = 0; i < FACTS; i++)
        if (set & 1u << i)
            text_addf(&t, "%s\"%s\"", t.len > 1 ? "," : "", facts[i].name);
    text_add(&t, "]");
    record_json(r, key, t.failed ? "[]" : t.s);
    r->json.failed |= t.failed;
}

static void add_other(struct record *r, const struct origin_facts *then,
                      const struct origin_facts *now, unsigned set)
{
    autotext struct text t = TEXT_INIT;

    text_add(&t, "[");
    for (size_t i = 0; i < FACTS; i++) {
        if (!(set & 1u << i))
            continue;
        text_addf(&t, "%s{\"what\":\"%s\",\"then\":", t.len > 1 ? "," : "",
                  facts[i].name);
        text_add_json(&t, get(then, &facts[i]));
        text_add(&t, ",\"now\":");
        text_add_json(&t, get(now, &facts[i]));
        text_add(&t, "}");
    }
    text_add(&t, "]");
    record_json(r, "other", t.failed ? "[]" : t.s);
    r->json.failed |= t.failed;
}

void origin_add_look(struct record *r, const struct origin_facts *then,
                     const struct origin_facts *now,
                     const struct origin_look *look)
{
    add_names(r, "same", look->same);
    add_names(r, "unknown", look->unknown);
    add_other(r, then, now, look->other);
}

void origin_tell_other(struct text *t, const struct origin_facts *then,
                       const struct origin_facts *now,
                       const struct origin_look *look)
{
    for (size_t i = 0; i < FACTS; i++)
        if (look->other & 1u << i)
            text_addf(t, "%sthe %s was %s and is %s now",
                      t->len ? "; " : "", facts[i].words,
                      get(then, &facts[i]), get(now, &facts[i]));
}

void origin_tell_unknown(struct text *t, const struct origin_look *look)
{
    for (size_t i = 0; i < FACTS; i++)
        if (look->unknown & 1u << i)
            text_addf(t, "%sthe %s", t->len ? ", " : "", facts[i].words);
}
