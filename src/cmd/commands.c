/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/commands.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "audit/hash.h"
#include "base/build-id.h"
#include "base/nearest.h"
#include "base/scope.h"
#include "show/status.h"

static const struct command *const commands[] = {
    &command_acquire,
    &command_verify,
    &command_info,
    &command_report,
    &command_list,
    &command_snapshot,
    &command_plan,
    &command_preflight,
    &command_chain,
    &command_diff,
    &command_serve,
    &command_files,
    &command_scan,
    &command_events,
    &command_policy,
    &command_readers,
    &command_reconcile,
    &command_seal,
    &command_custody,
};

#define COMMANDS (sizeof(commands) / sizeof(commands[0]))

static void print_help(void)
{
    printf("Usage: ebsimg COMMAND [OPTION]... [ARGUMENT]...\n"
           "Forensic images of EBS snapshots over the EBS direct APIs.\n\n"
           "Commands:\n");
    for (size_t i = 0; i < COMMANDS; i++)
        printf("  %-10s %s\n", commands[i]->name, commands[i]->summary);
    printf("\nOptions:\n"
           "  -h, --help     show this help; `ebsimg COMMAND --help' shows"
           " a command's\n"
           "  -V, --version  show the version\n\n"
           "The manual with examples: man ebsimg\n"
           "Faults: " BUG_ADDRESS "\n");
}

static void print_version(void)
{
    printf("ebsimg " PACKAGE_VERSION "\nbuild %s\n", build_id);
}

static void print_commands(void)
{
    for (size_t i = 0; i < COMMANDS; i++)
        printf("%s\n", commands[i]->name);
}

/* What `ebsimg' itself understands; the --list ones serve completion. */
static const struct {
    const char *name;
    void (*print)(void);
} globals[] = {
    { "--help", print_help },       { "-h", print_help },
    { "help", print_help },         { "--version", print_version },
    { "-V", print_version },        { "--list-commands", print_commands },
};

static const struct command *find(const char *name)
{
    for (size_t i = 0; i < COMMANDS; i++)
        if (strcmp(commands[i]->name, name) == 0)
            return commands[i];
    return NULL;
}

static int check_operands(const struct command *c, int n, struct err *e)
{
    if (n < c->min_operands)
        return err_set(e, ERR_USAGE, 0, "%s: %s is missing; see ebsimg %s "
                       "--help", c->name, c->arguments, c->name);
    if (n > c->max_operands)
        return err_set(e, ERR_USAGE, 0, "%s: too many arguments; it takes "
                       "%s", c->name, c->arguments);
    return 0;
}

static int flush_output(struct err *e)
{
    if (fflush(stdout) == EOF || ferror(stdout))
        return err_set(e, ERR_DEST, 0, "cannot write to standard output");
    return 0;
}

static int run_command(const struct command *c, int argc, char **argv,
                       struct err *e)
{
    autofree void *values = calloc(1, c->values_size);
    int first = 0;
    int help = 0;

    if (!values)
        return err_nomem(e);
    if (argc == 2 && strcmp(argv[1], "--list-options") == 0) {
        options_print_names(c);
        return 0;
    }
    if (argc == 3 && strcmp(argv[1], "--list-words") == 0) {
        options_print_words(c, argv[2]);
        return 0;
    }
    c->defaults(values);
    if (options_parse(c, argc, argv, values, &first, &help, e) < 0)
        return -1;
    if (help) {
        options_print_help(c);
        return 0;
    }
    if (check_operands(c, argc - first, e) < 0 || hash_ready(e) < 0)
        return -1;
    status_command(c->name);
    return c->run(values, argv + first, argc - first, e);
}

static int run_global(const char *name)
{
    for (size_t i = 0; i < sizeof(globals) / sizeof(globals[0]); i++) {
        if (strcmp(globals[i].name, name) == 0) {
            globals[i].print();
            return 0;
        }
    }
    return -1;
}

static int no_command(const char *name, struct err *e)
{
    struct nearest n;

    nearest_begin(&n, name, strlen(name));
    for (size_t i = 0; i < COMMANDS; i++)
        nearest_try(&n, commands[i]->name);
    return err_set(e, ERR_USAGE, 0, "there is no command %s;%s%s%s see "
                   "ebsimg --help", name, n.name ? " did you mean " : "",
                   n.name ? n.name : "", n.name ? "?" : "");
}

int commands_run(int argc, char **argv, struct err *e)
{
    const struct command *c;
    int status;

    if (argc < 2)
        return err_set(e, ERR_USAGE, 0,
                       "a command is missing; see ebsimg --help");
    if (argc == 3 && strcmp(argv[1], "help") == 0) {
        c = find(argv[2]);
        if (!c)
            return no_command(argv[2], e);
        options_print_help(c);
        return flush_output(e);
    }
    if (run_global(argv[1]) == 0)
        return flush_output(e);
    c = find(argv[1]);
    if (!c)
        return no_command(argv[1], e);
    status = run_command(c, argc - 1, argv + 1, e);
    if (status >= 0 && flush_output(e) < 0)
        return -1;
    return status;
}
