/* SPDX-License-Identifier: Apache-2.0 */
/* Options as data: one row says what an option is called, what it takes,
 * where the value goes and what the help says.  Parsing, --help, completion
 * and the test of the manual pages all read the same rows. */
#ifndef EBSIMG_BASE_OPTION_H
#define EBSIMG_BASE_OPTION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

enum option_type {
    OPTION_GROUP,   /* only a heading in the help */
    OPTION_FLAG,    /* bool */
    OPTION_TEXT,    /* const char *, UTF-8 */
    OPTION_NUMBER,  /* uint64_t, min to max */
    OPTION_COUNT,   /* the same, or the word "all": OPTION_ALL */
    OPTION_SIZE,    /* uint64_t bytes with a unit, min to max */
    OPTION_CHOICE,  /* int: which of `words' */
    OPTION_SET,     /* unsigned: a bit for each of `words', comma list; given
                     * twice it has the words of both */
    OPTION_LIST,    /* struct option_list: may be given again and again */
};

#define OPTION_ALL UINT64_MAX
#define OPTION_LIST_MAX 64

struct option_list {
    const char *items[OPTION_LIST_MAX];
    size_t count;
};

struct option_row {
    enum option_type type;
    char letter;              /* 0: none */
    const char *name;         /* without the dashes */
    const char *argument;     /* "PREFIX", NULL for a flag */
    const char *help;         /* one sentence or two, without a full stop */
    size_t offset;            /* of the value in the command's struct */
    const char *const *words; /* choices and sets, ended by NULL; taken in
                               * any case */
    uint64_t min, max;
    bool kept;                /* of a run that is gone on with: it stays as it
                               * was begun with */
    const char *const *also;  /* NULL, or for each of the words another one
                               * that is taken for it, or NULL */
};

#define OPTIONS_END { .type = OPTION_FLAG }

/* A bit for each row that was on the command line.  No command has more rows,
 * those of headings included. */
#define OPTIONS_MAX 128
struct options_given {
    uint64_t word[OPTIONS_MAX / 64];
};

struct command {
    const char *name;
    const char *arguments;    /* "SNAPSHOT" */
    const char *summary;      /* one line */
    const struct option_row *options;
    size_t values_size;       /* of the struct that the rows fill */
    size_t given;             /* 0, or the offset there of a struct
                               * options_given: see option_given() */
    void (*defaults)(void *values);
    int min_operands, max_operands;
    /* The exit status, or -1 with the error. */
    int (*run)(void *values, char **operands, int n, struct err *e);
};

/* Fills `values' from argv[1..]; operands are gathered at the end of argv and
 * *first is the first of them.  -1 with ERR_USAGE names the option, what was
 * wrong and what it takes.  Every command also has --help: then *help is 1.
 */
int options_parse(const struct command *c, int argc, char **argv,
                  void *values, int *first, int *help, struct err *e);

/* Is it behind the last row? */
bool option_is_end(const struct option_row *r);
const struct option_row *option_find(const struct option_row *rows,
                                     const char *name);
/* Was this option on the command line?  `given' as the parser left it. */
bool option_given(const struct option_row *rows,
                  const struct options_given *given, const char *name);

void options_print_help(const struct command *c);
/* One "--name" a line: for completion and the tests. */
void options_print_names(const struct command *c);
/* The words of an option's choices or set, one a line. */
void options_print_words(const struct command *c, const char *name);

#endif
