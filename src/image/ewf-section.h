/* SPDX-License-Identifier: Apache-2.0 */
/* The bytes between the chunks of an E01 segment: its first 13 bytes, the
 * heads of its sections, and the tables that say where chunks are.  libewf
 * writes them; this is for repairing a set that a dead run left behind (see
 * doc/resume.md), so that libewf can go on with it.
 *
 * Facts: Expert Witness Compression Format, version 1, as libewf writes it
 * for EnCase 6; numbers are little-endian, checksums are Adler-32. */
#ifndef EBSIMG_IMAGE_EWF_SECTION_H
#define EBSIMG_IMAGE_EWF_SECTION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* How each segment begins. */
#define EWF_SIGNATURE 8
extern const unsigned char ewf_signature[EWF_SIGNATURE];

#define EWF_FILE_HEAD 13
#define EWF_SECTION_HEAD 76
/* The data of the sections "volume" and "data", which are the same. */
#define EWF_VOLUME 1052
/* libewf closes a table after so many chunks at the latest. */
#define EWF_TABLE_MAX 65534u

struct ewf_section {
    char type[17];
    uint64_t start;       /* of its head in the file */
    uint64_t end;         /* where the next section begins; of "next" and
                           * "done" the end of their head */
};

void ewf_file_head_encode(unsigned char out[EWF_FILE_HEAD],
                          unsigned segment);
bool ewf_file_head_fits(const unsigned char in[EWF_FILE_HEAD],
                        unsigned segment);

/* `data' bytes follow the head; "next" and "done" have none. */
void ewf_section_encode(unsigned char out[EWF_SECTION_HEAD],
                        const char *type, uint64_t start, uint64_t data);
/* -1 when it is not the head of a section at `start' that ends inside a file
 * of `size' bytes. */
int ewf_section_decode(const unsigned char in[EWF_SECTION_HEAD],
                       uint64_t start, uint64_t size,
                       struct ewf_section *out);

/* How a chunk is kept: the bytes that it takes in the file, its checksum
 * included, and whether they are deflated. */
#define EWF_DEFLATED 0x80000000u
#define EWF_LENGTH(chunk) ((chunk) & ~EWF_DEFLATED)

/* Bytes of a table of so many chunks behind its section's head. */
size_t ewf_table_size(uint32_t n);
/* The table of `n' chunks that follow each other behind the head of the
 * section at `sectors'. */
void ewf_table_encode(unsigned char *out, const uint32_t *chunks, uint32_t n,
                      uint64_t sectors);
/* How many chunks the table has that begins with these 24 bytes; -1 when it
 * is none. */
#define EWF_TABLE_HEAD 24
int ewf_table_count(const unsigned char in[EWF_TABLE_HEAD], uint32_t *n);

#endif
