/* SPDX-License-Identifier: Apache-2.0 */
#include "net/tls.h"

#include <stdio.h>

/* Of the libssl that libcurl has brought along; NULL where it has brought
 * none.  We have no other use for that library. */
struct ssl_st;
const char *SSL_get_version(const struct ssl_st *ssl) __attribute__((weak));

void tls_name(CURL *easy, char name[TLS_NAME])
{
    const struct curl_tlssessioninfo *session = NULL;

    name[0] = '\0';
    if (!SSL_get_version
        || curl_easy_getinfo(easy, CURLINFO_TLS_SSL_PTR, &session) != CURLE_OK
        || !session || session->backend != CURLSSLBACKEND_OPENSSL
        || !session->internals)
        return;
    snprintf(name, TLS_NAME, "%s", SSL_get_version(session->internals));
}
