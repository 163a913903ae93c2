/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* dlopen(..., RTLD_DEEPBIND); see deep.h. */
#include "deep.h"
#include "x86_registers.h"

#include <dlfcn.h>
#include <string.h>

#ifndef RTLD_DEEPBIND
#define RTLD_DEEPBIND 8 /* musl has no such flag, the programs of glibc have */
#endif

enum { NEAR = 64, ESI = 6, MOV_ESI = 0xbe };

static int32_t displacement(const uint8_t *at)
{
	return (int32_t)(at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 |
			 (uint32_t)at[3] << 24);
}

/* The address that the 4 bytes at AT, the last of an instruction, lead to. */
static uint64_t target(const struct code *code, size_t at)
{
	return code->address + at + 4 + (uint64_t)(int64_t)displacement(code->bytes + at);
}

static bool is_one_of(uint64_t address, const uint64_t *list, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (list[i] == address)
			return true;
	return false;
}

static void add_stub(struct deep *deep, uint64_t address)
{
	if (deep->n_stubs < DEEP_STUBS)
		deep->stub[deep->n_stubs++] = address;
}

void deep_find_stubs(const struct code *code, struct deep *deep)
{
	static const uint8_t landing[] = { 0xf3, 0x0f, 0x1e, 0xfa }; /* endbr64 */

	for (size_t i = 0; i + 6 <= code->size; i++) {
		size_t begin = i;

		if (code->bytes[i] != 0xff || code->bytes[i + 1] != 0x25 ||
		    !is_one_of(target(code, i + 2), deep->slot, deep->n_slots))
			continue;
		if (begin && code->bytes[begin - 1] == 0xf2) /* bnd */
			begin--;
		if (begin >= sizeof landing &&
		    !memcmp(code->bytes + begin - sizeof landing, landing,
			    sizeof landing))
			begin -= sizeof landing;
		add_stub(deep, code->address + begin);
	}
}

/* Whether esi, the second argument of the call at AT, was made a number with the flag. */
static bool has_flag(const struct code *code, size_t at)
{
	for (size_t back = 5; back <= NEAR && back <= at; back++) {
		struct x86_registers registers = { .known = 0 };
		size_t to = at - back;
		struct x86_insn insn;

		if (code->bytes[to] != MOV_ESI)
			continue;
		while (to < at &&
		       x86_decode(code->bytes + to, code->size - to, true, &insn)) {
			x86_follow(&registers, &insn);
			to += insn.length;
		}
		if (to == at && x86_knows(&registers, ESI))
			return registers.value[ESI] & RTLD_DEEPBIND;
	}
	return false;
}

bool deep_calls(const struct code *code, const struct deep *deep)
{
	if (!deep->n_slots)
		return false;
	for (size_t i = 0; i + 6 <= code->size; i++) {
		const uint8_t op = code->bytes[i];
		bool calls = false;

		if (op == 0xe8)
			calls = is_one_of(target(code, i + 1), deep->stub, deep->n_stubs);
		else if (op == 0xff && code->bytes[i + 1] == 0x15)
			calls = is_one_of(target(code, i + 2), deep->slot, deep->n_slots);
		if (calls && has_flag(code, i))
			return true;
	}
	return false;
}
