/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The table of system calls by number; see gate.h. A call that takes the arguments of
 * libc's function of its name has its row from calls.def (gen-gates.awk), unless it is
 * named here. A number that a machine or the kernel's headers lack is left out; what
 * headers lack that are older than the kernel is in core/newer.h.
 */
#define _GNU_SOURCE
#include "syscall/gate.h"
#include "core/sys.h"

#include <fcntl.h>

/* clang-format off: a macro that begins with a brace */
#define PATH(...) \
	{ \
		.path = { { __VA_ARGS__ } } \
	}
#define PATHS(one, two) \
	{ \
		.path = { { one }, { two } } \
	}
/* clang-format on */

/* The arguments of a path and of its start. */
#define P(n) .arg = n
#define AT(n) .dirfd = n, .arg = n + 1

/* What the call does there. */
#define LINK .follow = NOFOLLOW
#define WRITE .intent = ROUTE_WRITE
#define NOFOLLOW_IN(n) .flags = n, .bit = AT_SYMLINK_NOFOLLOW, .other = NOFOLLOW

static const struct gate gates[] = {
#include "gen/gates.h"

	/* -- The kernel takes no flags, libc does -- */
	[SYS_faccessat] = PATH(AT(1)),
	[SYS_fchmodat] = PATH(AT(1), WRITE),

/* -- libc has it by another name -- */
#ifdef SYS_newfstatat
	[SYS_newfstatat] = PATH(AT(1), NOFOLLOW_IN(4)),
#endif
#ifdef SYS_oldstat
	[SYS_oldstat] = PATH(P(1)),
	[SYS_oldlstat] = PATH(P(1), LINK),
#endif
#ifdef SYS_chown32
	[SYS_chown32] = PATH(P(1), WRITE),
	[SYS_lchown32] = PATH(P(1), WRITE, LINK),
#endif
#ifdef SYS_utimensat_time64
	[SYS_utimensat_time64] = PATH(AT(1), WRITE, NOFOLLOW_IN(4)),
#endif

	/* -- libc does not have it -- */
	[SYS_faccessat2] = PATH(AT(1), NOFOLLOW_IN(4)),
	[SYS_pivot_root] = PATHS(P(1), P(2)),
	[SYS_fchmodat2] = PATH(AT(1), WRITE, NOFOLLOW_IN(4)),
	[SYS_setxattrat] = PATH(AT(1), WRITE, NOFOLLOW_IN(3)),
	[SYS_getxattrat] = PATH(AT(1), NOFOLLOW_IN(3)),
	[SYS_listxattrat] = PATH(AT(1), NOFOLLOW_IN(3)),
	[SYS_removexattrat] = PATH(AT(1), WRITE, NOFOLLOW_IN(3)),
	[SYS_file_getattr] = PATH(AT(1), NOFOLLOW_IN(5)),
	[SYS_file_setattr] = PATH(AT(1), WRITE, NOFOLLOW_IN(5)),
};

const struct gate *gate_find(long number)
{
	if ((unsigned long)number >= sizeof gates / sizeof *gates ||
	    !gates[number].path[0].arg)
		return NULL;
	return &gates[number];
}

/* Not a table, which would need relocations. */
gate_call *gate_find_call(long number)
{
	switch (number) {
	case SYS_openat2: return gate_openat2;
	case SYS_io_uring_setup: return gate_io_uring;
	case SYS_mq_open:
	case SYS_mq_unlink: return gate_mq_open;
#ifdef SYS_readlink
	case SYS_readlink: return gate_readlink;
#endif
	case SYS_readlinkat: return gate_readlinkat;
	case SYS_getcwd: return gate_getcwd;
	case SYS_getdents64: return gate_getdents64;
	case SYS_unlinkat: return gate_unlinkat;
#ifdef SYS_symlink
	case SYS_symlink: return gate_symlink;
#endif
	case SYS_symlinkat: return gate_symlinkat;
	case SYS_chdir: return gate_chdir;
	case SYS_fchdir: return gate_fchdir;
	case SYS_chroot: return gate_chroot;
	case SYS_setns: return gate_setns;
	case SYS_unshare: return gate_unshare;
	case SYS_execve: return gate_execve;
	case SYS_execveat: return gate_execveat;
	case SYS_exit_group: return gate_exit_group;
#ifdef SYS_fork
	case SYS_fork: return gate_fork;
#endif
	case SYS_clone: return gate_clone;
	case SYS_clone3: return gate_clone3;
	case SYS_statmount: return gate_statmount;
	case SYS_prctl: return gate_prctl;
	case SYS_seccomp: return gate_seccomp;
#ifdef SYS_setuid
	case SYS_setuid:
	case SYS_setreuid:
	case SYS_setresuid:
	case SYS_setfsuid: return gate_identity;
#endif
#ifdef SYS_setuid32
	case SYS_setuid32:
	case SYS_setreuid32:
	case SYS_setresuid32:
	case SYS_setfsuid32: return gate_identity;
#endif
#ifdef SYS_bind
	case SYS_bind: return gate_bind;
	case SYS_connect: return gate_connect;
#ifdef SYS_accept
	case SYS_accept: return gate_accept;
#endif
	case SYS_accept4: return gate_accept4;
	case SYS_getsockname: return gate_getsockname;
	case SYS_getpeername: return gate_getpeername;
	case SYS_sendto: return gate_sendto;
	case SYS_recvfrom: return gate_recvfrom;
	case SYS_sendmsg: return gate_sendmsg;
	case SYS_recvmsg: return gate_recvmsg;
	case SYS_sendmmsg: return gate_sendmmsg;
#ifdef SYS_recvmmsg
	case SYS_recvmmsg: return gate_recvmmsg;
#endif
#ifdef SYS_recvmmsg_time64
	case SYS_recvmmsg_time64: return gate_recvmmsg_time64;
#endif
#endif
#ifdef SYS_socketcall
	case SYS_socketcall: return gate_socketcall;
#endif
	default: return NULL;
	}
}
