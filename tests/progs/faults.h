/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* System calls that are made to fail by ptrace(2): where they are, and with what. */
#ifndef FAULTS_H
#define FAULTS_H

#include <errno.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <sys/user.h>
#include <unistd.h>

/* The registers with a system call's number and its result. */
#if defined __x86_64__ && !defined __ILP32__
enum {
	NUMBER = offsetof(struct user, regs.orig_rax),
	RESULT = offsetof(struct user, regs.rax)
};
#elif defined __i386__
enum {
	NUMBER = offsetof(struct user, regs.orig_eax),
	RESULT = offsetof(struct user, regs.eax)
};
#else
enum { NUMBER = -1, RESULT = -1 };
#endif

/* The errors that fit a system call. Others are left alone: they cannot fail, or not
   where they are used. */
static const struct fault {
	long number;
	int errors[3];
} faults[] = {
#ifdef SYS_open
	{ SYS_open, { EMFILE, EIO } },
#endif
#ifdef SYS_access
	{ SYS_access, { EIO } },
#endif
#ifdef SYS_readlink
	{ SYS_readlink, { EIO } },
#endif
#ifdef SYS_chmod
	{ SYS_chmod, { EROFS } },
#endif
#ifdef SYS_rename
	{ SYS_rename, { EIO } },
#endif
#ifdef SYS_unlink
	{ SYS_unlink, { EIO } },
#endif
#ifdef SYS_rmdir
	{ SYS_rmdir, { EIO } },
#endif
#ifdef SYS_mkdir
	{ SYS_mkdir, { ENOSPC } },
#endif
#ifdef SYS_stat
	{ SYS_stat, { EIO } },
#endif
#ifdef SYS_lstat
	{ SYS_lstat, { EIO } },
#endif
#ifdef SYS_newfstatat
	{ SYS_newfstatat, { EIO, EACCES } },
#endif
#ifdef SYS_fstatat64
	{ SYS_fstatat64, { EIO, EACCES } },
#endif
#ifdef SYS_openat2
	{ SYS_openat2, { EMFILE, EAGAIN, EIO } },
#endif
	{ SYS_openat, { EMFILE, EACCES, EIO } },
	{ SYS_statx, { EIO, EACCES, ENOMEM } },
	{ SYS_fstat, { EIO } },
	{ SYS_fstatfs, { EIO } },
	{ SYS_faccessat, { EIO } },
	{ SYS_readlinkat, { EIO, ENOMEM } },
	{ SYS_getcwd, { ENOENT, ENOMEM } },
	{ SYS_chdir, { EACCES, EIO } },
	{ SYS_fchdir, { EACCES, EIO } },
	{ SYS_fcntl, { EMFILE } },
	{ SYS_dup, { EMFILE } },
	{ SYS_dup3, { EMFILE } },
	{ SYS_pipe2, { EMFILE, ENFILE } },
	{ SYS_mmap, { ENOMEM } },
	{ SYS_getdents64, { EIO } },
	{ SYS_pread64, { EIO } },
	{ SYS_read, { EIO } },
	{ SYS_mkdirat, { ENOSPC } },
	{ SYS_symlinkat, { ENOSPC } },
	{ SYS_linkat, { EMLINK } },
	{ SYS_renameat, { EIO } },
	{ SYS_renameat2, { EIO } },
	{ SYS_unlinkat, { EIO } },
	{ SYS_flock, { ENOLCK } },
	{ SYS_fchmod, { EROFS } },
	{ SYS_fchmodat, { EROFS } },
	{ SYS_socket, { EMFILE } },
	{ SYS_clone, { EAGAIN } },
	{ SYS_execve, { ENOMEM, EACCES } },
	{ SYS_execveat, { ENOMEM, EACCES } },
	{ SYS_write, { ENOSPC, EIO } },
	{ SYS_pwrite64, { ENOSPC } },
	{ SYS_writev, { ENOSPC } },
	{ SYS_ftruncate, { ENOSPC } },
	{ SYS_getrandom, { EIO } },
	{ SYS_memfd_create, { EMFILE } },
	{ SYS_fchown, { EPERM } },
	{ SYS_fsetxattr, { ENOSPC, EOPNOTSUPP } },
	{ SYS_setxattr, { ENOSPC, EOPNOTSUPP } },
	{ SYS_fgetxattr, { EIO } },
	{ SYS_getxattr, { EIO } },
	{ SYS_statfs, { EIO } },
	{ SYS_mount, { EPERM, ENOMEM } },
	{ SYS_umount2, { EBUSY } },
	{ SYS_pivot_root, { EINVAL } },
	{ SYS_unshare, { EPERM, ENOSPC } },
	{ SYS_setns, { EPERM } },
	{ SYS_prctl, { EPERM } },
	{ SYS_connect, { ECONNREFUSED } },
	{ SYS_bind, { EADDRINUSE } },
	{ SYS_listen, { EMFILE } },
	{ SYS_sendmsg, { EPIPE } },
	{ SYS_recvmsg, { EIO } },
	{ SYS_inotify_init1, { EMFILE } },
	{ SYS_inotify_add_watch, { ENOSPC } },
	{ SYS_prlimit64, { EPERM } },
	{ SYS_setsid, { EPERM } },
	{ SYS_setresuid, { EPERM } },
	{ SYS_setgroups, { EPERM } },
	{ SYS_seccomp, { EINVAL } },
#ifdef SYS_pidfd_open
	{ SYS_pidfd_open, { EMFILE } },
#endif
#ifdef SYS_clone3
	{ SYS_clone3, { EAGAIN } },
#endif
#ifdef SYS_landlock_create_ruleset
	{ SYS_landlock_create_ruleset, { EMFILE } },
	{ SYS_landlock_add_rule, { ENOMEM } },
	{ SYS_landlock_restrict_self, { E2BIG } },
#endif
};

