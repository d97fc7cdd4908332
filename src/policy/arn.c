/* SPDX-License-Identifier: Apache-2.0 */
#include "policy/arn.h"

#include <string.h>

#define HEX "0123456789abcdef"
#define DIGITS "0123456789"
#define LETTERS "abcdefghijklmnopqrstuvwxyz"
#define CAPITALS "ABCDEFGHIJKLMNOPQRSTUVWXYZ"

#define ACCOUNT_DIGITS 12
#define ROLE_NAME_MAX 64  /* IAM: of a role's name */
#define ROLE_PATH_MAX 512 /* and of its path with both slashes */

const char *const arn_partitions[] = {
    "aws", "aws-cn", "aws-us-gov", "aws-iso", "aws-iso-b", "aws-iso-e",
    "aws-iso-f", "aws-eusc", NULL,
};

bool arn_region_ok(const char *region)
{
    size_t words = 0;
    size_t n;

    if (strlen(region) >= sizeof(((struct arn *)0)->region))
        return false;
    while ((n = strspn(region, LETTERS)) > 0 && region[n] == '-') {
        region += n + 1;
        words++;
    }
    n = strspn(region, DIGITS);
    return words >= 2 && n >= 1 && n <= 2 && !region[n];
}

bool arn_id_ok(const char *prefix, const char *id)
{
    size_t n = strlen(prefix);
    size_t digits;

    if (strncmp(id, prefix, n) != 0)
        return false;
    digits = strspn(id + n, HEX);
    return (digits == 8 || digits == 17) && !id[n + digits];
}

/* ---------------------------------------------------------------- the head */

/* Takes a field up to the next colon; false when it does not fit. */
static bool take(const char **at, char *out, size_t room)
{
    size_t n = strcspn(*at, ":");

    if ((*at)[n] != ':' || n >= room)
        return false;
    memcpy(out, *at, n);
    out[n] = '\0';
    *at += n + 1;
    return true;
}

static bool is_partition(const char *name)
{
    for (const char *const *p = arn_partitions; *p; p++)
        if (strcmp(*p, name) == 0)
            return true;
    return false;
}

static bool is_account(const char *text)
{
    return strspn(text, DIGITS) == ACCOUNT_DIGITS && !text[ACCOUNT_DIGITS];
}

/* "arn:PARTITION:SERVICE:REGION:ACCOUNT:": what is behind it, or NULL. */
static const char *head(const char *text, const char *service,
                        struct arn *out)
{
    char word[16];
    char account[ACCOUNT_DIGITS + 1];

    if (!take(&text, word, sizeof(word)) || strcmp(word, "arn") != 0
        || !take(&text, out->partition, sizeof(out->partition))
        || !is_partition(out->partition)
        || !take(&text, word, sizeof(word)) || strcmp(word, service) != 0
        || !take(&text, out->region, sizeof(out->region))
        || !take(&text, account, sizeof(account)) || !is_account(account))
        return NULL;
    return text;
}

/* -------------------------------------------------------------------- keys */

/* A UUID, or "mrk-" and 32 hex digits: a key of several regions. */
static bool is_key_id(const char *id)
{
    static const size_t groups[] = { 8, 4, 4, 4, 12 };

    if (strncmp(id, "mrk-", 4) == 0)
        return strspn(id + 4, HEX) == 32 && !id[36];
    for (size_t i = 0; i < 5; i++) {
        if (strspn(id, HEX) != groups[i])
            return false;
        id += groups[i];
        if (i < 4 && *id++ != '-')
            return false;
    }
    return !*id;
}

int arn_parse_key(const char *text, struct arn *out, struct err *e)
{
    const char *rest = head(text, "kms", out);

    if (rest && strncmp(rest, "alias/", 6) == 0)
        return err_set(e, ERR_USAGE, 0, "--key %s: an alias is no key to "
                       "IAM; `aws kms describe-key --key-id ALIAS' shows the "
                       "ARN of its key", text);
    if (rest && strncmp(rest, "key/", 4) == 0 && is_key_id(rest + 4)
        && arn_region_ok(out->region))
        return 0;
    return err_set(e, ERR_USAGE, 0, "--key \"%s\" is not the ARN of a key, "
                   "such as arn:aws:kms:eu-west-1:111122223333:key/01234567-"
                   "89ab-cdef-0123-456789abcdef; `aws ec2 describe-snapshots' "
                   "shows it as KmsKeyId", text);
}

/* ------------------------------------------------------------------- roles */

/* No *, ? and $: in a condition they would be wildcards and variables. */
static bool is_role(const char *path)
{
    static const char good[] = LETTERS CAPITALS DIGITS "+=,.@_-/";
    size_t n = strlen(path);
    const char *slash = strrchr(path, '/');
    const char *name = slash ? slash + 1 : path;

    return strspn(path, good) == n && path[0] != '/' && *name
        && strlen(name) <= ROLE_NAME_MAX
        && (size_t)(name - path) < ROLE_PATH_MAX;
}

int arn_parse_role(const char *text, struct arn *out, struct err *e)
{
    const char *rest = head(text, "iam", out);

    if (rest && !out->region[0] && strncmp(rest, "role/", 5) == 0
        && is_role(rest + 5))
        return 0;
    rest = head(text, "sts", out);
    if (rest && strncmp(rest, "assumed-role/", 13) == 0)
        return err_set(e, ERR_USAGE, 0, "--role %s: that is a session of a "
                       "role; name the role itself, as `aws iam get-role' "
                       "shows it", text);
    return err_set(e, ERR_USAGE, 0, "--role \"%s\" is not the ARN of a role, "
                   "such as arn:aws:iam::111122223333:role/forensics", text);
}
