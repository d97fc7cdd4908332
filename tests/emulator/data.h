/* SPDX-License-Identifier: Apache-2.0 */
/* The files that hold block contents: data-00000001 and so on, each a run
 * of 512 KiB slots that are written once.  A snapshot that inherits a block
 * points into the file of the snapshot that wrote it.  A block of zeros is
 * left as a hole in its file: it has an identity but takes no disk. */
#ifndef EMULATOR_DATA_H
#define EMULATOR_DATA_H

#include <stdint.h>

#include "fail.h"

struct data;

struct data *data_new(const char *dir);
void data_free(struct data *d);

/* Starts a new file and returns its number; 0 with a sentence.  Safe
 * against other processes that do the same. */
uint32_t data_create(struct data *d, struct fail *f);

/* Puts one block into a slot.  Many threads may do that at once, for
 * different slots. */
int data_put(struct data *d, uint32_t file, uint32_t slot,
             const void *block, struct fail *f);

/* Makes the file as long as its slots; after that it can be viewed. */
int data_seal(struct data *d, uint32_t file, uint32_t slots, struct fail *f);

/* One block, mapped until data_free().  NULL with a sentence. */
const uint8_t *data_view(struct data *d, uint32_t file, uint32_t slot,
                         struct fail *f);

#endif
