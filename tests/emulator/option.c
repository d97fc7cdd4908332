/* SPDX-License-Identifier: Apache-2.0 */
#include "option.h"

#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "codec.h"
#include "when.h"

int option_text(void *field, const char *value, struct fail *f)
{
    (void)f;
    *(const char **)field = value;
    return 0;
}

int option_flag(void *field, const char *value, struct fail *f)
{
    (void)value;
    (void)f;
    *(bool *)field = true;
    return 0;
}

int option_number(void *field, const char *value, struct fail *f)
{
    if (!codec_number(value, UINT64_MAX, field))
        return fail(f, 0, "'%s' is not a number", value);
    return 0;
}

int option_signed(void *field, const char *value, struct fail *f)
{
    uint64_t n;
    bool negative = *value == '-';

    if (!codec_number(value + negative, INT64_MAX, &n))
        return fail(f, 0, "'%s' is not a number", value);
    *(int64_t *)field = negative ? -(int64_t)n : (int64_t)n;
    return 0;
}

int option_moment(void *field, const char *value, struct fail *f)
{
    int64_t when;

    if (!when_parse(value, &when) || when < 0)
        return fail(f, 0, "'%s' is not a time like 2026-08-01T12:00:00Z",
                    value);
    *(uint64_t *)field = (uint64_t)when;
    return 0;
}

int option_append(void *field, const char *value, struct fail *f)
{
    struct option_list *list = field;
    const char **values;

    values = realloc(list->values, (list->count + 1) * sizeof(*values));
    if (!values)
        return fail(f, 0, "out of memory");
    list->values = values;
    values[list->count++] = value;
    return 0;
}

static const struct option_row *find(const struct option_row *rows,
                                     const char *name, size_t len)
{
    for (; rows->name; rows++)
        if (strncmp(rows->name, name, len) == 0 && rows->name[len] == '\0')
            return rows;
    return NULL;
}

/* Sets one option; returns how many arguments it used, or -1. */
static int parse_one(const struct option_row *rows, void *config,
                     char **argv, struct fail *f)
{
    const char *name = argv[0] + 2;
    const char *equals = strchr(name, '=');
    size_t len = equals ? (size_t)(equals - name) : strlen(name);
    const struct option_row *row;
    const char *value = NULL;
    int used = 1;

    row = strncmp(argv[0], "--", 2) == 0 ? find(rows, name, len) : NULL;
    if (!row)
        return fail(f, 0, "unknown option '%s'; see --help", argv[0]);
    if (row->value && equals)
        value = equals + 1;
    else if (row->value && argv[1])
        value = argv[used++];
    if (row->value && !value)
        return fail(f, 0, "--%s needs a value: %s", row->name, row->value);
    if (!row->value && equals)
        return fail(f, 0, "--%s takes no value", row->name);
    if (row->set((char *)config + row->at, value, f) < 0)
        return fail_in(f, argv[0]);
    return used;
}

int option_parse(const struct option_row *rows, void *config, int argc,
                 char **argv, struct fail *f)
{
    for (int i = 0; i < argc;) {
        int used = parse_one(rows, config, argv + i, f);

        if (used < 0)
            return -1;
        i += used;
    }
    return 0;
}

void option_help(const struct option_row *rows, FILE *out)
{
    for (; rows->name; rows++) {
        char left[64];

        snprintf(left, sizeof(left), "--%s %s", rows->name,
                 rows->value ? rows->value : "");
        fprintf(out, "  %-26s  %s\n", left, rows->help);
    }
}
