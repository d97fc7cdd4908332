/* SPDX-License-Identifier: Apache-2.0 */
/* What a list of snapshots is asked for. */
#ifndef EBSIMG_DISCOVER_OPTIONS_H
#define EBSIMG_DISCOVER_OPTIONS_H

#include <stdbool.h>

#include "base/option.h"
#include "fetch/service.h"

enum list_sort { SORT_START, SORT_VOLUME, SORT_SIZE, SORT_NONE };

extern const char *const list_sort_words[];

struct list_options {
    struct service_options service;
    struct option_list volumes, instances, images, snapshots, tags, owners;
    const char *from, *to;
    int sort;                /* enum list_sort */
    bool all_regions, details, short_rows, json, csv;
};

#endif
