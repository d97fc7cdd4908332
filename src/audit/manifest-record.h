/* The bytes of a block manifest, pure: the header of 512 bytes and the
 * records of 64, to and from their structs (see doc/manifest-format.md). */
#ifndef EBSIMG_AUDIT_MANIFEST_RECORD_H
#define EBSIMG_AUDIT_MANIFEST_RECORD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "audit/manifest.h"
#include "base/err.h"

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
