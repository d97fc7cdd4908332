/* Finds the command, prints the final error once, chooses the exit status. */
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include "base/interrupt.h"
#include "cmd/commands.h"

/* Keys must not end up in a core dump. */
static void no_core_dumps(void)
{
    struct rlimit none = { 0, 0 };

    setrlimit(RLIMIT_CORE, &none);
}

int main(int argc, char **argv)
{
    struct err e = ERR_INIT;
    int status;

    no_core_dumps();
    umask(077);
    setenv("TZ", "UTC", 1); /* libewf writes local times into headers */
    interrupt_install();
    status = commands_run(argc, argv, &e);
    if (status >= 0)
        return status;
    fprintf(stderr, "ebsimg: %s\n", e.msg);
    return err_exit_status(e.kind);
}
