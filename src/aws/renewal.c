/* SPDX-License-Identifier: Apache-2.0 */
/* Keys that are replaced while calls are made: new ones are taken as soon as
 * they are there, and a call whose keys the service refuses waits for them. */
#include <string.h>

#include "aws/aws-private.h"
#include "aws/identity.h"

static void forget_token(struct aws *a)
{
    if (a->token.s)
        secret_wipe(a->token.s, a->token.len);
    text_clear(&a->token);
}

static void add_secrets(struct secrets *x, const struct credentials *keys)
{
    secrets_add(x, keys->secret_access_key);
    secrets_add(x, keys->session_token);
}

/* An answer that is still to come may repeat those that were used so far. */
static int use(struct aws *a, const struct credentials *keys, struct err *e)
{
    forget_token(a);
    secrets_clear(&a->secrets);
    add_secrets(&a->secrets, &a->keys);
    add_secrets(&a->secrets, keys);
    credentials_free(&a->keys);
    a->keys = *keys;
    if (keys->session_token)
        text_addf(&a->token, "X-Amz-Security-Token: %s",
                  keys->session_token);
    return a->token.failed || a->secrets.failed ? err_nomem(e) : 0;
}

/* Those of an aws without an identity stay as they are; who makes bare calls
 * alone has none. */
static int take(struct aws *a, struct err *e)
{
    const struct settings *s = a->config.settings;
    struct credentials keys = { 0 };
    int r;

    if (s->identity)
        r = identity_current(s->identity, &keys, &a->generation, e);
    else if (s->credentials.access_key_id)
        r = credentials_copy(&s->credentials, &keys, e);
    else
        return 0;
    if (r == 0)
        return use(a, &keys, e);
    credentials_free(&keys);
    return -1;
}

static void on_change(void *ctx)
{
    aws_wake(ctx);
}

int renewal_begin(struct aws *a, struct err *e)
{
    if (take(a, e) < 0)
        return -1;
    if (a->config.settings->identity)
        identity_listen(a->config.settings->identity, on_change, a);
    return 0;
}

void renewal_end(struct aws *a)
{
    if (a->config.settings->identity)
        identity_listen(a->config.settings->identity, NULL, NULL);
    forget_token(a);
    text_free(&a->token);
    secrets_free(&a->secrets);
    credentials_free(&a->keys);
}

/* ------------------------------------------------------- those that wait */

static void tell_newer(struct aws *a)
{
    if (a->config.on_keys)
        a->config.on_keys(a->config.event_ctx, &a->keys);
}

static void let_go(struct aws *a)
{
    struct call_state *s;

    while ((s = TAILQ_FIRST(&a->keyless))) {
        s->is_retry = true;
        call_move(s, QUEUED, &a->retries[s->call->pace]);
    }
}

/* There will be none: the reason of the identity is the better one, what the
 * service said stands behind it in the log already. */
static void give_up(struct aws *a, const struct err *why)
{
    struct call_state *s;

    while ((s = TAILQ_FIRST(&a->keyless))) {
        if (why->kind != ERR_NONE) {
            s->call->err = *why;
            err_in(&s->call->err, "the credentials have expired, and there "
                   "are no new ones");
        }
        outcome_fail(s);
    }
}

void renewal_look(struct aws *a)
{
    struct identity *i = a->config.settings->identity;
    struct err why = ERR_INIT;

    if (!i)
        return;
    if (identity_generation(i) != a->generation) {
        if (take(a, &why) < 0)
            return; /* no memory just now: the next look takes them */
        tell_newer(a);
        let_go(a);
    } else if (!TAILQ_EMPTY(&a->keyless)
               && !identity_renew(i, a->generation, &why)) {
        give_up(a, &why);
    }
}

void renewal_want(struct call_state *s)
{
    struct aws *a = s->aws;
    struct identity *i = a->config.settings->identity;

    if (i && identity_renews(i))
        call_move(s, WAITING, &a->keyless);
    else
        outcome_fail(s);
    if (i && s->signed_by != a->generation)
        let_go(a);
}
