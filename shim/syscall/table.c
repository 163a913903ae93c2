/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The table of system calls by number; see gate.h. A number that an
 * architecture or a kernel's headers lack is left out; newer ones are counted
 * from openat2's, since when all architectures take each new call in turn.
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
#define MOVES(one, two) \
	{ \
		.path = { { one }, { two } }, .moves = true \
	}
/* clang-format on */

/* Where a path and what it starts from are. */
#define P(n) .arg = n
#define AT(n) .dirfd = n, .arg = n + 1

/* What is done there. */
#define LINK .follow = NOFOLLOW
#define MAKE .follow = PARENT, .intent = ROUTE_WRITE
#define UNLINK .follow = PARENT, .intent = ROUTE_UNLINK
#define RMDIR .follow = PARENT, .intent = ROUTE_REMOVE
#define MOVE .follow = PARENT, .intent = ROUTE_WRITE | ROUTE_RENAME
#define WRITE .intent = ROUTE_WRITE
#define NAMED .intent = ROUTE_LINK
/* What is held would be in use: see plan() in syscall.c. */
#define BUSY .intent = ROUTE_PIN
#define OPEN(n) .open = true, .flags = n
#define UNLESS(n, b) .flags = n, .bit = b, .other = NOFOLLOW
#define ONLY_IF(n, b) .flags = n, .bit = b, .follow = NOFOLLOW, .other = FOLLOW
#define NOFOLLOW_IN(n) UNLESS(n, AT_SYMLINK_NOFOLLOW)
#define FOLLOW_IN(n) ONLY_IF(n, AT_SYMLINK_FOLLOW)

#define AND ,
#define NEWER(n) (SYS_openat2 - 437 + (n))

