/* SPDX-License-Identifier: Apache-2.0 */
/* An E01 set, open for reading. */
#ifndef EBSIMG_IMAGE_EWF_OPEN_H
#define EBSIMG_IMAGE_EWF_OPEN_H

#include <stdbool.h>

#include <libewf.h>

#include "base/err.h"

struct ewf_open {
    libewf_handle_t *handle;
    bool partial;            /* it need not be whole */
    char **paths;            /* its segments, NULL-terminated */
};

/* ERR_VERIFY when the set is not whole: a segment is missing, cut or
 * damaged. */
int ewf_open(struct ewf_open *o, const char *first, struct err *e);
/* The same, but its end may be missing. */
int ewf_open_partial(struct ewf_open *o, const char *first, struct err *e);
/* Once more from the beginning; libewf gives back no memory otherwise. */
int ewf_reopen(struct ewf_open *o, struct err *e);
void ewf_close(struct ewf_open *o);

#endif
