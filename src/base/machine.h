/* SPDX-License-Identifier: Apache-2.0 */
/* What this process may use of the machine: all of it, or what taskset, a
 * container or a control group leaves it. */
#ifndef EBSIMG_BASE_MACHINE_H
#define EBSIMG_BASE_MACHINE_H

#include <stdint.h>

/* At least 1. */
unsigned machine_processors(void);

/* Bytes; UINT64_MAX when that is not known. */
uint64_t machine_memory(void);

#endif
