/* SPDX-License-Identifier: Apache-2.0 */
/* The files in which AWS's tools keep the tokens of `aws sso login' and `aws
 * login': ~/.aws/sso/cache and ~/.aws/login/cache, a JSON object each.
 *
 * Refreshing a token makes a new one, and may make the old one void: what is
 * refreshed here is written back, or the user's own tools are logged out.  A
 * file is replaced as a whole, so that a death at any moment leaves the one
 * or the other. */
#ifndef EBSIMG_AWS_TOKEN_CACHE_H
#define EBSIMG_AWS_TOKEN_CACHE_H

#include <stdbool.h>
#include <stdint.h>

#include <cjson/cJSON.h>

#include "aws/keys.h"
#include "base/err.h"

struct token_cache {
    const struct keys_env *env;
    char *path;
    int lock;        /* on the folder, -1: none */
};

/* The file NAME.json in the folder, NAME being the digest (of this name for
 * OpenSSL) of `key' in hex. */
int token_cache_open(struct token_cache *c, const struct keys_env *env,
                     const char *folder, const char *digest, const char *key,
                     struct err *e);
void token_cache_close(struct token_cache *c);

/* What is in it; free it with keys_wipe_json().  NULL: ERR_ACCESS when there
 * is no file, or no JSON in it. */
cJSON *token_cache_read(const struct token_cache *c, struct err *e);

/* Other programs like this one wait until the cache is closed; a folder that
 * cannot be locked is none that others are locked out of. */
void token_cache_lock(struct token_cache *c);

/* Puts the object in the place of what is there, readable by its owner alone;
 * where nothing may or can be written, keeps it for this process.  What was
 * done, or failed, is told through the env: keys that were got are good in
 * any case. */
void token_cache_keep(const struct token_cache *c, const cJSON *o);

/* A text of the object; NULL when it is missing or empty. */
const char *token_text(const cJSON *o, const char *key);
/* Puts a text there instead of what was. */
int token_set(cJSON *o, const char *key, const char *value, struct err *e);
/* How long until the time that stands under `key': ns, 0 when it is over or
 * there is none. */
uint64_t token_left(const cJSON *o, const char *key);
/* The same the other way round: so many seconds from now. */
int token_set_expiry(cJSON *o, const char *key, double seconds,
                     struct err *e);

/* What the person has to do, whatever went wrong with the token: `what' is over
 * or not there, and `command' makes it anew.  ERR_ACCESS. */
int token_say_login(const char *what, const char *command,
                    const char *profile, struct err *e);

#endif
