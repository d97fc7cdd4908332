/* SPDX-License-Identifier: Apache-2.0 */
/* The network that an address is in, as far as an address tells: the first 24
 * bits of IPv4, the first 48 of IPv6.  Pure. */
#ifndef EBSIMG_READERS_NETWORK_H
#define EBSIMG_READERS_NETWORK_H

#define NETWORK_ROOM 64

/* "198.51.100.0/24"; "" for what is no address, such as "AWS Internal".
 * Returns `out'. */
const char *network_of(char out[NETWORK_ROOM], const char *address);

#endif
