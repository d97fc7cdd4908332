/* SPDX-License-Identifier: Apache-2.0 */
/* Command lines as tables: one row for each option gives its name, what it
 * takes, where the value goes and its line of help. */
#ifndef EMULATOR_OPTION_H
#define EMULATOR_OPTION_H

#include <stddef.h>
#include <stdio.h>

#include "fail.h"

struct option_row {
    const char *name;  /* without the dashes; NULL ends the table */
    const char *value; /* how --help names it; NULL: a flag */
    /* Stores the value; -1 with a sentence.  NULL value for a flag. */
    int (*set)(void *field, const char *value, struct fail *f);
    size_t at; /* where the field is in the configuration */
    const char *help;
};

/* Fills the configuration from the arguments, which must all be options.
 * Accepts --name value and --name=value. */
int option_parse(const struct option_row *rows, void *config, int argc,
                 char **argv, struct fail *f);

void option_help(const struct option_row *rows, FILE *out);

/* Setters for const char *, bool, uint64_t, int64_t and a moment in time
 * (uint64_t of milliseconds). */
int option_text(void *field, const char *value, struct fail *f);
int option_flag(void *field, const char *value, struct fail *f);
int option_number(void *field, const char *value, struct fail *f);
int option_signed(void *field, const char *value, struct fail *f);
int option_moment(void *field, const char *value, struct fail *f);

/* An option that may be repeated, in the order given. */
struct option_list {
    const char **values;
    size_t count;
};

int option_append(void *field, const char *value, struct fail *f);

#endif
