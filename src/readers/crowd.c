/* SPDX-License-Identifier: Apache-2.0 */
#include "readers/crowd.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/block.h"
#include "base/text.h"
#include "readers/network.h"

void crowd_init(struct crowd *c)
{
    memset(c, 0, sizeof(*c));
    c->marks_left = CROWD_MARKS;
}

static void reader_free(struct reader *r)
{
    struct few *const lists[] = {
        &r->addresses, &r->networks, &r->endpoints, &r->agents, &r->keys,
        &r->regions, &r->errors,
    };

    free(r->name);
    free(r->who);
    free(r->type);
    free(r->account);
    free(r->thing);
    marks_free(&r->blocks);
    for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++)
        few_free(lists[i]);
}

void crowd_free(struct crowd *c)
{
    names_free(&c->names);
    for (size_t i = 0; i < c->count; i++)
        reader_free(&c->readers[i]);
    free(c->readers);
    memset(c, 0, sizeof(*c));
}

/* -------------------------------------------------------------- which one */

static int grow(struct crowd *c, struct err *e)
{
    size_t room = c->room ? 2 * c->room : 4;
    struct reader *more;

    if (c->count < c->room)
        return 0;
    more = realloc(c->readers, room * sizeof(*more));
    if (!more)
        return err_nomem(e);
    c->readers = more;
    c->room = room;
    return 0;
}

static int begin(struct reader *r, const struct reading *a, int i,
                 const char *name, struct err *e)
{
    memset(r, 0, sizeof(*r));
    r->name = strdup(name);
    r->who = strdup(a->who);
    r->type = strdup(a->type);
    r->account = strdup(a->account);
    r->thing = strdup(a->things[i]);
    if (r->name && r->who && r->type && r->account && r->thing)
        return 0;
    reader_free(r);
    return err_nomem(e);
}

static struct reader *join(struct crowd *c, const struct reading *a, int i,
                           const char *name, struct err *e)
{
    struct reader *r;

    if (grow(c, e) < 0)
        return NULL;
    r = &c->readers[c->count];
    if (begin(r, a, i, name, e) < 0)
        return NULL;
    c->count++;
    return names_add(&c->names, r->name, c->count - 1, e) < 0 ? NULL : r;
}

/* 1: *out; 0: there is no room for one more. */
static int find(struct crowd *c, const struct reading *a, int i,
                const char *apart, struct reader **out, struct err *e)
{
    autotext struct text name = TEXT_INIT;
    size_t at;

    text_add(&name, a->things[i]);
    text_add(&name, "\n");
    text_add(&name, apart);
    text_add(&name, "\n");
    text_add(&name, a->who);
    if (name.failed)
        return err_nomem(e);
    at = names_find(&c->names, name.s);
    if (at != NAMES_NONE) {
        *out = &c->readers[at];
        return 1;
    }
    if (c->count == CROWD_MAX)
        return 0;
    *out = join(c, a, i, name.s, e);
    return *out ? 1 : -1;
}

/* -------------------------------------------------------------- what it did */

static void note_time(struct reader *r, const struct reading *a)
{
    if (!a->seconds) {
        r->untimed++;
        return;
    }
    if (!r->first || a->seconds < r->first)
        r->first = a->seconds;
    if (a->seconds > r->last)
        r->last = a->seconds;
}

static int note_network(struct reader *r, const struct reading *a,
                        struct err *e)
{
    char network[NETWORK_ROOM];

    return few_add(&r->networks, network_of(network, a->address), e);
}

static int note_place(struct reader *r, const struct reading *a,
                      struct err *e)
{
    if (few_add(&r->addresses, a->address, e) < 0
        || note_network(r, a, e) < 0
        || few_add(&r->endpoints, a->endpoint, e) < 0
        || few_add(&r->agents, a->agent, e) < 0
        || few_add(&r->keys, a->key, e) < 0
        || few_add(&r->regions, a->region, e) < 0)
        return -1;
    return few_add(&r->errors, a->error, e);
}

/* Sets can take a copy: it adds nothing.  That a record is a copy may be
 * wrong (seen.h), and then no block is lost. */
static int note_block(struct crowd *c, struct reader *r,
                      const struct reading *a, struct err *e)
{
    if (a->call != READING_GET || a->error[0] || a->block == READING_NO_BLOCK)
        return 0;
    return marks_add(&r->blocks, &c->marks_left, a->block, e);
}

static int count(struct reader *r, const struct reading *a, struct err *e)
{
    r->calls[a->call]++;
    r->failed[a->call] += a->error[0] != '\0';
    r->odd += a->call == READING_GET && !a->error[0]
        && a->block == READING_NO_BLOCK;
    r->shared += a->shared;
    return note_place(r, a, e);
}

int crowd_add(struct crowd *c, const struct reading *a, int i,
              const char *apart, bool again, struct err *e)
{
    struct reader *r = NULL;
    int found = find(c, a, i, apart, &r, e);

    if (found < 0)
        return -1;
    if (found == 0) {
        c->no_room += !again;
        return 0;
    }
    note_time(r, a);
    if (note_block(c, r, a, e) < 0)
        return -1;
    return again && reader_calls(r) ? 0 : count(r, a, e);
}

/* ------------------------------------------------------------------ figures */

static uint64_t sum(const uint64_t *n)
{
    uint64_t all = 0;

    for (int i = 0; i < READING_CALLS; i++)
        all += n[i];
    return all;
}

uint64_t reader_calls(const struct reader *r)
{
    return sum(r->calls);
}

uint64_t reader_failed(const struct reader *r)
{
    return sum(r->failed);
}

uint64_t reader_bytes(const struct reader *r)
{
    return (r->calls[READING_GET] - r->failed[READING_GET]) * BLOCK_SIZE;
}

bool reader_has_rate(const struct reader *r)
{
    return r->first && !r->untimed;
}

/* Times are whole seconds: what is within one took up to one. */
uint64_t reader_rate(const struct reader *r)
{
    return reader_bytes(r) / (r->last - r->first + 1);
}

static int by_thing(const void *a, const void *b)
{
    const struct reader *x = a, *y = b;
    int r = strcmp(x->thing, y->thing);

    if (r)
        return r;
    if (x->blocks.count != y->blocks.count)
        return x->blocks.count < y->blocks.count ? 1 : -1;
    return strcmp(x->name, y->name);
}

void crowd_sort(struct crowd *c)
{
    names_free(&c->names);
    if (c->count)
        qsort(c->readers, c->count, sizeof(*c->readers), by_thing);
}
