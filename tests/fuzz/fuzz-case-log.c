/* SPDX-License-Identifier: Apache-2.0 */
/* The case log of a chain.  The input is read as it is, and then with each of
 * its lines made the rest of a line of a sound chain (fuzz_chain()).  What is
 * taken has members that are snapshots, and options that could be typed. */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "acquire/recipe-options.h"
#include "audit/artefacts.h"
#include "base/scope.h"
#include "base/snapshot-id.h"
#include "case/case-log.h"
#include "fuzz.h"

static void check_member(const struct case_member *m)
{
    MUST(snapshot_id_ok(m->snapshot));
    MUST(m->status >= CASE_NOT_ENDED && m->status <= 255);
    MUST(outcome_name(m->outcome)[0]);
    MUST(!m->counted || m->carried <= UINT32_MAX);
}

static void check(const struct case_log *c)
{
    char *none[1] = { NULL };

    MUST(c->begin && c->count == c->expected);
    MUST(recipe_options_possible(&c->options));
    for (size_t i = 0; i < c->count; i++)
        check_member(&c->members[i]);
    case_since(c);
    case_is_of(c, none, 0);
}

/* It can be gone on with, and then be read as before. */
static void go_on(struct case_log *c)
{
    struct err e = ERR_INIT;

    MUST(case_reopen(c, &e) == 0);
}

static bool read_once(const char *prefix, bool again)
{
    struct case_log c;
    struct err e = ERR_INIT;
    bool good;

    MUST(case_init(&c, prefix, &e) == 0);
    good = case_read(&c, &e) == 0;
    if (good) {
        check(&c);
        MUST(!again || c.cut == 0);
        if (!again)
            go_on(&c);
    } else {
        MUST(e.kind == ERR_VERIFY || e.kind == ERR_USAGE);
        MUST(fuzz_is_shown(e.msg));
    }
    case_free(&c);
    return good;
}

static void read_case(const char *data, size_t size)
{
    autofree char *prefix = strdup(fuzz_path("x"));
    const char *path = fuzz_path("x" CASE_SUFFIX);
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

    MUST(prefix && fd >= 0 && write(fd, data, size) == (ssize_t)size);
    MUST(close(fd) == 0);
    if (read_once(prefix, false))
        MUST(read_once(prefix, true));
}

int fuzz_one(const uint8_t *data, size_t size)
{
    autofree char *text = fuzz_text(data, size);
    autotext struct text log = TEXT_INIT;

    read_case(text, size);
    fuzz_chain(text, size, &log);
    if (log.len)
        read_case(log.s, log.len);
    return 0;
}
