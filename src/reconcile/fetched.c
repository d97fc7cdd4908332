/* SPDX-License-Identifier: Apache-2.0 */
#include "reconcile/fetched.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/text.h"

static const char form[] = "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx";

/* A UUID as bytes; any other text has none. */
static bool id_of(const char *text, unsigned char out[16])
{
    char hex[33];
    size_t n = 0;

    if (strlen(text) != strlen(form))
        return false;
    for (size_t i = 0; form[i]; i++) {
        if (form[i] == 'x')
            hex[n++] = text[i];
        else if (text[i] != '-')
            return false;
    }
    hex[n] = '\0';
    return hex_decode(out, 16, hex) == 0;
}

static int need(struct fetched *r, const char *path, struct err *e)
{
    struct stat st;
    size_t n;

    if (stat(path, &st) < 0)
        return err_set(e, ERR_USAGE, 0, "cannot read %s", path);
    n = (size_t)st.st_size / MANIFEST_RECORD + 1;
    r->blocks = malloc(n * sizeof(*r->blocks));
    r->ids = malloc(n * sizeof(*r->ids));
    r->flags = calloc(n, 1);
    if (!r->blocks || !r->ids || !r->flags)
        return err_nomem(e);
    return (int)(n > INT32_MAX ? INT32_MAX : n);
}

static void take(struct fetched *r, const struct manifest_row *row)
{
    size_t i = r->count++;

    r->blocks[i] = row->index;
    r->flags[i] = (unsigned char)(
        (id_of(row->request_id, r->ids[i]) ? ROW_HAS_ID : 0)
        | (row->age || row->cached ? ROW_CARRIED : 0)
        | (row->class != BLOCK_UNREADABLE ? ROW_READ : 0));
}

static int read_all(struct fetched *r, struct manifest_reader *m, size_t room,
                    struct err *e)
{
    struct manifest_row row;
    int n;

    while ((n = manifest_next(m, &row, e)) > 0) {
        if (r->count == room)
            return err_set(e, ERR_VERIFY, 0, "the manifest grows while it is "
                           "read");
        take(r, &row);
    }
    return n;
}

int fetched_read(const struct evidence *ev, struct fetched *out, struct err *e)
{
    unsigned char file[MANIFEST_HASH], root[MANIFEST_HASH];
    struct manifest_header h;
    struct manifest_reader *m = NULL;
    int n;

    memset(out, 0, sizeof(*out));
    if (!ev->manifest_path)
        return err_set(e, ERR_USAGE, 0, "%s has no manifest, which names the "
                       "requests", ev->prefix);
    n = need(out, ev->manifest_path, e);
    m = n < 0 ? NULL : evidence_rows(ev, &h, e);
    if (!m)
        return -1;
    n = read_all(out, m, (size_t)n, e);
    if (n == 0) {
        manifest_hashes(m, file, root);
        n = evidence_check_manifest(ev, file, e);
    }
    manifest_close(m);
    return n;
}

void fetched_free(struct fetched *r)
{
    free(r->blocks);
    free(r->ids);
    free(r->flags);
    memset(r, 0, sizeof(*r));
}

static int by_block(const void *a, const void *b)
{
    const uint32_t *x = a, *y = b;

    return *x < *y ? -1 : *x > *y;
}

size_t fetched_find(const struct fetched *r, uint64_t block)
{
    uint32_t wanted = (uint32_t)block;
    const uint32_t *found = NULL;

    if (block <= UINT32_MAX && r->count)
        found = bsearch(&wanted, r->blocks, r->count, sizeof(*r->blocks),
                        by_block);
    return found ? (size_t)(found - r->blocks) : r->count;
}

bool fetched_is(const struct fetched *r, size_t i, const char *id)
{
    unsigned char bytes[16];

    return r->flags[i] & ROW_HAS_ID && id_of(id, bytes)
        && memcmp(bytes, r->ids[i], sizeof(bytes)) == 0;
}

char *fetched_id(const struct fetched *r, size_t i, char buf[ROW_ID_ROOM])
{
    char hex[33];
    const char *h = hex;
    char *to = buf;

    hex_encode(hex, r->ids[i], 16);
    for (const char *f = form; *f; f++)
        *to++ = *f == 'x' ? *h++ : '-';
    *to = '\0';
    return buf;
}
