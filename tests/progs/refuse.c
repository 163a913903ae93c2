/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A kernel or a container that lacks system calls, by a seccomp filter:
 *
 *     refuse ERRNO CALL... -- COMMAND [ARG]...
 *
 * runs COMMAND, for which each CALL fails with ERRNO (a number), or ends it ("kill"):
 *
 *     statx, 332           by name or number; one that this machine never had is none
 *     above:finit_module   those that came after it (in Linux 3.10, it was the last)
 *     fcntl:2=37           where the second argument is 37
 *     clone:1&0x20000      where the first has one of these bits
 */
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
#include <unistd.h>

enum { MOST = 1024 };

static struct sock_filter filter[MOST];
static unsigned short used;

static const struct {
	const char *name;
	long number;
} calls[] = {
#define CALL(name) { #name, SYS_##name },
	CALL(clone) CALL(close) CALL(execveat) CALL(faccessat) CALL(fcntl) CALL(fgetxattr) CALL(
		finit_module) CALL(flock) CALL(getdents64) CALL(getppid) CALL(fremovexattr) CALL(fsetxattr)
		CALL(getrandom) CALL(linkat) CALL(memfd_create) CALL(mount) CALL(mremap) CALL(
			name_to_handle_at) CALL(open_by_handle_at) CALL(openat) CALL(personality)
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

static void add(unsigned code, unsigned k, unsigned yes, unsigned no)
{
	if (used == MOST) {
		fputs("refuse: too many calls\n", stderr);
		exit(2);
	}
	filter[used++] = (struct sock_filter){
		(unsigned short)code,
		(unsigned char)yes,
		(unsigned char)no,
		k,
	};
}

/* The number; -1 where the machine's headers do not know it: nothing uses it then. */
static long number_of(const char *name, size_t len)
{
	char *end;
	long number = strtol(name, &end, 0);

	if (end == name + len)
		return number;
	for (size_t i = 0; i < sizeof calls / sizeof *calls; i++)
		if (strlen(calls[i].name) == len && !memcmp(calls[i].name, name, len))
			return calls[i].number;
	return -1;
}

static void load(size_t offset)
{
	add(BPF_LD | BPF_W | BPF_ABS, (unsigned)offset, 0, 0);
}

/* "N=VALUE" or "N&BITS": where that does not hold, NEXT instructions are left out. */
static void compare(const char *rule, unsigned next)
{
	const unsigned arg = (unsigned)(rule[0] - '1');
	const unsigned value = (unsigned)strtoul(rule + 2, NULL, 0);
	const size_t low = __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__ ? 4 : 0;

	load(offsetof(struct seccomp_data, args) + arg * sizeof(uint64_t) + low);
	add(BPF_JMP | BPF_K | (rule[1] == '&' ? BPF_JSET : BPF_JEQ), value, 0, next);
}

static void refuse(const char *call, const char *error)
{
	static const char above[] = "above:";
	const unsigned answer = !strcmp(error, "kill") ?
					SECCOMP_RET_KILL_PROCESS :
					SECCOMP_RET_ERRNO | (unsigned)atoi(error);
	const bool newer = !strncmp(call, above, sizeof above - 1);
	const char *name = newer ? call + sizeof above - 1 : call;
	const char *rule = strchr(name, ':');
	long number = number_of(name, rule ? (size_t)(rule - name) : strlen(name));

	if (number < 0)
		return;
	load(offsetof(struct seccomp_data, nr));
	if (newer) {
		add(BPF_JMP | BPF_K | BPF_JGT, (unsigned)number, 0, 1);
	} else if (rule) {
		add(BPF_JMP | BPF_K | BPF_JEQ, (unsigned)number, 0, 3);
		compare(rule + 1, 1);
	} else {
		add(BPF_JMP | BPF_K | BPF_JEQ, (unsigned)number, 0, 1);
	}
	add(BPF_RET | BPF_K, answer, 0, 0);
}

int main(int argc, char **argv)
{
	struct sock_fprog program = { 0, filter };
	int i = 2;

	if (argc < 4)
		return 2;
	for (; i < argc && strcmp(argv[i], "--"); i++)
		refuse(argv[i], argv[1]);
	add(BPF_RET | BPF_K, SECCOMP_RET_ALLOW, 0, 0);
	program.len = used;
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0 ||
	    prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) < 0) {
		perror("refuse: seccomp");
		return 125;
	}
	if (i + 1 < argc)
		execvp(argv[i + 1], argv + i + 1);
	perror("refuse: exec");
	return 127;
}
