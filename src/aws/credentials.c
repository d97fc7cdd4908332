/* SPDX-License-Identifier: Apache-2.0 */
#include "aws/credentials.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"

static bool all_visible(const char *s)
{
    for (; *s; s++)
        if ((unsigned char)*s <= 0x20 || (unsigned char)*s >= 0x7f)
            return false;
    return true;
}

/* The id is a part of the Authorization header, between = and /. */
static bool is_id(const char *s)
{
    return strspn(s, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                     "0123456789_-") == strlen(s);
}

/* Says which part is wrong without showing it. */
static int check(const struct raw_keys *k, const char *source, struct err *e)
{
    const char *wrong = NULL;

    if (!k->id && !k->secret)
        return err_set(e, ERR_ACCESS, 0, "%s has no keys", source);
    if (!k->id)
        return err_set(e, ERR_ACCESS, 0, "%s has a secret access key, but no "
                       "access key id", source);
    if (!k->secret)
        return err_set(e, ERR_ACCESS, 0, "%s has an access key id, but no "
                       "secret access key", source);
    if (!is_id(k->id))
        wrong = "access key id";
    else if (!all_visible(k->secret))
        wrong = "secret access key";
    else if (k->token && !all_visible(k->token))
        wrong = "session token";
    if (wrong)
        return err_set(e, ERR_ACCESS, 0, "%s: the %s has characters that "
                       "cannot be part of one (a blank, a line end, a "
                       "quote?)", source, wrong);
    return 0;
}

int credentials_take(const struct raw_keys *k, struct credentials *out,
                     struct err *e)
{
    if (check(k, out->source, e) < 0)
        return -1;
    out->access_key_id = strdup(k->id);
    out->secret_access_key = strdup(k->secret);
    if (k->token)
        out->session_token = strdup(k->token);
    if (!out->access_key_id || !out->secret_access_key
        || (k->token && !out->session_token))
        return err_nomem(e);
    return 0;
}

int credentials_copy(const struct credentials *from, struct credentials *to,
                     struct err *e)
{
    struct raw_keys k = { from->access_key_id, from->secret_access_key,
                          from->session_token };

    memset(to, 0, sizeof(*to));
    to->expires = from->expires;
    to->life = from->life;
    memcpy(to->source, from->source, sizeof(to->source));
    return credentials_take(&k, to, e);
}

static void free_secret(char *s)
{
    if (s)
        secret_wipe(s, strlen(s));
    free(s);
}

void credentials_free(struct credentials *c)
{
    free(c->access_key_id);
    free_secret(c->secret_access_key);
    free_secret(c->session_token);
    memset(c, 0, sizeof(*c));
}
