/* SPDX-License-Identifier: Apache-2.0 */
/* What may be written on new snapshots. */
#ifndef EBSIMG_PRESERVE_LABEL_H
#define EBSIMG_PRESERVE_LABEL_H

#include "preserve/preserve.h"

/* ERR_USAGE names the option that EC2 would not take. */
int preserve_check_labels(const struct preserve_options *o, struct err *e);

#endif
