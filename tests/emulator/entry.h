/* SPDX-License-Identifier: Apache-2.0 */
/* The blocks on one page of a listing, between finding and printing them:
 * here the rules can spoil their order. */
#ifndef EMULATOR_ENTRY_H
#define EMULATOR_ENTRY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct page;
struct effects;
struct snapshot;

struct entry {
    uint32_t index;
    bool first;  /* ListChangedBlocks: the first snapshot has it */
    bool second; /* the second has it; ListSnapshotBlocks: always */
};

struct entries {
    struct entry *list;
    size_t count;
};

/* Room for a page and for what rules may add to it. */
bool entries_room(struct entries *e, const struct page *p);
void entries_free(struct entries *e);

void entries_add(struct entries *e, struct entry entry);

/* Duplicates, swaps, drops and invents, as the rules say. */
void entries_spoil(struct entries *e, struct page *p,
                   const struct effects *fx, const struct snapshot *s);

#define autoentries __attribute__((cleanup(entries_free))) struct entries

#endif
