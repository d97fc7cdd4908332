/* SPDX-License-Identifier: Apache-2.0 */
/* An acquisition that begins with an earlier image of the same line: only
 * what EBS lists as changed is fetched, the rest comes from that image.
 *
 * What is proved, and what is the word of EBS: the list of stored blocks and
 * the list of changes must agree with the manifest of the earlier image, and
 * each block that is taken from there has the SHA-256 that the provider sent
 * for it then.  That such a block is still the same in the newer snapshot is
 * what EBS says by not listing it; a random sample of them is fetched and
 * compared before anything is written. */
#ifndef EBSIMG_ACQUIRE_SINCE_H
#define EBSIMG_ACQUIRE_SINCE_H

#include <stdbool.h>

#include "acquire/earlier.h"
#include "base/err.h"
#include "fetch/fetch.h"

struct acquisition;

/* Asks for the lists, proves that they agree, takes the sample, and logs what
 * came of it.  Where the earlier image cannot be used the log says why, and
 * 0 is returned all the same: then every block will be fetched.  One that was
 * named and is not there is an error, unless the run is gone on with; one that
 * is not what a case log beside it says (ERR_VERIFY), or of another volume or
 * owner (ERR_SOURCE), is an error always.
 * `not_ready_seconds' as in fetch_config. */
int since_prepare(struct acquisition *a, unsigned not_ready_seconds,
                  struct err *e);

/* Fills in what the fetch has to know. */
void since_configure(struct since *s, struct fetch_config *c);

/* Every carried block was fetched as well. */
bool since_is_proved(const struct since *s);

void since_free(struct since *s);

#endif
