/* SPDX-License-Identifier: Apache-2.0 */
/* Which TLS a connection speaks, as far as libcurl's own library tells. */
#ifndef EBSIMG_NET_TLS_H
#define EBSIMG_NET_TLS_H

#include <curl/curl.h>

#define TLS_NAME 16 /* "TLSv1.3" with its NUL */

/* "" where there is none, or libcurl has another library than OpenSSL.  While
 * the transfer lasts: from one of its callbacks. */
void tls_name(CURL *easy, char name[TLS_NAME]);

#endif
