/* SPDX-License-Identifier: Apache-2.0 */
/* What a block manifest holds, and its bytes, pure: the header of 512 bytes
 * and the records of 64, to and from their structs (see
 * doc/manifest-format.md). */
#ifndef EBSIMG_AUDIT_MANIFEST_RECORD_H
#define EBSIMG_AUDIT_MANIFEST_RECORD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

#define MANIFEST_HASH 32
#define MANIFEST_AGE_MAX 63u

enum block_class {
    BLOCK_STORED = 1,     /* data, checked against the provider's checksum */
    BLOCK_ZERO = 2,       /* stored by the provider, and all zeros */
    BLOCK_UNREADABLE = 3, /* could not be read; the image holds zeros */
};

struct manifest_header {
    char snapshot[72];
    uint64_t volume_size; /* bytes */
    uint32_t block_size;  /* bytes */
    uint64_t started;     /* wall ns; times in rows count from here */
};

struct manifest_row {
    uint32_t index;       /* block index */
    uint64_t time;        /* wall ns when the block was accepted */
    unsigned attempts;
    enum block_class class;
    unsigned age;         /* how many images back it was fetched, see slot.h;
                           * MANIFEST_AGE_MAX: so many or more */
    bool cached;          /* of this snapshot, by a request of an earlier
                           * access; age is 0 then */
    bool provider;        /* `sha256' is the provider's checksum; false for
                           * an unreadable block that never had one */
    unsigned char sha256[32];
    char request_id[64];  /* kept when it is a UUID, else "" is read back */
};

#define MANIFEST_HEADER 512
#define MANIFEST_RECORD 64

/* One line of the list that the root is the SHA-256 of. */
#define MANIFEST_LINE 80

/* The header's fields must be sound: manifest_header_check(). */
void manifest_header_encode(const struct manifest_header *h,
                            char out[MANIFEST_HEADER]);
/* -1 unless every one of the 512 bytes is as encode would have made it. */
int manifest_header_decode(const char in[MANIFEST_HEADER],
                           struct manifest_header *h);
bool manifest_header_check(const struct manifest_header *h);

/* Blocks that the volume has room for. */
uint64_t manifest_blocks(const struct manifest_header *h);

void manifest_row_encode(const struct manifest_row *row, uint64_t started,
                         unsigned char out[MANIFEST_RECORD]);
/* NULL, or what is wrong with the record. */
const char *manifest_row_decode(const unsigned char in[MANIFEST_RECORD],
                                uint64_t started, struct manifest_row *row);

/* Writes the line, returns its length. */
size_t manifest_row_line(const struct manifest_row *row,
                         char out[MANIFEST_LINE]);

#endif
