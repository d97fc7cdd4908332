/* SPDX-License-Identifier: Apache-2.0 */
#include "net/http-fault.h"

#include <string.h>

static const struct {
    CURLcode code;
    enum http_fault fault;
} faults[] = {
    { CURLE_OK, HTTP_ANSWERED },
    { CURLE_COULDNT_RESOLVE_HOST, HTTP_NO_HOST },
    { CURLE_COULDNT_RESOLVE_PROXY, HTTP_NO_HOST },
    { CURLE_COULDNT_CONNECT, HTTP_NO_CONNECT },
    { CURLE_OPERATION_TIMEDOUT, HTTP_TIMEOUT },
    { CURLE_PEER_FAILED_VERIFICATION, HTTP_BAD_TLS },
    { CURLE_SSL_CACERT_BADFILE, HTTP_BAD_TLS },
    { CURLE_SSL_ISSUER_ERROR, HTTP_BAD_TLS },
    { CURLE_SSL_INVALIDCERTSTATUS, HTTP_BAD_TLS },
    { CURLE_SSL_CERTPROBLEM, HTTP_BAD_TLS },
    { CURLE_SSL_CIPHER, HTTP_BAD_TLS },
};

/* OpenSSL's words for a handshake that will never work.  Everything else
 * (reset, end of file, an alert of an overloaded server) may work again. */
static const char *const hopeless[] = {
    "wrong version number",
    "unsupported protocol",
    "no protocols available",
    "alert protocol version",
    "alert handshake failure",
    "no shared cipher",
};

static enum http_fault handshake_fault(const char *words)
{
    for (size_t i = 0; i < sizeof(hopeless) / sizeof(hopeless[0]); i++)
        if (strstr(words, hopeless[i]))
            return HTTP_BAD_TLS;
    return HTTP_BROKEN;
}

enum http_fault http_fault_of(CURLcode code, const char *words)
{
    if (code == CURLE_SSL_CONNECT_ERROR)
        return handshake_fault(words);
    for (size_t i = 0; i < sizeof(faults) / sizeof(faults[0]); i++)
        if (faults[i].code == code)
            return faults[i].fault;
    return HTTP_BROKEN;
}
