/* SPDX-License-Identifier: Apache-2.0 */
/* How `ebsimg reconcile' was asked. */
#ifndef EBSIMG_RECONCILE_OPTIONS_H
#define EBSIMG_RECONCILE_OPTIONS_H

#include "base/option.h"

struct reconcile_options {
    struct option_list cloudtrail;
    bool json;
};

#endif
