/* SPDX-License-Identifier: Apache-2.0 */
#include "readers/network.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

const char *network_of(char out[NETWORK_ROOM], const char *address)
{
    unsigned char bytes[16] = { 0 };
    char shown[INET6_ADDRSTRLEN];
    int family = AF_INET;

    out[0] = '\0';
    if (inet_pton(AF_INET, address, bytes) != 1) {
        family = AF_INET6;
        if (inet_pton(AF_INET6, address, bytes) != 1)
            return out;
    }
    memset(bytes + (family == AF_INET ? 3 : 6), 0,
           family == AF_INET ? 13 : 10);
    if (inet_ntop(family, bytes, shown, sizeof(shown)))
        snprintf(out, NETWORK_ROOM, "%s/%s", shown,
                 family == AF_INET ? "24" : "48");
    return out;
}
