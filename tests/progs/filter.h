/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A seccomp filter by which calls fail. The words for a call:
 *
 *     statx, 332           by name or number; one that this machine never had is none
 *     above:finit_module   those that came after it (in Linux 3.10, it was the last)
 *     fcntl:2=37           where the second argument is 37
 *     clone:1&0x20000      where the first has one of these bits
 */
#ifndef FILTER_H
#define FILTER_H

#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

enum { FILTER_MOST = 1024 };

static struct sock_filter filter_code[FILTER_MOST];
static unsigned short filter_used;

static const struct {
	const char *name;
	long number;
} filter_calls[] = {
#define CALL(name) { #name, SYS_##name },
	CALL(clone) CALL(close) CALL(execveat) CALL(faccessat) CALL(fcntl) CALL(fgetxattr) CALL(
		finit_module) CALL(flock) CALL(getdents64) CALL(getppid) CALL(fremovexattr) CALL(fsetxattr)
		CALL(getrandom) CALL(linkat) CALL(memfd_create) CALL(mkdirat) CALL(mount) CALL(
			mremap) CALL(name_to_handle_at) CALL(open_by_handle_at) CALL(openat) CALL(personality)
			CALL(pivot_root) CALL(prctl) CALL(prlimit64) CALL(process_vm_readv) CALL(
				ptrace) CALL(renameat2) CALL(rt_sigpending) CALL(rt_sigtimedwait)
				CALL(setns) CALL(setsid) CALL(signalfd4) CALL(socket) CALL(
					statx) CALL(umount2) CALL(unlinkat) CALL(unshare) CALL(wait4)
#ifdef SYS_fcntl64
					CALL(fcntl64)
#endif
#ifdef SYS_clone3
						CALL(clone3)
#endif
#ifdef SYS_close_range
							CALL(close_range)
#endif
#ifdef SYS_copy_file_range
								CALL(copy_file_range)
#endif
#ifdef SYS_faccessat2
									CALL(faccessat2)
#endif
#ifdef SYS_fchmodat2
										CALL(fchmodat2)
#endif
#ifdef SYS_landlock_create_ruleset
											CALL(landlock_create_ruleset) CALL(
												landlock_restrict_self)
#endif
#ifdef SYS_openat2
												CALL(openat2)
#endif
#ifdef SYS_pidfd_open
													CALL(pidfd_open)
#endif
#ifdef SYS_pidfd_send_signal
														CALL(pidfd_send_signal)
#endif
#ifdef SYS_rseq
															CALL(rseq)
#endif
};

static void filter_add(unsigned code, unsigned k, unsigned yes, unsigned no)
{
	if (filter_used == FILTER_MOST) {
		fputs("filter: too many calls\n", stderr);
		exit(2);
	}
	filter_code[filter_used++] = (struct sock_filter){
		(unsigned short)code,
		(unsigned char)yes,
		(unsigned char)no,
		k,
	};
}

/* The number; -1 where the machine's headers do not know it: nothing uses it then. */
static long filter_number(const char *name, size_t len)
{
	char *end;
	long number = strtol(name, &end, 0);

	if (end == name + len)
		return number;
	for (size_t i = 0; i < sizeof filter_calls / sizeof *filter_calls; i++)
		if (strlen(filter_calls[i].name) == len &&
		    !memcmp(filter_calls[i].name, name, len))
			return filter_calls[i].number;
	return -1;
}

static void filter_load(size_t offset)
{
	filter_add(BPF_LD | BPF_W | BPF_ABS, (unsigned)offset, 0, 0);
}

/* "N=VALUE" or "N&BITS": where that does not hold, NEXT instructions are left out. */
static void filter_compare(const char *rule, unsigned next)
{
	const unsigned arg = (unsigned)(rule[0] - '1');
	const unsigned value = (unsigned)strtoul(rule + 2, NULL, 0);
	const size_t low = __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__ ? 4 : 0;

	filter_load(offsetof(struct seccomp_data, args) + arg * sizeof(uint64_t) + low);
	filter_add(BPF_JMP | BPF_K | (rule[1] == '&' ? BPF_JSET : BPF_JEQ), value, 0,
		   next);
}

/* CALL fails with ERROR, a number, or ends the process ("kill"). */
static void filter_refuse(const char *call, const char *error)
{
	static const char above[] = "above:";
	const unsigned answer = !strcmp(error, "kill") ?
					SECCOMP_RET_KILL_PROCESS :
					SECCOMP_RET_ERRNO | (unsigned)atoi(error);
	const bool newer = !strncmp(call, above, sizeof above - 1);
	const char *name = newer ? call + sizeof above - 1 : call;
	const char *rule = strchr(name, ':');
	long number = filter_number(name, rule ? (size_t)(rule - name) : strlen(name));

	if (number < 0)
		return;
	filter_load(offsetof(struct seccomp_data, nr));
	if (newer) {
		filter_add(BPF_JMP | BPF_K | BPF_JGT, (unsigned)number, 0, 1);
	} else if (rule) {
		filter_add(BPF_JMP | BPF_K | BPF_JEQ, (unsigned)number, 0, 3);
		filter_compare(rule + 1, 1);
	} else {
		filter_add(BPF_JMP | BPF_K | BPF_JEQ, (unsigned)number, 0, 1);
	}
	filter_add(BPF_RET | BPF_K, answer, 0, 0);
}

/* Filters from here on. 0, or -1 and errno. */
static int filter_install(void)
{
	struct sock_fprog program = { 0, filter_code };

	filter_add(BPF_RET | BPF_K, SECCOMP_RET_ALLOW, 0, 0);
	program.len = filter_used;
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
		return -1;
	return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program);
}

#endif
