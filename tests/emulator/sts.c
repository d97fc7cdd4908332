/* SPDX-License-Identifier: Apache-2.0 */
/* STS: who the caller is, and temporary credentials. */
#include <string.h>

#include "codec.h"
#include "keyring.h"
#include "op.h"
#include "request.h"
#include "when.h"
#include "xml.h"

static void item(struct request *r, unsigned depth, const char *name,
                 const char *value)
{
    xml_line(&r->answer.body, depth);
    bytes_xml(&r->answer.body, name, value);
}

/* <NAME> or </NAME>. */
static void tag(struct request *r, const char *text)
{
    xml_line(&r->answer.body, 2);
    bytes_str(&r->answer.body, text);
}

void sts_identity(struct request *r)
{
    xml_sts_begin(r);
    item(r, 2, "Arn", r->key->arn);
    item(r, 2, "UserId", r->key->user_id);
    item(r, 2, "Account", r->key->account);
    xml_sts_end(r);
}

static bool read_life(struct request *r, int64_t *ms)
{
    const char *text = params_get(&r->params, "DurationSeconds");
    uint64_t seconds = 3600;

    if (text && (!codec_number(text, 43200, &seconds) || seconds < 900)) {
        fault_answer(r, FAULT_VALIDATION,
                     "1 validation error detected: Value '%s' at "
                     "'durationSeconds' failed to satisfy constraint: "
                     "Member must be between 900 and 43200",
                     text);
        return false;
    }
    *ms = effect_or(&r->fx, FX_CREDENTIAL_LIFE, (int64_t)seconds) * 1000;
    return true;
}

static void print_key(struct request *r, const struct key *key)
{
    const char *role_id_end = strchr(key->user_id, ':');
    char expires[WHEN_ROOM];

    tag(r, "<Credentials>");
    item(r, 3, "AccessKeyId", key->id);
    item(r, 3, "SecretAccessKey", key->secret);
    item(r, 3, "SessionToken", key->token);
    item(r, 3, "Expiration", when_text(WHEN_SECONDS, key->expires, expires));
    tag(r, "</Credentials>");
    tag(r, "<AssumedRoleUser>");
    item(r, 3, "Arn", key->arn);
    if (role_id_end)
        item(r, 3, "AssumedRoleId", key->user_id);
    tag(r, "</AssumedRoleUser>");
}

static void assume(struct request *r, const char *extra, const char *value)
{
    const char *role = params_get(&r->params, "RoleArn");
    const char *session = params_get(&r->params, "RoleSessionName");
    const struct key *key;
    int64_t life;

    if (!role || strncmp(role, "arn:aws:iam::", 13) != 0 || !session ||
        strlen(session) < 2 || strlen(session) > 64) {
        fault_answer(r, FAULT_VALIDATION,
                     "RoleArn and RoleSessionName (2 to 64 characters) are "
                     "needed");
        return;
    }
    if (!read_life(r, &life))
        return;
    key = keyring_assume(r->server->keys, role, session, r->now, life);
    if (!key) {
        fault_answer(r, FAULT_500, NULL);
        return;
    }
    xml_sts_begin(r);
    print_key(r, key);
    if (extra)
        item(r, 2, extra, value);
    xml_sts_end(r);
}

void sts_assume(struct request *r)
{
    assume(r, NULL, NULL);
}

void sts_assume_web(struct request *r)
{
    const char *token = params_get(&r->params, "WebIdentityToken");

    if (!token || strlen(token) < 4 || strlen(token) > 20000)
        fault_answer(r, FAULT_VALIDATION,
                     "WebIdentityToken must have 4 to 20000 characters");
    else
        assume(r, "SubjectFromWebIdentityToken", "examiner");
}