static const struct gate gates[] = {
/* -- Opening -- */
#ifdef SYS_open
	[SYS_open] = PATH(P(1), OPEN(2)),
#endif
#ifdef SYS_creat
	[SYS_creat] = PATH(P(1), WRITE, .follow = CREATE),
#endif
	[SYS_openat] = PATH(AT(1), OPEN(3)),
#ifdef SYS_name_to_handle_at
	[SYS_name_to_handle_at] = PATH(AT(1), FOLLOW_IN(5)),
#endif
#ifdef SYS_open_tree
	[SYS_open_tree] = PATH(AT(1), NOFOLLOW_IN(3)),
#endif

/* -- Looking -- */
#ifdef SYS_stat
	[SYS_stat] = PATH(P(1)),
#endif
#ifdef SYS_lstat
	[SYS_lstat] = PATH(P(1), LINK),
#endif
#ifdef SYS_stat64
	[SYS_stat64] = PATH(P(1)),
#endif
#ifdef SYS_lstat64
	[SYS_lstat64] = PATH(P(1), LINK),
#endif
#ifdef SYS_oldstat
	[SYS_oldstat] = PATH(P(1)),
	[SYS_oldlstat] = PATH(P(1), LINK),
#endif
#ifdef SYS_newfstatat
	[SYS_newfstatat] = PATH(AT(1), NOFOLLOW_IN(4)),
#endif
#ifdef SYS_fstatat64
	[SYS_fstatat64] = PATH(AT(1), NOFOLLOW_IN(4)),
#endif
	[SYS_statx] = PATH(AT(1), NOFOLLOW_IN(3)),
#ifdef SYS_statfs
	[SYS_statfs] = PATH(P(1)),
#endif
#ifdef SYS_statfs64
	[SYS_statfs64] = PATH(P(1)),
#endif
#ifdef SYS_access
	[SYS_access] = PATH(P(1)),
#endif
	[SYS_faccessat] = PATH(AT(1)),
#ifdef SYS_faccessat2
	[SYS_faccessat2] = PATH(AT(1), NOFOLLOW_IN(4)),
#endif

/* -- Making and removing -- */
#ifdef SYS_mkdir
	[SYS_mkdir] = PATH(P(1), MAKE),
#endif
	[SYS_mkdirat] = PATH(AT(1), MAKE),
#ifdef SYS_mknod
	[SYS_mknod] = PATH(P(1), MAKE),
#endif
	[SYS_mknodat] = PATH(AT(1), MAKE),
#ifdef SYS_rmdir
	[SYS_rmdir] = PATH(P(1), RMDIR),
#endif
#ifdef SYS_unlink
	[SYS_unlink] = PATH(P(1), UNLINK),
#endif
#ifdef SYS_rename
	[SYS_rename] = MOVES(P(1) AND MOVE, P(2) AND MOVE),
#endif
#ifdef SYS_renameat
	[SYS_renameat] = MOVES(AT(1) AND MOVE, AT(3) AND MOVE),
#endif
	[SYS_renameat2] = MOVES(AT(1) AND MOVE, AT(3) AND MOVE),
#ifdef SYS_link
	[SYS_link] = MOVES(P(1) AND LINK AND NAMED, P(2) AND MAKE),
#endif
	[SYS_linkat] = MOVES(AT(1) AND FOLLOW_IN(5) AND NAMED, AT(3) AND MAKE),

/* -- Changing -- */
#ifdef SYS_chmod
	[SYS_chmod] = PATH(P(1), WRITE),
#endif
	[SYS_fchmodat] = PATH(AT(1), WRITE),
#ifdef SYS_openat2 /* fchmodat2 */
	[NEWER(452)] = PATH(AT(1), WRITE, NOFOLLOW_IN(4)),
#endif
#ifdef SYS_chown
	[SYS_chown] = PATH(P(1), WRITE),
#endif
#ifdef SYS_lchown
	[SYS_lchown] = PATH(P(1), WRITE, LINK),
#endif
#ifdef SYS_chown32
	[SYS_chown32] = PATH(P(1), WRITE),
	[SYS_lchown32] = PATH(P(1), WRITE, LINK),
#endif
	[SYS_fchownat] = PATH(AT(1), WRITE, NOFOLLOW_IN(5)),
	[SYS_truncate] = PATH(P(1), WRITE),
#ifdef SYS_truncate64
	[SYS_truncate64] = PATH(P(1), WRITE),
#endif
#ifdef SYS_utime
	[SYS_utime] = PATH(P(1), WRITE),
#endif
#ifdef SYS_utimes
	[SYS_utimes] = PATH(P(1), WRITE),
#endif
#ifdef SYS_futimesat
	[SYS_futimesat] = PATH(AT(1), WRITE),
#endif
#ifdef SYS_utimensat
	[SYS_utimensat] = PATH(AT(1), WRITE, NOFOLLOW_IN(4)),
#endif
#ifdef SYS_utimensat_time64
	[SYS_utimensat_time64] = PATH(AT(1), WRITE, NOFOLLOW_IN(4)),
#endif

	/* -- Extended attributes -- */
	[SYS_getxattr] = PATH(P(1)),
	[SYS_lgetxattr] = PATH(P(1), LINK),
	[SYS_setxattr] = PATH(P(1), WRITE),
	[SYS_lsetxattr] = PATH(P(1), WRITE, LINK),
	[SYS_listxattr] = PATH(P(1)),
	[SYS_llistxattr] = PATH(P(1), LINK),
	[SYS_removexattr] = PATH(P(1), WRITE),
	[SYS_lremovexattr] = PATH(P(1), WRITE, LINK),
#ifdef SYS_openat2
	/* setxattrat, getxattrat, listxattrat, removexattrat */
	[NEWER(463)] = PATH(AT(1), WRITE, NOFOLLOW_IN(3)),
	[NEWER(464)] = PATH(AT(1), NOFOLLOW_IN(3)),
	[NEWER(465)] = PATH(AT(1), NOFOLLOW_IN(3)),
	[NEWER(466)] = PATH(AT(1), WRITE, NOFOLLOW_IN(3)),
	/* open_tree_attr, file_getattr, file_setattr */
	[NEWER(467)] = PATH(AT(1), NOFOLLOW_IN(3)),
	[NEWER(468)] = PATH(AT(1), NOFOLLOW_IN(5)),
	[NEWER(469)] = PATH(AT(1), WRITE, NOFOLLOW_IN(5)),
#endif

	/* -- Watching, mounting, and the rest -- */
	[SYS_inotify_add_watch] = PATH(P(2), UNLESS(3, 0x02000000)),
#if defined SYS_fanotify_mark && defined __LP64__
	[SYS_fanotify_mark] = PATH(.dirfd = 4, .arg = 5, UNLESS(2, 0x4)),
#elif defined SYS_fanotify_mark /* the mask is two arguments */
	[SYS_fanotify_mark] = PATH(.dirfd = 5, .arg = 6, UNLESS(2, 0x4)),
#endif
	[SYS_mount] = PATHS(P(1), P(2)),
#ifdef SYS_umount
	[SYS_umount] = PATH(P(1), BUSY),
#endif
	[SYS_umount2] = PATH(P(1), UNLESS(2, 0x8), BUSY),
	[SYS_pivot_root] = PATHS(P(1), P(2)),
#ifdef SYS_move_mount
	[SYS_move_mount] = PATHS(AT(1) AND ONLY_IF(5, 0x01), AT(3) AND ONLY_IF(5, 0x10)),
#endif
#ifdef SYS_fspick
	[SYS_fspick] = PATH(AT(1), UNLESS(3, 0x2)),
#endif
#ifdef SYS_mount_setattr
	[SYS_mount_setattr] = PATH(AT(1), NOFOLLOW_IN(3)),
#endif
	[SYS_swapon] = PATH(P(1)),
	[SYS_swapoff] = PATH(P(1)),
	[SYS_quotactl] = PATH(P(2)),
	[SYS_acct] = PATH(P(1), WRITE),
#ifdef SYS_uselib
	[SYS_uselib] = PATH(P(1)),
#endif
};

const struct gate *gate_find(long number)
{
	if ((unsigned long)number >= sizeof gates / sizeof *gates ||
	    !gates[number].path[0].arg)
		return NULL;
	return &gates[number];
}

/* Not a table: in one the loader would have to put addresses. */
gate_call *gate_find_call(long number)
{
	switch (number) {
#ifdef SYS_openat2
	case SYS_openat2: return gate_openat2;
#endif
#ifdef SYS_readlink
	case SYS_readlink: return gate_readlink;
#endif
	case SYS_readlinkat: return gate_readlinkat;
	case SYS_getcwd: return gate_getcwd;
	case SYS_unlinkat: return gate_unlinkat;
#ifdef SYS_symlink
	case SYS_symlink: return gate_symlink;
#endif
	case SYS_symlinkat: return gate_symlinkat;
	case SYS_chdir: return gate_chdir;
	case SYS_fchdir: return gate_fchdir;
	case SYS_chroot: return gate_chroot;
	case SYS_execve: return gate_execve;
	case SYS_execveat: return gate_execveat;
	case SYS_exit_group: return gate_exit_group;
#ifdef SYS_fork
	case SYS_fork: return gate_fork;
#endif
	case SYS_clone: return gate_clone;
#ifdef SYS_clone3
	case SYS_clone3: return gate_clone3;
#endif
	case SYS_prctl: return gate_prctl;
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
#endif
#ifdef SYS_socketcall
	case SYS_socketcall: return gate_socketcall;
#endif
	default: return NULL;
	}
}
