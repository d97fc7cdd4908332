/* SPDX-License-Identifier: Apache-2.0 */
#include "aws/keys-memo.h"

#include <poll.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/evp.h>

#include "base/clock.h"
#include "base/text.h"
#include "base/thread.h"

/* A third of their life, and at most a quarter of an hour.  AWS: roles have an
 * hour or more, `aws login' a quarter of one. */
#define EARLY_NS (15 * 60 * NS_PER_S)

/* With less left than this nobody can begin anything. */
#define LEAST_NS (2 * NS_PER_S)

#define TURN_MS 50
#define DIGEST 32

struct memo {
    struct memo *next;
    unsigned char wanted[DIGEST]; /* of plan and surroundings */
    struct credentials keys;
    uint64_t got;              /* elapsed ns */
    uint64_t good;             /* ns from then on; UINT64_MAX: no end known */
};

/* Held while somebody is asked, too: the others wait for the answer. */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct memo *memos;

uint64_t keys_early_ns(uint64_t life)
{
    return life / 3 < EARLY_NS ? life / 3 : EARLY_NS;
}

/* --------------------------------------------------------- what is wanted */

/* Absent and empty are two. */
static void add(EVP_MD_CTX *d, const char *s)
{
    EVP_DigestUpdate(d, s ? "+" : "-", 1);
    if (s)
        EVP_DigestUpdate(d, s, strlen(s) + 1);
}

static void add_role(EVP_MD_CTX *d, const struct keys_role *r)
{
    add(d, r->arn);
    add(d, r->session_name);
    add(d, r->external_id);
    add(d, r->mfa_serial);
    add(d, r->seconds);
}

static void add_base(EVP_MD_CTX *d, const struct keys_base *b)
{
    const char *const texts[] = {
        b->profile, b->fixed.access_key_id, b->fixed.secret_access_key,
        b->fixed.session_token, b->token_file, b->sso_session,
        b->sso_start_url, b->sso_region, b->sso_account, b->sso_role,
        b->login_session, b->command, b->metadata_url,
    };

    EVP_DigestUpdate(d, &b->from, sizeof(b->from));
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
        add(d, texts[i]);
    add_role(d, &b->web);
}

static void add_env(EVP_MD_CTX *d, const struct keys_env *env)
{
    add(d, env->region);
    for (int i = 0; i < AWS_SERVICES; i++)
        add(d, env->url[i]);
    add(d, env->ca_bundle);
    add(d, env->session_name);
    add(d, env->read_only ? "read only" : NULL);
}

/* Keys of a file or the environment go into it, and no copy of them is made:
 * OpenSSL wipes what it holds. */
static int digest(const struct keys_plan *p, const struct keys_env *env,
                  unsigned char *out, struct err *e)
{
    EVP_MD_CTX *d = EVP_MD_CTX_new();
    bool ok = d && EVP_DigestInit_ex(d, EVP_sha256(), NULL) == 1;

    if (ok) {
        add_base(d, &p->base);
        for (size_t i = 0; i < p->nroles; i++)
            add_role(d, &p->roles[i]);
        add_env(d, env);
        ok = EVP_DigestFinal_ex(d, out, NULL) == 1;
    }
    EVP_MD_CTX_free(d);
    return ok ? 0 : err_nomem(e);
}

/* ------------------------------------------------------------------ memos */

static uint64_t now(void)
{
    return clock_elapsed(&clock_system);
}

/* All below: locked. */
static struct memo *find(const unsigned char *wanted)
{
    struct memo *m = memos;

    while (m && memcmp(m->wanted, wanted, DIGEST) != 0)
        m = m->next;
    return m;
}

static bool is_refused(const struct memo *m, const struct keys_env *env)
{
    return env->anew
        && (!env->refused || strcmp(m->keys.access_key_id, env->refused) == 0);
}

static bool serves(const struct memo *m, const struct keys_env *env)
{
    return m->keys.access_key_id && now() - m->got < m->good
        && !is_refused(m, env);
}

/* How long they may be handed out: not when a renewal wants newer ones.  Those
 * that a person has to be asked for are not renewed, and an image that begins
 * has at least half of their life before it. */
static uint64_t good_for(const struct keys_plan *p,
                         const struct credentials *c)
{
    uint64_t wall = clock_wall(&clock_system);
    uint64_t life = c->life ? c->life
        : c->expires > wall ? c->expires - wall : 0;
    uint64_t early = keys_plan_renews(p) ? keys_early_ns(life) : life / 2;

    if (early < LEAST_NS)
        early = LEAST_NS;

    if (!c->expires)
        return UINT64_MAX;
    return life > early ? life - early : 0;
}

static struct memo *place_for(const unsigned char *wanted)
{
    struct memo *m = find(wanted);

    if (m)
        return m;
    m = calloc(1, sizeof(*m));
    if (!m)
        return NULL;
    memcpy(m->wanted, wanted, DIGEST);
    m->next = memos;
    memos = m;
    return m;
}

/* Without memory for it the next one asks again. */
static void keep(const struct keys_plan *p, const unsigned char *wanted,
                 const struct credentials *c)
{
    struct memo *m = place_for(wanted);
    struct err ignored = ERR_INIT;

    if (!m)
        return;
    credentials_free(&m->keys);
    m->got = now();
    m->good = good_for(p, c);
    if (credentials_copy(c, &m->keys, &ignored) < 0)
        credentials_free(&m->keys);
}

static int copy(const struct memo *m, struct credentials *out, struct err *e)
{
    uint64_t age = now() - m->got;

    if (credentials_copy(&m->keys, out, e) < 0)
        return -1;
    if (out->life)
        out->life = out->life > age ? out->life - age : 1;
    return 0;
}

/* Whoever is ahead may wait for a program or a person. */
static int take_turn(const struct keys_env *env, struct err *e)
{
    while (pthread_mutex_trylock(&lock) != 0) {
        if (env->stop && *env->stop)
            return err_set(e, ERR_INTERRUPTED, 0, "interrupted");
        poll(NULL, 0, TURN_MS);
    }
    return 0;
}

/* Locked. */
static int get(const struct keys_plan *p, const struct keys_env *env,
               const unsigned char *wanted, struct credentials *out,
               struct err *e)
{
    const struct memo *m = find(wanted);
    int r;

    if (m && serves(m, env))
        return copy(m, out, e);
    r = keys_get(p, env, out, e);
    if (r == 0)
        keep(p, wanted, out);
    return r;
}

/* Keys that are at hand are taken from there each time. */
int keys_memo_get(const struct keys_plan *p, const struct keys_env *env,
                  struct credentials *out, struct err *e)
{
    unsigned char wanted[DIGEST];
    int r;

    memset(out, 0, sizeof(*out));
    if (p->base.from == KEYS_FIXED && !p->nroles)
        return keys_get(p, env, out, e);
    if (digest(p, env, wanted, e) < 0 || take_turn(env, e) < 0)
        return -1;
    r = get(p, env, wanted, out, e);
    thread_unlock(&lock);
    return r;
}
