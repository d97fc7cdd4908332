/* SPDX-License-Identifier: Apache-2.0 */
#include "image/info.h"

#include <stdlib.h>
#include <string.h>

void image_info_free(struct image_info *i)
{
    for (size_t n = 0; n < i->nfields; n++) {
        free(i->fields[n].name);
        free(i->fields[n].value);
    }
    free(i->fields);
    free(i->errors);
    memset(i, 0, sizeof(*i));
}
