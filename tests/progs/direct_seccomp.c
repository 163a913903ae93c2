/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What a seccomp filter answers (core/seccomp.c), against the kernel that runs the same. See
 * direct.h.
 */
#include "core/seccomp.c"

#include "direct.h"
#include <sys/prctl.h>
#include <sys/syscall.h>

/* What is computed comes back as an errno, of twelve bits. */
enum { BITS = 0xfff, MOST = 24, CALL = SYS_getppid };

static const uint32_t values[] = { 0,  1,     2,	  5,	      31,
				   77, 0x800, 0x7fffffff, 0x80000000, 0xffffffff };

enum { VALUES = sizeof values / sizeof *values };

/* FILTER's answer by the kernel for CALL with the arguments 7, 8, ...; -1: it is none. */
static long by_kernel(struct sock_filter *code, unsigned n)
{
	const struct sock_fprog program = { .len = (unsigned short)n, .filter = code };
	int status;
	const pid_t pid = fork();

	MUST(pid >= 0);
	if (pid == 0) {
		long ret;

		prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
		if (prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) < 0)
			syscall(SYS_exit_group, 99);
		ret = syscall(CALL, 7, 8, 9, 10, 11, 12) < 0 ? errno : 0;
		syscall(SYS_exit_group, ret > 98 ? 98 : ret);
	}
	MUST(waitpid(pid, &status, 0) == pid);
	if (WIFSIGNALED(status))
		return -2;
	return WEXITSTATUS(status) == 99 ? -1 : WEXITSTATUS(status);
}

static long here(struct sock_filter *code, unsigned n)
{
	static struct filter filter;
	struct seccomp_data data = { .nr = CALL, .arch = ARCHITECTURE };
	uint32_t action;

	for (int i = 0; i < 6; i++)
		data.args[i] = 7 + (unsigned)i;
	filter.len = (unsigned short)n;
	memcpy(filter.code, code, n * sizeof *code);
	action = run(&filter, &data);
	if (action == SECCOMP_RET_ALLOW)
		return 0;
	if ((action & SECCOMP_RET_ACTION_FULL) != SECCOMP_RET_ERRNO)
		return -2;
	return (action & BITS) > 98 ? 98 : (long)(action & BITS);
}

#define STMT(code, k) ((struct sock_filter)BPF_STMT(code, k))
#define JUMP(code, k, yes, no) ((struct sock_filter)BPF_JUMP(code, k, yes, no))

/* Ends CODE at N, for CALL alone, with the lowest six bits of what was computed plus 1. */
static unsigned finish(struct sock_filter *code, unsigned n, unsigned shift)
{
	code[n++] = STMT(BPF_ALU | BPF_RSH | BPF_K, shift);
	code[n++] = STMT(BPF_ALU | BPF_AND | BPF_K, 0x3f);
	code[n++] = STMT(BPF_ALU | BPF_ADD | BPF_K, 1);
	code[n++] = STMT(BPF_ALU | BPF_OR | BPF_K, SECCOMP_RET_ERRNO);
	code[n++] = STMT(BPF_RET | BPF_A, 0);
	return n;
}

/* Begins it: all but CALL are allowed. */
static unsigned start(struct sock_filter *code)
{
	code[0] = STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr));
	code[1] = JUMP(BPF_JMP | BPF_JEQ | BPF_K, CALL, 1, 0);
	code[2] = STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
	return 3;
}

static void same(struct sock_filter *code, unsigned n, const char *what, uint32_t a,
		 uint32_t b)
{
	const long kernel = by_kernel(code, n), ours = kernel == -1 ? -1 : here(code, n);

	if (kernel != ours) {
		fprintf(stderr, "%s of %#x and %#x: ", what, a, b);
		IS(ours, kernel);
	}
}

static void calculations(void)
{
	static const struct {
		const char *name;
		unsigned short op;
	} ops[] = {
		{ "+", BPF_ADD },   { "-", BPF_SUB },  { "*", BPF_MUL },
		{ "/", BPF_DIV },   { "|", BPF_OR },   { "&", BPF_AND },
		{ "<<", BPF_LSH },  { ">>", BPF_RSH }, { "^", BPF_XOR },
		{ "neg", BPF_NEG },
	};
	struct sock_filter code[MOST];

	for (size_t op = 0; op < sizeof ops / sizeof *ops; op++)
		for (unsigned i = 0; i < VALUES; i++)
			for (unsigned k = 0; k < (ops[op].op == BPF_NEG ? 1 : VALUES);
			     k++) {
				const bool by_x = (i + k) % 2;
				unsigned n = start(code);

				code[n++] = STMT(BPF_LDX | BPF_IMM, values[k]);
				code[n++] = STMT(BPF_LD | BPF_IMM, values[i]);
				code[n++] = STMT(BPF_ALU | ops[op].op |
							 (by_x ? BPF_X : BPF_K),
						 values[k]);
				same(code, finish(code, n, i % 3 * 13), ops[op].name,
				     values[i], values[k]);
			}
}

