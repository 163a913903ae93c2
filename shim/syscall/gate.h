/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * System calls by number: what syscall(2) has to do about each. The table is in
 * table.c; the work is done in syscall.c, by the same routes and, where a call is
 * more than its paths, in handlers.c, by the same wrappers as by name.
 */
#ifndef PRIVTMP_GATE_H
#define PRIVTMP_GATE_H

#include <stdbool.h>

#include "route/route.h"

/* A path among the arguments; they are numbered from 1, and 0 is none. */
struct gate_path {
	unsigned char arg;
	unsigned char dirfd;  /* 0: the working directory */
	unsigned char flags;  /* the argument that BIT or open's flags are in */
	bool open;	      /* the flags are open(2)'s */
	unsigned char follow; /* enum follow, where no flag says otherwise */
	unsigned char other;  /* enum follow, where BIT is set */
	unsigned char intent; /* ROUTE_* */
	unsigned bit;
};

/* Does the whole call, whose arguments are at ARG. */
typedef long gate_call(long number, const long *arg);

/* A call that is a matter of its paths alone. */
struct gate {
	struct gate_path path[2];
	bool moves; /* from the first path to the second, see border_moving */
};

/* What there is to do for a number, one or the other; both NULL: nothing. */
const struct gate *gate_find(long number);
gate_call *gate_find_call(long number);

/* Passes the call on as it is. */
gate_call gate_pass;

/* Calls that are more than their paths. */
gate_call gate_accept, gate_accept4, gate_bind, gate_chdir, gate_chroot, gate_clone,
	gate_clone3, gate_connect, gate_execve, gate_execveat, gate_exit_group,
	gate_fchdir, gate_fork, gate_getcwd, gate_getpeername, gate_getsockname,
	gate_identity, gate_openat2, gate_prctl, gate_readlink, gate_seccomp,
	gate_readlinkat, gate_recvfrom, gate_recvmmsg, gate_recvmsg, gate_sendmmsg,
	gate_sendmsg, gate_sendto, gate_socketcall, gate_symlink, gate_symlinkat,
	gate_unlinkat;

#endif
