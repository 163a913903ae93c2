/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * System calls in code; see code.h. The two bytes of x86's instruction turn up by chance
 * inside others, once in some 100,000 bytes. So the code is decoded from where a function
 * begins up to the place. On that way the last number that was put into the register of
 * the call's number is kept; where anything else was put there, the number is not known.
 */
#include "code.h"
#include "x86.h"

#include <string.h>

enum {
	NEAR = 48, /* where no function's begin is known: as far as is looked back */
};

/* How x86 calls the kernel. */
struct pattern {
	uint8_t bytes[7];
	uint8_t size, rare; /* the byte to look for: the one that is seldom there */
	bool narrow;	  /* numbers are those of 32-bit programs, whatever this one is */
	bool narrow_only; /* and it has no meaning in others */
};

static const struct pattern patterns[] = {
	{ { 0x0f, 0x05 }, 2, 1, false, false },
	{ { 0x0f, 0x34 }, 2, 1, true, false },
	{ { 0xcd, 0x80 }, 2, 0, true, false },
	{ { 0x65, 0xff, 0x15, 0x10 }, 7, 0, true, true }, /* the vDSO: call *%gs:0x10 */
};

enum { PATTERNS = sizeof patterns / sizeof *patterns };

/* The decoder on its way through a function. */
struct walk {
	const struct code *code;
	size_t start, at;
	bool lost;   /* what is at AT is no instruction */
	bool known;  /* what is in eax */
	bool pushed; /* what a pop would take */
	int64_t eax, stack;
};

static void add(const struct code *code, enum code_machine numbers, size_t at, bool known,
		int64_t number, struct code_calls *out)
{
	int row = -1;
	bool uring;

	out->instructions++;
	number &= 0xbfffffff; /* the bit of the x32 ABI */
	if (!known) {
		if (!out->computed++)
			out->first_computed = code->address + at;
		return;
	}
	uring = number >= CALL_IO_URING_SETUP && number <= CALL_IO_URING_REGISTER;
	if (number <= INT16_MAX)
		row = path_call_find(numbers, (long)number);
	if ((uring || row >= 0) && !code_has_paths(out) && !out->io_uring)
		out->first = code->address + at;
	out->io_uring |= uring;
	if (row >= 0)
		out->paths[row / 64] |= (uint64_t)1 << (row % 64);
}

/* Whether INSN, of those behind 0f, puts something into eax. */
static bool writes_two_byte(uint8_t op, bool reg_is_0, bool rm_is_0)
{
	if (op >= 0x40 && op <= 0x50) /* cmov, movmskps */
		return reg_is_0;
	if (op >= 0x90 && op < 0xa0) /* setcc */
		return rm_is_0;
	switch (op) {
	case 0x31: /* rdtsc */
	case 0xa2: /* cpuid */
	case 0xb0: /* cmpxchg */
	case 0xb1:
	case 0xc8: /* bswap */ return true;
	case 0x2c: /* conversions from vectors, imul, movzx, popcnt, bsf, bsr, movsx */
	case 0x2d:
	case 0xaf:
	case 0xb6:
	case 0xb7:
	case 0xb8:
	case 0xbc:
	case 0xbd:
	case 0xbe:
	case 0xbf:
	case 0xd7: return reg_is_0;
	case 0xc0: /* xadd */
	case 0xc1: return reg_is_0 || rm_is_0;
	case 0x7e: /* movd, and the tests of bits that change one */
	case 0xab:
	case 0xb3:
	case 0xba:
	case 0xbb: return rm_is_0;
	default: return false;
	}
}

/* The same of those without operands of ModRM. */
static bool writes_without_modrm(uint8_t op)
{
	if (op < 0x38) /* arithmetic with a number */
		return (op & 7) == 4 || (op & 7) == 5;
	return op == 0xe8 || (op > 0x90 && op <= 0x98) || (op & 0xfe) == 0xa0 ||
	       op == 0xac || op == 0xad || op == 0xb0 || op == 0xb4 ||
	       (op & 0xfe) == 0xe4 || (op & 0xfe) == 0xec;
}

