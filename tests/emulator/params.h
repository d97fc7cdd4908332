/* SPDX-License-Identifier: Apache-2.0 */
/* The name=value pairs of a query string or of a form, decoded. */
#ifndef EMULATOR_PARAMS_H
#define EMULATOR_PARAMS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct param {
    char *name;
    char *value; /* "" when there was no '=' */
};

struct params {
    struct param *list;
    size_t count;
};

/* False when memory is out or there are more than 1000 pairs. */
bool params_parse(struct params *p, const char *text);
void params_free(struct params *p);

/* NULL when it is not there. */
const char *params_get(const struct params *p, const char *name);

/* The value of NAME.1, NAME.2 ... with `n' from 1; SUFFIX may be "". */
const char *params_nth(const struct params *p, const char *name, unsigned n,
                       const char *suffix);

#endif
