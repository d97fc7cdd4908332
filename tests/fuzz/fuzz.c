/* SPDX-License-Identifier: Apache-2.0 */
#include "fuzz.h"

#include <dirent.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cjson/cJSON.h>

#include "audit/hash.h"

void fuzz_wrong(const char *what, const char *file, int line)
{
    fprintf(stderr, "%s:%d: it must be that %s\n", file, line, what);
    abort();
}

/* ------------------------------------------------------------------ bytes */

char *fuzz_text(const uint8_t *data, size_t size)
{
    char *s = malloc(size + 1);

    MUST(s);
    if (size)
        memcpy(s, data, size);
    s[size] = '\0';
    return s;
}

char *fuzz_part(const uint8_t **data, size_t *size)
{
    static const char line[] = "\n%%\n";
    const uint8_t *end = *size ? memmem(*data, *size, line, 4) : NULL;
    size_t n = end ? (size_t)(end - *data) + 1 : *size;
    char *s = fuzz_text(*data, n);

    *data += end ? n + 3 : n;
    *size -= end ? n + 3 : n;
    return s;
}

static void seal_line(struct text *log, uint64_t n, unsigned char head[32],
                      const char *line, size_t len)
{
    size_t start = log->len;
    size_t name = strcspn(line, ",");
    char hex[65];

    name = name < len ? name : len;
    hex_encode(hex, head, 32);
    text_addf(log, "{\"seq\":%" PRIu64 ",\"time\":\"2026-08-01T12:00:00."
              "000000000Z\",\"event\":\"", n);
    text_addn(log, line, name);
    text_addf(log, "\",\"prev\":\"%s\"", hex);
    text_addn(log, line + name, len - name);
    text_add(log, "}\n");
    hash_sha256(log->s + start, log->len - start, head);
}

void fuzz_chain(const char *text, size_t size, struct text *log)
{
    unsigned char head[32] = { 0 };
    uint64_t n = 0;

    for (size_t at = 0; at < size; ) {
        size_t len = strcspn(text + at, "\n");

        seal_line(log, ++n, head, text + at, len);
        at += len + 1;
    }
}

const char *fuzz_file(int which, const void *data, size_t size)
{
    static int fds[2] = { -1, -1 };
    static char paths[2][40];
    int *fd = &fds[which];

    if (*fd < 0)
        *fd = memfd_create("fuzz", MFD_CLOEXEC);
    MUST(*fd >= 0 && ftruncate(*fd, 0) == 0);
    MUST(pwrite(*fd, data, size, 0) == (ssize_t)size);
    snprintf(paths[which], sizeof(paths[which]), "/proc/self/fd/%d", *fd);
    return paths[which];
}

static char folder[200];

static void remove_folder(void)
{
    DIR *d = opendir(folder);
    struct dirent *entry;

    while (d && (entry = readdir(d)))
        unlinkat(dirfd(d), entry->d_name, 0); /* not "." and "..": fails */
    if (d)
        closedir(d);
    rmdir(folder);
}

const char *fuzz_path(const char *name)
{
    static char path[300];
    const char *tmp = getenv("TMPDIR");

    if (!folder[0]) {
        snprintf(folder, sizeof(folder), "%.150s/ebsimg-fuzz.XXXXXX",
                 tmp ? tmp : "/tmp");
        MUST(mkdtemp(folder) && atexit(remove_folder) == 0);
    }
    snprintf(path, sizeof(path), "%s/%s", folder, name);
    return path;
}

int __wrap_fsync(int fd);
int __wrap_fdatasync(int fd);

/* Thousands of them would make the disk the thing under test. */
int __wrap_fsync(int fd)
{
    return fcntl(fd, F_GETFD) < 0 ? -1 : 0;
}

int __wrap_fdatasync(int fd)
{
    return __wrap_fsync(fd);
}

/* ------------------------------------------------------------------- text */

