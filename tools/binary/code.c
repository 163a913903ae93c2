/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * System calls in code; see code.h. The two bytes of x86's instruction turn up by chance
 * inside others, and in tables between functions, once in some 100,000 bytes. So the code is
 * decoded from where a function begins up to the place. On that way the numbers that are put
 * into registers are kept, for the one of the call.
 */
#include "code.h"
#include "x86_registers.h"

#include <string.h>

enum {
	JUMPS = 32,
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
	bool lost; /* what is at AT is no instruction */
	bool left; /* what is before goes elsewhere: who comes here has jumped */
	struct x86_registers registers;
	/* The last jumps to what lies ahead, and what was known there. */
	struct {
		size_t to;
		struct x86_registers registers;
	} jump[JUMPS];
	unsigned jumps;
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

/* Keeps what is known where INSN, at W, jumps ahead. */
static void note_jump(struct walk *w, const struct x86_insn *insn)
{
	const uint8_t op = insn->opcode;
	const bool always = insn->map == 1 && (op == 0xe9 || op == 0xeb);
	const size_t next = w->at + insn->length;

	w->left |= always || (insn->map == 1 && (op == 0xc2 || op == 0xc3));
	if (!always && !(insn->map == 1 && op >= 0x70 && op < 0x80) &&
	    !(insn->map == 2 && op >= 0x80 && op < 0x90))
		return;
	if (insn->imm <= 0 || (uint64_t)insn->imm > w->code->size - next)
		return;
	w->jump[w->jumps % JUMPS].to = next + (size_t)insn->imm;
	w->jump[w->jumps++ % JUMPS].registers = w->registers;
}

/* Behind what goes elsewhere, that is known which was where a jump came from. */
static void arrive(struct walk *w)
{
	const unsigned n = w->jumps < JUMPS ? w->jumps : JUMPS;

	for (unsigned i = 0; w->left && i < n; i++)
		if (w->jump[i].to == w->at) {
			w->registers = w->jump[i].registers;
			w->left = false;
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
		x86_follow(&w->registers, &insn);
		note_jump(w, &insn);
		w->at += insn.length;
		arrive(w);
	}
}

/* Where the function begins that AT is in; false: it is in none that is known. */
static bool start_of(const struct code *code, size_t at, size_t *start)
{
	const uint64_t address = code->address + at;
	size_t low = 0, high = code->n_functions;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (code->functions[middle].begin <= address)
			low = middle + 1;
		else
			high = middle;
	}
	if (!low || code->functions[low - 1].begin < code->address ||
	    (address >= code->functions[low - 1].end && !code->sparse))
		return false;
	*start = (size_t)(code->functions[low - 1].begin - code->address);
	return true;
}

/* Without a function's begin: from the last instruction that gives a number, if any. */
static void judge_alone(const struct code *code, enum code_machine numbers, size_t at,
			struct code_calls *out)
{
	for (size_t back = 5; back <= NEAR && back <= at; back++) {
		const uint8_t first = code->bytes[at - back];
		struct walk w;

		/* Before the walk is made, which is large: most places are none. */
		if (first != 0xb8 && first != 0xc7)
			continue;
		w = (struct walk){ .code = code, .at = at - back };
		go_to(&w, at);
		if (w.lost || w.at != at || !x86_knows(&w.registers, X86_EAX))
			continue;
		add(code, numbers, at, true, w.registers.value[X86_EAX], out);
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
	add(code, numbers, at, x86_knows(&w->registers, X86_EAX),
	    w->registers.value[X86_EAX], out);
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
