/* SPDX-License-Identifier: Apache-2.0 */
/* What libcurl's result of a transfer means.  Pure. */
#ifndef EBSIMG_NET_HTTP_FAULT_H
#define EBSIMG_NET_HTTP_FAULT_H

#include <curl/curl.h>

#include "net/http.h"

/* `words' are libcurl's: a failed handshake has one code for a refused
 * protocol and for a cable that was pulled. */
enum http_fault http_fault_of(CURLcode code, const char *words);

#endif
