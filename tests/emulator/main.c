/* SPDX-License-Identifier: Apache-2.0 */
/* ebs-emulator: a local stand-in for the EBS direct APIs, with as much of
 * EC2 and STS as their clients need. */
#include <stdio.h>
#include <string.h>

#include "command.h"
#include "rule.h"
#include "scope.h"

static const struct {
    const char *name;
    const char *help;
    int (*run)(int argc, char **argv, struct fail *f);
    const struct option_row *options;
} commands[] = {
    { "import", "make a snapshot of a disk image; prints its id",
      import_command, import_options },
    { "synth", "make a snapshot of any size that takes no disk",
      synth_command, synth_options },
    { "serve", "answer requests until SIGTERM; prints 'ready URL'",
      serve_command, serve_options },
};

static int help(void)
{
    printf("Usage: ebs-emulator COMMAND OPTION...\n");
    for (size_t i = 0; i < COUNT(commands); i++) {
        printf("\n%s: %s\n", commands[i].name, commands[i].help);
        option_help(commands[i].options, stdout);
    }
    printf("\n");
    rule_help(stdout);
    return fflush(stdout) == 0 ? 0 : 1;
}

static int run(size_t which, int argc, char **argv)
{
    struct fail f = { "" };
    int status = commands[which].run(argc, argv, &f);

    if (status)
        fprintf(stderr, "ebs-emulator %s: %s\n", commands[which].name, f.msg);
    return status;
}

int main(int argc, char **argv)
{
    for (int i = 1; i < argc; i++)
        if (strcmp(argv[i], "--help") == 0)
            return help();
    for (size_t i = 0; argc > 1 && i < COUNT(commands); i++)
        if (strcmp(argv[1], commands[i].name) == 0)
            return run(i, argc - 2, argv + 2);
    fprintf(stderr, "ebs-emulator: the command is import, synth or serve; "
                    "see --help\n");
    return 2;
}
