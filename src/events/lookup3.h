/* SPDX-License-Identifier: Apache-2.0 */
/* Bob Jenkins's hash of 64 bits (lookup3.c, public domain, 2006), by which the
 * entries of a systemd journal know what they are of. */
#ifndef EBSIMG_EVENTS_LOOKUP3_H
#define EBSIMG_EVENTS_LOOKUP3_H

#include <stddef.h>
#include <stdint.h>

uint64_t lookup3_of(const unsigned char *p, size_t n);

#endif
