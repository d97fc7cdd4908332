/* SPDX-License-Identifier: Apache-2.0 */
#include "policy/jsonout.h"

static void line(struct jsonout *j)
{
    if (!j->flat && j->to->len)
        text_addf(j->to, "\n%*s", (int)(2 * j->depth), "");
}

/* What comes before a value. */
static void begin(struct jsonout *j, const char *name)
{
    if (j->inside)
        text_add(j->to, ",");
    line(j);
    if (name) {
        text_add_json(j->to, name);
        text_add(j->to, j->flat ? ":" : ": ");
    }
    j->inside = true;
}

static void add(struct jsonout *j, char c)
{
    text_addn(j->to, &c, 1);
}

void jsonout_open(struct jsonout *j, const char *name, char bracket)
{
    begin(j, name);
    add(j, bracket);
    j->depth++;
    j->inside = false;
}

void jsonout_close(struct jsonout *j, char bracket)
{
    j->depth--;
    if (j->inside)
        line(j);
    add(j, bracket);
    j->inside = true;
}

void jsonout_string(struct jsonout *j, const char *name, const char *value)
{
    begin(j, name);
    text_add_json(j->to, value);
}

void jsonout_strings(struct jsonout *j, const char *name,
                     const char *const *values, size_t n)
{
    jsonout_open(j, name, '[');
    for (size_t i = 0; i < n; i++)
        jsonout_string(j, NULL, values[i]);
    jsonout_close(j, ']');
}
