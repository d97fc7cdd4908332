/* SPDX-License-Identifier: Apache-2.0 */
#include "flow/budget.h"

#include "base/block.h"
#include "base/machine.h"

/* Enough for 80 blocks in flight or in work behind them; a block in flight
 * takes memory only when it comes. */
#define ACQUIRE_BASE (40 * MIB)
#define ACQUIRE_THREAD (2 * MIB)

/* An image never waits for a network. */
#define VERIFY_BASE (24 * MIB)
#define VERIFY_THREAD (4 * MIB)

static unsigned min(uint64_t a, unsigned b)
{
    return a < b ? (unsigned)a : b;
}

/* A quarter of the machine's is much for one program. */
static uint64_t by_the_machine(uint64_t memory)
{
    uint64_t quarter = machine_memory() / 4;

    if (quarter < BUDGET_MEMORY_MIN)
        quarter = BUDGET_MEMORY_MIN;
    return memory < quarter ? memory : quarter;
}

static void take(struct budget *r, uint64_t threads, uint64_t memory,
                 uint64_t base, uint64_t each)
{
    r->threads = threads ? (unsigned)threads : machine_processors();
    r->threads = min(r->threads, BUDGET_THREADS_MAX);
    r->memory = memory ? memory : by_the_machine(base + each * r->threads);
    r->packed = 0;
}

/* A worker deflates one block while others that are done wait for the gate;
 * at most a quarter of the memory goes there. */
static void set_packed(struct budget *r)
{
    r->packed = min(r->memory / 4 / BLOCK_SIZE, 2 * r->threads + 4);
}

void budget_for_acquire(struct budget *r, uint64_t threads, uint64_t memory,
                      bool deflates, unsigned most)
{
    take(r, threads, memory, ACQUIRE_BASE, ACQUIRE_THREAD);
    if (deflates)
        set_packed(r);
    r->slots = min(r->memory / BLOCK_SIZE - r->packed, most);
}

unsigned budget_share(uint64_t *threads, uint64_t *memory, unsigned n)
{
    struct budget all;
    uint64_t each = 0;

    if (*memory && *memory / n < BUDGET_MEMORY_MIN)
        n = (unsigned)(*memory / BUDGET_MEMORY_MIN);
    take(&all, *threads, *memory, ACQUIRE_BASE, ACQUIRE_THREAD);
    *threads = all.threads < n ? 1 : all.threads / n;
    if (!*memory)
        each = by_the_machine(n * (ACQUIRE_BASE + ACQUIRE_THREAD * *threads));
    else
        each = *memory;
    *memory = each / n < BUDGET_MEMORY_MIN ? BUDGET_MEMORY_MIN : each / n;
    return n;
}

void budget_for_verify(struct budget *r, uint64_t threads, uint64_t memory,
                     bool inflates)
{
    take(r, threads, memory, VERIFY_BASE, VERIFY_THREAD);
    r->slots = min(r->memory / BLOCK_SIZE / (inflates ? 2 : 1), 4096);
}
