/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Numbers that code puts into registers, followed from one instruction to the next. */
#ifndef PRIVTMP_BINARY_X86_REGISTERS_H
#define PRIVTMP_BINARY_X86_REGISTERS_H

#include "x86.h"

enum { X86_EAX, X86_ECX, X86_EDX };

struct x86_registers {
	uint16_t known; /* a bit for each register whose value is known */
	int64_t value[16];
	bool pushed; /* what a pop would take is known: */
	int64_t stack;
};

static inline bool x86_knows(const struct x86_registers *registers, unsigned number)
{
	return registers->known >> number & 1;
}

/* Applies INSN to the registers. Jumps are not followed. */
void x86_follow(struct x86_registers *registers, const struct x86_insn *insn);

#endif
