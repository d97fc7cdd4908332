/* SPDX-License-Identifier: Apache-2.0 */
#include "seal/openssl-error.h"

#include <stddef.h>

#include <openssl/err.h>

/* The reasons are texts of the library's own, which stay. */
const char *openssl_error(void)
{
    const char *reason = ERR_reason_error_string(ERR_peek_last_error());

    ERR_clear_error();
    return reason ? reason : "OpenSSL does not say why";
}
