/* SPDX-License-Identifier: Apache-2.0 */
/* Seals a finished run: the document that says what it is, signatures of it,
 * and time stamps of these (see seal/names.h for the files).
 *
 * Nothing is changed that is there: a second call adds a signature to the same
 * document when that still says what the files are, so that a witness signs
 * what the examiner has signed. */
#ifndef EBSIMG_SEAL_SEAL_H
#define EBSIMG_SEAL_SEAL_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/option.h"
#include "base/text.h"
#include "seal/gather.h"
#include "seal/signer.h"
#include "seal/stamp.h"

struct seal_options {
    const char *key, *cert;
    uint64_t passphrase_fd;    /* SEAL_TERMINAL: the terminal */
    struct stamp_options stamp;
};

#define SEAL_TERMINAL UINT64_MAX
#define SEAL_FD_MAX 65535

/* The rows of these options for a command whose values `type' hold them in
 * `member'; not that of --ca-bundle. */
#define SEAL_AT(type, member, field) offsetof(type, member.field)
#define SEAL_ROWS(type, member) \
    { OPTION_TEXT, 0, "key", "FILE", \
      "the private key to sign with: PEM or PKCS#12", \
      SEAL_AT(type, member, key) }, \
    { OPTION_TEXT, 0, "cert", "FILE", \
      "its certificate, PEM, with those that issued it behind (default: those" \
      " in the PKCS#12 file)", SEAL_AT(type, member, cert) }, \
    { OPTION_NUMBER, 0, "passphrase-fd", "N", \
      "read the key's passphrase from this descriptor, a line (default: ask" \
      " at the terminal)", SEAL_AT(type, member, passphrase_fd), .min = 0, \
      .max = SEAL_FD_MAX }, \
    { OPTION_LIST, 0, "tsa", "URL", \
      "have the signature time-stamped by this server of RFC 3161; may be" \
      " given again", SEAL_AT(type, member, stamp.servers) }

void seal_defaults(struct seal_options *o);

/* Who signs, once all of it fits together; ERR_USAGE, ERR_ACCESS. */
struct signer *seal_signer(const struct seal_options *o, struct err *e);

/* 0: sealed, with every time stamp that was asked for; 1: sealed, but not
 * time-stamped by one of them; -1.  What was made is told in `report', a line
 * each.  `name' is a prefix or an image. */
int seal_make(const struct seal_options *o, const struct seal_gather *g,
              const struct signer *s, const char *name, struct text *report,
              struct err *e);

/* Time stamps for each signature that is there; as seal_make(). */
int seal_stamp_later(const struct seal_options *o, const char *name,
                     struct text *report, struct err *e);

#endif
