/* SPDX-License-Identifier: Apache-2.0 */
#include <inttypes.h>

#include "base/file.h"
#include "base/json.h"
#include "base/option.h"
#include "repeat/repeat.h"

bool repeat_differs(const struct repeat *r)
{
    return r->different || r->unlisted || r->added
        || r->own.size != r->other.size;
}

const char *repeat_with(const struct repeat *r)
{
    if (r->opt->against)
        return file_name(r->opt->against);
    return r->other.name ? r->other.name : "its manifest";
}

static bool is_sample(const struct repeat *r)
{
    return r->opt->remote && r->opt->sample != OPTION_ALL;
}

static void add_what(const struct repeat *r, struct text *t)
{
    text_addf(t, "%" PRIu64 " block%s compared", r->compared,
              r->compared == 1 ? "" : "s");
    if (is_sample(r))
        text_addf(t, ", a sample by the seed %016" PRIx64, r->seed);
}

static void add_differences(const struct repeat *r, struct text *t)
{
    if (r->own.size != r->other.size)
        text_addf(t, "; the image has %" PRIu64 " bytes, that has %" PRIu64,
                  r->own.size, r->other.size);
    if (r->different)
        text_addf(t, "; %" PRIu64 " differ%s, the first is block %" PRIu64
                  ", at byte %" PRIu64, r->different,
                  r->different == 1 ? "s" : "", r->first, r->first_byte);
    else
        text_add(t, "; all of them are the same");
    if (r->added || r->unlisted)
        text_addf(t, "; the service lists %" PRIu64 " that the manifest does "
                  "not have, and does not list %" PRIu64 " that it has, the "
                  "first is block %" PRIu64, r->added, r->unlisted,
                  r->first_listed);
    else if (r->opt->remote)
        text_add(t, "; the service lists the same blocks as the manifest");
    if (r->unread)
        text_addf(t, "; %" PRIu64 " that %s unreadable when the image was "
                  "acquired %s not compared", r->unread,
                  r->unread == 1 ? "was" : "were",
                  r->unread == 1 ? "was" : "were");
}

void repeat_detail(const struct repeat *r, struct text *t)
{
    add_what(r, t);
    add_differences(r, t);
}

void repeat_tell(const struct repeat *r, struct text *t)
{
    text_add(t, repeat_differs(r) ? "DIFFERENT: " : "THE SAME: ");
    text_add_shown(t, file_name(r->own.image.paths[0]));
    text_add(t, " and ");
    text_add_shown(t, repeat_with(r));
    text_add(t, ": ");
    repeat_detail(r, t);
    if (r->access) {
        text_add(t, "; access log ");
        text_add_shown(t, r->access);
        text_addf(t, ", head %s", r->access_head);
    }
    text_add(t, "\n");
}

static void put_first(const struct repeat *r, struct text *t)
{
    if (r->different) {
        json_put_u64(t, "first_block", r->first);
        json_put_u64(t, "first_byte", r->first_byte);
    } else {
        json_put_null(t, "first_block");
        json_put_null(t, "first_byte");
    }
}

static void put_remote(const struct repeat *r, struct text *t)
{
    autotext struct text seed = TEXT_INIT;

    text_addf(&seed, "%016" PRIx64, r->seed);
    json_put_text(t, "seed", is_sample(r) ? seed.s : NULL);
    json_put_u64(t, "only_listed", r->added);
    json_put_u64(t, "only_in_manifest", r->unlisted);
    json_put_text(t, "access_log", r->access);
    json_put_text(t, "access_head", r->access_head);
    t->failed |= seed.failed;
}

void repeat_json(const struct repeat *r, struct text *t)
{
    json_open(t, NULL, '{');
    json_put_text(t, "verdict", repeat_differs(r) ? "different" : "same");
    json_put_text(t, "image", r->own.image.paths[0]);
    json_put_text(t, "with", r->opt->remote ? r->other.name
                  : r->opt->against);
    json_put_u64(t, "size", r->own.size);
    json_put_u64(t, "other_size", r->other.size);
    json_put_u64(t, "compared", r->compared);
    json_put_u64(t, "different", r->different);
    json_put_u64(t, "unreadable", r->unread);
    put_first(r, t);
    if (r->opt->remote)
        put_remote(r, t);
    json_close(t, '}');
    text_add(t, "\n");
}
