/* SPDX-License-Identifier: Apache-2.0 */
/* The list of blocks decides which of them are zeros that the provider never
 * stored.  So the blocks are listed a second time after the last one has come,
 * and compared with the manifest, page by page. */
#ifndef EBSIMG_ACQUIRE_RELIST_H
#define EBSIMG_ACQUIRE_RELIST_H

#include "acquire/acquisition.h"

/* The manifest must be finished; sets CONTROL_SECOND_LIST.  Waits for as long
 * as any call may take; ERR_INTERRUPTED when somebody wants an end. */
int relist_compare(struct acquisition *a, struct err *e);

#endif