static int fault_error(long number, unsigned k)
{
	for (size_t i = 0; i < sizeof faults / sizeof *faults; i++)
		if (faults[i].number == number &&
		    k < sizeof faults[i].errors / sizeof(int))
			return faults[i].errors[k];
	return 0;
}

/* Where code lies whose system calls are told apart. */
struct code {
	uintptr_t begin, end;
};

/* What tells the call in which PID is apart: the call itself, and the first addresses of CODE
   on its stack, of which FIRST is that nearest to the call. */
static uintptr_t place_of(pid_t pid, const struct __ptrace_syscall_info *info,
			  const struct code *code, uintptr_t *first)
{
	enum { DEPTH = 3, WORDS = 2048 };
	uintptr_t hash = (uintptr_t)info->entry.nr * 2654435761u +
			 (uintptr_t)info->instruction_pointer - code->begin;
	uintptr_t stack[WORDS];
	struct iovec to = { stack, sizeof stack },
		     from = { (void *)(uintptr_t)info->stack_pointer, sizeof stack };
	const ssize_t n = process_vm_readv(pid, &to, 1, &from, 1, 0);
	int found = 0;

	for (ssize_t i = 0; i < n / (ssize_t)sizeof *stack && found < DEPTH; i++) {
		const uintptr_t word = stack[i];

		if (word < code->begin || word >= code->end)
			continue;
		hash = hash * 31 + word - code->begin;
		*first = found ? *first : word;
		found++;
	}
	return hash;
}

/* Has all processes followed that CHILD, which has stopped, starts or becomes. */
static inline void fault_follow(pid_t child)
{
	ptrace(PTRACE_SETOPTIONS, child, NULL,
	       PTRACE_O_TRACESYSGOOD | PTRACE_O_EXITKILL | PTRACE_O_TRACEEXEC |
		       PTRACE_O_TRACEFORK | PTRACE_O_TRACEVFORK | PTRACE_O_TRACECLONE);
}

/* Where PID is about to make a system call: the kernel makes none. */
static inline void fault_begin(pid_t pid)
{
	ptrace(PTRACE_POKEUSER, pid, (void *)(long)NUMBER, -1L);
}

/* Where PID comes back from that: it has failed with ERROR. */
static inline void fault_end(pid_t pid, int error)
{
	ptrace(PTRACE_POKEUSER, pid, (void *)(long)RESULT, -(long)error);
}

/* What was written to the file FD, which is closed; SIZE bytes at most, with the NUL. */
static inline void fault_take(int fd, char *text, size_t size)
{
	const ssize_t n = pread(fd, text, size - 1, 0);

	text[n > 0 ? n : 0] = '\0';
	close(fd);
}

#endif
