/* SPDX-License-Identifier: Apache-2.0 */
#include "base/snapshot-id.h"

#include <string.h>

bool snapshot_id_ok(const char *id)
{
    size_t n = strlen(id);

    return n > 5 && n <= 64 && strncmp(id, "snap-", 5) == 0
        && strspn(id + 5, "0123456789abcdef") == n - 5;
}
