/* SPDX-License-Identifier: Apache-2.0 */
/* What OpenSSL says went wrong: its reason alone, never data. */
#ifndef EBSIMG_SEAL_OPENSSL_ERROR_H
#define EBSIMG_SEAL_OPENSSL_ERROR_H

/* Of the last error, which is forgotten with all others; "" never. */
const char *openssl_error(void);

#endif
