/* SPDX-License-Identifier: Apache-2.0 */
/* The directory with all snapshots, and what is known of them in memory.
 *
 * Any thread may call anything here.  A snapshot stays where it is until
 * store_close(); what changes in a pending one changes under its lock, see
 * store_lock(). */
#ifndef EMULATOR_STORE_H
#define EMULATOR_STORE_H

#include <pthread.h>
#include <stddef.h>
#include <stdint.h>

#include "data.h"
#include "fail.h"
#include "snapshot.h"

#define STORE_SECRET_SIZE 32

struct store;

/* Opens the directory, making it when it is not there.  NULL with a
 * sentence. */
struct store *store_open(const char *dir, struct fail *f);
void store_close(struct store *st);

struct data *store_data(struct store *st);

/* Random bytes made with the store: tokens outlive a restart. */
const uint8_t *store_secret(const struct store *st);

/* NULL when there is none.  Finds what another process has imported since
 * the start, too. */
struct snapshot *store_find(struct store *st, const char *id);

/* Every snapshot, oldest first, in an array that the caller frees. */
struct snapshot **store_all(struct store *st, size_t *count);

/* Writes the description to disk and takes the snapshot over if it is new.
 * The blocks file must be in place already. */
int store_save(struct store *st, struct snapshot *s, struct fail *f);

/* Maps the blocks file of a sealed snapshot. */
int store_map_blocks(struct store *st, struct snapshot *s, struct fail *f);

/* The name of the blocks file; to be freed by the caller. */
char *store_blocks_path(const struct store *st, const char *id);

/* Held while a pending snapshot is read or changed. */
pthread_mutex_t *store_lock(struct store *st);

#endif
