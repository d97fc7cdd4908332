/* SPDX-License-Identifier: Apache-2.0 */
/* How `ebsimg readers' was asked. */
#ifndef EBSIMG_READERS_OPTIONS_H
#define EBSIMG_READERS_OPTIONS_H

#include "base/option.h"

struct readers_options {
    struct option_list cloudtrail;
    bool json, csv;
};

#endif
