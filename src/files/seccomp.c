/* SPDX-License-Identifier: Apache-2.0 */
/* The list of system calls that the parser may make, as a program for the
 * kernel (seccomp with BPF).  By hand, since it is one list: each call is
 * compared with each row. */

#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "files/sandbox-private.h"
#include "files/sandbox.h"

#if defined __x86_64__
# define HERE AUDIT_ARCH_X86_64
#elif defined __aarch64__
# define HERE AUDIT_ARCH_AARCH64
#else
# define HERE 0
#endif

bool sandbox_is_tight(void)
{
    return HERE != 0 && prctl(PR_GET_SECCOMP, 0, 0, 0, 0) >= 0;
}

#define LOAD(field) \
    BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, field))
#define VERDICT(v) BPF_STMT(BPF_RET | BPF_K, v)
#define UNLESS(value) BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, value, 0, 1)
#define ALLOW(call) UNLESS(__NR_##call), VERDICT(SECCOMP_RET_ALLOW)
/* The third argument of mmap and mprotect: never code. */
#define ALLOW_DATA(call) \
    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, __NR_##call, 0, 4), \
    LOAD(args[2]), \
    BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, PROT_EXEC, 0, 1), \
    VERDICT(SECCOMP_RET_KILL_PROCESS), \
    VERDICT(SECCOMP_RET_ALLOW)

int seccomp_enter(void)
{
#if defined __x86_64__ || defined __aarch64__
    struct sock_filter rows[] = {
        LOAD(arch),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, HERE, 1, 0),
        VERDICT(SECCOMP_RET_KILL_PROCESS),
        LOAD(nr),
        ALLOW(read), ALLOW(write), ALLOW(close), ALLOW(lseek), ALLOW(fstat),
        ALLOW(writev),
        ALLOW(exit), ALLOW(exit_group), ALLOW(rt_sigreturn),
        ALLOW(rt_sigprocmask), ALLOW(sigaltstack), ALLOW(getpid),
        ALLOW(gettid), ALLOW(sched_yield), ALLOW(futex),
        ALLOW(clock_gettime), ALLOW(gettimeofday), ALLOW(getrandom),
        ALLOW(brk), ALLOW(munmap), ALLOW(mremap), ALLOW(madvise),
        /* abort(); nobody else gets a signal */
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, __NR_tgkill, 0, 4),
        LOAD(args[0]),
        UNLESS((uint32_t)getpid()), VERDICT(SECCOMP_RET_ALLOW),
        VERDICT(SECCOMP_RET_KILL_PROCESS),
        ALLOW_DATA(mmap), ALLOW_DATA(mprotect),
        VERDICT(SECCOMP_RET_KILL_PROCESS),
    };
    struct sock_fprog program = { sizeof(rows) / sizeof(rows[0]), rows };

    if (!sandbox_is_tight())
        return 0;
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
        return -1;
    return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program);
#else
    return 0;
#endif
}
