/* SPDX-License-Identifier: Apache-2.0 */
/* How a volume's blocks are fetched, in order and at any offset. */
#ifndef EBSIMG_VOLUME_FETCHING_H
#define EBSIMG_VOLUME_FETCHING_H

#include "fetch/fetch.h"
#include "volume/volume.h"

/* Of a snapshot; each block that is good goes into the access log. */
struct fetch_config volume_fetching(struct volume *v, unsigned slots);

#endif
