/* SPDX-License-Identifier: Apache-2.0 */
/* A custody log as it is shown: each entry, and who has signed it. */
#ifndef EBSIMG_CUSTODY_SHOW_H
#define EBSIMG_CUSTODY_SHOW_H

#include "base/text.h"
#include "custody/custody.h"

/* The members of an entry that people read, in this order; ended by NULL. */
extern const struct custody_member {
    const char *name, *title;
} custody_members[];

/* What it says, for people: "" when that is nothing. */
void custody_value(const struct custody *c, const struct custody_entry *x,
                   const char *name, struct text *t);

/* "signed by ..., time-stamped ... by ...", or why not: what can be said
 * without knowing whom to trust. */
void custody_add_proof(const struct custody *c, const struct custody_entry *x,
                       struct text *t);

/* Members of an object that is open: custody_log, entries. */
void custody_json(const struct custody *c, struct text *t);

void custody_show_text(const struct custody *c, struct text *t);

#endif
