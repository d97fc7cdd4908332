/* SPDX-License-Identifier: Apache-2.0 */
/* What a signer is opened with. */
#ifndef EBSIMG_SEAL_SIGNER_OPTIONS_H
#define EBSIMG_SEAL_SIGNER_OPTIONS_H

struct signer_options {
    const char *key;          /* PEM or PKCS#12 */
    const char *cert;         /* PEM; NULL: it is in the PKCS#12 file */
    int passphrase_fd;        /* -1: the terminal */
};

#endif
