/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Decodes the length of an x86 instruction. */
#ifndef PRIVTMP_BINARY_X86_H
#define PRIVTMP_BINARY_X86_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct x86_insn {
	size_t length;
	uint8_t rex; /* 0: none */
	uint8_t map; /* 1: one byte, 2: behind 0f, 3: 0f 38, 4: 0f 3a, 0: vector codes */
	uint8_t opcode; /* the last byte of it */
	bool has_modrm;
	uint8_t modrm;
	int64_t imm; /* the last operand, or 0 */
};

/*
 * Takes apart the instruction at AT, of which LEFT bytes are there. False: it is none, or
 * it is cut off.
 */
bool x86_decode(const uint8_t *at, size_t left, bool wide, struct x86_insn *out);

#endif
