/* SPDX-License-Identifier: Apache-2.0 */
/* A preload shim: the library that reads file systems is taken over by what it
 * reads, as soon as it opens a directory; or, with HOSTILE_LOG in the
 * environment, the code that reads event logs, at a chunk of one.
 *
 *   LD_PRELOAD=hostile-parser.so HOSTILE_DEED=open ebsimg files ...
 *
 * HOSTILE_DEED  crash, abort, exit, spin; leave: goes on without its socket;
 *               open, socket, fork, exec, signal:
 *               tries that and dies when it may not; keys: tells what it finds
 *               where the keys were in the environment; garbage, huge, lie:
 *               sends messages that make no sense */
#include <dlfcn.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define SOCKET 3 /* where the sandbox puts it */
#define NOTE (of_log ? 103u : 11u)

/* Taken before the sandbox wipes the environment. */
static char deed[32];
static const char *keys;
static size_t keys_size;
static int of_log;
static pid_t owner;

__attribute__((constructor)) static void take(void)
{
    const char *s = getenv("HOSTILE_DEED");

    snprintf(deed, sizeof(deed), "%s", s ? s : "");
    keys = getenv("AWS_SECRET_ACCESS_KEY");
    keys_size = keys ? strlen(keys) : 0;
    of_log = getenv("HOSTILE_LOG") != NULL;
    owner = getpid();
}

static int is(const char *name)
{
    return strcmp(deed, name) == 0;
}

static void say(uint32_t kind, const char *bytes, uint32_t n)
{
    uint32_t head[2] = { kind, n };

    if (write(SOCKET, head, sizeof(head)) < 0 || write(SOCKET, bytes, n) < 0)
        _exit(9);
}

/* Whoever gets past what it may not do says so. */
static void done(const char *what)
{
    char text[200];

    snprintf(text, sizeof(text), "ESCAPED: %s", what);
    say(NOTE, text, (uint32_t)strlen(text) + 1);
}

static void tell_keys(void)
{
    extern char **environ;
    char text[200] = "found: ";

    for (size_t i = 0; i < keys_size && i < 100; i++)
        text[7 + i] = keys[i] ? keys[i] : '.';
    say(NOTE, text, (uint32_t)strlen(text) + 1);
    for (char **v = environ; v && *v; v++)
        say(NOTE, *v, (uint32_t)strlen(*v) + 1);
}

static void act(void)
{
    static char *const words[] = { (char *)"true", NULL };
    static const char zeros[4096];

    if (is("crash"))
        *(volatile int *)8 = 1;
    if (is("abort"))
        abort();
    if (is("exit"))
        _exit(3);
    while (is("spin"))
        ;
    if (is("open") && open("/etc/passwd", O_RDONLY) >= 0)
        done(deed);
    if (is("socket") && socket(AF_INET, SOCK_STREAM, 0) >= 0)
        done(deed);
    if (is("fork") && fork() >= 0)
        done(deed);
    if (is("exec"))
        execv("/bin/true", words);
    if (is("signal") && kill(getppid(), SIGKILL) == 0)
        done(deed);
    if (is("keys"))
        tell_keys();
    if (is("leave") && close(SOCKET) == 0)
        for (;;)
            ;
    if (is("garbage"))
        say(77, "garbage", 8);
    if (is("huge"))
        say(11, zeros, UINT32_MAX);
    if (is("lie"))
        say(of_log ? 102 : 8, zeros, sizeof(zeros));
}

/* zlib's: the checksum of the head of a chunk.  Only where logs are read by
 * another process than that which owns the volume would this be harmless. */
unsigned long crc32(unsigned long sum, const unsigned char *p, unsigned n);
unsigned long crc32(unsigned long sum, const unsigned char *p, unsigned n)
{
    unsigned long (*real)(unsigned long, const unsigned char *, unsigned);

    if (of_log && n == 120 && memcmp(p, "ElfChnk", 8) == 0) {
        if (getpid() == owner)
            _exit(77);
        act();
    }
    *(void **)&real = dlsym(RTLD_NEXT, "crc32");
    return real(sum, p, n);
}

/* The library's, which is never reached: opening a directory of a file system
 * that has taken over. */
void *tsk_fs_dir_open_meta(void *fs, uint64_t inode);
void *tsk_fs_dir_open_meta(void *fs, uint64_t inode)
{
    void *(*real)(void *, uint64_t);

    if (of_log) {
        *(void **)&real = dlsym(RTLD_NEXT, "tsk_fs_dir_open_meta");
        return real(fs, inode);
    }
    act();
    return NULL;
}
