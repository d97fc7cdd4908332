/* SPDX-License-Identifier: Apache-2.0 */
#include "keyring.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "codec.h"
#include "scope.h"

/* AWS's tokens begin alike; so must these, or a program that cleans an answer
 * of the token in use would never be seen to cut the next one. */
#define TOKEN_START "IQoJb3JpZ2luX2VjEXAMPLE//////////wEaCXVz"

struct keyring {
    pthread_mutex_t lock;
    struct key **keys;
    size_t count;
};

struct keyring *keyring_new(void)
{
    struct keyring *k = calloc(1, sizeof(*k));

    if (k)
        pthread_mutex_init(&k->lock, NULL);
    return k;
}

void keyring_free(struct keyring *k)
{
    if (!k)
        return;
    for (size_t i = 0; i < k->count; i++)
        free(k->keys[i]);
    free(k->keys);
    pthread_mutex_destroy(&k->lock);
    free(k);
}

/* Takes the key over, also when it fails. */
static const struct key *add(struct keyring *k, struct key *key)
{
    struct key **keys;
    autolock(&k->lock);

    keys = realloc(k->keys, (k->count + 1) * sizeof(struct key *));
    if (!keys) {
        free(key);
        return NULL;
    }
    k->keys = keys;
    keys[k->count++] = key;
    return key;
}

int keyring_add(struct keyring *k, const char *text, const char *account,
                struct fail *f)
{
    struct key *key = calloc(1, sizeof(*key));

    if (!key)
        return fail(f, 0, "out of memory");
    if (sscanf(text, "%129[^:]:%129[^:]:%4095s", key->id, key->secret,
               key->token) < 2) {
        free(key);
        return fail(f, 0, "'%s' is not ID:SECRET or ID:SECRET:TOKEN", text);
    }
    snprintf(key->account, sizeof(key->account), "%s", account);
    snprintf(key->arn, sizeof(key->arn), "arn:aws:iam::%s:user/examiner",
             key->account);
    snprintf(key->user_id, sizeof(key->user_id), "AIDAEXAMPLEEXAMINER01");
    return add(k, key) ? 0 : fail(f, 0, "out of memory");
}

const struct key *keyring_find(struct keyring *k, const char *id)
{
    autolock(&k->lock);

    for (size_t i = 0; i < k->count; i++)
        if (strcmp(k->keys[i]->id, id) == 0)
            return k->keys[i];
    return NULL;
}

static void random_text(char *out, size_t len)
{
    uint8_t raw[256];
    char text[CODEC_BASE64_ROOM(sizeof(raw))];

    if (getrandom(raw, sizeof(raw), 0) != (ssize_t)sizeof(raw))
        abort();
    codec_base64(BASE64_STANDARD, raw, sizeof(raw), text);
    memcpy(out, text, len);
    out[len] = '\0';
}

static void random_id(char *out, const char *prefix)
{
    static const char abc[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    uint8_t raw[16];
    size_t n = strlen(prefix);

    if (getrandom(raw, sizeof(raw), 0) != (ssize_t)sizeof(raw))
        abort();
    memcpy(out, prefix, n);
    for (size_t i = 0; i < sizeof(raw); i++)
        out[n + i] = abc[raw[i] % 32];
    out[n + sizeof(raw)] = '\0';
}

const struct key *keyring_assume(struct keyring *k, const char *role,
                                 const char *session, int64_t now,
                                 int64_t life_ms)
{
    struct key *key = calloc(1, sizeof(*key));
    const char *name = strrchr(role, '/');
    char role_id[32];

    if (!key)
        return NULL;
    random_id(key->id, "ASIA");
    random_id(role_id, "AROA");
    random_text(key->secret, 40);
    random_text(key->token, 336);
    memcpy(key->token, TOKEN_START, strlen(TOKEN_START));
    snprintf(key->account, sizeof(key->account), KEYRING_ACCOUNT);
    snprintf(key->arn, sizeof(key->arn),
             "arn:aws:sts::" KEYRING_ACCOUNT ":assumed-role/%.64s/%.64s",
             name ? name + 1 : role, session);
    snprintf(key->user_id, sizeof(key->user_id), "%s:%.64s", role_id,
             session);
    key->created = now;
    key->expires = now + life_ms;
    return add(k, key);
}
