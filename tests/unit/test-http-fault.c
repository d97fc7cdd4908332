/* SPDX-License-Identifier: Apache-2.0 */
/* What a failed transfer means. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "net/http-fault.h"

static void each_failure_has_its_meaning(void **state)
{
    static const struct {
        CURLcode code;
        const char *words;
        enum http_fault fault;
    } rows[] = {
        { CURLE_OK, "", HTTP_ANSWERED },
        { CURLE_COULDNT_RESOLVE_HOST, "", HTTP_NO_HOST },
        { CURLE_COULDNT_RESOLVE_PROXY, "", HTTP_NO_HOST },
        { CURLE_COULDNT_CONNECT, "", HTTP_NO_CONNECT },
        { CURLE_OPERATION_TIMEDOUT, "", HTTP_TIMEOUT },
        { CURLE_PEER_FAILED_VERIFICATION, "", HTTP_BAD_TLS },
        { CURLE_SSL_CACERT_BADFILE, "", HTTP_BAD_TLS },
        { CURLE_SSL_CONNECT_ERROR,
          "OpenSSL SSL_connect: Connection reset by peer in connection to x",
          HTTP_BROKEN },
        { CURLE_SSL_CONNECT_ERROR,
          "OpenSSL SSL_connect: SSL_ERROR_SYSCALL in connection to x",
          HTTP_BROKEN },
        { CURLE_SSL_CONNECT_ERROR,
          "error:0A00010B:SSL routines::wrong version number", HTTP_BAD_TLS },
        { CURLE_SSL_CONNECT_ERROR,
          "error:0A00042E:SSL routines::tlsv1 alert protocol version",
          HTTP_BAD_TLS },
        { CURLE_SSL_CONNECT_ERROR,
          "error:0A000410:SSL routines::sslv3 alert handshake failure",
          HTTP_BAD_TLS },
        { CURLE_PARTIAL_FILE, "", HTTP_BROKEN },
        { CURLE_RECV_ERROR, "", HTTP_BROKEN },
        { CURLE_SEND_ERROR, "", HTTP_BROKEN },
        { CURLE_GOT_NOTHING, "", HTTP_BROKEN },
        { CURLE_WEIRD_SERVER_REPLY, "", HTTP_BROKEN },
        { CURLE_OUT_OF_MEMORY, "", HTTP_BROKEN },
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        if (http_fault_of(rows[i].code, rows[i].words) != rows[i].fault)
            fail_msg("%d \"%s\"", (int)rows[i].code, rows[i].words);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_failure_has_its_meaning),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
