/* SPDX-License-Identifier: Apache-2.0 */
/* Whole secrets, for who must have them: JSON lines in a new file that its
 * owner alone can read. */
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/json.h"
#include "base/text.h"
#include "scan/scan.h"

static void add_hex(struct text *t, const char *name,
                    const unsigned char *bytes, size_t n)
{
    char *hex = malloc(2 * n + 1);

    if (!hex) {
        t->failed = true;
        return;
    }
    hex_encode(hex, bytes, n);
    json_put_text(t, name, hex);
    secret_wipe(hex, 2 * n);
    free(hex);
}

static void add_text(struct text *t, const struct hit *h)
{
    char *s = calloc(1, (size_t)h->characters + 1);

    if (!s) {
        t->failed = true;
        return;
    }
    memcpy(s, h->secret, h->characters);
    json_put_text(t, "secret", s);
    secret_wipe(s, h->characters);
    free(s);
}

static int write_one(const struct scan *s, const struct hit *h, int fd,
                     const char *path, struct err *e)
{
    struct text t = TEXT_INIT;
    int r;

    json_open(&t, NULL, '{');
    add_hex(&t, "sha256", h->sha256, sizeof(h->sha256));
    json_put_text(&t, "rule", scan_rule_id(s, h->rule));
    json_put_text(&t, "side", h->side ? "B" : "A");
    json_put_u64(&t, "offset", h->offset);
    if (h->cut)
        json_put_bool(&t, "cut", true);
    add_text(&t, h);
    add_hex(&t, "hex", h->secret, h->characters);
    json_close(&t, '}');
    text_add(&t, "\n");
    r = t.failed ? err_nomem(e) : file_write(fd, t.s, t.len, path, e);
    if (t.s)
        secret_wipe(t.s, t.len);
    text_free(&t);
    return r;
}

int scan_write_secrets(const struct scan *s, const char *path,
                       struct err *e)
{
    int fd = -1;
    int r = file_create(path, &fd, e);

    if (r < 0)
        return -1;
    for (size_t i = 0; r == 0 && i < s->hits.count; i++)
        if (!s->hits.list[i].hidden && s->hits.list[i].secret)
            r = write_one(s, &s->hits.list[i], fd, path, e);
    if (r == 0)
        r = file_sync(fd, path, e);
    if (r == 0)
        return file_close(&fd, path, e);
    close(fd);
    return -1;
}