static void jumps_to(void)
{
	static const unsigned short ops[] = { BPF_JEQ, BPF_JGT, BPF_JGE, BPF_JSET };
	struct sock_filter code[MOST];

	for (size_t op = 0; op < sizeof ops / sizeof *ops; op++)
		for (unsigned i = 0; i < VALUES; i++)
			for (unsigned k = 0; k < VALUES; k++) {
				const bool by_x = (i + k) % 2;
				unsigned n = start(code);

				code[n++] = STMT(BPF_LDX | BPF_IMM, values[k]);
				code[n++] = STMT(BPF_LD | BPF_IMM, values[i]);
				code[n++] =
					JUMP(BPF_JMP | ops[op] | (by_x ? BPF_X : BPF_K),
					     values[k], 0, 1);
				code[n++] = STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | 3);
				code[n++] = STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | 4);
				same(code, n, "jump", values[i], values[k]);
			}
}

/* Every way to get and keep a value, and to go on. */
static void loads(void)
{
	struct sock_filter code[MOST];

	for (unsigned at = 0; at <= sizeof(struct seccomp_data); at += 4) {
		unsigned n = start(code);

		code[n++] = STMT(BPF_LD | BPF_W | BPF_ABS, at);
		/* Only the instruction's own address is of the process. */
		if (at == offsetof(struct seccomp_data, instruction_pointer) ||
		    at == offsetof(struct seccomp_data, instruction_pointer) + 4)
			code[n++] = STMT(BPF_LD | BPF_IMM, 1);
		same(code, finish(code, n, 0), "load", at, 0);
	}
	for (unsigned i = 0; i < 8; i++) {
		unsigned n = start(code);

		code[n++] = STMT(BPF_LD | BPF_W | BPF_LEN, 0);
		code[n++] = STMT(i & 1 ? BPF_ST : BPF_MISC | BPF_TAX, 3);
		code[n++] = STMT(BPF_LDX | (i & 2 ? BPF_IMM : BPF_W | BPF_LEN), 21);
		code[n++] = STMT(BPF_STX, 4);
		code[n++] = STMT(BPF_LD | BPF_IMM, 5);
		code[n++] = STMT(BPF_JMP | BPF_JA, i & 4 ? 1 : 0);
		code[n++] = STMT(BPF_MISC | BPF_TXA, 0);
		code[n++] = STMT(BPF_ST, 5);
		code[n++] = STMT(BPF_LDX | BPF_MEM, i & 1 ? 3 : 4);
		code[n++] = STMT(BPF_LD | BPF_MEM, i & 2 ? 4 : 5);
		code[n++] = STMT(BPF_ALU | BPF_ADD | BPF_X, 0);
		same(code, finish(code, n, 0), "memory", i, 0);
	}
}

/* How much memory this process has mapped, in pages. */
static long mapped(void)
{
	char text[64] = "";
	const int fd = open("/proc/self/statm", O_RDONLY | O_CLOEXEC);

	MUST(fd >= 0 && read(fd, text, sizeof text - 1) > 0);
	close(fd);
	return strtol(text, NULL, 10);
}

/* What a filter's answer means for a call of the shim's. */
static void refused(void)
{
	static const struct {
		uint32_t action;
		bool refused;
	} answers[] = {
		{ SECCOMP_RET_ALLOW, false },	      { SECCOMP_RET_LOG, false },
		{ SECCOMP_RET_ERRNO | EPERM, false }, { SECCOMP_RET_TRAP, true },
		{ SECCOMP_RET_TRACE, true },	      { SECCOMP_RET_KILL, true },
		{ SECCOMP_RET_KILL_PROCESS, true },
	};
	const long none[6] = { 0 };

	for (size_t i = 0; i < sizeof answers / sizeof *answers; i++) {
		struct sock_filter code[] = { STMT(BPF_RET | BPF_K, answers[i].action) };
		const struct sock_fprog program = { .len = 1, .filter = code };

		seccomp_count = 0;
		FALSE(seccomp_refuses(SYS_getppid, none));
		/* One that the kernel did not take is none. */
		const long before = mapped();

		seccomp_installed(seccomp_begin(), &program, false);
		IS(mapped(), before);
		seccomp_installed(NULL, &program, false);
		FALSE(seccomp_refuses(SYS_getppid, none));
		seccomp_installed(seccomp_begin(), &program, true);
		IS(seccomp_refuses(SYS_getppid, none), answers[i].refused);
		/* Of several, one is enough. */
		code[0] = STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
		seccomp_installed(seccomp_begin(), &program, true);
		IS(seccomp_refuses(SYS_getppid, none), answers[i].refused);
	}
	/* One for which there was no memory counts as one that refuses all. */
	seccomp_count = 0;
	seccomp_installed(NULL, &(const struct sock_fprog){ .len = 0 }, true);
	TRUE(seccomp_refuses(SYS_getppid, none));
	/* More than can be kept, and strict mode, leave what strict mode does. */
	seccomp_count = SECCOMP_FILTERS + 1;
	TRUE(seccomp_refuses(SYS_getppid, none));
	FALSE(seccomp_refuses(SYS_read, none));
	FALSE(seccomp_refuses(SYS_write, none));
	FALSE(seccomp_refuses(SYS_exit, none));
	seccomp_count = 0;
	FALSE(seccomp_refuses(SYS_getppid, none));
	seccomp_installed(seccomp_begin(), NULL, true);
	TRUE(seccomp_refuses(SYS_getppid, none));
	FALSE(seccomp_refuses(SYS_write, none));
}

int main(int argc, char **argv)
{
	static const struct direct_test tests[] = {
		{ "calculations", calculations },
		{ "jumps", jumps_to },
		{ "loads", loads },
		{ "refused", refused },
		{ NULL, NULL },
	};

	return direct_main(tests, argc, argv);
}