/* Whether INSN puts something into eax, or a part of it, or may do so: a call. */
static bool writes_eax(const struct x86_insn *insn)
{
	const unsigned reg = insn->modrm >> 3 & 7, rm = insn->modrm & 7;
	const bool reg_is_0 = insn->has_modrm && reg == 0 && !(insn->rex & 4);
	const bool rm_is_0 = insn->modrm >= 0xc0 && rm == 0 && !(insn->rex & 1);
	const uint8_t op = insn->opcode;

	if (insn->map == 2)
		return writes_two_byte(op, reg_is_0, rm_is_0);
	if (insn->map != 1)
		return false;
	if (!insn->has_modrm)
		return writes_without_modrm(op);
	if (op < 0x38) /* arithmetic, to r/m or to the register */
		return op & 2 ? reg_is_0 : rm_is_0;
	switch (op) {
	case 0x63: /* movsxd, imul, mov, lea */
	case 0x69:
	case 0x6b:
	case 0x8a:
	case 0x8b:
	case 0x8d: return reg_is_0;
	case 0x86: /* xchg */
	case 0x87: return reg_is_0 || rm_is_0;
	case 0xf6: /* not, neg; mul and div to eax */
	case 0xf7: return reg >= 4 || (rm_is_0 && reg >= 2);
	case 0xff: return reg == 2 || (rm_is_0 && reg < 2); /* a call; inc, dec */
	case 0x80:
	case 0x81:
	case 0x83: return rm_is_0 && reg != 7;
	default: return rm_is_0 && ((op >= 0x88 && op <= 0x8f) || op >= 0xc0);
	}
}

/* What INSN does to what is known of eax. */
static void follow(struct walk *w, const struct x86_insn *insn)
{
	const bool low = !(insn->rex & 1); /* eax, not r8d */
	const uint8_t op = insn->opcode;
	const bool plain = insn->map == 1;

	if (plain && op == 0xb8 && low) {
		w->known = true;
		w->eax = insn->imm;
	} else if (plain && op == 0xc7 && insn->modrm == 0xc0 && low) {
		w->known = true;
		w->eax = insn->imm;
	} else if (plain && (op == 0x31 || op == 0x33) && insn->modrm == 0xc0 &&
		   !(insn->rex & 5)) {
		w->known = true;
		w->eax = 0;
	} else if (plain && op == 0x58 && low) {
		w->known = w->pushed;
		w->eax = w->stack;
	} else if (writes_eax(insn)) {
		w->known = false;
	}
	if (plain && op >= 0x50 && op < 0x60)
		w->pushed = false;
	if (plain && (op == 0x6a || op == 0x68)) {
		w->pushed = true;
		w->stack = insn->imm;
	}
}

/* Takes W to END or, if that is within an instruction, past it. */
static void go_to(struct walk *w, size_t end)
{
	const struct code *code = w->code;
	struct x86_insn insn;

	while (!w->lost && w->at < end) {
		if (!x86_decode(code->bytes + w->at, code->size - w->at,
				code->machine == CODE_X86_64, &insn)) {
			w->lost = true;
			return;
		}
		follow(w, &insn);
		w->at += insn.length;
	}
}

/* The last place up to AT where a function begins; false: none is known. */
static bool start_of(const struct code *code, size_t at, size_t *start)
{
	size_t low = 0, high = code->n_starts;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (code->starts[middle] <= code->address + at)
			low = middle + 1;
		else
			high = middle;
	}
	if (!low || code->starts[low - 1] < code->address)
		return false;
	*start = (size_t)(code->starts[low - 1] - code->address);
	return true;
}

/* Without a function's begin: from the last instruction that gives a number, if any. */
static void judge_alone(const struct code *code, enum code_machine numbers, size_t at,
			struct code_calls *out)
{
	for (size_t back = 5; back <= NEAR && back <= at; back++) {
		struct walk w = { .code = code, .at = at - back };

		if (code->bytes[w.at] != 0xb8 && code->bytes[w.at] != 0xc7)
			continue;
		go_to(&w, at);
		if (w.lost || w.at != at || !w.known)
			continue;
		add(code, numbers, at, true, w.eax, out);
		return;
	}
}

