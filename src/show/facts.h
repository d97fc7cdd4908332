/* SPDX-License-Identifier: Apache-2.0 */
/* Facts for people or for programs: each is written once, as a name and a
 * value, and becomes a line of text or a member of JSON.  Values may come from
 * anywhere: they are escaped here. */
#ifndef EBSIMG_SHOW_FACTS_H
#define EBSIMG_SHOW_FACTS_H

#include <stdbool.h>
#include <stdint.h>

#include "audit/hash.h"
#include "base/text.h"

#define FACT_NONE UINT64_MAX /* a number that is not told, and left out */

struct facts {
    struct text t;     /* t.failed: there was no memory */
    bool json;
    bool first;        /* in its object or list */
};

/* Free t with text_free(), in every case. */
void facts_begin(struct facts *f, bool json);
void facts_end(struct facts *f);

/* A part with a heading; in JSON an object of that name. */
void facts_open(struct facts *f, const char *heading);
void facts_close(struct facts *f);

/* Parts of one kind; in JSON a list of objects, each with its heading as the
 * member `key'. */
void facts_open_list(struct facts *f, const char *name);
void facts_open_item(struct facts *f, const char *key, const char *heading);
void facts_close_list(struct facts *f);

void facts_text(struct facts *f, const char *name, const char *value); /* "":
                                                                     * none */
void facts_number(struct facts *f, const char *name, uint64_t value);
/* Each that there is, its name behind `before'. */
void facts_hashes(struct facts *f, const char *before,
                  const struct hashes *h);

#endif
