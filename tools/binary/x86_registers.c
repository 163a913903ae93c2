/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What x86's instructions put into registers; see x86_registers.h. Whatever is not plainly
 * a number, or a copy of a register, makes the register unknown.
 */
#include "x86_registers.h"

/* What a function that is called may change: rax, rcx, rdx, rsi, rdi, r8 to r11. */
enum {
	BY_CALLS = 0x0fc7,
	BY_KERNEL = 0x0803,
	ALL_FOUR = 0x000f,
	EAX = 1,
	EDX = 4,
	STRING = 0x00c2
};

struct operands {
	unsigned reg, rm; /* numbers of registers; rm: 16 where it is memory */
	unsigned low;	  /* of those that are part of the opcode */
	uint16_t reg_bit, rm_bit, low_bit;
};

static void find_operands(const struct x86_insn *insn, struct operands *out)
{
	out->reg = (insn->modrm >> 3 & 7U) | (insn->rex & 4U) << 1;
	out->rm = insn->modrm >= 0xc0 ? (insn->modrm & 7U) | (insn->rex & 1U) << 3 : 16;
	out->low = (insn->opcode & 7U) | (insn->rex & 1U) << 3;
	out->reg_bit = (uint16_t)(1 << out->reg);
	out->rm_bit = (uint16_t)(out->rm < 16 ? 1 << out->rm : 0);
	out->low_bit = (uint16_t)(1 << out->low);
}

/* The registers that INSN, of those without ModRM, changes. */
static uint16_t written_plain(const struct x86_insn *insn, const struct operands *o)
{
	const uint8_t op = insn->opcode;

	if (op < 0x38 && ((op & 7) == 4 || (op & 7) == 5)) /* arithmetic with a number */
		return EAX;
	if (op >= 0x58 && op < 0x60) /* pop */
		return o->low_bit;
	if (op > 0x90 && op < 0x98) /* xchg */
		return EAX | o->low_bit;
	if (op >= 0xb0 && op < 0xb8) /* a byte of one of the first eight, or of four */
		return o->low_bit | (uint16_t)(1 << (op & 3));
	if (op >= 0xb8 && op < 0xc0)
		return o->low_bit;
	switch (op) {
	case 0x98: /* cwde, in, lods, mov from an address */
	case 0xa0:
	case 0xa1:
	case 0xe4:
	case 0xe5:
	case 0xec:
	case 0xed: return EAX;
	case 0x99: return EDX;
	case 0xa4:
	case 0xa5:
	case 0xaa:
	case 0xab: return STRING;
	case 0xac:
	case 0xad: return EAX | STRING;
	case 0xe8: return BY_CALLS;
	case 0xcd: return EAX; /* a call of the kernel, by interrupt */
	default: return 0;
	}
}

/* The same of those with ModRM. */
static uint16_t written_modrm(const struct x86_insn *insn, const struct operands *o)
{
	const unsigned kind = insn->modrm >> 3 & 7;
	const uint8_t op = insn->opcode;

	if (op < 0x38) /* arithmetic */
		return op & 2 ? o->reg_bit : o->rm_bit;
	switch (op) {
	case 0x63: /* movsxd, imul, mov, lea */
	case 0x69:
	case 0x6b:
	case 0x8a:
	case 0x8b:
	case 0x8d: return o->reg_bit;
	case 0x86: /* xchg */
	case 0x87: return o->reg_bit | o->rm_bit;
	case 0x80: /* arithmetic with a number; the last of them compares */
	case 0x81:
	case 0x83: return kind == 7 ? 0 : o->rm_bit;
	case 0xf6: /* test; not, neg; mul, div */
	case 0xf7: return kind < 2 ? 0 : kind < 4 ? o->rm_bit : EAX | EDX;
	case 0xfe: /* inc, dec; calls; jumps, push */
	case 0xff: return kind < 2 ? o->rm_bit : kind < 4 ? BY_CALLS : 0;
	case 0x88: /* mov, pop, shifts */
	case 0x89:
	case 0x8f:
	case 0xc0:
	case 0xc1:
	case 0xc6:
	case 0xc7:
	case 0xd0:
	case 0xd1:
	case 0xd2:
	case 0xd3: return o->rm_bit;
	default: return 0;
	}
}

