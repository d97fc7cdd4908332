/* SPDX-License-Identifier: Apache-2.0 */
/* What the fuzz targets share.
 *
 * A target is one function, fuzz_one(): it hands the bytes to the code under
 * test and aborts when what comes back is not what the code's header
 * promises.  Bytes that are refused are fine.  The same file is built in two
 * ways: with clang's libFuzzer, which invents the bytes, and with replay.c,
 * which reads them from the corpus and damages them a little. */
#ifndef EBSIMG_TESTS_FUZZ_H
#define EBSIMG_TESTS_FUZZ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/text.h"

/* libFuzzer's name for it. */
#define fuzz_one LLVMFuzzerTestOneInput
int fuzz_one(const uint8_t *data, size_t size);

/* Like assert(), with or without NDEBUG. */
#define MUST(what) ((what) ? (void)0 : fuzz_wrong(#what, __FILE__, __LINE__))
void fuzz_wrong(const char *what, const char *file, int line)
    __attribute__((noreturn));

/* The bytes up to the first NUL as a string; the caller frees it. */
char *fuzz_text(const uint8_t *data, size_t size);

/* The next part of the bytes, as a string that the caller frees: up to a line
 * "%%", which is skipped, or to the end. */
char *fuzz_part(const uint8_t **data, size_t *size);

/* The path of a file in memory that holds the bytes, good until the next
 * call with the same `which' (0 or 1). */
const char *fuzz_file(int which, const void *data, size_t size);

/* "FOLDER/NAME" in a folder of this process in TMPDIR, which goes away with
 * it, good until the next call; nothing in it is ever synced to a disk. */
const char *fuzz_path(const char *name);

/* The lines of a text as a hash-chained log (audit/log.h), appended to `log':
 * each is the rest of a line that begins as it must, NAME,"key":value ... */
void fuzz_chain(const char *text, size_t size, struct text *log);

bool fuzz_is_utf8(const char *s);
/* Nothing that moves a cursor, reorders a line or is no UTF-8. */
bool fuzz_is_shown(const char *s);

/* malloc(), calloc() and realloc() of the program and of cJSON count: all
 * that was asked for since fuzz_count() is at most `bytes'. */
void fuzz_count(void);
void fuzz_spent_at_most(size_t bytes);

/* ... and that of libraries, too: all that was held at one time since
 * fuzz_heap() is at most `bytes'.  Only a sanitizer sees it; nothing is asked
 * without one. */
void fuzz_heap(void);
void fuzz_heap_at_most(size_t bytes);

#endif
