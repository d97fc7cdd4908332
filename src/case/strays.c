/* SPDX-License-Identifier: Apache-2.0 */
#include "case/strays.h"

#include <ctype.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "audit/evidence.h"
#include "base/file.h"
#include "base/folder.h"
#include "base/scope.h"
#include "base/snapshot-id.h"

/* "P-snap-0123.dd" of P: "snap-0123" in small letters; false: it is none. */
static bool take_id(const char *base, const char *name, char id[96])
{
    size_t n = strlen(base), i = 0;

    if (strncasecmp(name, base, n) != 0 || name[n] != '-')
        return false;
    for (name += n + 1; *name && *name != '.' && i < 95; i++)
        id[i] = (char)tolower((unsigned char)*name++);
    id[i] = '\0';
    return *name == '.' && snapshot_id_ok(id);
}

static bool is_member(const struct case_log *c, const char *id)
{
    for (size_t i = 0; i < c->count; i++)
        if (strcmp(c->members[i].snapshot, id) == 0)
            return true;
    return false;
}

static bool is_known(const struct notes *n, const char *prefix)
{
    for (size_t i = 0; i < n->count; i++)
        if (strcmp(n->list[i], prefix) == 0)
            return true;
    return false;
}

static bool has_evidence(const char *prefix)
{
    struct evidence ev;
    struct err ignored = ERR_INIT;
    bool has = evidence_find(prefix, &ev, &ignored) == 0;

    evidence_free(&ev);
    return has;
}

static int take_name(const struct case_log *c, const char *chain,
                     const char *name, struct notes *out, struct err *e)
{
    autotext struct text prefix = TEXT_INIT;
    char id[96];

    if (!take_id(file_name(chain), name, id) || is_member(c, id))
        return 0;
    text_addn(&prefix, chain, (size_t)(file_name(chain) - chain));
    text_addn(&prefix, name, strlen(file_name(chain)) + 1 + strlen(id));
    if (prefix.failed)
        return err_nomem(e);
    if (is_known(out, file_name(prefix.s)) || !has_evidence(prefix.s))
        return 0;
    return notes_add(out, e, "%s", file_name(prefix.s));
}

static int in_order(const void *a, const void *b)
{
    char *const *x = a, *const *y = b;

    return strcmp(*x, *y);
}

int strays_find(const struct case_log *c, const char *chain,
                struct notes *out, struct err *e)
{
    autofree char *folder = file_folder(chain);
    const struct dirent *entry;
    DIR *d;
    int r = 0;

    *out = (struct notes){ 0 };
    if (!folder)
        return err_nomem(e);
    d = folder_list(folder);
    if (!d)
        return 0;
    while (r == 0 && out->count < STRAYS_MAX && (entry = readdir(d)))
        r = take_name(c, chain, entry->d_name, out, e);
    closedir(d);
    if (out->count)
        qsort(out->list, out->count, sizeof(*out->list), in_order);
    return r;
}