/* The same of those behind 0f. */
static uint16_t written_two_byte(const struct x86_insn *insn, const struct operands *o)
{
	const uint8_t op = insn->opcode;

	if (op >= 0x40 && op <= 0x50) /* cmov, movmskps */
		return o->reg_bit;
	if (op >= 0x90 && op < 0xa0) /* setcc */
		return o->rm_bit;
	if (op >= 0xc8 && op < 0xd0) /* bswap */
		return o->low_bit;
	switch (op) {
	case 0x05: /* a call of the kernel */
	case 0x34: return BY_KERNEL;
	case 0x31: return EAX | EDX; /* rdtsc */
	case 0xa2: return ALL_FOUR;  /* cpuid */
	case 0xb0:		     /* cmpxchg */
	case 0xb1: return EAX | o->rm_bit;
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
	case 0xd7: return o->reg_bit;
	case 0xc0: /* xadd */
	case 0xc1: return o->reg_bit | o->rm_bit;
	case 0x7e: /* movd; shifts of two; bits that are changed */
	case 0xa4:
	case 0xa5:
	case 0xab:
	case 0xac:
	case 0xad:
	case 0xb3:
	case 0xba:
	case 0xbb: return o->rm_bit;
	default: return 0;
	}
}

static uint16_t written(const struct x86_insn *insn, const struct operands *o)
{
	switch (insn->map) {
	case 1: return insn->has_modrm ? written_modrm(insn, o) : written_plain(insn, o);
	case 2: return written_two_byte(insn, o);
	case 3: return insn->opcode >= 0xf0 ? o->reg_bit : 0; /* movbe, crc32 */
	case 4: return o->rm_bit; /* what takes from vectors */
	default: return 0;
	}
}

static void set(struct x86_registers *r, unsigned number, bool known, int64_t value)
{
	const uint16_t bit = (uint16_t)(1 << number);

	r->known = known ? r->known | bit : r->known & (uint16_t)~bit;
	r->value[number] = value;
}

/* Instructions that put a number, or another register, into one. False: no such. */
static bool moves(struct x86_registers *r, const struct x86_insn *insn,
		  const struct operands *o)
{
	const uint8_t op = insn->opcode;

	if (insn->map != 1)
		return false;
	if (op >= 0xb8 && op < 0xc0) {
		set(r, o->low, true, insn->imm);
	} else if (op == 0xc7 && o->rm < 16) {
		set(r, o->rm, true, insn->imm);
	} else if ((op == 0x31 || op == 0x33) && o->reg == o->rm) { /* xor of itself */
		set(r, o->rm, true, 0);
	} else if (op == 0x89 && o->rm < 16) {
		set(r, o->rm, x86_knows(r, o->reg), r->value[o->reg]);
	} else if (op == 0x8b && o->rm < 16) {
		set(r, o->reg, x86_knows(r, o->rm), r->value[o->rm]);
	} else if (op >= 0x58 && op < 0x60) {
		set(r, o->low, r->pushed, r->stack);
		r->pushed = false;
	} else {
		return false;
	}
	return true;
}

void x86_follow(struct x86_registers *registers, const struct x86_insn *insn)
{
	struct operands operands;

	find_operands(insn, &operands);
	if (!moves(registers, insn, &operands))
		registers->known &= (uint16_t)~written(insn, &operands);
	if (insn->map != 1)
		return;
	if (insn->opcode == 0x6a || insn->opcode == 0x68) {
		registers->pushed = true;
		registers->stack = insn->imm;
	} else if (insn->opcode >= 0x50 && insn->opcode < 0x58) {
		registers->pushed = false;
	}
}