/* What is at AT looks like a call of the kernel, of the machine NUMBERS. */
static void judge(struct walk *w, enum code_machine numbers, size_t at,
		  struct code_calls *out)
{
	const struct code *code = w->code;
	size_t start;

	if (!start_of(code, at, &start)) {
		judge_alone(code, numbers, at, out);
		return;
	}
	if (start != w->start)
		*w = (struct walk){ .code = code, .start = start, .at = start };
	go_to(w, at);
	if (w->lost) { /* behind data between the instructions */
		judge_alone(code, numbers, at, out);
		return;
	}
	if (w->at != at)
		return;
	add(code, numbers, at, w->known, w->eax, out);
	w->known = false;
}

/* The next place from AT on where PATTERN is, or the code's size. */
static size_t next_place(const struct code *code, const struct pattern *pattern,
			 size_t at)
{
	const uint8_t *bytes = code->bytes;

	while (code->size - at >= pattern->size) {
		const uint8_t *rare = memchr(bytes + at + pattern->rare,
					     pattern->bytes[pattern->rare],
					     code->size - at - pattern->size + 1);

		if (!rare)
			break;
		at = (size_t)(rare - bytes) - pattern->rare;
		if (!memcmp(bytes + at, pattern->bytes, pattern->size))
			return at;
		at++;
	}
	return code->size;
}

static void scan_x86(const struct code *code, struct code_calls *out)
{
	const bool wide = code->machine == CODE_X86_64;
	struct walk w = { .code = code, .start = SIZE_MAX };
	size_t next[PATTERNS];

	for (int i = 0; i < PATTERNS; i++)
		next[i] = wide && patterns[i].narrow_only ?
				  code->size :
				  next_place(code, &patterns[i], 0);
	for (;;) {
		int first = 0;

		for (int i = 1; i < PATTERNS; i++)
			if (next[i] < next[first])
				first = i;
		if (next[first] == code->size)
			return;
		judge(&w, patterns[first].narrow ? CODE_I386 : code->machine, next[first],
		      out);
		next[first] = next_place(code, &patterns[first], next[first] + 1);
	}
}

static uint32_t word_at(const struct code *code, size_t at)
{
	const uint8_t *b = code->bytes + at;

	return b[0] | (uint32_t)b[1] << 8 | (uint32_t)b[2] << 16 | (uint32_t)b[3] << 24;
}

/* The number that was last put into x8 before AT. */
static bool number_arm64(const struct code *code, size_t at, int64_t *number)
{
	for (size_t back = 4; back <= 4 * (size_t)NEAR && back <= at; back += 4) {
		uint32_t word = word_at(code, at - back);

		if ((word & 0x7fe0001f) == 0x52800008) { /* movz x8 or w8, no shift */
			*number = word >> 5 & 0xffff;
			return true;
		}
		if ((word & 0x1f) == 8 && (word & 0x1c000000) == 0x08000000 &&
		    (word & 0x00400000))
			return false;		       /* a load of x8 */
		if ((word & 0x7fe0ffff) == 0x2a0003e8) /* mov x8, another register */
			return false;
		if ((word & 0xfc000000) == 0x94000000 ||
		    (word & 0xffffffff) == 0xd65f03c0)
			return false; /* a call, or the end of what is before */
	}
	return false;
}

static void scan_arm64(const struct code *code, struct code_calls *out)
{
	for (size_t at = (size_t)(-code->address & 3); at + 4 <= code->size; at += 4) {
		int64_t number = 0;
		bool known;

		if ((word_at(code, at) & 0xffe0001f) != 0xd4000001)
			continue;
		known = number_arm64(code, at, &number);
		add(code, CODE_ARM64, at, known, number, out);
	}
}

void code_scan(const struct code *code, struct code_calls *out)
{
	if (code->machine == CODE_ARM64)
		scan_arm64(code, out);
	else
		scan_x86(code, out);
}