/* Not the program's own decoder: that one is under test. */
static const char *after_character(const unsigned char *s, uint32_t *cp)
{
    static const uint32_t least[] = { 0, 0x80, 0x800, 0x10000 };
    int more = *s < 0x80 ? 0 : *s >> 5 == 6 ? 1 : *s >> 4 == 14 ? 2
        : *s >> 3 == 30 ? 3 : -1;

    if (more < 0)
        return NULL;
    *cp = more ? *s & (0x3fu >> more) : *s;
    for (int i = 1; i <= more; i++) {
        if (s[i] >> 6 != 2)
            return NULL;
        *cp = *cp << 6 | (s[i] & 0x3fu);
    }
    if (*cp < least[more] || *cp > 0x10ffff || *cp >> 11 == 0x1b)
        return NULL;
    return (const char *)s + more + 1;
}

static bool moves_something(uint32_t c)
{
    return c < 0x20 || (c >= 0x7f && c < 0xa0) || c == 0x61c
        || c == 0x200e || c == 0x200f || (c >= 0x2028 && c <= 0x202e)
        || (c >= 0x2066 && c <= 0x2069);
}

bool fuzz_is_utf8(const char *s)
{
    uint32_t c;

    while (s && *s)
        s = after_character((const unsigned char *)s, &c);
    return s;
}

bool fuzz_is_shown(const char *s)
{
    uint32_t c = ' ';

    while (s && *s && !moves_something(c))
        s = after_character((const unsigned char *)s, &c);
    return s && !moves_something(c);
}

/* ----------------------------------------------------------------- memory */

static size_t spent;

void *__real_malloc(size_t n);
void *__real_calloc(size_t n, size_t size);
void *__real_realloc(void *p, size_t n);
void *__wrap_malloc(size_t n);
void *__wrap_calloc(size_t n, size_t size);
void *__wrap_realloc(void *p, size_t n);

void *__wrap_malloc(size_t n)
{
    __atomic_add_fetch(&spent, n, __ATOMIC_RELAXED);
    return __real_malloc(n);
}

void *__wrap_calloc(size_t n, size_t size)
{
    __atomic_add_fetch(&spent, n * size, __ATOMIC_RELAXED);
    return __real_calloc(n, size);
}

void *__wrap_realloc(void *p, size_t n)
{
    __atomic_add_fetch(&spent, n, __ATOMIC_RELAXED);
    return __real_realloc(p, n);
}

void fuzz_count(void)
{
    cJSON_Hooks hooks = { __wrap_malloc, free };

    cJSON_InitHooks(&hooks);
    __atomic_store_n(&spent, 0, __ATOMIC_RELAXED);
}

void fuzz_spent_at_most(size_t bytes)
{
    size_t n = __atomic_load_n(&spent, __ATOMIC_RELAXED);

    if (n > bytes)
        fprintf(stderr, "%zu bytes were asked for\n", n);
    MUST(n <= bytes);
}

typedef void on_malloc(const volatile void *p, size_t n);
typedef void on_free(const volatile void *p);
int __sanitizer_install_malloc_and_free_hooks(on_malloc *, on_free *)
    __attribute__((weak));
size_t __sanitizer_get_allocated_size(const volatile void *p)
    __attribute__((weak));

static ssize_t held, most_held;

static void count_malloc(const volatile void *p, size_t n)
{
    ssize_t now = __atomic_add_fetch(&held, (ssize_t)n, __ATOMIC_RELAXED);
    ssize_t most = __atomic_load_n(&most_held, __ATOMIC_RELAXED);

    (void)p;
    while (now > most
           && !__atomic_compare_exchange_n(&most_held, &most, now, true,
                                           __ATOMIC_RELAXED,
                                           __ATOMIC_RELAXED))
        ;
}

static void count_free(const volatile void *p)
{
    if (p)
        __atomic_sub_fetch(&held,
                           (ssize_t)__sanitizer_get_allocated_size(p),
                           __ATOMIC_RELAXED);
}

void fuzz_heap(void)
{
    static bool watched;

    if (!watched && __sanitizer_install_malloc_and_free_hooks)
        __sanitizer_install_malloc_and_free_hooks(count_malloc, count_free);
    watched = true;
    __atomic_store_n(&held, 0, __ATOMIC_RELAXED);
    __atomic_store_n(&most_held, 0, __ATOMIC_RELAXED);
}

void fuzz_heap_at_most(size_t bytes)
{
    ssize_t n = __atomic_load_n(&most_held, __ATOMIC_RELAXED);

    if (n > (ssize_t)bytes)
        fprintf(stderr, "%zd bytes were held\n", n);
    MUST(n <= (ssize_t)bytes);
}
