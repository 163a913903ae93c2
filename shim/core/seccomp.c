/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Evaluates the seccomp filters of this process; see seccomp.h. */
#define _GNU_SOURCE
#include "core/seccomp.h"
#include "core/layout.h"
#include "core/sys.h"

#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stdint.h>
#include <string.h>

#if defined __x86_64__
#define ARCHITECTURE AUDIT_ARCH_X86_64
#elif defined __i386__
#define ARCHITECTURE AUDIT_ARCH_I386
#elif defined __aarch64__ && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
#define ARCHITECTURE AUDIT_ARCH_AARCH64
#elif defined __arm__ && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
#define ARCHITECTURE AUDIT_ARCH_ARM
#elif defined __riscv && __riscv_xlen == 64
#define ARCHITECTURE AUDIT_ARCH_RISCV64
#endif

struct filter {
	unsigned len;
	struct sock_filter code[BPF_MAXINSNS];
};

unsigned seccomp_count EACH_START;
static struct filter *filters[SECCOMP_FILTERS];
static bool strict;

void *seccomp_begin(void)
{
	int error;

	return sys_pages(sizeof(struct filter), &error);
}

void seccomp_installed(void *room, const void *filter, bool good)
{
	const struct sock_fprog *program = filter;
	struct filter *to = room;
	unsigned n;

	if (!good) {
		if (room)
			sys_unmap(room, sizeof *to);
		return;
	}
	if (!filter)
		__atomic_store_n(&strict, true, __ATOMIC_RELEASE);
	n = __atomic_load_n(&seccomp_count, __ATOMIC_ACQUIRE);
	if (to && program && n < SECCOMP_FILTERS) {
		to->len = program->len;
		memcpy(to->code, program->filter, program->len * sizeof *to->code);
		filters[n] = to;
	}
	/*
	 * A filter that could not be copied is NULL. It counts as one that refuses all
	 * calls.
	 */
	__atomic_store_n(&seccomp_count, n + 1, __ATOMIC_RELEASE);
}

/* The state of the BPF machine, as far as seccomp(2) uses it. */
struct machine {
	uint32_t a, x, memory[BPF_MEMWORDS];
};

static uint32_t calculate(uint16_t code, uint32_t a, uint32_t b)
{
	switch (BPF_OP(code)) {
	case BPF_ADD: return a + b;
	case BPF_SUB: return a - b;
	case BPF_MUL: return a * b;
	case BPF_DIV: return a / b;
	case BPF_MOD: return a % b;
	case BPF_OR: return a | b;
	case BPF_AND: return a & b;
	case BPF_XOR: return a ^ b;
	case BPF_LSH: return a << (b & 31);
	case BPF_RSH: return a >> (b & 31);
	default: return -a; /* BPF_NEG */
	}
}

static bool jumps(uint16_t code, uint32_t a, uint32_t b)
{
	switch (BPF_OP(code)) {
	case BPF_JEQ: return a == b;
	case BPF_JGT: return a > b;
	case BPF_JGE: return a >= b;
	default: return a & b; /* BPF_JSET */
	}
}

/* The kernel ends a filter that divides by 0, with 0 as its answer. */
static bool divides_by_0(uint16_t code, uint32_t b)
{
	return b == 0 && (BPF_OP(code) == BPF_DIV || BPF_OP(code) == BPF_MOD);
}

/* The operand of BPF_LD and BPF_LDX. */
static uint32_t load(const struct machine *m, const struct sock_filter *at,
		     const struct seccomp_data *data)
{
	uint32_t word = 0;

	switch (BPF_MODE(at->code)) {
	case BPF_IMM: return at->k;
	case BPF_MEM: return m->memory[at->k % BPF_MEMWORDS];
	case BPF_LEN: return sizeof *data;
	default:
		if (at->k <= sizeof *data - sizeof word)
			memcpy(&word, (const char *)data + at->k, sizeof word);
		return word;
	}
}

static uint32_t run(const struct filter *filter, const struct seccomp_data *data)
{
	struct machine m = { 0, 0, { 0 } };

	for (unsigned i = 0; i < filter->len; i++) {
		const struct sock_filter *at = &filter->code[i];
		const uint32_t operand = BPF_SRC(at->code) == BPF_X ? m.x : at->k;

		switch (BPF_CLASS(at->code)) {
		case BPF_LD: m.a = load(&m, at, data); break;
		case BPF_LDX: m.x = load(&m, at, data); break;
		case BPF_ST: m.memory[at->k % BPF_MEMWORDS] = m.a; break;
		case BPF_STX: m.memory[at->k % BPF_MEMWORDS] = m.x; break;
		case BPF_ALU:
			if (divides_by_0(at->code, operand))
				return SECCOMP_RET_KILL;
			m.a = calculate(at->code, m.a, operand);
			break;
		case BPF_JMP:
			if (BPF_OP(at->code) == BPF_JA)
				i += at->k;
			else
				i += jumps(at->code, m.a, operand) ? at->jt : at->jf;
			break;
		case BPF_RET: return BPF_RVAL(at->code) == BPF_A ? m.a : at->k;
		default:
			if (BPF_MISCOP(at->code) == BPF_TAX)
				m.x = m.a;
			else
				m.a = m.x;
		}
	}
	return SECCOMP_RET_KILL;
}

static bool is_harmless(uint32_t action)
{
	switch (action & SECCOMP_RET_ACTION_FULL) {
	case SECCOMP_RET_ALLOW:
	case SECCOMP_RET_LOG:
	case SECCOMP_RET_ERRNO: return true;
	default: return false;
	}
}

bool seccomp_refuses(long number, const long arg[6])
{
	const unsigned n = __atomic_load_n(&seccomp_count, __ATOMIC_ACQUIRE);
	struct seccomp_data data = { .nr = (int)number };

	if (__atomic_load_n(&strict, __ATOMIC_ACQUIRE) || n > SECCOMP_FILTERS)
		return number != SYS_read && number != SYS_write && number != SYS_exit;
#ifdef ARCHITECTURE
	data.arch = ARCHITECTURE;
	for (int i = 0; i < 6; i++)
		data.args[i] = (unsigned long)arg[i];
	for (unsigned i = 0; i < n; i++)
		if (!filters[i] || !is_harmless(run(filters[i], &data)))
			return true;
	return false;
#else
	(void)arg;
	(void)data;
	return n > 0;
#endif
}
