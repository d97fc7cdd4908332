/* SPDX-License-Identifier: Apache-2.0 */
/* The main() of a fuzz target that was built without libFuzzer:
 *
 *   fuzz-X [SEED-OR-FOLDER]...
 *
 * runs every seed as it is, then cut off at many places and damaged in many
 * ways, always the same ones.  It ends well, or dies of what it found after
 * writing the bytes that did it to fuzz-X.found. */
#include <dirent.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "fuzz.h"

#define SEED_MAX (1024 * 1024)

static struct {
    const char *program;
    const uint8_t *data;
    size_t size;
} now;

static unsigned long runs;

/* How many damaged copies are made of one seed: fewer of large ones, which
 * take longer. */
static unsigned copies(size_t size)
{
    const char *wanted = getenv("FUZZ_COPIES");

    if (wanted)
        return (unsigned)strtoul(wanted, NULL, 10);
    return size < 4096 ? 400 : size < 65536 ? 100 : 20;
}

/* Only what a signal handler may do. */
static void keep_it(int signal_number)
{
    char path[300] = "";
    FILE *f;

    signal(signal_number, SIG_DFL);
    snprintf(path, sizeof(path), "%.250s.found", now.program);
    f = fopen(path, "w"); /* the program is lost; so at worst is this */
    if (f && fwrite(now.data, 1, now.size, f) == now.size && fclose(f) == 0)
        fprintf(stderr, "what did it: %s\n", path);
    raise(signal_number);
}

static void run(const uint8_t *data, size_t size)
{
    /* A block of exactly this size, so that reading past it is seen. */
    uint8_t *exact = malloc(size ? size : 1);

    if (!exact)
        abort();
    if (size)
        memcpy(exact, data, size);
    now.data = exact;
    now.size = size;
    fuzz_one(exact, size);
    runs++;
    free(exact);
}

static uint32_t next_random(uint32_t *state)
{
    *state = *state * 1664525u + 1013904223u;
    return *state >> 8;
}

/* A few bytes changed, put in, or taken out. */
static size_t damage(uint8_t *d, size_t n, uint32_t *state)
{
    static const uint8_t odd[] = { 0, 1, 0x7f, 0x80, 0xff, '\n', '"', '\\',
                                   '0', '9', '-', '{', '<', '%', ' ', ':' };
    unsigned changes = 1 + next_random(state) % 4;

    while (changes-- && n) {
        size_t at = next_random(state) % n;
        size_t len = 1 + next_random(state) % 8;

        len = len < n - at ? len : n - at;
        switch (next_random(state) % 4) {
        case 0:
            d[at] ^= (uint8_t)(1u << next_random(state) % 8);
            break;
        case 1:
            d[at] = odd[next_random(state) % sizeof(odd)];
            break;
        case 2: /* once more; there is room for it */
            memmove(d + at + len, d + at, n - at);
            n += len;
            break;
        default:
            memmove(d + at, d + at + len, n - at - len);
            n -= len;
        }
    }
    return n;
}

static void run_seed(const uint8_t *data, size_t size)
{
    uint8_t *copy = malloc(size + 64);
    uint32_t state = (uint32_t)size;
    unsigned n = copies(size);

    if (!copy)
        abort();
    run(data, size);
    for (unsigned i = 0; i < n && size; i++) {
        run(data, size * i / n);
        memcpy(copy, data, size);
        run(copy, damage(copy, size, &state));
    }
    free(copy);
}

static void run_file(const char *path)
{
    static uint8_t data[SEED_MAX];
    FILE *f = fopen(path, "r");
    size_t n;

    if (!f) {
        perror(path);
        exit(1);
    }
    n = fread(data, 1, sizeof(data), f);
    fclose(f);
    run_seed(data, n);
}

static int no_dot(const struct dirent *d)
{
    return d->d_name[0] != '.';
}

static void run_path(const char *path)
{
    struct dirent **names;
    int n = scandir(path, &names, no_dot, alphasort);

    if (n < 0) {
        run_file(path);
        return;
    }
    for (int i = 0; i < n; i++) {
        char file[4096];

        snprintf(file, sizeof(file), "%s/%s", path, names[i]->d_name);
        run_file(file);
        free(names[i]);
    }
    free(names);
}

int main(int argc, char **argv)
{
    now.program = argv[0];
    signal(SIGABRT, keep_it);
    signal(SIGSEGV, keep_it);
    run(NULL, 0);
    for (int i = 1; i < argc; i++)
        run_path(argv[i]);
    printf("%lu inputs\n", runs);
    return 0;
}
