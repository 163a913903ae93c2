/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * shut_in HOW PATH END: makes PATH with the text "own", shuts itself in by a filter that
 * kills for all but what it calls afterwards, opens PATH again, says what is in it, and
 * ends. With the strict mode it does no more than end.
 *
 *     HOW     prctl, number, seccomp: prctl(2), by number, seccomp(2) by number; strict;
 *             divide, shift: a filter that kills by what it calculates
 *     PATH    "A:B": makes A and a link B to it, and opens A
 *     END     exit, _exit, quick_exit, return, number
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

static const unsigned allowed[] = {
	SYS_read, SYS_write, SYS_openat, SYS_close, SYS_exit, SYS_exit_group,
#ifdef SYS_open
	SYS_open,
#endif
};

enum { ALLOWED = sizeof allowed / sizeof *allowed };

/* What the filter does with other calls. */
static const struct sock_filter kill_at_once[] = {
	BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS),
};
/* Ends the filter, and so the process. */
static const struct sock_filter divide_by_0[] = {
	BPF_STMT(BPF_LDX | BPF_IMM, 0),
	BPF_STMT(BPF_ALU | BPF_DIV | BPF_X, 0),
	BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
};
/* By as many bits as a word has: which is by none. */
static const struct sock_filter shift_by_32[] = {
	BPF_STMT(BPF_LDX | BPF_IMM, 32),
	BPF_STMT(BPF_LD | BPF_IMM, 1),
	BPF_STMT(BPF_ALU | BPF_LSH | BPF_X, 0),
	BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0, 1, 0),
	BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS),
	BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
};

/* Where what is not allowed goes on. */
enum { REST = ALLOWED + 3, MOST = REST + sizeof shift_by_32 / sizeof *shift_by_32 };

static int shut_in(const char *how)
{
	struct sock_filter filter[MOST] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
	};
	struct sock_fprog program = { MOST, filter };

	for (unsigned i = 0; i < ALLOWED; i++)
		filter[1 + i] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K,
							     allowed[i],
							     (unsigned char)(ALLOWED - i),
							     0);
	filter[REST - 2] = (struct sock_filter)BPF_STMT(BPF_JMP | BPF_JA, 1);
	filter[REST - 1] =
		(struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
	if (!strcmp(how, "divide")) {
		memcpy(filter + REST, divide_by_0, sizeof divide_by_0);
		program.len = REST + sizeof divide_by_0 / sizeof *divide_by_0;
	} else if (!strcmp(how, "shift")) {
		memcpy(filter + REST, shift_by_32, sizeof shift_by_32);
	} else {
		memcpy(filter + REST, kill_at_once, sizeof kill_at_once);
		program.len = REST + 1;
	}
	if (!strcmp(how, "strict"))
		return prctl(PR_SET_SECCOMP, SECCOMP_MODE_STRICT);
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
		return -1;
	if (!strcmp(how, "prctl"))
		return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program);
	if (!strcmp(how, "number"))
		return (int)syscall(SYS_prctl, PR_SET_SECCOMP, SECCOMP_MODE_FILTER,
				    &program, 0, 0);
	return (int)syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER,
			    SECCOMP_FILTER_FLAG_TSYNC, &program);
}

int main(int argc, char **argv)
{
	char *path = argc == 4 ? argv[2] : NULL, *link, text[16];
	const char *end = argc == 4 ? argv[3] : "";
	ssize_t n;
	int fd;

	if (!path)
		return 2;
	link = strchr(path, ':');
	if (link)
		*link++ = '\0';
	fd = open(path, O_CREAT | O_EXCL | O_WRONLY, 0600);
	if (fd < 0 || write(fd, "own\n", 4) != 4 || close(fd) < 0 ||
	    (link && symlink(path, link) < 0))
		return 3;
	if (shut_in(argv[1]) < 0)
		return 4;
	if (!strcmp(argv[1], "strict"))
		syscall(SYS_exit, 0);
	fd = open(path, O_RDONLY);
	n = fd < 0 ? -1 : read(fd, text, sizeof text);
	if (n < 0 || write(1, text, (size_t)n) != n)
		return 5;
	if (!strcmp(end, "exit"))
		exit(0);
	if (!strcmp(end, "_exit"))
		_exit(0);
	if (!strcmp(end, "quick_exit"))
		quick_exit(0);
	if (!strcmp(end, "number"))
		syscall(SYS_exit_group, 0);
	return 0;
}
