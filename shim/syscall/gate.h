/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * System calls by number, as syscall(2) makes them. table.c has the table. syscall.c
 * handles calls that need their paths redirected, handlers.c the others, by the
 * wrappers.
 */
#ifndef PRIVTMP_GATE_H
#define PRIVTMP_GATE_H

#include <stdbool.h>

#include "route/route.h"

/* A 64-bit argument takes so many places more on 32 bits. */
#ifdef __LP64__
#define WIDE 0
#else
#define WIDE 1
#endif

/* A path among the arguments, which are numbered from 1; 0 is none. */
struct gate_path {
	unsigned char arg;
	unsigned char dirfd;  /* 0: the working directory */
	unsigned char flags;  /* number of the flags, for BIT or open */
	bool open;	      /* flags are those of open(2) */
	unsigned char follow; /* enum follow, without BIT */
	unsigned char other;  /* enum follow, with BIT */
	unsigned char intent; /* ROUTE_* */
	unsigned bit;
};

/* Makes the whole call, with the arguments ARG. */
typedef long gate_call(long number, const long *arg);

/* A call that needs only its paths redirected. */
struct gate {
	struct gate_path path[2];
	bool moves; /* it moves the first path to the second: border_moving */
};

/* What to do for a number: one of these, or nothing (both NULL). */
const struct gate *gate_find(long number);
gate_call *gate_find_call(long number);

/* Makes the call unchanged. */
gate_call gate_pass;

/* Calls that need more. */
gate_call gate_accept, gate_accept4, gate_bind, gate_chdir, gate_chroot, gate_clone,
	gate_clone3, gate_connect, gate_execve, gate_execveat, gate_exit_group,
	gate_fchdir, gate_fork, gate_getcwd, gate_getdents64, gate_getpeername,
	gate_getsockname, gate_identity, gate_io_uring, gate_mq_open, gate_openat2,
	gate_prctl, gate_readlink, gate_seccomp, gate_readlinkat, gate_recvfrom,
	gate_recvmmsg, gate_recvmmsg_time64, gate_recvmsg, gate_sendmmsg, gate_sendmsg,
	gate_sendto, gate_setns, gate_socketcall, gate_statmount, gate_symlink,
	gate_symlinkat, gate_unlinkat, gate_unshare;

#endif
