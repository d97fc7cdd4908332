/* SPDX-License-Identifier: Apache-2.0 */
/* Everything about a transfer that is the same for each request: how strict
 * TLS is, how long to wait, what is never done. */
#ifndef EBSIMG_NET_HTTP_SETUP_H
#define EBSIMG_NET_HTTP_SETUP_H

#include <curl/curl.h>

#include "net/http.h"

/* `ca' is a bundle file, or NULL for libcurl's default. */
CURLcode http_setup(CURL *easy, const struct http_config *c, const char *ca);

#endif
