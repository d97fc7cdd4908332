/* SPDX-License-Identifier: Apache-2.0 */
#include "base/resource.h"

#include <ctype.h>
#include <string.h>

#define DIGITS "0123456789abcdef"
#define DIGITS_MIN 8  /* EC2: 8, and 17 since 2016 */
#define DIGITS_MAX 32

static const struct {
    const char *prefix;
    const char *name;
    enum resource kind;
} kinds[] = {
    { "snap-", "snapshot", RESOURCE_SNAPSHOT },
    { "vol-", "volume", RESOURCE_VOLUME },
    { "ami-", "image", RESOURCE_IMAGE },
    { "i-", "instance", RESOURCE_INSTANCE },
};

#define KINDS (sizeof(kinds) / sizeof(kinds[0]))

/* Which kind begins at `s', and how long its id is (0: none). */
static enum resource begins(const char *s, size_t least, size_t *length)
{
    *length = 0;
    for (size_t i = 0; i < KINDS; i++) {
        size_t n = strlen(kinds[i].prefix);
        size_t digits;

        if (strncmp(s, kinds[i].prefix, n) != 0)
            continue;
        digits = strspn(s + n, DIGITS);
        if (digits < least || digits > DIGITS_MAX)
            return RESOURCE_NONE;
        *length = n + digits;
        return kinds[i].kind;
    }
    return RESOURCE_NONE;
}

enum resource resource_kind(const char *id)
{
    size_t n;
    enum resource kind = id ? begins(id, 1, &n) : RESOURCE_NONE;

    return kind != RESOURCE_NONE && !id[n] ? kind : RESOURCE_NONE;
}

/* A part of an ARN up to the next colon, which is left behind. */
static const char *part_of(const char **at, size_t *n)
{
    const char *part = *at;

    *n = strcspn(part, ":");
    *at = part + *n + (part[*n] == ':');
    return part;
}

/* The id at its end, when it is an ARN of EC2; else NULL. */
static const char *in_arn(const char *name, char region[REGION_ROOM])
{
    const char *at = name;
    const char *part[5];
    size_t n[5];

    for (int i = 0; i < 5; i++)
        part[i] = part_of(&at, &n[i]);
    if (n[0] != 3 || memcmp(part[0], "arn", 3) != 0 || !n[1] || n[2] != 3
        || memcmp(part[2], "ec2", 3) != 0 || !n[3] || n[3] >= REGION_ROOM)
        return NULL;
    memcpy(region, part[3], n[3]);
    region[n[3]] = '\0';
    n[0] = strcspn(at, "/");
    part[0] = at[n[0]] ? at + n[0] + 1 : at;
    part[1] = resource_name(resource_kind(part[0]));
    return strlen(part[1]) == n[0] && memcmp(part[1], at, n[0]) == 0
        ? part[0] : NULL;
}

enum resource resource_read(const char *name, char id[RESOURCE_ROOM],
                            char region[REGION_ROOM])
{
    enum resource kind;

    region[0] = id[0] = '\0';
    if (strncmp(name, "arn:", 4) == 0)
        name = in_arn(name, region);
    kind = resource_kind(name);
    if (kind != RESOURCE_NONE)
        strcpy(id, name); /* RESOURCE_ROOM: DIGITS_MAX and the prefix */
    return kind;
}

const char *resource_name(enum resource kind)
{
    for (size_t i = 0; i < KINDS; i++)
        if (kinds[i].kind == kind)
            return kinds[i].name;
    return "";
}

const char *resource_find(const char **at, char id[RESOURCE_ROOM])
{
    const char *text = *at;

    for (const char *s = text; *s; s++) {
        size_t n;

        if ((s > text && (isalnum((unsigned char)s[-1]) || s[-1] == '-'))
            || begins(s, DIGITS_MIN, &n) == RESOURCE_NONE
            || isalnum((unsigned char)s[n]) || s[n] == '-')
            continue;
        memcpy(id, s, n);
        id[n] = '\0';
        *at = s + n;
        return s;
    }
    *at = text + strlen(text);
    return NULL;
}
