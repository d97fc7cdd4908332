/* JSON values that free themselves. */
#ifndef EBSIMG_BASE_JSON_H
#define EBSIMG_BASE_JSON_H

#include <cjson/cJSON.h>

static inline void json_delete(cJSON **j)
{
    cJSON_Delete(*j);
}

#define autojson __attribute__((cleanup(json_delete)))

#endif
