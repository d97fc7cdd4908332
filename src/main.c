/* SPDX-License-Identifier: Apache-2.0 */
/* Finds the command, prints the final error once, chooses the exit status. */
#include <fcntl.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include "base/interrupt.h"
#include "cmd/commands.h"
#include "show/status.h"
#include "show/tell.h"

/* Whoever starts us may have closed these three.  Then a file of ours must not
 * get the number that messages go to.  Each is opened the wrong way round, so
 * that using it fails as it would without. */
static int fill_standard_files(void)
{
    static const int modes[] = { O_WRONLY, O_RDONLY, O_RDONLY };

    for (int fd = 0; fd < 3; fd++)
        if (fcntl(fd, F_GETFD) < 0 && open("/dev/null", modes[fd]) != fd)
            return -1;
    return 0;
}

/* Keys must not end up in a core dump.  The limit alone is not enough: the
 * kernel ignores it when core dumps go to a program (apport does).  Nor are
 * single pages enough: copies of the keys are in the memory of libcurl and
 * OpenSSL too.  A process that is not dumpable also keeps its environment,
 * where the keys often are, from other processes of the same user; gdb can
 * start it, but only root can attach. */
static void no_core_dumps(void)
{
    struct rlimit none = { 0, 0 };

    setrlimit(RLIMIT_CORE, &none);
    prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
}

/* What libraries would obey, and must not.  Into the first, libcurl writes the
 * keys of each connection: whoever reads them can read the evidence and the
 * session tokens.  The second could add to whom is trusted. */
static void forget_variables(void)
{
    unsetenv("SSLKEYLOGFILE");
    unsetenv("SSL_CERT_DIR");
}

int main(int argc, char **argv)
{
    struct err e = ERR_INIT;
    int status;

    if (fill_standard_files() < 0)
        return err_exit_status(ERR_INTERNAL);
    no_core_dumps();
    forget_variables();
    umask(077);
    setenv("TZ", "UTC", 1); /* libewf writes local times into headers */
    interrupt_install();
    status_begin();
    status = commands_run(argc, argv, &e);
    if (status < 0) {
        tell_always("%s", e.msg);
        status = err_exit_status(e.kind);
    }
    status_end();
    return status;
}
