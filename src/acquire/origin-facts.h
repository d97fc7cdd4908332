/* SPDX-License-Identifier: Apache-2.0 */
/* Where the blocks of a run come from, as far as that was to be had: the
 * service that was asked, whose keys asked it, which disk it said that it
 * was.  A snapshot's id alone says nothing of it: another service, region or
 * account may have another disk of the same id.  Pure. */
#ifndef EBSIMG_ACQUIRE_ORIGIN_FACTS_H
#define EBSIMG_ACQUIRE_ORIGIN_FACTS_H

#include <stdbool.h>

#include <cjson/cJSON.h>

#include "audit/log.h"
#include "base/err.h"

/* NULL: not known.  The texts stay where they are. */
struct origin_facts {
    const char *partition, *region, *endpoint;
    const char *account, *caller;               /* whose keys; its ARN */
    const char *owner, *volume, *start_time;    /* of the snapshot */
};

/* Three questions, which are answered one after another. */
enum origin_part { ORIGIN_SERVICE, ORIGIN_CALLER, ORIGIN_SNAPSHOT };

/* What came of comparing: a bit for each fact. */
struct origin_look {
    unsigned same, unknown, other;
};

/* All its facts as members; null for those that are not known. */
void origin_write(const struct origin_facts *o, struct record *r);
void origin_read(const cJSON *line, struct origin_facts *o);

/* Can it be what a run wrote?  Every run knows which service it asks. */
bool origin_possible(const struct origin_facts *o);

/* The facts of this part, then and now, into *look.  ERR_SOURCE names both
 * values of one that must be the same: another endpoint of the region, or
 * another name in the same account, may go on; another account may with
 * `other_account'. */
int origin_compare(const struct origin_facts *then,
                   const struct origin_facts *now,
                   enum origin_part part, bool other_account,
                   struct origin_look *look, struct err *e);

/* For the log: the names of what was compared, of what could not be, and both
 * values of what is another one now. */
void origin_add_look(struct record *r, const struct origin_facts *then,
                     const struct origin_facts *now,
                     const struct origin_look *look);

/* For the examiner, into `t': "the endpoint was X and is Y now", or nothing
 * when all that could be compared is the same; and which facts could not be.
 * Texts of the service are in it. */
void origin_tell_other(struct text *t, const struct origin_facts *then,
                       const struct origin_facts *now,
                       const struct origin_look *look);
void origin_tell_unknown(struct text *t, const struct origin_look *look);

#endif
