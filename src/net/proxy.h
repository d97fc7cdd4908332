/* SPDX-License-Identifier: Apache-2.0 */
/* Which proxy the environment asks for, by curl's rules: https_proxy,
 * HTTPS_PROXY, all_proxy, ALL_PROXY, the first that is not empty, unless
 * no_proxy or NO_PROXY excepts the host.  They are read here and not by
 * libcurl, so that what is recorded is what is used. */
#ifndef EBSIMG_NET_PROXY_H
#define EBSIMG_NET_PROXY_H

#include "base/err.h"

struct proxy {
    char *url;     /* as it was given, perhaps with a password; NULL: none */
    char *shown;   /* "http://proxy.example:3128", NULL: none */
};

/* For requests to this URL; none for plain http, which is for services of
 * this machine that no proxy can reach.  ERR_USAGE when the variable has no
 * URL of a proxy, without telling what it has.  Free it in either case. */
int proxy_find(const char *url, struct proxy *out, struct err *e);
void proxy_free(struct proxy *p); /* wipes */

#endif
