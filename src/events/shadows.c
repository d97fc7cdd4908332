/* SPDX-License-Identifier: Apache-2.0 */
/* Entries that are pieces of other ones. */
#include <stdlib.h>
#include <string.h>

#include "events/store.h"

static bool is_in_file(const struct store_event *k)
{
    return k->place[0].path || k->place[1].path;
}

static int by_match(const void *x, const void *y)
{
    const struct store_event *a = x, *b = y;

    if (a->match != b->match)
        return a->match < b->match ? -1 : 1;
    return (int)is_in_file(b) - (int)is_in_file(a);
}

static int by_time(const void *x, const void *y)
{
    const struct store_event *a = x, *b = y;

    if (a->time != b->time)
        return a->time < b->time ? -1 : 1;
    if (a->id != b->id)
        return a->id < b->id ? -1 : 1;
    return strcmp(a->text, b->text);
}

/* Blocks of file systems begin at multiples of it. */
#define BORDER 512u

static uint64_t carved_at(const struct store_event *k)
{
    return k->place[0].offset != STORE_NOWHERE ? k->place[0].offset
         : k->place[1].offset;
}

static bool meets_border(const struct store_event *k)
{
    uint64_t at = carved_at(k);

    return at != STORE_NOWHERE
        && (at % BORDER == 0 || at / BORDER != (at + k->size) / BORDER);
}

/* A file's blocks may lie apart: a carved entry goes on with other bytes
 * where a block ends.  So many of its own text, at least. */
static size_t sound_part(const struct store_event *k)
{
    size_t n = strlen(k->text);

    for (unsigned i = 0; i < STORE_SIDES; i++) {
        uint64_t from = k->place[i].offset;
        uint64_t border = from == STORE_NOWHERE ? from
            : (from / BORDER + 1) * BORDER;
        size_t before = k->size - (k->shown < k->size ? k->shown : k->size);

        if (from == STORE_NOWHERE || border >= from + k->size)
            continue;
        return border - from > before && border - from - before < n
            ? (size_t)(border - from - before) : 0;
    }
    return k->is_part ? n : SIZE_MAX;
}

static bool same_host(const struct store_event *a,
                      const struct store_event *b)
{
    return a->host && b->host ? strcmp(a->host, b->host) == 0
        : a->host == b->host;
}

static void cast_shadow(struct store_event *whole, struct store_event *part)
{
    for (unsigned i = 0; i < STORE_SIDES; i++)
        if (part->place[i].offset < whole->place[i].offset)
            whole->place[i].offset = part->place[i].offset;
}

/* Of one moment so many are compared; with more of them a piece may be of
 * any. */
#define CROWD_MOST 10000u

/* The same record, by its number: it is told already, whole. */
static bool is_same_record(const struct store_event *whole,
                           const struct store_event *part)
{
    return part->is_part && !whole->is_part && part->has_id && whole->has_id
        && part->id == whole->id && strcmp(part->source, whole->source) == 0;
}

static bool ends_with(const char *s, const char *end)
{
    size_t n = strlen(s), k = strlen(end);

    return n >= k && strcmp(s + n - k, end) == 0;
}

/* The same line: where it meets a border of blocks, what lies before that may
 * be the end of something else, or its own beginning.  The one in a file is
 * right, else the longer one is told. */
static bool is_same_line(const struct store_event *whole,
                         const struct store_event *part)
{
    if (strcmp(whole->source, part->source) != 0
        || !same_host(whole, part) || !meets_border(part))
        return false;
    return ends_with(whole->text, part->text)
        || (is_in_file(whole) && ends_with(part->text, whole->text));
}

/* It begins as an entry does that is in a file. */
static bool may_be_of(const struct store_event *whole,
                      const struct store_event *part, size_t sound)
{
    return sound != SIZE_MAX && is_in_file(whole) && same_host(whole, part)
        && strncmp(part->text, whole->text, sound) == 0;
}

static void find_shadow(struct store_event *list, size_t n, size_t i)
{
    size_t sound = is_in_file(&list[i]) ? SIZE_MAX : sound_part(&list[i]);

    for (size_t k = 0; k < n; k++) {
        if (k == i)
            continue;
        if (k > CROWD_MOST) {
            list[i].is_shadow = true;
            return;
        }
        list[i].is_hidden = !list[k].is_hidden
            && (is_same_record(&list[k], &list[i])
                || is_same_line(&list[k], &list[i]));
        list[i].is_shadow = list[i].is_hidden
            || may_be_of(&list[k], &list[i], sound);
        if (list[i].is_shadow) {
            cast_shadow(&list[k], &list[i]);
            return;
        }
    }
}

/* Of those of one moment. */
static void find_shadows(struct store_event *list, size_t n)
{
    for (size_t i = 0; n > 1 && i < n; i++)
        if (!is_in_file(&list[i])
            && (list[i].is_part || meets_border(&list[i])))
            find_shadow(list, n, i);
}

void store_sort(struct store *s)
{
    if (!s->count)
        return;
    qsort(s->list, s->count, sizeof(*s->list), by_match);
    for (size_t i = 0, end; i < s->count; i = end) {
        for (end = i + 1; end < s->count
             && s->list[end].match == s->list[i].match;)
            end++;
        find_shadows(s->list + i, end - i);
    }
    qsort(s->list, s->count, sizeof(*s->list), by_time);
}
