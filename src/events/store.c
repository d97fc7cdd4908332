/* SPDX-License-Identifier: Apache-2.0 */
#include "events/store.h"

#include <stdlib.h>
#include <string.h>

#include "audit/hash.h"
#include "events/civil.h"

#define CHUNK_BYTES (1u << 20)
/* So much of a text is kept. */
#define TEXT_KEPT 4096u

struct store_chunk {
    struct store_chunk *next;
    size_t used, size;
    char bytes[];
};

void store_init(struct store *s, uint64_t budget)
{
    *s = (struct store){ .budget = budget };
}

void store_free(struct store *s)
{
    while (s->chunks) {
        struct store_chunk *next = s->chunks->next;

        free(s->chunks);
        s->chunks = next;
    }
    free(s->list);
    free(s->slots);
    *s = (struct store){ 0 };
}

/* ------------------------------------------------------------------- texts */

static char *take(struct store *s, size_t n)
{
    struct store_chunk *c = s->chunks;

    if (!c || n > c->size - c->used) {
        size_t size = n > CHUNK_BYTES ? n : CHUNK_BYTES;

        c = malloc(sizeof(*c) + size);
        if (!c)
            return NULL;
        *c = (struct store_chunk){ s->chunks, 0, size };
        s->chunks = c;
        s->memory += size;
    }
    c->used += n;
    return c->bytes + c->used - n;
}

/* A NUL, which text cannot have, becomes the words for it. */
const char *store_keep(struct store *s, const char *text, size_t n)
{
    size_t nuls = 0, k = 0;
    char *to;

    for (size_t i = 0; i < n; i++)
        nuls += text[i] == '\0';
    to = take(s, n + 3 * nuls + 1);
    if (!to)
        return NULL;
    for (size_t i = 0; i < n; i++) {
        if (text[i]) {
            to[k++] = text[i];
            continue;
        }
        memcpy(to + k, "\\x00", 4);
        k += 4;
    }
    to[k] = '\0';
    return to;
}

/* ------------------------------------------------------------------- table */

static uint64_t start_of(const unsigned char key[16])
{
    uint64_t h;

    memcpy(&h, key, sizeof(h));
    return h;
}

static size_t find_slot(const struct store *s, const unsigned char key[16])
{
    size_t i = (size_t)(start_of(key) % s->slot_count);

    while (s->slots[i]
           && memcmp(s->list[s->slots[i] - 1].key, key, 16) != 0)
        i = i + 1 == s->slot_count ? 0 : i + 1;
    return i;
}

static int widen(struct store *s, struct err *e)
{
    size_t n = s->slot_count ? s->slot_count * 2 : 4096;
    uint32_t *slots = calloc(n, sizeof(*slots));

    if (!slots)
        return err_nomem(e);
    free(s->slots);
    s->memory += (n - s->slot_count) * sizeof(*slots);
    s->slots = slots;
    s->slot_count = n;
    for (size_t i = 0; i < s->count; i++)
        slots[find_slot(s, s->list[i].key)] = (uint32_t)i + 1;
    return 0;
}

static int grow(struct store *s, struct err *e)
{
    size_t n = s->room ? s->room + s->room / 2 : 1024;
    struct store_event *list = reallocarray(s->list, n, sizeof(*list));

    if (!list)
        return err_nomem(e);
    s->memory += (n - s->room) * sizeof(*list);
    s->list = list;
    s->room = n;
    return 0;
}

/* --------------------------------------------------------------------- add */

/* One key for all that has the same bytes, whatever log it stands in. */
static void make_key(const struct event *v, unsigned char key[16])
{
    unsigned char sha256[32];

    hash_sha256(v->key ? v->key : v->text.s,
                v->key ? v->key_size : v->text.n, sha256);
    memcpy(key, sha256, 16);
}

static int64_t match_of(const struct event *v)
{
    return v->year == EVENT_YEAR_GIVEN ? v->time
         : civil_move(v->time, CIVIL_LEAP_YEAR);
}

static int keep_texts(struct store *s, struct store_event *k,
                      const struct event *v, struct err *e)
{
    size_t n = v->text.n < TEXT_KEPT ? v->text.n : TEXT_KEPT;

    k->text = store_keep(s, v->text.s ? v->text.s : "", v->text.s ? n : 0);
    if (v->host.s)
        k->host = store_keep(s, v->host.s, v->host.n);
    return k->text && (k->host || !v->host.s) ? 0 : err_nomem(e);
}

static struct store_event *append(struct store *s, const struct event *v,
                                  const unsigned char key[16], struct err *e)
{
    struct store_event *k;

    if ((s->count == s->room && grow(s, e) < 0)
        || ((s->count + 1) * 2 > s->slot_count && widen(s, e) < 0))
        return NULL;
    k = &s->list[s->count];
    *k = (struct store_event){
        .time = v->time, .match = match_of(v), .source = v->source,
        .id = v->id, .has_id = v->has_id, .size = (unsigned)v->size,
        .shown = (unsigned)v->text.n, .minutes = (int16_t)v->minutes,
        .zone = (uint8_t)v->zone, .year = (uint8_t)v->year,
        .is_part = v->is_part || v->text.n > TEXT_KEPT,
    };
    memcpy(k->key, key, 16);
    for (unsigned i = 0; i < STORE_SIDES; i++)
        k->place[i].offset = STORE_NOWHERE;
    if (keep_texts(s, k, v, e) < 0)
        return NULL;
    s->slots[find_slot(s, key)] = (uint32_t)++s->count;
    return k;
}

/* Of two that found the same, the one in a file knows more: whose log it is,
 * and the year. */
static void learn(struct store_event *k, const struct event *v)
{
    if (k->year == EVENT_YEAR_UNKNOWN) {
        k->year = (uint8_t)v->year;
        k->time = v->time;
    }
    if (!k->place[0].path && !k->place[1].path)
        k->source = v->source;
}

/* What was told in part is told whole where it is found again. */
static int complete(struct store *s, struct store_event *k,
                    const struct event *v, struct err *e)
{
    if (!k->is_part || v->is_part || v->text.n > TEXT_KEPT)
        return 0;
    k->is_part = false;
    k->shown = (unsigned)v->text.n;
    k->host = NULL;
    return keep_texts(s, k, v, e);
}

static void add_place(struct store_place *p, const char *path, uint64_t at)
{
    if (!path) {
        p->offset = at < p->offset ? at : p->offset;
        return;
    }
    if (!p->files++) {
        p->path = path;
        p->at = at;
    }
}

/* With what one more would take. */
static bool is_full(const struct store *s)
{
    uint64_t more = 0;

    if (s->count == s->room)
        more += s->room / 2 * sizeof(*s->list);
    if ((s->count + 1) * 2 > s->slot_count)
        more += s->slot_count * sizeof(*s->slots);
    return s->count && (s->memory + more >= s->budget
                        || s->count >= UINT32_MAX - 1);
}

int store_add(struct store *s, unsigned side, const struct event *v,
              const char *path, uint64_t at, struct err *e)
{
    unsigned char key[16];
    size_t slot;
    struct store_event *k;

    make_key(v, key);
    slot = s->slot_count ? find_slot(s, key) : 0;
    if (s->slot_count && s->slots[slot]) {
        k = &s->list[s->slots[slot] - 1];
        if (path)
            learn(k, v);
        if (complete(s, k, v, e) < 0)
            return -1;
    } else if (is_full(s)) {
        s->dropped++;
        return 0;
    } else {
        k = append(s, v, key, e);
    }
    if (!k)
        return -1;
    add_place(&k->place[side], path, at);
    return 0;
}
